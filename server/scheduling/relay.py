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

MOST_WAITING_CHARACTERS = 64_000_000
"""So much may wait while the store is out of reach. What comes then is dropped: runs go on from their checkpoints."""


class Relay:
    """Receives on Dask's loop, which must never wait, and hands over on a thread of its own."""

    def __init__(self, ingest: Ingest, retry_s: float = RETRY_S, most_waiting: int = MOST_WAITING_CHARACTERS) -> None:
        self._ingest = ingest
        self._retry_s = retry_s
        self._most_waiting = most_waiting
        self._came = self._went = 0
        self._is_dropping = False
        self._arrived: SimpleQueue[list[RunEvent] | str] = SimpleQueue()
        Thread(target=self._hand_over_for_ever, name="relay", daemon=True).start()

    def listen(self, client: Client) -> None:
        """Subscribe before anything is submitted: a topic has no past for late listeners."""
        client.subscribe_topic(TOPIC, self._receive)

    def put(self, events: list[RunEvent]) -> None:
        """Events that arise in this process take the same way, behind those that arrived before."""
        self._arrived.put(events)

    @property
    def waiting_characters(self) -> int:
        """How much has come from workers and is not handed over yet."""
        return self._came - self._went

    def _receive(self, event: tuple[float, str]) -> None:
        _, message = event
        waiting = self.waiting_characters
        # One that is too large by itself is taken when nothing else waits: it would never find room.
        is_too_much = waiting > 0 and waiting + _size(message) > self._most_waiting
        if is_too_much and not self._is_dropping:
            logging.getLogger(__name__).error("Too much waits to be stored: what comes is dropped until it is.")
        self._is_dropping = is_too_much
        if not is_too_much:
            self._came += _size(message)
            self._arrived.put(message)

    def _hand_over_for_ever(self) -> None:
        batch: list[RunEvent] = []
        while True:
            last_count, batch = len(batch), []
            messages = [self._arrived.get()]
            # What comes in this time is stored in the same transaction.
            time.sleep(gathering_s(last_count))
            while not self._arrived.empty():
                messages.append(self._arrived.get())
            for message in messages:
                batch += _events_of(message)
            self._hand_over(batch)
            self._went += sum(map(_size, messages))

    def _hand_over(self, batch: list[RunEvent]) -> None:
        """Nothing is lost while the store is out of reach: the batch is offered again until it is taken.

        An event that cannot be understood must not hold up all others: then each is offered by itself, and the one
        that fails is dropped with a line in the log.
        """
        is_told = False
        while True:
            try:
                self._ingest(batch)
                return
            except OSError as error:
                if not is_told:
                    logging.getLogger(__name__).warning("Events cannot be stored (%s); they wait.", error)
                is_told = True
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


def _size(message: object) -> int:
    """In characters; events that arose here are few and small."""
    return len(message) if isinstance(message, str) else 0


def _events_of(message: list[RunEvent] | str) -> list[RunEvent]:
    """Events as an outbox has sent them, or as they arose here. Read on the relay's thread: Dask's must never wait."""
    if isinstance(message, list):
        return list(message)
    try:
        return [RunEvent(**entry) for entry in json.loads(message)]
    except (TypeError, ValueError):
        logging.getLogger(__name__).exception("A message that cannot be understood is dropped.")
        return []
