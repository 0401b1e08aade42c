"""Preloaded into a worker in place of `server.preload`: the real front door of a worker, and runs that only pretend.

Mailboxes, carousel, pulse, lease and outbox are the product's own; what needs TensorFlow is replaced, so a worker is
ready in a second. What a run does is said by the seed of its spec, see `Mode`.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from math import inf, nan
from types import ModuleType
from typing import Any

from server.domain.controls import ControlState
from server.domain.events import EventKind, Payload
from server.domain.spec import RunSpec
from server.domain.status import RunStatus
from server.scheduling.controls import RunMailbox

FAULT_EPOCH = 5
"""Modes that go wrong in the middle do so when they have told this epoch."""

CHECKPOINT_EVERY = 4
"""Epochs between two checkpoints: not a divisor of the epoch of the fault, so that something is trained again."""

PULSE_S = 0.05
LONGEST_TURN_S = 0.2
"""The worker's own times, short enough for a test."""

WEIGHTS = "AACAPwAAAEA="
_BIG = 2**31
_true_time = time.time


class Mode(IntEnum):
    """What a run does; it is the seed of its spec. Those of the second row go wrong in the first attempt only."""

    TRAIN, SLOW, RAISE, OOM, NAN = range(5)
    HANG, FREEZE, HOLD_LOCK = range(5, 8)


def following(number: int) -> int:
    """The state of a pretended network after one more epoch."""
    return (1_103_515_245 * number + 12_345) % _BIG


def expected_losses(seed: int, epochs: int) -> list[float]:
    """The losses of an undisturbed run whose data set has that seed."""
    losses, state = [], seed
    for _ in range(epochs):
        state = following(state)
        losses.append(state / _BIG)
    return losses


class PretendedTraining:
    """Stands in for `server.training.engine.Training`; its checkpoint holds the state that decides all later losses."""

    def __init__(
        self,
        spec: RunSpec,
        emit: Callable[[EventKind, Payload], None],
        mailbox: RunMailbox,
        bench: object,
        most_epochs: int,
        start: Payload | None = None,
        told_epoch: int = 0,
    ) -> None:
        self._mode = Mode(spec.seed) if told_epoch == 0 or spec.seed < Mode.HANG else Mode.TRAIN
        self._emit = emit
        self._mailbox = mailbox
        self._last_epoch = min(spec.epochs or most_epochs, most_epochs)
        self._told_epoch = told_epoch
        self._epoch = start["epoch"] if start else 0
        self._state = start["state"] if start else spec.dataset.seed
        self._controls: ControlState | None = None
        self._place: int | None = None
        self._due_s = -inf
        self.status = RunStatus.RUNNING

    patience_s = 0.0

    @property
    def is_over(self) -> bool:
        """Whether the run has ended."""
        return self.status in (RunStatus.STOPPED, RunStatus.FINISHED, RunStatus.FAILED)

    @property
    def wants_place(self) -> bool:
        """Whether the run is asked to train."""
        return not self.is_over and not self._mailbox.read().paused

    def due_s(self) -> float:
        """When the next turn is wanted."""
        return inf if self._mailbox.read().paused or self._place is not None else self._due_s

    def abandon(self) -> None:
        """End without a word."""
        self.status = RunStatus.STOPPED

    def turn(self, place_in_line: int | None = None) -> None:
        """Obey, then train an epoch or do what the mode says."""
        if self.is_over:
            return
        self._catch_up()
        wanted = self._mailbox.read()
        if wanted != self._controls or place_in_line != self._place:
            self._controls, self._place = wanted, place_in_line
            self._tell_state(wanted)
        if not (self.is_over or wanted.paused or place_in_line is not None):
            self._train()

    def _catch_up(self) -> None:
        while self._epoch < self._told_epoch:
            self._epoch, self._state = self._epoch + 1, following(self._state)

    def _tell_state(self, wanted: ControlState) -> None:
        self.status = RunStatus.PAUSED if wanted.paused else RunStatus.RUNNING
        if self._place is not None and not wanted.paused:
            self.status = RunStatus.QUEUED
        if wanted.stop:
            self.status = RunStatus.STOPPED
        if wanted.stop or wanted.paused:
            self._keep(is_at_rest=True)
        self._tell_status("stopped_by_user" if wanted.stop else None)

    def _train(self) -> None:
        if self._epoch >= FAULT_EPOCH or self._mode in (Mode.OOM, Mode.RAISE):
            _do_wrong(self._mode)
        self._due_s = time.monotonic() + (0.2 if self._mode == Mode.SLOW else 0.004)
        self._epoch, self._state = self._epoch + 1, following(self._state)
        is_diverged = self._mode == Mode.NAN and self._epoch > FAULT_EPOCH
        loss = nan if is_diverged else self._state / _BIG
        columns = {"epoch": [self._epoch], "step": [25 * self._epoch], "loss": [loss], "val_loss": [loss]}
        self._emit("metrics", columns)
        self._emit("frame", {"epoch": self._epoch, "step": 25 * self._epoch, "weights": WEIGHTS})
        if self._epoch == FAULT_EPOCH and self._mode >= Mode.HANG:
            # What was told leaves the process before nothing does any more.
            self._due_s += 0.2
        if self._epoch % CHECKPOINT_EVERY == 0:
            self._keep(is_at_rest=False)
        if is_diverged or self._epoch >= self._last_epoch:
            self._end(is_diverged)

    def _end(self, is_diverged: bool) -> None:
        self.status = RunStatus.FAILED if is_diverged else RunStatus.FINISHED
        self._keep(is_at_rest=True)
        self._tell_status("diverged" if is_diverged else "epochs_reached")

    def _keep(self, *, is_at_rest: bool) -> None:
        assert self._controls is not None
        moment = {"epoch": self._epoch, "step": 25 * self._epoch, "weights": WEIGHTS, "slots": ""}
        kept = {"version": self._controls.version, "state": self._state, "is_at_rest": is_at_rest}
        self._emit("checkpoint", moment | kept)

    def _tell_status(self, reason_code: str | None) -> None:
        assert self._controls is not None
        told = {"status": self.status.value, "position": self._place, "epoch": self._epoch, "step": 25 * self._epoch}
        reasons = {"reason": reason_code, "reason_code": reason_code}
        self._emit("status", told | reasons | {"controls": self._controls.to_payload()})


