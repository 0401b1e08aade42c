"""What a run tells the world, and how often: columns of metrics and frames, thirty times a second at most."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from server.domain import limits
from server.domain.controls import ControlState
from server.domain.events import Columns, EventKind, Payload, join_columns
from server.domain.status import RunStatus
from server.training.batchwise import Moment
from server.training.checkpoints import Checkpoint
from server.training.frames import encode_weights
from server.training.opening import has_long_epochs
from server.training.recipe import Recipe
from server.training.tally import EpochProgress

Emit: TypeAlias = Callable[[EventKind, Payload], None]

CHECKPOINT_S = 2.0
"""How often a run that trains sends a checkpoint: so much work a lost worker costs at most."""


CHECKPOINT_BYTES_A_SECOND = 2_000_000
"""Of those at ends of epochs, and as many of the others."""

PROGRESS_S = 0.25
"""How often a run tells how far its data or its epoch are."""

LONG_S = 1.0
"""An epoch that takes longer tells how far it is."""


class Reporter:
    """Gathers what happens and emits it in ticks. Times are seconds of a monotonic clock that is passed in.

    Up to `told_epoch` the world has heard the story from somebody else: until then only an end is told.
    """

    def __init__(self, emit: Emit, recipe: Recipe, told_epoch: int = 0) -> None:
        self._emit = emit
        self.told_epoch = told_epoch
        self._recipe = recipe
        # A base has more, and the page has to fetch it anyway.
        self._is_streamed = recipe.weights_count <= limits.MAX_FRAME_WEIGHTS and recipe.spec.base is None
        self._last_progress_s = self._last_ending_s = float("-inf")
        self._has_long_epochs = has_long_epochs(recipe)
        self._gathered: list[Columns] = []
        self._last_tick_s = float("-inf")
        self._last_checkpoint_s = float("-inf")

    def status(self, status: RunStatus, moment: Moment, controls: ControlState, **more: object) -> None:
        """Tell the status at a moment; what was gathered before goes first."""
        if self._is_silent(moment):
            return
        self.flush()
        told = {"status": status.value, "epoch": moment.epoch, "step": moment.step, "reason": None, "reason_code": None}
        self._emit("status", {**told, "controls": controls.to_payload(), **more})

    def rows(self, first_epoch: int, rows: npt.NDArray[np.float32]) -> None:
        """Gather one row per ended epoch; float32 [epochs, metrics]."""
        told = max(min(self.told_epoch - first_epoch + 1, len(rows)), 0)
        first_epoch, rows = first_epoch + told, rows[told:]
        if not len(rows):
            return
        epochs = list(range(first_epoch, first_epoch + len(rows)))
        columns: Columns = {"epoch": list(epochs), "step": [epoch * self._recipe.steps_per_epoch for epoch in epochs]}
        for name, column in zip(self._recipe.metric_names, rows.T, strict=True):
            columns[name] = [_rounded(number) for number in column.tolist()]
        self._gathered.append(columns)

    def tick(self, now_s: float, checkpoint: Checkpoint, tick_s: float, *, ends_epoch: bool = False) -> None:
        """Emit what was gathered, and the weights, when the last time is long enough ago, or at a long epoch's end."""
        is_due = now_s - self._last_tick_s >= tick_s * 0.9 or ends_epoch
        if not is_due or self._is_silent(checkpoint.moment):
            return
        self._last_tick_s = now_s
        self.flush()
        if self._is_streamed:
            self.frame(checkpoint.moment)
        # Those of ends of epochs are what the page fetches: no other one takes their turn.
        last_s = self._last_ending_s if ends_epoch else self._last_checkpoint_s
        if now_s - last_s >= self._checkpoint_s(checkpoint):
            self._last_checkpoint_s = now_s
            self._last_ending_s = now_s if ends_epoch else self._last_ending_s
            self._keep(checkpoint)

    def progress(self, now_s: float, progress: EpochProgress | None) -> None:
        """How far an epoch has come that takes long."""
        if progress is None or progress.elapsed_s + progress.remaining_s < LONG_S or progress.epoch <= self.told_epoch:
            return
        if now_s - self._last_progress_s >= PROGRESS_S:
            self._last_progress_s = now_s
            self._emit("progress", progress.to_payload())

    @staticmethod
    def _checkpoint_s(checkpoint: Checkpoint) -> float:
        """How long to the next checkpoint: a large one costs its neighbours their turns, so it comes more rarely."""
        return max(CHECKPOINT_S, checkpoint.moment.values.nbytes / CHECKPOINT_BYTES_A_SECOND)

    def preparing(self, now_s: float, progress: Payload) -> None:
        """How far the data are that take long to make; that they are made is always told."""
        if now_s - self._last_progress_s < PROGRESS_S and progress["batch"] < progress["batches"]:
            return
        self._last_progress_s = now_s
        self._emit("progress", progress)

    def flush(self) -> None:
        """Emit the gathered rows now, if there are any."""
        if self._gathered:
            self._emit("metrics", join_columns(self._gathered))
            self._gathered = []

    def frame(self, moment: Moment) -> None:
        """The weights of this moment, to be drawn."""
        weights = encode_weights(moment.values[: self._recipe.weights_count])
        self._emit("frame", {"epoch": moment.epoch, "step": moment.step, "weights": weights})

    def turning_point(self, checkpoint: Checkpoint) -> None:
        """The rates change here: who goes on from a checkpoint knows only the newest ones. Not for large models."""
        if self._is_streamed and not self._is_silent(checkpoint.moment):
            self.flush()
            self._keep(checkpoint, is_turning=True)

    def rest(self, checkpoint: Checkpoint) -> None:
        """A moment of rest (untrained, paused, ended): to be drawn, and to be kept at once."""
        if self._is_silent(checkpoint.moment):
            return
        self.flush()
        if self._is_streamed:
            self.frame(checkpoint.moment)
        self._keep(checkpoint, is_at_rest=True)

    def gradients(self, moment: Moment, layers: list[Payload]) -> None:
        """What the gradients of this moment are like, layer by layer."""
        if self._is_silent(moment):
            return
        self._emit("gradients", {"epoch": moment.epoch, "step": moment.step, "layers": layers})

    def _is_silent(self, moment: Moment) -> bool:
        return moment.epoch < self.told_epoch

    def _keep(self, checkpoint: Checkpoint, *, is_at_rest: bool = False, is_turning: bool = False) -> None:
        moment = checkpoint.moment
        is_within = self._has_long_epochs and moment.step != moment.epoch * self._recipe.steps_per_epoch
        kind = {"is_at_rest": is_at_rest, "is_turning": is_turning, "is_partial": is_within and not is_at_rest}
        self._emit("checkpoint", checkpoint.to_payload(self._recipe.weights_count) | kind)


def _rounded(number: float) -> float:
    """Seven significant digits: all that float32 holds, in half the characters."""
    return float(f"{number:.7g}")
