"""An epoch in pieces: a few batches at a time, so that no turn of a large network is longer than a slice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from server.datasets.splits import RunData, Split
from server.training.build import Values
from server.training.programs import BatchProgram, Rows
from server.training.rates import Rates
from server.training.recipe import Recipe
from server.training.seeding import sample_order

SLICE_S = 0.025
"""A call aims at this length, half of what fairness to the other runs allows."""


@dataclass(frozen=True)
class Moment:
    """A place in a run and its state there; `step` updates have been made, `epoch` epochs are ended and measured."""

    epoch: int
    step: int
    values: Values


class BatchTrainer(Protocol):
    """Trains and measures rows of samples."""

    def train(self, values: Values, features: Rows, labels: Rows, step: int, rates: Rates) -> Values:
        """One update per batch of the rows; the last may be smaller."""

    def measure(self, values: Values, features: Rows, labels: Rows) -> tuple[float, float]:
        """Sum of the loss, and how many are right."""


class SeededProgram:
    """A program shared by many runs, with the seed of one."""

    def __init__(self, program: BatchProgram, seed: int) -> None:
        self._program = program
        self._seed = seed

    def train(self, values: Values, features: Rows, labels: Rows, step: int, rates: Rates) -> Values:
        """See BatchProgram."""
        return self._program.train(values, features, labels, step, rates, self._seed)

    def measure(self, values: Values, features: Rows, labels: Rows) -> tuple[float, float]:
        """See BatchProgram."""
        return self._program.measure(values, features, labels)


class UnfinishedEpoch:
    """One epoch in pieces: batches first, then the chunks in which all samples are measured."""

    def __init__(self, recipe: Recipe, run_data: RunData, start: Moment, batch_s: float) -> None:
        self.start = start
        self.values = start.values
        self.batch_s = batch_s
        self._recipe = recipe
        self._train = run_data.train
        self._order = sample_order(recipe.spec.seed, start.epoch + 1, recipe.train_count)
        self._batch = start.step - start.epoch * recipe.steps_per_epoch
        shares = ((0, run_data.train), (1, run_data.val))
        self._unmeasured = [(place, chunk) for place, share in shares for chunk in _chunks(share, recipe.chunk_samples)]
        self._sums = np.zeros((2, 2))

    @property
    def moment(self) -> Moment:
        """Where the run is now."""
        step = self.start.epoch * self._recipe.steps_per_epoch + self._batch
        return Moment(self.start.epoch, step, self.values)

    def advance(self, trainer: BatchTrainer, rates: Rates, clock: Callable[[], float]) -> Rows | None:
        """Work for about SLICE_S; a row float32 [metrics] when the epoch has ended."""
        begun_s = clock()
        while self._batch < self._recipe.steps_per_epoch:
            self._train_some(trainer, rates, clock)
            if clock() - begun_s > SLICE_S:
                return None
        while self._unmeasured:
            place, share = self._unmeasured.pop(0)
            self._sums[place] += trainer.measure(self.values, share.features, share.labels)
            if self._unmeasured and clock() - begun_s > SLICE_S:
                return None
        return metrics_row(self._recipe, self._sums.tolist())

    def _train_some(self, trainer: BatchTrainer, rates: Rates, clock: Callable[[], float]) -> None:
        """As many batches as fit a slice, from how long the last ones took."""
        begun_s = clock()
        batches = max(int(SLICE_S / self.batch_s), 1) if self.batch_s else 1
        batches = min(batches, self._recipe.steps_per_epoch - self._batch)
        size = self._recipe.batch_size
        rows = self._order[self._batch * size : (self._batch + batches) * size]
        step = self.moment.step
        self.values = trainer.train(self.values, self._train.features[rows], self._train.labels[rows], step, rates)
        self._batch += batches
        self.batch_s = max((clock() - begun_s) / batches, 1e-9)


def _chunks(share: Split, size: int) -> list[Split]:
    """The samples of a share in chunks, always the same ones: their sums must not depend on the clock."""
    starts = range(0, len(share.labels), size)
    return [Split(share.features[start : start + size], share.labels[start : start + size]) for start in starts]


def metrics_row(recipe: Recipe, sums: list[tuple[float, float]]) -> Rows:
    """Means of both shares, in the order of the metric names."""
    counts = (recipe.train_count, recipe.val_count)
    means = [[number / count for number in pair] for pair, count in zip(sums, counts, strict=True)]
    columns = 2 if recipe.is_classification else 1
    return np.array([mean[column] for column in range(columns) for mean in means], np.float32)
