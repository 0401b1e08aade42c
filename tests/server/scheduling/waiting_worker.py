"""Preloaded into a worker in place of `server.worker`: runs do nothing but wait until they are told to stop."""

import asyncio
import sys
import threading
from typing import Any

_live: dict[str, asyncio.Event] = {}
_limits: list[dict[str, int]] = []


def dask_setup(worker: Any) -> None:
    """Called by Dask when the process starts: answer to the name of the front door."""
    sys.modules["server.worker"] = sys.modules[__name__]


async def run_training(raw_task: dict[str, Any]) -> str:
    """Wait to be stopped."""
    over = _live[raw_task["run_id"]] = asyncio.Event()
    _limits.append(raw_task["limits"])
    await over.wait()
    return "stopped"


def deliver_controls(run_id: str, attempt: int, raw_controls: dict[str, Any]) -> bool:
    """Stop the run when it is here and its controls say so."""
    over = _live.pop(run_id, None) if raw_controls["stop"] else None
    if over:
        over.set()
    return over is not None


def run_export(run_id: str, raw_spec: dict[str, Any], moment: dict[str, Any]) -> dict[str, bytes]:
    """One file, made in some thread."""
    return {"thread": threading.current_thread().name.encode()}


def look() -> dict[str, Any]:
    """What the test wants to know of this process."""
    return {"live": sorted(_live), "limits": _limits, "threads": [thread.name for thread in threading.enumerate()]}
