"""The examples of the page, trained by the real engine just as the page would ask for it."""

import json
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from server.domain.controls import ControlRequest, ControlState, apply_control
from server.domain.events import Columns, EventKind, Payload, join_columns
from server.domain.spec import RunSpec
from server.training.engine import Bench, train
from tests.builders import make_controls, make_spec

PRESETS_FILE = Path(__file__).parents[2] / "static/presets/presets.json"
PRESETS: list[dict[str, Any]] = json.loads(PRESETS_FILE.read_text(encoding="utf-8"))
_BENCH = Bench(time.monotonic)


@dataclass(frozen=True)
class Ended:
    """What a run has told."""

    spec: RunSpec
    reason_code: str
    columns: Columns
    gradients: Payload | None
    """The last look at them; None when the run did not live long enough for one."""

    moment: Payload
    """The last good weights."""

    def last(self, metric: str) -> float:
        """A metric after the last epoch."""
        value = self.columns[metric][-1]
        return float("nan") if value is None else float(value)


class _Watched:
    """A mailbox that never changes its mind: train as fast as possible and show the gradients."""

    def __init__(self, spec: RunSpec) -> None:
        self._controls = apply_control(make_controls(spec), ControlRequest(action="set", gradients=True))

    def read(self) -> ControlState:
        return self._controls

    def wait(self, version: int, timeout_s: float | None) -> None:
        time.sleep(min(timeout_s or 0.001, 0.01))


@cache
def run_preset(name: str) -> Ended:
    """Train an example to its end."""
    preset = next(preset for preset in PRESETS if preset["name"] == name)
    spec = make_spec(**preset["spec"])
    events: list[tuple[EventKind, Payload]] = []
    train(spec, lambda kind, payload: events.append((kind, payload)), _Watched(spec), _BENCH, 10_000)
    told = {wanted: [payload for kind, payload in events if kind == wanted] for wanted in ("status", "checkpoint")}
    gradients = [payload for kind, payload in events if kind == "gradients"]
    return Ended(
        spec=spec,
        reason_code=told["status"][-1]["reason_code"],
        columns=join_columns([payload for kind, payload in events if kind == "metrics"]),
        gradients=gradients[-1] if gradients else None,
        moment=told["checkpoint"][-1],
    )
