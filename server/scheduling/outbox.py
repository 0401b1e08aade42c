"""The worker's end of the pipe: events gather a moment and leave together through the cluster's topic."""

import json
import time
from collections.abc import Callable
from threading import Condition, Thread
from typing import Any

from distributed.worker import Worker

from server.domain.events import RunEvent

TOPIC = "neural-playground"

GATHER_S = 0.02
"""At most so long events wait for others to share their message: Dask's cost is per message."""

GATHER_EACH_S = 0.002


def gathering_s(count: int) -> float:
    """How long to wait for more events after a message of so many: the more there are, the more it spares."""
    return min(GATHER_S, count * GATHER_EACH_S)


class Outbox:
    """Sends the events of all runs of this process, in order."""

    def __init__(self, send: Callable[[str], None]) -> None:
        self._send = send
        self._waiting: list[dict[str, Any]] = []
        self._changed = Condition()
        Thread(target=self._send_for_ever, name="outbox", daemon=True).start()

    def emit(self, event: RunEvent) -> None:
        """Queue an event; returns at once."""
        with self._changed:
            self._waiting.append(vars(event))
            self._changed.notify()

    def _send_for_ever(self) -> None:
        events: list[dict[str, Any]] = []
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
            time.sleep(gathering_s(len(events)))
            with self._changed:
                events, self._waiting = self._waiting, []
            # As text: Dask looks into every part of a message of nested data, on each of its ways.
            self._send(json.dumps(events))


def sender_of(worker: Worker) -> Callable[[str], None]:
    """What sends a message from this worker to the topic."""
    return lambda message: worker.log_event(TOPIC, message)
