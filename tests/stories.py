"""Runs in this process, what they tell, and what is asked of them meanwhile."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from server.domain.controls import ControlRequest, ControlState, apply_control
from server.domain.events import EventKind, Payload, join_columns, to_json
from server.domain.spec import RunSpec
from server.training.engine import Bench, train
from server.training.frames import decode_weights
from tests.builders import make_controls


class Script:
    """A mailbox whose wishes follow one another when the run has shown that it is ready for the next."""

    def __init__(self, controls: ControlState, *steps: dict[str, Any]) -> None:
        self._controls = controls
        self._steps = list(steps)
        self._waits = 0

    def read(self) -> ControlState:
        """The newest wish."""
        return self._controls

    def wait(self, version: int, timeout_s: float | None) -> None:
        """A paused run that waits for ever gets the next step of the script."""
        self._waits += 1
        assert self._waits < 10_000, "the run waits for a control that never comes"
        if timeout_s is None:
            self.play()
        else:
            time.sleep(min(timeout_s, 0.001))

    @property
    def steps_left(self) -> int:
        """How many wishes are still to come."""
        return len(self._steps)

    def play(self) -> None:
        """Ask the next thing."""
        self._controls = apply_control(self._controls, ControlRequest(**self._steps.pop(0)))


class Story:
    """Keeps what a run tells; `on_event` may answer with a control."""

    def __init__(self, on_event: Callable[[EventKind, Payload], None] | None = None) -> None:
        self.events: list[tuple[EventKind, Payload]] = []
        self._on_event = on_event

    def emit(self, kind: EventKind, payload: Payload) -> None:
        """Take an event."""
        to_json(payload)
        self.events.append((kind, payload))
        if self._on_event:
            self._on_event(kind, payload)

    def of(self, kind: EventKind) -> list[Payload]:
        """All events of a kind."""
        return [payload for told, payload in self.events if told == kind]

    @property
    def columns(self) -> dict[str, list[Any]]:
        """All metrics."""
        return join_columns(self.of("metrics"))

    @property
    def last_weights(self) -> np.ndarray[Any, Any]:
        """Those of the last checkpoint."""
        return decode_weights(self.of("checkpoint")[-1]["weights"])


BENCH = Bench(time.monotonic)


def run_through(spec: RunSpec, most_epochs: int = 1000) -> Story:
    """The story of an undisturbed run."""
    story = Story()
    train(spec, story.emit, Script(make_controls(spec)), BENCH, most_epochs)
    return story


DIGITS = {"dataset": {"name": "digits", "samples": 300}, "batch_size": 32}
KINDS: dict[str, dict[str, Any]] = {
    "small and dense": {"epochs": 150},
    "dropout": {"epochs": 190, "layers": [{"units": 8}, {"kind": "dropout", "rate": 0.3}, {"units": 4}]},
    "momentum, normalized": {
        "epochs": 190,
        "layers": [{"units": 6}, {"kind": "batch_normalization"}],
        "optimizer": {"name": "sgd", "momentum": 0.9},
    },
    "convolution": {
        **DIGITS,
        "epochs": 65,
        "layers": [
            {"kind": "conv2d", "filters": 16, "padding": "same"},
            {"kind": "conv2d", "filters": 8},
            {"kind": "max_pooling2d"},
            {"kind": "flatten"},
        ],
        "optimizer": {"name": "adam", "learning_rate": 0.01},
    },
    "augmented": {
        **DIGITS,
        "epochs": 65,
        "layers": [
            {"kind": "conv2d", "filters": 16, "padding": "same"},
            {"kind": "conv2d", "filters": 8},
            {"kind": "flatten"},
        ],
        "augmentation": {"shift": 0.2, "rotate": 20.0, "noise": 0.1},
    },
    "large and dense": {
        "epochs": 6,
        "dataset": {"samples": 2000},
        "layers": [{"units": 64}] * 4,
        "optimizer": {"name": "adam", "learning_rate": 0.001},
    },
}
