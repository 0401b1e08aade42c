"""How Dask has to behave for this project: on the scheduler's machine, on the workers' and in the web process."""

from collections import deque
from contextlib import suppress
from typing import Any

import dask

from server.scheduling.outbox import TOPIC

KEPT_MESSAGES = 10
"""Messages of a topic that the scheduler remembers. Nobody asks for old ones, and each may hold weights."""

HUNG_WORKER_S = 60
"""A worker that says nothing for so long is started anew."""

CUT_CABLE_S = 12
"""Machines that do not answer for so long are given up by the system's own probes, however busy their programs are."""

RULES: dict[str, Any] = {
    # A run that kills its worker must not be tried on the next one.
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.work-stealing": False,
    "distributed.scheduler.worker-ttl": f"{HUNG_WORKER_S}s",
    # Dask would give up a worker that is not back by then, even one that is only slow to get warm; see mending.py.
    "distributed.deploy.lost-worker-timeout": "1h",
    "distributed.admin.low-level-log-length": KEPT_MESSAGES,
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.worker.profile.enabled": False,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    # A turn takes and gives back a few arrays of an eighth of a megabyte. By Dask's own settings such memory goes back
    # to the system each time, only to be asked for again: measured, a fifth of a worker's time went into that.
    "distributed.nanny.pre-spawn-environ": {
        "MALLOC_TRIM_THRESHOLD_": 256_000_000,
        "MALLOC_MMAP_THRESHOLD_": 16_000_000,
        "OMP_NUM_THREADS": 1,
        "MKL_NUM_THREADS": 1,
        "OPENBLAS_NUM_THREADS": 1,
    },
}

REMOTE_RULES: dict[str, Any] = RULES | {"distributed.comm.timeouts.tcp": f"{CUT_CABLE_S}s"}
"""Between machines. On one machine no cable can be cut, and a stopped web process must not lose its workers."""


def keep_rules(rules: dict[str, Any]) -> None:
    """From now on Dask behaves so in this process and in the worker processes it starts."""
    dask.config.set(rules)


async def adopt_rules(dask_scheduler: Any) -> None:
    """Called on a scheduler: one that was started as `dask scheduler` behaves like our own from now on.

    What it listens on cannot be changed any more.
    """
    dask_scheduler.allowed_failures = 0
    with suppress(KeyError):
        await dask_scheduler.extensions["stealing"].stop()
    dask_scheduler.worker_ttl = HUNG_WORKER_S
    watch = dask_scheduler.periodic_callbacks["worker-ttl"]
    watch.stop()
    watch.callback_time = HUNG_WORKER_S * 1000
    watch.start()
    # Reached into, for want of a door: a topic's memory is decided when the scheduler starts.
    topic = dask_scheduler._broker._topics[TOPIC]  # noqa: SLF001
    topic.events = deque(topic.events, maxlen=KEPT_MESSAGES)
