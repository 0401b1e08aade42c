"""The worker's end of the pipe."""

import json
from queue import Queue
from typing import Any

from server.domain.events import RunEvent
from server.scheduling.outbox import GATHER_S, TOPIC, Outbox, gathering_s, sender_of
from tests.builders import make_metrics, make_status

TIMEOUT_S = 5


class RecordingWorker:
    """A Dask worker that only remembers what it was asked to tell."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []

    def log_event(self, topic: str, message: Any) -> None:
        """Remember."""
        self.told.append((topic, message))


def _receive(messages: "Queue[str]", count: int) -> list[list[dict[str, Any]]]:
    """The entries of messages until a number of events has come."""
    received: list[list[dict[str, Any]]] = []
    while sum(len(message) for message in received) < count:
        received.append(json.loads(messages.get(timeout=TIMEOUT_S)))
    return received


def test_an_event_leaves_as_plain_data_from_which_it_can_be_made_again() -> None:
    messages: Queue[str] = Queue()
    event = make_status("running")
    Outbox(messages.put).emit(event)

    assert [RunEvent(**entry) for entry in json.loads(messages.get(timeout=TIMEOUT_S))] == [event]


def test_events_leave_in_the_order_they_came() -> None:
    messages: Queue[str] = Queue()
    outbox = Outbox(messages.put)
    for epoch in range(1, 501):
        outbox.emit(make_metrics(epoch))

    entries = [entry for message in _receive(messages, 500) for entry in message]
    assert [entry["payload"]["epoch"] for entry in entries] == [[epoch] for epoch in range(1, 501)]


def test_events_of_one_moment_share_a_message() -> None:
    messages: Queue[str] = Queue()
    outbox = Outbox(messages.put)
    for epoch in range(1, 101):
        outbox.emit(make_metrics(epoch))

    assert len(_receive(messages, 100)) <= 10


def test_the_more_events_there_are_the_longer_they_wait_for_one_another() -> None:
    assert gathering_s(0) == 0.0
    assert 0 < gathering_s(2) < gathering_s(5) < gathering_s(1000) == GATHER_S


def test_nothing_is_sent_when_nothing_happens() -> None:
    messages: Queue[str] = Queue()
    outbox = Outbox(messages.put)
    outbox.emit(make_metrics(1))
    _receive(messages, 1)

    assert messages.empty()


def test_a_message_goes_to_the_topic_of_the_relay() -> None:
    worker = RecordingWorker()
    sender_of(worker)("[]")

    assert worker.told == [(TOPIC, "[]")]
