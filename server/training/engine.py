"""The training loop of one run, readable in one sitting.

It knows a spec, a way to emit events, a mailbox of controls and the bench it works on (compute slot, program cache,
clock): the same loop runs in a worker, in a terminal and in a test.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from typing import Protocol

import numpy as np

from server.datasets.splits import make_run_data
from server.domain.controls import ControlState
from server.domain.spec import RunSpec, weights_count
from server.domain.status import RunStatus
from server.training.edits import edit_weights
from server.training.pace import Pace
from server.training.programs import (
    SLICE_EPOCHS,
    EpochProgram,
    ProgramCache,
    Rates,
    SliceOutcome,
    TrainState,
    initial_state,
    tensors_of,
)
from server.training.report import Emit, Reporter
from server.training.seeding import sample_orders
from server.training.slot import ComputeSlot


class Mailbox(Protocol):
    """Where the newest wish about a run lies."""

    def read(self) -> ControlState:
        """The state the run should be in."""

    def wait(self, version: int, timeout_s: float | None) -> None:
        """Return when the state is newer than `version`, or after the time."""


@dataclass(frozen=True)
class Bench:
    """What the runs of one process share."""

    clock: Callable[[], float]
    slot: ComputeSlot = field(default_factory=ComputeSlot)
    programs: ProgramCache = field(default_factory=ProgramCache)


def train(spec: RunSpec, emit: Emit, mailbox: Mailbox, bench: Bench, most_epochs: int) -> RunStatus:
    """Run a spec until it is finished, stopped or diverged; returns how it ended.

    Emits the untrained network first, then metrics and frames as they come, and a status at every change.
    """
    return Training(spec, emit, mailbox, bench, most_epochs).run()


class Training:
    """One run in the making."""

    def __init__(self, spec: RunSpec, emit: Emit, mailbox: Mailbox, bench: Bench, most_epochs: int) -> None:
        self._spec = spec
        self._mailbox = mailbox
        self._bench = bench
        self._last_epoch = min(spec.epochs or most_epochs, most_epochs)
        self._program: EpochProgram = bench.programs.get(spec)
        self._samples = tensors_of(make_run_data(spec))
        self._steps_per_epoch = ceil(self._program.samples / self._program.batch_size)
        self._report = Reporter(emit, self._program.metric_names, weights_count(spec))
        self._pace = Pace(SLICE_EPOCHS)
        self._state, self._initial_metrics = initial_state(spec, self._samples)
        self._controls = mailbox.read()
        self._epoch = 0
        self._granted_at = 0

    def run(self) -> RunStatus:
        """The loop: obey, train a slice, tell."""
        self._begin()
        while True:
            self._obey(self._mailbox.read())
            if self._controls.stop:
                return self._end(RunStatus.STOPPED, "stopped_by_user", "The run was stopped.")
            if self._epoch >= self._last_epoch:
                return self._end(RunStatus.FINISHED, "epochs_reached", self._finished_sentence())
            epochs = min(self._due_epochs(), self._last_epoch - self._epoch)
            if epochs == 0:
                self._mailbox.wait(self._controls.version, self._patience_s())
            elif not self._advance(epochs):
                return self._diverged()

    def _begin(self) -> None:
        """Show the untrained network at once; compile while the pupil looks at it."""
        self._report.rest(self._place(), self._state.weights)
        self._tell_status(metrics=self._initial_metrics)
        self._program.compile(self._state, self._samples)
        self._pace.restart(self._controls.speed, self._bench.clock())

    def _obey(self, wanted: ControlState) -> None:
        """Take over a newer wish, and tell that it is applied."""
        if wanted.version == self._controls.version:
            return
        before, self._controls = self._controls, wanted
        self._edit(before.version)
        if wanted.speed != before.speed or wanted.paused != before.paused:
            self._pace.restart(wanted.speed, self._bench.clock())
        if not wanted.paused:
            # Steps that were still owed are forgotten by who presses Run.
            self._granted_at = wanted.epochs_granted
        elif not before.paused:
            self._report.rest(self._place(), self._state.weights)
        if not wanted.stop:
            self._tell_status()

    def _edit(self, since_version: int) -> None:
        """Set by hand what was asked since that version, and show it."""
        edits = [edit for version, edit in self._controls.edits if version > since_version]
        for edit in edits:
            self._state = TrainState(edit_weights(self._state.weights, edit), self._state.slots)
        if edits:
            self._report.rest(self._place(), self._state.weights)

    def _due_epochs(self) -> int:
        if self._controls.paused:
            owed = self._controls.epochs_granted - self._granted_at
            return min(owed, SLICE_EPOCHS)
        return self._pace.due_epochs(self._bench.clock())

    def _patience_s(self) -> float | None:
        """How long to wait for something to do; for ever while paused."""
        return None if self._controls.paused else self._pace.wait_s()

    def _advance(self, epochs: int) -> bool:
        """Train some epochs and tell; False when numbers stopped being finite."""
        outcome = self._slice(epochs)
        finite = self._finite_epochs(outcome)
        self._report.rows(self._epoch + 1, self._steps_per_epoch, outcome.rows[: finite + 1, :-1])
        if finite < epochs:
            # The program is repeatable: running only the good epochs again gives the last finite weights.
            self._state = self._slice(finite).state if finite else self._state
            self._epoch += finite
            return False
        self._state = outcome.state
        self._epoch += epochs
        self._settle(epochs)
        return True

    def _settle(self, epochs: int) -> None:
        """Tell what was trained: a stepping run at once, a running one with the tick."""
        now_s = self._bench.clock()
        self._report.tick(now_s, self._place(), self._state.weights)
        if self._controls.paused:
            self._granted_at += epochs
            if self._granted_at == self._controls.epochs_granted:
                self._report.rest(self._place(), self._state.weights)
                self._tell_status()

    def _slice(self, epochs: int) -> SliceOutcome:
        """Run the compiled program for some epochs, in our turn of the compute slot."""
        orders = sample_orders(self._spec.seed, self._epoch + 1, epochs, self._program.samples, SLICE_EPOCHS)
        rates = Rates(self._controls.learning_rate, self._controls.l1, self._controls.l2)
        with self._bench.slot.turn():
            begun_s = self._bench.clock()
            outcome = self._program.advance(self._state, self._samples, orders, epochs, rates)
            self._pace.ran(epochs, self._bench.clock() - begun_s)
        return outcome

    @staticmethod
    def _finite_epochs(outcome: SliceOutcome) -> int:
        """How many epochs of the slice ended with finite weights and losses."""
        is_good = np.isfinite(outcome.rows).all(axis=1) & (outcome.rows[:, -1] == 1)
        return len(is_good) if is_good.all() else int(np.argmin(is_good))

    def _diverged(self) -> RunStatus:
        rate = f"{self._controls.learning_rate:g}"
        return self._end(
            RunStatus.FAILED,
            "diverged",
            f"The numbers grew beyond all bounds in epoch {self._epoch + 1}: with the learning rate {rate} each step "
            "overshoots further than the last. The weights of the epoch before are kept. "
            "Choose a smaller learning rate, for example a tenth of it, and start again.",
        )

    def _end(self, status: RunStatus, code: str, reason: str) -> RunStatus:
        self._report.rest(self._place(), self._state.weights)
        self._tell_status(status, reason=reason, reason_code=code)
        return status

    def _finished_sentence(self) -> str:
        return f"All {self._last_epoch} epochs are done."

    def _tell_status(self, status: RunStatus | None = None, **more: object) -> None:
        live = RunStatus.PAUSED if self._controls.paused else RunStatus.RUNNING
        self._report.status(status or live, self._place(), self._controls, **more)

    def _place(self) -> tuple[int, int]:
        return self._epoch, self._epoch * self._steps_per_epoch
