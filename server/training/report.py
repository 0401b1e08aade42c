"""What a run tells the world, and how often: columns of metrics and frames, thirty times a second at most."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from server.domain import limits
from server.domain.controls import ControlState
from server.domain.events import Columns, EventKind, Payload, join_columns
from server.domain.status import RunStatus
from server.training.frames import encode_weights
from server.training.pace import TICK_S
from server.training.programs import Tensors

Emit: TypeAlias = Callable[[EventKind, Payload], None]

CHECKPOINT_S = 2.0
"""How often the weights of a model too large for frames are sent to be kept."""


class Reporter:
    """Gathers what happens and emits it in ticks. Times are seconds of a monotonic clock that is passed in."""

    def __init__(self, emit: Emit, metric_names: tuple[str, ...], weights_count: int) -> None:
        self._emit = emit
        self._metric_names = metric_names
        self._is_streamed = weights_count <= limits.MAX_FRAME_WEIGHTS
        self._gathered: list[Columns] = []
        self._last_tick_s = float("-inf")
        self._last_checkpoint_s = float("-inf")

    def status(self, status: RunStatus, place: tuple[int, int], controls: ControlState, **more: object) -> None:
        """Tell the status at a place (epoch, step); what was gathered before goes first."""
        self.flush()
        told = {"status": status.value, "epoch": place[0], "step": place[1], "reason": None, "reason_code": None}
        self._emit("status", {**told, "controls": controls.to_payload(), **more})

    def rows(self, first_epoch: int, steps_per_epoch: int, rows: npt.NDArray[np.float32]) -> None:
        """Gather one row per ended epoch; float32 [epochs, metrics]."""
        epochs = list(range(first_epoch, first_epoch + len(rows)))
        columns: Columns = {"epoch": list(epochs), "step": [epoch * steps_per_epoch for epoch in epochs]}
        for name, column in zip(self._metric_names, rows.T, strict=True):
            columns[name] = [_rounded(number) for number in column.tolist()]
        self._gathered.append(columns)

    def tick(self, now_s: float, place: tuple[int, int], weights: Tensors) -> None:
        """Emit what was gathered, and the weights, when the last time is long enough ago."""
        if now_s - self._last_tick_s < TICK_S * 0.9:
            return
        self._last_tick_s = now_s
        self.flush()
        if self._is_streamed:
            self.frame(place, weights)
        elif now_s - self._last_checkpoint_s >= CHECKPOINT_S:
            self._last_checkpoint_s = now_s
            self.checkpoint(place, weights)

    def flush(self) -> None:
        """Emit the gathered rows now, if there are any."""
        if self._gathered:
            self._emit("metrics", join_columns(self._gathered))
            self._gathered = []

    def frame(self, place: tuple[int, int], weights: Tensors) -> None:
        """The weights of this moment, to be drawn."""
        self._emit("frame", _moment(place, weights))

    def checkpoint(self, place: tuple[int, int], weights: Tensors) -> None:
        """The weights of this moment, to be kept."""
        self._emit("checkpoint", _moment(place, weights))

    def rest(self, place: tuple[int, int], weights: Tensors) -> None:
        """The weights at a moment of rest (untrained, paused, ended): to be drawn and to be kept."""
        self.flush()
        if self._is_streamed:
            self.frame(place, weights)
        self.checkpoint(place, weights)


def _moment(place: tuple[int, int], weights: Tensors) -> Payload:
    return {"epoch": place[0], "step": place[1], "weights": encode_weights(weights)}


def _rounded(number: float) -> float:
    """Seven significant digits: all that float32 holds, in half the characters."""
    return float(f"{number:.7g}")
