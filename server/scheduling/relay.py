"""The web's end of the pipe: from the cluster's topic to whoever stores the events. Exactly one owner."""

import json
import logging
import time
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import TypeAlias

from distributed import Client

from server.domain.events import RunEvent
from server.scheduling.outbox import TOPIC, gathering_s

Ingest: TypeAlias = Callable[[list[RunEvent]], None]

RETRY_S = 0.5


class Relay:
    """Receives on Dask's loop, which must never wait, and hands over on a thread of its own."""

    def __init__(self, ingest: Ingest, retry_s: float = RETRY_S) -> None:
        self._ingest = ingest
        self._retry_s = retry_s
        self._arrived: SimpleQueue[list[RunEvent] | str] = SimpleQueue()
        Thread(target=self._hand_over_for_ever, name="relay", daemon=True).start()

    def listen(self, client: Client) -> None:
        """Subscribe before anything is submitted: a topic has no past for late listeners."""
        client.subscribe_topic(TOPIC, self._receive)

    def put(self, events: list[RunEvent]) -> None:
        """Events that arise in this process take the same way, behind those that arrived before."""
        self._arrived.put(events)

    def _receive(self, event: tuple[float, str]) -> None:
        _, message = event
        self._arrived.put(message)

    def _hand_over_for_ever(self) -> None:
        batch: list[RunEvent] = []
        while True:
            last_count, batch = len(batch), _events_of(self._arrived.get())
            # What comes in this time is stored in the same transaction.
            time.sleep(gathering_s(last_count))
            while not self._arrived.empty():
                batch += _events_of(self._arrived.get())
            self._hand_over(batch)

    def _hand_over(self, batch: list[RunEvent]) -> None:
        """Nothing is lost while the store is out of reach: the batch is offered again until it is taken.

        An event that cannot be understood must not hold up all others: then each is offered by itself, and the one
        that fails is dropped with a line in the log.
        """
        while True:
            try:
                self._ingest(batch)
                return
            except OSError:
                logging.getLogger(__name__).exception("Events could not be stored; trying again.")
                time.sleep(self._retry_s)
            except Exception:
                self._drop_or_divide(batch)
                return

    def _drop_or_divide(self, batch: list[RunEvent]) -> None:
        if len(batch) == 1:
            event = batch[0]
            logging.getLogger(__name__).exception("A %s event of run %s is dropped.", event.kind, event.run_id)
            return
        for event in batch:
            self._hand_over([event])


def _events_of(message: list[RunEvent] | str) -> list[RunEvent]:
    """Events as an outbox has sent them, or as they arose here. Read on the relay's thread: Dask's must never wait."""
    if isinstance(message, list):
        return list(message)
    try:
        return [RunEvent(**entry) for entry in json.loads(message)]
    except (TypeError, ValueError):
        logging.getLogger(__name__).exception("A message that cannot be understood is dropped.")
        return []
