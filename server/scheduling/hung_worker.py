"""What a scheduler knows of the worker of a run, and does with one that hangs: its tasks are lost at once."""

import asyncio
from contextlib import suppress
from typing import Any

from distributed.core import rpc

KILL_S = 30.0
"""A guard that has not ended its worker process by then hangs itself; its machine is not counted on any more."""


async def address_of(key: str, dask_scheduler: Any = None) -> str | None:
    """Called on the scheduler: the worker that has a task, or None."""
    worker = _worker_of(key, dask_scheduler)
    return worker.address if worker else None


def _worker_of(key: str, dask_scheduler: Any) -> Any:
    task = dask_scheduler.tasks.get(key)
    return task.processing_on if task else None


async def give_up_worker(key: str, dask_scheduler: Any = None) -> bool:
    """Called on the scheduler: forget the worker that has a task, and all its tasks; False when nobody has it.

    Dask's own `restart_workers` asks the guard first. When a whole machine hangs, that takes half a minute more.
    """
    worker = _worker_of(key, dask_scheduler)
    if worker is None:
        return False
    address, guard = worker.address, worker.nanny
    await dask_scheduler.remove_worker(address, stimulus_id=f"hung-{key}")
    if guard:
        dask_scheduler.loop.add_callback(_start_anew, guard, dask_scheduler.connection_args)
    return True


async def _start_anew(guard: str, connection_args: dict[str, Any]) -> None:
    """The guard of a worker process starts another one when that one has ended."""
    with suppress(OSError, asyncio.TimeoutError):
        async with rpc(guard, connection_args=connection_args) as nanny:
            await asyncio.wait_for(nanny.kill(reason="hung"), KILL_S)
