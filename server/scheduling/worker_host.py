"""The workers of one machine for a scheduler elsewhere: started, replaced when they die, back when it is back."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from distributed import Nanny
from distributed.comm import get_address_host
from distributed.core import Status, connect
from distributed.security import Security
from distributed.utils import get_ip

from server.config import Settings
from server.scheduling.cluster import NANNIES_CLOSING_S, PLAYGROUND_RESOURCE, PRELOAD, tasks_of_worker
from server.scheduling.encryption import UnusableCluster, address_of, no_answer, security_for
from server.scheduling.rules import REMOTE_RULES, keep_rules
from server.scheduling.scheduler import NO_PAGES, on_stop_signals

FIRST_ANSWER_S = 10.0
"""A scheduler that does not answer for so long at the very beginning is taken for a mistyped address."""

_ENDING = (Status.closing_gracefully, Status.closing, Status.closed, Status.failed)
LOOK_S = 0.1

RETRY_S = 1.0
"""Time between two tries to join a scheduler that was there before."""


@dataclass(frozen=True)
class WorkerHost:
    """What this machine offers a scheduler: `processes` workers, named after `name`.

    They listen on `host` (None: the address that leads to the scheduler), each with its guard on two ports from
    `first_port` on (None: any free ones).
    """

    scheduler: str
    name: str
    processes: int = 1
    host: str | None = None
    first_port: int | None = None


async def serve_workers(offer: WorkerHost, settings: Settings, say: Callable[[str], None]) -> None:
    """Be workers of a scheduler until SIGINT or SIGTERM; `say` gets a sentence whenever one joins or is lost.

    Raises UnusableCluster, also when nobody answers at the very beginning.
    """
    security = _check(offer, settings)
    keep_rules(REMOTE_RULES)
    await _meet(offer, security)
    stopping = on_stop_signals()
    tasks = tasks_of_worker(settings.most_live_runs)
    working = [
        asyncio.create_task(_work_for_ever(partial(_nanny, offer, index, tasks, security), offer, say))
        for index in range(offer.processes)
    ]
    await stopping.wait()
    for task in working:
        task.cancel()
    await asyncio.wait(working)


def _check(offer: WorkerHost, settings: Settings) -> Security:
    if offer.processes < 1:
        raise UnusableCluster(f"--processes must be 1 or more, but {offer.processes} was given.")
    security = security_for(offer.scheduler, settings)
    if offer.host is not None:
        security_for(address_of(offer.scheduler.partition(":")[0], offer.host, 0), settings)
    return security


async def _meet(offer: WorkerHost, security: Security) -> None:
    arguments = security.get_connection_args("worker")
    try:
        comm = await connect(offer.scheduler, timeout=FIRST_ANSWER_S, **arguments)
    except (OSError, asyncio.TimeoutError) as error:
        raise UnusableCluster(no_answer(offer.scheduler)) from error
    await comm.close()


async def _work_for_ever(make_nanny: Callable[[], Nanny], offer: WorkerHost, say: Callable[[str], None]) -> None:
    """A worker does not survive the loss of its scheduler: a new one joins when that is back."""
    while True:
        nanny = make_nanny()
        try:
            await nanny
            say(f"Worker {nanny.name} trains for {offer.scheduler}.")
            await _loss_of_scheduler(nanny)
            say(f"Worker {nanny.name} has lost {offer.scheduler}; it joins again when that is back.")
        except (OSError, ValueError, RuntimeError, asyncio.TimeoutError) as error:
            logging.getLogger(__name__).warning("A worker could not join; it tries again: %s", error)
        finally:
            await _close(nanny)
        await asyncio.sleep(RETRY_S)


def _nanny(offer: WorkerHost, index: int, tasks: int, security: Security) -> Nanny:
    """Dask's guard of one worker process, which starts it anew when it dies."""
    port = None if offer.first_port is None else offer.first_port + 2 * index
    return Nanny(
        offer.scheduler,
        name=f"{offer.name}-{index + 1}",
        nthreads=tasks,
        resources={PLAYGROUND_RESOURCE: tasks},
        preload=[PRELOAD],
        security=security,
        # Left to itself a worker listens on every address of the machine.
        host=offer.host or get_ip(get_address_host(offer.scheduler)),
        port=port,
        worker_port=0 if port is None else port + 1,
        dashboard=False,
        dashboard_address=NO_PAGES,
        silence_logs=logging.CRITICAL,
        # Dask would pause a worker at 80 % of its share and kill it at 95 %, and with it every run of its pupils.
        memory_limit=0,
    )


async def _loss_of_scheduler(nanny: Nanny) -> None:
    """The worker says to its guard that it will end. Nobody waits for it: a computing thread lets it take seconds."""
    while nanny.status not in _ENDING:
        await asyncio.sleep(LOOK_S)


async def _close(nanny: Nanny) -> None:
    """End the worker process now: a computing thread would not listen."""
    process_id = nanny.pid
    closing = asyncio.ensure_future(nanny.close())
    await asyncio.sleep(NANNIES_CLOSING_S)
    if process_id is not None:
        with suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGKILL)
    await closing


def name_of_this_machine() -> str:
    """How its workers are called unless told otherwise."""
    return socket.gethostname()
