"""Valid things by default; a test overrides the one thing it is about."""

from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from server.domain.controls import ControlState, initial_controls
from server.domain.events import EventKind, RunEvent
from server.domain.spec import RunSpec
from server.domain.status import RunStatus
from server.domain.validation import parse_run_spec
from server.storage.runs import Run


def make_spec(**changes: Any) -> RunSpec:
    """The default spec with some fields changed, given as decoded JSON."""
    return parse_run_spec(changes)


def make_controls(spec: RunSpec | None = None, *, paused: bool = False, speed: float | None = None) -> ControlState:
    """The state a run starts in; as fast as possible unless a speed is given."""
    return initial_controls(spec or make_spec(), paused=paused, speed=speed)


def make_event(kind: EventKind = "metrics", run_id: str = "a" * 20, **payload: Any) -> RunEvent:
    """An event of a run; without a payload, one epoch's metrics or the matching status."""
    return RunEvent(run_id, kind, payload or _default_payload(kind))


def make_metrics(first_epoch: int, epochs: int = 1, run_id: str = "a" * 20) -> RunEvent:
    """Metrics of some epochs in a row, a loss that falls, 25 steps an epoch."""
    numbers = list(range(first_epoch, first_epoch + epochs))
    columns = {
        "epoch": numbers,
        "step": [25 * epoch for epoch in numbers],
        "loss": [1 / epoch for epoch in numbers],
        "val_loss": [2 / epoch for epoch in numbers],
    }
    return RunEvent(run_id, "metrics", columns)


def make_status(status: str, run_id: str = "a" * 20, **changes: Any) -> RunEvent:
    """A status event as a worker tells it."""
    return RunEvent(run_id, "status", _default_payload("status") | {"status": status} | changes)


def _default_payload(kind: EventKind) -> dict[str, Any]:
    if kind == "metrics":
        return {"epoch": [1], "step": [25], "loss": [0.5], "val_loss": [0.6]}
    if kind == "status":
        controls = make_controls().to_payload()
        reasons = {"reason": None, "reason_code": None}
        return {"status": "running", "position": None, "epoch": 0, "step": 0, **reasons, "controls": controls}
    picture = {"epoch": 1, "step": 25, "weights": "AACAPwAAAEA="}
    if kind == "frame":
        return picture
    return picture | {"epoch": 0, "step": 0, "slots": "", "version": 0, "is_at_rest": True}


def make_run(run_id: str = "a" * 20, spec: RunSpec | None = None, **changes: Any) -> Run:
    """A queued run that was started at noon."""
    spec = spec or make_spec()
    queued = Run(
        run_id=run_id,
        spec=spec,
        controls=make_controls(spec),
        status=RunStatus.QUEUED,
        epoch=0,
        step=0,
        metrics={},
        reason=None,
        reason_code=None,
        generation="0a1b2c3d",
        last_seq=0,
        created_at=datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc),
    )
    return replace(queued, **changes)
