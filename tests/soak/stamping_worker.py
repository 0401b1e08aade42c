"""A worker without TensorFlow: each run tells one epoch at its pace, stamped with the moment it was told.

The events take the real way: outbox, Dask, relay, ingest, database, channel, socket. So what a client measures is the
way alone. `SOAK_FRAME_BYTES` makes every epoch come with a picture of that size.
"""

import asyncio
import base64
import os
import sys
import time
from threading import Thread
from typing import Any

from server.domain.controls import ControlState
from server.domain.events import EventKind, Payload, RunEvent
from server.domain.training_task import TrainingTask, task_from
from server.scheduling.outbox import Outbox, sender_of
from tests.load.reading import STAMP

PACE_WITHOUT_SPEED = 100.0
PULSE_S = 2.0

_outboxes: list[Outbox] = []
_controls: dict[tuple[str, int], ControlState] = {}
_changed: dict[tuple[str, int], asyncio.Event] = {}


def dask_setup(worker: Any) -> None:
    """Called by Dask when the process starts: answer to the name of the front door."""
    sys.modules["server.worker"] = sys.modules[__name__]
    _outboxes.append(Outbox(sender_of(worker)))
    Thread(target=_pulse_for_ever, daemon=True).start()


async def run_training(raw_task: Payload) -> str:
    """Tell epochs until the run is stopped or has told them all. Returns the final status."""
    task = task_from(raw_task)
    address = (task.run_id, task.attempt)
    _controls[address], _changed[address] = task.controls, asyncio.Event()
    try:
        return await _tell_epochs(task)
    finally:
        del _controls[address], _changed[address]


def deliver_controls(run_id: str, attempt: int, raw_controls: dict[str, Any]) -> bool:
    """Take over the wished state of a run; False when it does not live here."""
    changed = _changed.get((run_id, attempt))
    if changed is None:
        return False
    _controls[run_id, attempt] = ControlState.model_validate(raw_controls)
    changed.set()
    return True


def renew_lease() -> None:
    """The web process is there."""


def run_export(run_id: str, raw_spec: dict[str, Any], moment: Payload) -> dict[str, bytes]:
    """Nothing is made here."""
    return {}


async def _tell_epochs(task: TrainingTask) -> str:
    address, epoch = (task.run_id, task.attempt), task.told_epoch
    picture = base64.b64encode(os.urandom(int(os.environ.get("SOAK_FRAME_BYTES", "0")))).decode()
    _emit_status(task, "running", epoch)
    due_s = time.monotonic()
    while not _controls[address].stop and (task.spec.epochs is None or epoch < task.spec.epochs):
        epoch += 1
        columns = {"epoch": [epoch], "step": [25 * epoch], "loss": [0.5123457], "val_loss": [0.6123457]}
        shares = {"accuracy": [0.75], "val_accuracy": [0.7]}
        _emit(task, "metrics", columns | shares | {STAMP: [time.monotonic_ns()]})
        if picture:
            _emit(task, "frame", {"epoch": epoch, "step": 25 * epoch, "weights": picture})
        due_s += 1 / (_controls[address].speed or PACE_WITHOUT_SPEED)
        await asyncio.sleep(max(due_s - time.monotonic(), 0))
        if _changed[address].is_set():
            _changed[address].clear()
            _emit_status(task, "running", epoch)
    is_stopped = _controls[address].stop
    _emit_status(task, "stopped" if is_stopped else "finished", epoch)
    return "stopped" if is_stopped else "finished"


def _emit_status(task: TrainingTask, status: str, epoch: int) -> None:
    controls = _controls[task.run_id, task.attempt].to_payload()
    reasons = {"reason": None, "reason_code": {"stopped": "stopped_by_user", "finished": "epochs_reached"}.get(status)}
    place = {"status": status, "position": None, "epoch": epoch, "step": 25 * epoch}
    _emit(task, "status", {**place, **reasons, "controls": controls})


def _emit(task: TrainingTask, kind: EventKind, payload: Payload) -> None:
    _outboxes[0].emit(RunEvent(task.run_id, kind, payload, task.attempt))


def _pulse_for_ever() -> None:
    while True:
        time.sleep(PULSE_S)
        for run_id, attempt in list(_controls):
            _outboxes[0].emit(RunEvent(run_id, "pulse", {}, attempt))
