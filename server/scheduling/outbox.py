"""The worker's end of the pipe: events gather a moment and leave together through the cluster's topic."""

import time
from collections.abc import Callable
from threading import Condition, Thread
from typing import Any

from distributed.worker import Worker

from server.domain.events import RunEvent

TOPIC = "neural-playground"

GATHER_S = 0.008
"""Events of this long share one message: Dask's cost is per message."""


class Outbox:
    """Sends the events of all runs of this process, in order."""

    def __init__(self, send: Callable[[Any], None]) -> None:
        self._send = send
        self._waiting: list[dict[str, Any]] = []
        self._changed = Condition()
        Thread(target=self._send_for_ever, name="outbox", daemon=True).start()

    def emit(self, event: RunEvent) -> None:
        """Queue an event; returns at once."""
        with self._changed:
            self._waiting.append({"run_id": event.run_id, "kind": event.kind, "payload": event.payload})
            self._changed.notify()

    def _send_for_ever(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
            time.sleep(GATHER_S)
            with self._changed:
                events, self._waiting = self._waiting, []
            self._send({"events": events})


def sender_of(worker: Worker) -> Callable[[Any], None]:
    """What sends a message from this worker to the topic."""
    return lambda message: worker.log_event(TOPIC, message)
