"""The real worker, whose metrics and answers to controls are stamped with the moment they were told."""

import time
from typing import Any

from server import preload
from server.domain.events import Payload, RunEvent
from server.scheduling.outbox import Outbox
from tests.load.reading import STAMP

DELIVERED = "delivered_ns"
"""In a status event: when the newest controls came to the process of the run."""

RETRAINED = "retrained_epochs"
"""In a status event: how many epochs that were told already this attempt trains again."""


def dask_setup(worker: Any) -> None:
    """Called by Dask when the process starts: the real preparation, then the stamps."""
    preload.dask_setup(worker)
    from server import worker as front_door

    delivered_ns: dict[str, int] = {}
    retrained: dict[str, int] = {}
    deliver, emit, run = front_door.deliver_controls, Outbox.emit, front_door.run_training

    async def run_noted(raw_task: Payload) -> str:
        checkpoint = raw_task["checkpoint"] or {"epoch": 0}
        retrained[raw_task["run_id"]] = raw_task["told_epoch"] - checkpoint["epoch"]
        return await run(raw_task)

    def deliver_noted(run_id: str, attempt: int, raw_controls: dict[str, Any]) -> bool:
        delivered_ns[run_id] = time.monotonic_ns()
        return deliver(run_id, attempt, raw_controls)

    def emit_stamped(outbox: Outbox, event: RunEvent) -> None:
        if event.kind == "metrics":
            event.payload[STAMP] = [time.monotonic_ns()] * len(event.payload["epoch"])
        elif event.kind == "status":
            event.payload[STAMP] = time.monotonic_ns()
            event.payload[DELIVERED] = delivered_ns.get(event.run_id)
            event.payload[RETRAINED] = retrained.get(event.run_id)
        emit(outbox, event)

    front_door.deliver_controls = deliver_noted
    front_door.run_training = run_noted
    Outbox.emit = emit_stamped  # type: ignore[method-assign]
