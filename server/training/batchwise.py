"""An epoch in pieces: a few batches at a time, so that no turn of a large network is longer than a slice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from server.datasets.augmentation import augmentation_stream, augmented
from server.datasets.splits import RunData, as_inputs
from server.training.build import Values
from server.training.opening import has_long_epochs
from server.training.pace import SLICE_S
from server.training.programs import BatchProgram, Rows
from server.training.rates import Rates
from server.training.recipe import Recipe
from server.training.seeding import sample_order
from server.training.tally import EpochProgress, Tally

CALL_BATCHES = 8
"""So many batches pay for their call; shorter pieces show more of a small network."""

LONGEST_GAP_S = 1.0
"""A longer time between two pieces of an epoch was a pause, and says nothing of its pace."""


@dataclass(frozen=True)
class Moment:
    """A place in a run and its state there; `step` updates have been made, `epoch` epochs are ended and measured."""

    epoch: int
    step: int
    values: Values


class BatchTrainer(Protocol):
    """Trains and measures rows of samples."""

    def train(  # noqa: PLR0913 - one argument for each thing that training depends on
        self, values: Values, features: Rows, labels: Rows, step: int, rates: Rates, tally: Tally | None
    ) -> Values:
        """One update per batch of the rows; the last may be smaller. How they went is added to the tally."""

    def measure(self, values: Values, features: Rows, labels: Rows) -> tuple[float, float]:
        """Sum of the loss, and how many are right."""


class SeededProgram:
    """A program shared by many runs, with the seed of one."""

    def __init__(self, program: BatchProgram, seed: int) -> None:
        self._program = program
        self._seed = seed

    def train(  # noqa: PLR0913 - see BatchTrainer
        self, values: Values, features: Rows, labels: Rows, step: int, rates: Rates, tally: Tally | None
    ) -> Values:
        """See BatchProgram."""
        return self._program.train(values, features, labels, step, rates, self._seed, tally)

    def measure(self, values: Values, features: Rows, labels: Rows) -> tuple[float, float]:
        """See BatchProgram."""
        return self._program.measure(values, features, labels)


@dataclass
class Tempo:
    """How fast a run's last pieces went, for the next ones: seconds of a batch, and of measuring a whole epoch."""

    batch_s: float = 0.0
    measuring_s: float | None = None


class UnfinishedEpoch:
    """One epoch in pieces: batches first, then the chunks in which samples are measured."""

    def __init__(self, recipe: Recipe, run_data: RunData, start: Moment, tempo: Tempo) -> None:
        self.start = start
        self.values = start.values
        self.tempo = tempo
        self._recipe = recipe
        self._train = run_data.train
        self._order = sample_order(recipe.spec.seed, start.epoch + 1, recipe.train_count)
        self._batch = self._first_batch = start.step - start.epoch * recipe.steps_per_epoch
        self._is_augmented = not recipe.spec.augmentation.is_none
        shares = ((0, run_data.train, recipe.measured_count), (1, run_data.val, recipe.val_count))
        size = recipe.chunk_samples
        self._chunks = [(place, share, rows) for place, share, count in shares for rows in _chunks(count, size)]
        self._measured = 0
        self._sums = np.zeros((2, 2))
        self._tally = Tally() if has_long_epochs(recipe) else None
        self._clocks = _Clocks()

    @property
    def moment(self) -> Moment:
        """Where the run is now."""
        step = self.start.epoch * self._recipe.steps_per_epoch + self._batch
        return Moment(self.start.epoch, step, self.values)

    @property
    def progress(self) -> EpochProgress | None:
        """How far it has come; None before the first batch, and of networks whose epochs are short anyway."""
        tally, recipe = self._tally, self._recipe
        if not (tally and tally.samples):
            return None
        is_training = self._batch < recipe.steps_per_epoch
        return EpochProgress(
            epoch=self.start.epoch + 1,
            phase="training" if is_training else "measuring",
            batch=self._batch,
            batches=recipe.steps_per_epoch,
            loss=tally.loss / tally.samples,
            accuracy=tally.right / tally.samples if recipe.is_classification else None,
            elapsed_s=self._clocks.training_s + self._clocks.measuring_s,
            remaining_s=self._remaining_s(),
        )

    def advance(
        self, trainer: BatchTrainer, rates: Rates, clock: Callable[[], float], most_s: float = SLICE_S
    ) -> Rows | None:
        """Work for about SLICE_S, or as long as CALL_BATCHES take if that is less than `most_s`.

        A row float32 [metrics] when the epoch has ended.
        """
        begun_s, slice_s = clock(), self._slice_s(most_s)
        while self._batch < self._recipe.steps_per_epoch:
            self._train_some(trainer, rates, clock, slice_s)
            if clock() - begun_s > slice_s:
                self._clocks.trained(begun_s, clock())
                return None
        self._clocks.trained(begun_s, clock())
        begun_s = clock()
        while self._measured < len(self._chunks):
            place, share, chunk = self._chunks[self._measured]
            self._sums[place] += trainer.measure(self.values, as_inputs(share.features[chunk]), share.labels[chunk])
            self._measured += 1
            if self._measured < len(self._chunks) and clock() - begun_s > slice_s:
                self._clocks.measured(begun_s, clock())
                return None
        self._clocks.measured(begun_s, clock())
        self.tempo.measuring_s = self._clocks.measuring_s
        return metrics_row(self._recipe, self._sums.tolist())

    def _slice_s(self, most_s: float) -> float:
        return min(max(SLICE_S, CALL_BATCHES * self.tempo.batch_s), most_s)

    def _train_some(self, trainer: BatchTrainer, rates: Rates, clock: Callable[[], float], slice_s: float) -> None:
        """As many batches as fit a slice, from how long the last ones took."""
        begun_s, batch_s = clock(), self.tempo.batch_s
        batches = max(int(slice_s / batch_s), 1) if batch_s else 1
        batches = min(batches, self._recipe.steps_per_epoch - self._batch)
        size = self._recipe.batch_size
        rows = self._order[self._batch * size : (self._batch + batches) * size]
        step = self.moment.step
        inputs = self._inputs(rows, step)
        self.values = trainer.train(self.values, inputs, self._train.labels[rows], step, rates, self._tally)
        self._batch += batches
        self.tempo.batch_s = max((clock() - begun_s) / batches, 1e-9)

    def _inputs(self, rows: npt.NDArray[np.int32], step: int) -> Rows:
        """Training samples as the network sees them; each batch is changed by what its own number draws."""
        features = self._train.features[rows]
        if not self._is_augmented:
            return as_inputs(features)
        wish, seed, size = self._recipe.spec.augmentation, self._recipe.spec.seed, self._recipe.batch_size
        batches = [features[start : start + size] for start in range(0, len(features), size)]
        return np.concatenate(
            [augmented(batch, wish, augmentation_stream(seed, step + place)) for place, batch in enumerate(batches)]
        )

    def _remaining_s(self) -> float:
        """From the pace of this epoch; how long measuring takes is known from the last one, or guessed."""
        trained, steps = self._batch - self._first_batch, self._recipe.steps_per_epoch
        batch_s = self._clocks.training_s / max(trained, 1)
        if self._measured:
            return self._clocks.measuring_s * (len(self._chunks) / self._measured - 1)
        measuring_s = self.tempo.measuring_s
        if measuring_s is None:
            # The way forwards is a third of an update's work.
            measured = self._recipe.measured_count + self._recipe.val_count
            measuring_s = batch_s * steps / 3 * measured / self._recipe.train_count
        return batch_s * (steps - self._batch) + measuring_s


class _Clocks:
    """How long an epoch takes: the time of its pieces and that between them, while other runs have their turns."""

    def __init__(self) -> None:
        self.training_s = self.measuring_s = 0.0
        self._last_s: float | None = None

    def trained(self, begun_s: float, ended_s: float) -> None:
        """Count a piece of training in, and the time since the last piece."""
        self.training_s += self._passed_s(begun_s, ended_s)

    def measured(self, begun_s: float, ended_s: float) -> None:
        """The same of measuring."""
        self.measuring_s += self._passed_s(begun_s, ended_s)

    def _passed_s(self, begun_s: float, ended_s: float) -> float:
        gap_s = 0.0 if self._last_s is None else begun_s - self._last_s
        self._last_s = ended_s
        return ended_s - begun_s + (gap_s if gap_s < LONGEST_GAP_S else 0.0)


def _chunks(count: int, size: int) -> list[slice]:
    """Samples in chunks, always the same ones: their sums must not depend on the clock."""
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def metrics_row(recipe: Recipe, sums: list[tuple[float, float]]) -> Rows:
    """Means of both shares, in the order of the metric names."""
    counts = (recipe.measured_count, recipe.val_count)
    means = [[number / count for number in pair] for pair, count in zip(sums, counts, strict=True)]
    columns = 2 if recipe.is_classification else 1
    return np.array([mean[column] for column in range(columns) for mean in means], np.float32)