def _do_wrong(mode: Mode) -> None:
    """What that kind of run does in the middle of its training; most do not come back from here."""
    if mode == Mode.RAISE:
        raise RuntimeError("The training itself failed.")
    if mode == Mode.OOM:
        os.kill(os.getpid(), signal.SIGKILL)
    if mode == Mode.HANG:
        time.sleep(3600)
    if mode == Mode.FREEZE:
        os.kill(os.getpid(), signal.SIGSTOP)
    if mode == Mode.HOLD_LOCK:
        ctypes.PyDLL(None).sleep(3600)


@dataclass(frozen=True)
class _Bench:
    """Stands in for the compiled programs and the clock."""

    clock: object
    tick_s: object = None
    slice_s: object = None
    library: object = None


def _nothing(*arguments: object) -> None:
    """Stands in for what no test here asks for."""


_STAND_INS: dict[str, dict[str, Any]] = {
    "server.exports.deployment": {"deployment_files": _nothing},
    "server.exports.keras_file": {"keras_file": _nothing},
    "server.exports.tfjs": {"tfjs_files": _nothing},
    "server.training.checkpoints": {"checkpoint_from": lambda payload: payload},
    "server.training.engine": {"Bench": _Bench, "Training": PretendedTraining, "train": _nothing},
    "server.training.frames": {"decode_weights": _nothing},
    "server.training.programs": {"EpochProgram": object},
    "server.training.recipe": {"recipe_of": _nothing},
    "server.training.trained": {"trained_model": _nothing},
}


def dask_setup(worker: Any) -> None:
    """Called by Dask when the process starts."""
    for name, parts in _STAND_INS.items():
        module = ModuleType(name)
        vars(module).update(parts)
        sys.modules[name] = module
    from server import worker as front_door  # noqa: PLC0415 - only now are its imports replaced

    front_door.PULSE_S, front_door.LONGEST_TURN_S = PULSE_S, LONGEST_TURN_S
    front_door.warm_up = _nothing  # type: ignore[assignment]
    front_door.begin(worker)


def addresses() -> list[tuple[str, int]]:
    """The runs that live in this worker process, each with its attempt."""
    from server import worker as front_door  # noqa: PLC0415 - see above

    return list(front_door._mailboxes.versions())


def shift_clock(seconds: float) -> None:
    """From now on the wall clock of this process shows another time."""
    time.time = lambda: _true_time() + seconds


def set_clock_right() -> None:
    """Show the true time again."""
    time.time = _true_time
