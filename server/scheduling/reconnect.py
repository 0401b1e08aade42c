"""A client of a scheduler that comes back: however long the scheduler was away, and with its subscriptions."""

import asyncio
import logging
from collections.abc import Callable
from threading import Thread
from typing import Any

from distributed import Client

from server.scheduling.rules import adopt_rules

TRY_S = 3.0
"""Longest time that one try to connect takes."""

PAUSE_S = 0.25
"""Time between two tries."""

ANSWER_S = 5.0
"""A scheduler that does not say who its workers are in this time has none for us."""


class SchedulerAway(OSError):
    """There is no connection to the scheduler at the moment."""


class ReturningClient(Client):  # type: ignore[misc] # Dask has no types
    """Dask's client gives up for ever when the scheduler is away for ten seconds, and forgets its topics on the way.

    Futures end as cancelled when the connection is lost. What is submitted from then on, and the subscriptions, wait
    until the scheduler is back. Questions are refused at once meanwhile: nobody would answer them.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._on_returned: list[Callable[[], None]] = []
        super().__init__(*arguments, **options)

    def on_reconnected(self, act: Callable[[], None]) -> None:
        """`act()` is called, on a thread of its own, each time the connection is back."""
        self._on_returned.append(act)

    def run(self, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Call a function on workers. Raises SchedulerAway (an OSError) while there is no connection."""
        if self.status != "running":
            raise SchedulerAway("The scheduler is away.")
        return super().run(function, *arguments, **options)

    def run_on_scheduler(self, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Call a function on the scheduler. Raises SchedulerAway (an OSError) while there is no connection."""
        if self.status != "running":
            raise SchedulerAway("The scheduler is away.")
        return super().run_on_scheduler(function, *arguments, **options)

    def scheduler_info(self, n_workers: int = 5, **options: Any) -> Any:
        """What the scheduler says of itself and its workers; nothing of an earlier answer is kept.

        Raises TimeoutError (asyncio's own under Python 3.10) when it does not say so in time.
        """
        if self.status != "running":
            return {"workers": {}}
        self.sync(self._update_scheduler_info, n_workers=n_workers, callback_timeout=ANSWER_S)
        return self._scheduler_identity

    async def _reconnect(self) -> None:
        """In the place of Dask's own, which is called on Dask's loop when the connection has broken."""
        self.status = "connecting"
        self.scheduler_comm = None
        self._cancel_futures()
        # They go out with the connection itself, before anything that was submitted meanwhile can have an effect.
        self._pending_msg_buffer[:0] = [
            {"op": "subscribe-topic", "topic": topic, "client": self.id} for topic in self._event_handlers
        ]
        while self.status == "connecting":
            if not await self._is_connected_again():
                await asyncio.sleep(PAUSE_S)
        if self.status == "running":
            await self._settle_in()

    def _cancel_futures(self) -> None:
        """The lock keeps a future out that another thread makes just now: it would be forgotten and wait for ever."""
        with self._refcount_lock:
            lost = list(self.futures.values())
            self.futures.clear()
        for state in lost:
            state.cancel(reason="scheduler-connection-lost", msg="The connection to the scheduler was lost.")

    async def _is_connected_again(self) -> bool:
        try:
            await self._ensure_connected(timeout=TRY_S)
        except (OSError, asyncio.TimeoutError):
            return False
        except Exception:
            logging.getLogger(__name__).exception("The scheduler cannot be used; it is tried again.")
            return False
        return True

    async def _settle_in(self) -> None:
        try:
            await self._run_on_scheduler(adopt_rules)
        except Exception:
            logging.getLogger(__name__).exception("The scheduler could not be told how to behave.")
        for act in self._on_returned:
            Thread(target=act, name="reconnected", daemon=True).start()
