"""The numbers of one run: its state, and the way from one epoch to the next.

The first epochs come from NumPy (see opening.py), all later ones from a compiled program (see programs.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from server.datasets.splits import RunData, Split
from server.training.batchwise import (
    BatchTrainer,
    Moment,
    SeededProgram,
    Tempo,
    UnfinishedEpoch,
    metrics_row,
)
from server.training.build import Values, initial_values
from server.training.compiler import ProgramCache
from server.training.numpy_trainer import NumpyTrainer
from server.training.opening import opening_epochs
from server.training.pace import SLICE_S
from server.training.programs import BatchProgram, EpochProgram, Rows, Samples, program_for, samples_of
from server.training.rates import Rates
from server.training.recipe import Recipe
from server.training.seeding import sample_orders
from server.training.tally import EpochProgress

RatesOf: TypeAlias = Callable[[int], Rates]
"""The rates of an epoch, counted from 1."""


@dataclass(frozen=True)
class Memory:
    """An earlier moment at the end of an epoch: the state some epochs before it, and the rates of these epochs.

    A program that runs many epochs in one call shows none in between; running it again is cheaper than keeping all.
    """

    moment: Moment
    rates: tuple[Rates, ...] = ()


@dataclass(frozen=True)
class Advance:
    """What a call has brought: a row float32 [epochs, metrics] for each ended epoch.

    `diverged`: the last row belongs to an epoch that ended without finite numbers; the state is that of before.
    """

    rows: Rows
    diverged: bool = False


class Course:
    """One run's way through its epochs."""

    def __init__(  # noqa: PLR0913 - what a run is made from
        self,
        recipe: Recipe,
        run_data: RunData,
        programs: ProgramCache,
        clock: Callable[[], float],
        start: Moment | None = None,
        last_epoch: int | None = None,
    ) -> None:
        self._recipe = recipe
        self._run_data = run_data
        self._clock = clock
        self._numpy: NumpyTrainer | None = None
        self._opening = opening_epochs(recipe)
        # A run that ends with its opening needs no program.
        kind = program_for(recipe) if last_epoch is None or last_epoch > self._opening else None
        self._pending = programs.get(recipe, kind) if kind else None
        self._epoch_s = 0.0
        self._tempo = Tempo()
        self._moment = start or Moment(0, 0, initial_values(recipe))
        self._last_call = Memory(self._moment)
        self._unfinished: UnfinishedEpoch | None = None

    @cached_property
    def _samples(self) -> Samples:
        """The data as tensors: only a program of whole epochs wants them so."""
        return samples_of(self._run_data)

    @property
    def moment(self) -> Moment:
        """Where the run is."""
        return self._moment

    @property
    def progress(self) -> EpochProgress | None:
        """How far an epoch has come that is trained in pieces; None between two epochs."""
        return self._unfinished.progress if self._unfinished else None

    @property
    def is_waiting(self) -> bool:
        """Whether the next epoch needs a program that is still being compiled."""
        return self._needs_program and self._pending is not None and not self._pending.done()

    @property
    def _needs_program(self) -> bool:
        return self._moment.epoch >= self._opening

    @property
    def train(self) -> Split:
        """The samples the run learns from."""
        return self._run_data.train

    @property
    def numpy(self) -> NumpyTrainer:
        """The trainer that can look inside the network. Its work space is let go when the opening is over."""
        if self._numpy is None:
            self._numpy = NumpyTrainer(self._recipe.spec, self._recipe.plans, self._recipe.batch_size)
        return self._numpy

    @property
    def can_measure(self) -> bool:
        """Whether measuring at once takes no longer than a slice."""
        return self._opening > 0

    def measure(self) -> Rows:
        """The metrics float32 [metrics] of this moment, in the order of a row."""
        shares = (self._run_data.train, self._recipe.measured_count), (self._run_data.val, self._recipe.val_count)
        values = self._moment.values
        sums = [self.numpy.measure(values, share.features, share.labels[:count]) for share, count in shares]
        return metrics_row(self._recipe, sums)

    def edit(self, values: Values) -> None:
        """Replace the state, weights set by hand."""
        self._moment = Moment(self._moment.epoch, self._moment.step, values)
        if self._unfinished:
            self._unfinished.values = values

    def advance(self, most_epochs: int, rates_of: RatesOf, slice_s: float = SLICE_S) -> Advance:
        """Train on: some whole epochs, or a piece of one (then no row comes back). Takes `slice_s` or less."""
        program = self._pending.result() if self._pending and self._needs_program else None
        if program and self._moment.epoch == self._opening:
            self._numpy = None
        if isinstance(program, EpochProgram):
            return self._advance_epochs(min(most_epochs, self._epochs_of_a_slice()), rates_of)
        return self._advance_piece(self._trainer_of(program), rates_of(self._moment.epoch + 1), slice_s)

    def remember(self, epoch: int) -> Memory:
        """How to come back to the end of an epoch of the last call."""
        if epoch == self._moment.epoch:
            return Memory(self._moment)
        start = self._last_call.moment
        return Memory(start, self._last_call.rates[: epoch - start.epoch])

    def go_back(self, memory: Memory) -> None:
        """Return to an earlier moment."""
        start, rates = memory.moment, memory.rates
        if rates:
            start = self._run(start, rates)[0]
        self._go_to(start)

    def _go_to(self, moment: Moment) -> None:
        self._moment = moment
        self._unfinished = None

    def _trainer_of(self, program: BatchProgram | None) -> BatchTrainer:
        return self.numpy if program is None else SeededProgram(program, self._recipe.spec.seed)

    def _advance_epochs(self, epochs: int, rates_of: RatesOf) -> Advance:
        """Whole epochs in one call of a program."""
        before = self._moment
        rates = tuple(rates_of(before.epoch + 1 + row) for row in range(epochs))
        begun_s = self._clock()
        after, rows = self._run(before, rates)
        self._epoch_s = (self._clock() - begun_s) / epochs
        is_good = np.isfinite(rows).all(axis=1) & (rows[:, -1] == 1)
        good = epochs if is_good.all() else int(np.argmin(is_good))
        if good < epochs:
            # The program is repeatable: running only the good epochs again gives the last finite weights.
            after = self._run(before, rates[:good])[0] if good else before
        self._last_call = Memory(before, rates[:good])
        self._moment = after
        return Advance(rows[: good + 1, :-1], diverged=good < epochs)

    def _run(self, start: Moment, rates: tuple[Rates, ...]) -> tuple[Moment, Rows]:
        """Whole epochs from a moment on. Only runs that have such a program come here."""
        program = self._pending.result() if self._pending else None
        if not isinstance(program, EpochProgram):
            raise TypeError(f"This network has no program of whole epochs, but {type(program).__name__}.")
        seed, epochs = self._recipe.spec.seed, len(rates)
        orders = sample_orders(seed, start.epoch + 1, epochs, self._recipe.train_count, self._recipe.slice_epochs)
        outcome = program.advance(start.values, self._samples, orders, start.step, list(rates), seed)
        step = start.step + epochs * self._recipe.steps_per_epoch
        return Moment(start.epoch + epochs, step, outcome.values), outcome.rows

    def _epochs_of_a_slice(self) -> int:
        """As many as fit, from how long the last ones took; few at first."""
        if self._epoch_s == 0.0:
            return 4
        return min(max(int(SLICE_S / self._epoch_s), 1), self._recipe.slice_epochs)

    def _advance_piece(self, trainer: BatchTrainer, rates: Rates, slice_s: float) -> Advance:
        """A piece of an epoch, its end measured."""
        if self._unfinished is None:
            self._unfinished = UnfinishedEpoch(self._recipe, self._run_data, self._moment, self._tempo)
        row = self._unfinished.advance(trainer, rates, self._clock, slice_s)
        if row is None:
            self._moment = self._unfinished.moment
            return Advance(np.zeros((0, len(self._recipe.metric_names)), np.float32))
        start, end = self._unfinished.start, self._unfinished.moment
        is_good = bool(np.isfinite(row).all() and np.isfinite(end.values[: self._recipe.weights_count]).all())
        self._go_to(Moment(start.epoch + 1, end.step, end.values) if is_good else start)
        self._last_call = Memory(self._moment)
        return Advance(row[None, :], diverged=not is_good)
