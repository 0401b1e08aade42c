"""The web process' cluster: one of our own on this machine, or one that runs elsewhere."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import resource_tracker

from distributed import Client, LocalCluster

from server.config import Settings
from server.scheduling.encryption import UnusableCluster, no_answer, security_for
from server.scheduling.reconnect import ReturningClient
from server.scheduling.rules import REMOTE_RULES, RULES, adopt_rules, keep_rules

PRELOAD = "server.preload"
"""A worker imports TensorFlow and compiles the default network before it counts as ready."""

PLAYGROUND_RESOURCE = "playground"
"""What a worker of ours has and a task of ours takes one of: a stranger in the same cluster gets none of our tasks.

It also makes Dask look for the worker with the fewest tasks however many workers there are; without it, it takes turns
from 20 workers on.
"""

SPARE_TASKS = 8
"""Tasks beyond all live runs, so that exports never wait for a run to end."""

CLOSING_S = 1.5
NANNIES_CLOSING_S = 0.2
GIVING_UP_S = 5.0


class Cluster:
    """A client of a scheduler, and the workers when they are our own."""

    def __init__(self, client: Client, own: LocalCluster | None = None) -> None:
        self.client = client
        self.own = own

    def mend(self) -> None:
        """Start those of our own workers again for which Dask does nothing any more; returns at once."""
        if self.own is not None:
            self.own.loop.add_callback(_replace_dead, self.own)

    def close(self) -> None:
        """Let go of the scheduler and end our own workers; what they told is stored."""
        with suppress(OSError, TimeoutError):
            self.client.close(timeout=CLOSING_S)
            if self.own is not None:
                _close_own(self.own)


def start_cluster(workers: int, most_live_runs: int) -> Cluster:
    """Worker processes on this machine, reachable from this machine only. Returns when they are warm."""
    keep_rules(RULES)
    own = _deaf_to_interrupts(lambda: _start_own(workers, most_live_runs))
    return Cluster(Client(own, set_as_default=False), own)


def join_cluster(address: str, settings: Settings, timeout_s: float = 10.0) -> Cluster:
    """The cluster of a scheduler at an address such as `tls://host:8786`; it stays joined while that is away.

    Raises UnusableCluster.
    """
    security = security_for(address, settings)
    keep_rules(REMOTE_RULES)
    try:
        client = ReturningClient(address, security=security, timeout=timeout_s, set_as_default=False)
    except (OSError, ValueError, asyncio.TimeoutError) as error:
        raise UnusableCluster(no_answer(address)) from error
    cluster = Cluster(client)
    try:
        client.run_on_scheduler(adopt_rules)
    except ImportError as error:
        cluster.close()
        raise UnusableCluster(
            f"The scheduler at {address} cannot load this project ({error}). "
            "Install it there, too, and start the scheduler with 'neural-playground scheduler'."
        ) from error
    return cluster


def tasks_of_worker(most_live_runs: int) -> int:
    """How many tasks at once a worker takes: any one may have to train all runs, and make files beside."""
    return most_live_runs + SPARE_TASKS


def _start_own(workers: int, most_live_runs: int) -> LocalCluster:
    tasks = tasks_of_worker(most_live_runs)
    return LocalCluster(
        n_workers=workers,
        # Dask's word for tasks at once. Ours are coroutines on the worker's event loop: none of them takes a thread.
        threads_per_worker=tasks,
        processes=True,
        host="127.0.0.1",
        # Dask's own web pages stay closed: a port of the system's choice, without routes, on loopback.
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        silence_logs=logging.CRITICAL,
        # Dask would pause a worker at 80 % of its share and kill it at 95 %, and with it every run of its pupils.
        memory_limit=0,
        preload=[PRELOAD],
        resources={PLAYGROUND_RESOURCE: tasks},
    )


async def _replace_dead(cluster: LocalCluster) -> None:
    """A nanny that gave up, as when the process it started died before it was ready, never starts another one."""
    dead = [name for name, nanny in cluster.workers.items() if not nanny.is_alive()]
    try:
        for nanny in [cluster.workers.pop(name) for name in dead]:
            with suppress(OSError, asyncio.TimeoutError):
                await asyncio.wait_for(nanny.close(), GIVING_UP_S)
        # What is wanted and not there is started.
        await cluster
    except Exception:
        logging.getLogger(__name__).exception("A worker could not be started; it will be tried again.")


def _close_own(cluster: LocalCluster) -> None:
    """End the workers now: a computing thread would not listen, and nothing of theirs is lost."""
    process_ids = [nanny.pid for nanny in cluster.workers.values() if nanny.pid is not None]
    with ThreadPoolExecutor(max_workers=1) as executor:
        closing = executor.submit(cluster.close, timeout=CLOSING_S)
        # From now on the nannies are closing too and replace nobody.
        time.sleep(NANNIES_CLOSING_S)
        for process_id in process_ids:
            with suppress(ProcessLookupError):
                os.kill(process_id, signal.SIGKILL)
        closing.result()


def _deaf_to_interrupts(start: Callable[[], LocalCluster]) -> LocalCluster:
    """Start in a thread that blocks Ctrl-C, while the main thread still hears it.

    A terminal sends Ctrl-C to every process. Threads and processes inherit the block, so the workers, also those that
    replace a dead one, leave it to the web process to end them.
    """

    def start_deaf() -> LocalCluster:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        return start()

    # Python starts this process with the first worker, and unblocks Ctrl-C in the thread that did so.
    resource_tracker.ensure_running()
    with ThreadPoolExecutor(max_workers=1) as executor:
        return executor.submit(start_deaf).result()
