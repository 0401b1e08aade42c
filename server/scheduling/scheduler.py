"""A scheduler in a process of its own, for workers on several machines: `neural-playground scheduler`."""

import asyncio
import signal
from collections.abc import Callable

from distributed import Scheduler

from server.config import Settings
from server.scheduling.encryption import UnusableCluster, address_of, security_for
from server.scheduling.rules import REMOTE_RULES, keep_rules

NO_PAGES = "127.0.0.1:0"
"""Dask's own web pages stay closed: a port of the system's choice, without routes, on loopback."""


async def serve_scheduler(host: str, port: int, settings: Settings, say: Callable[[str], None]) -> None:
    """Schedule until SIGINT or SIGTERM; with certificates in the settings encrypted. Raises UnusableCluster."""
    address = address_of("tls" if settings.tls_cert else "tcp", host, port)
    security = security_for(address, settings)
    keep_rules(REMOTE_RULES)
    stopping = on_stop_signals()
    try:
        scheduler = await Scheduler(host=address, security=security, dashboard=False, dashboard_address=NO_PAGES)
    except OSError as error:
        raise UnusableCluster(f"{address} cannot be listened on ({error.strerror or error}).") from error
    say(f"Scheduler: {scheduler.address}")
    say(f"Workers join with: neural-playground worker --scheduler {scheduler.address}")
    await stopping.wait()
    await scheduler.close()


def on_stop_signals() -> asyncio.Event:
    """Set by SIGINT or SIGTERM, which end nothing by themselves from now on."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping
