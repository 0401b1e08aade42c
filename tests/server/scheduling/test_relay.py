"""The web's end of the pipe: in order, nothing lost, nothing twice."""

import json
import logging

import pytest

from server.domain.events import RunEvent
from server.scheduling.outbox import TOPIC
from server.scheduling.relay import Relay
from tests.builders import make_metrics
from tests.fakes import EventSink, FakeDaskClient
from tests.waiting import wait_until


def _message(*events: RunEvent) -> tuple[float, str]:
    """As an outbox sends it and Dask hands it over, with a time."""
    entries = [{"run_id": event.run_id, "kind": event.kind, "payload": event.payload} for event in events]
    return 1.0, json.dumps(entries)


def test_events_are_handed_over_in_order() -> None:
    sink, client = EventSink(), FakeDaskClient()
    relay = Relay(sink)
    relay.listen(client)
    sent = [make_metrics(epoch) for epoch in range(1, 101)]
    for number in range(0, 100, 2):
        client.topics[TOPIC](_message(*sent[number : number + 2]))

    wait_until(lambda: len(sink.events) == 100)
    assert sink.events == sent


def test_events_of_one_moment_are_stored_together() -> None:
    sink = EventSink()
    relay = Relay(sink)
    for epoch in range(1, 101):
        relay.put([make_metrics(epoch)])

    wait_until(lambda: len(sink.events) == 100)
    assert len(sink.batches) <= 10


def test_events_of_this_process_come_behind_those_that_arrived_before() -> None:
    sink, client = EventSink(), FakeDaskClient()
    relay = Relay(sink)
    relay.listen(client)
    client.topics[TOPIC](_message(make_metrics(1)))
    relay.put([make_metrics(2)])
    client.topics[TOPIC](_message(make_metrics(3)))

    wait_until(lambda: len(sink.events) == 3)
    assert sink.events == [make_metrics(1), make_metrics(2), make_metrics(3)]


def test_a_failing_store_gets_the_batch_again_until_it_takes_it(caplog: pytest.LogCaptureFixture) -> None:
    sink = EventSink(failures=2)
    relay = Relay(sink, retry_s=0.001)
    with caplog.at_level(logging.WARNING):
        relay.put([make_metrics(1)])
        wait_until(lambda: sink.attempts >= 1)
        relay.put([make_metrics(2)])
        wait_until(lambda: len(sink.events) == 2)

    assert sink.events == [make_metrics(1), make_metrics(2)]
    assert caplog.text.count("cannot be stored") == 1, "two attempts failed, but the trouble is told once"


def test_an_event_that_cannot_be_understood_does_not_hold_up_the_others(caplog: pytest.LogCaptureFixture) -> None:
    taken: list[RunEvent] = []
    poison = make_metrics(2)

    def ingest(events: list[RunEvent]) -> None:
        if poison in events:
            raise KeyError("epoch")
        taken.extend(events)

    relay = Relay(ingest, retry_s=0.001)
    with caplog.at_level(logging.ERROR):
        relay.put([make_metrics(1), poison, make_metrics(3)])
        wait_until(lambda: len(taken) == 2)

    assert taken == [make_metrics(1), make_metrics(3)]
    assert "is dropped" in caplog.text


def test_the_log_names_what_was_dropped(caplog: pytest.LogCaptureFixture) -> None:
    offered: list[RunEvent] = []

    def ingest(events: list[RunEvent]) -> None:
        offered.extend(events)
        raise KeyError("epoch")

    with caplog.at_level(logging.ERROR):
        Relay(ingest).put([make_metrics(1, run_id="r7")])
        wait_until(lambda: "dropped" in caplog.text)

    assert "A metrics event of run r7 is dropped." in caplog.text
    assert offered == [make_metrics(1, run_id="r7")], "what cannot be understood is not offered again"


def test_a_store_out_of_reach_costs_nothing_however_long_it_lasts() -> None:
    sink = EventSink(failures=100)
    Relay(sink, retry_s=0.0001).put([make_metrics(1), make_metrics(2)])

    wait_until(lambda: bool(sink.batches))
    assert sink.batches == [[make_metrics(1), make_metrics(2)]]


def test_a_store_out_of_reach_costs_nothing_while_a_batch_is_divided() -> None:
    sink = EventSink()
    poison = make_metrics(2)

    def ingest(events: list[RunEvent]) -> None:
        if poison in events:
            sink.failures = 3
            raise KeyError("epoch")
        sink(events)

    Relay(ingest, retry_s=0.0001).put([make_metrics(1), poison, make_metrics(3)])
    wait_until(lambda: len(sink.events) == 2)

    assert sink.events == [make_metrics(1), make_metrics(3)]
    assert sink.attempts == 8, "each of the two good events was refused three times and then taken"


def test_the_client_is_asked_for_the_topic_of_the_outbox() -> None:
    client = FakeDaskClient()
    Relay(EventSink()).listen(client)

    assert list(client.topics) == [TOPIC]


@pytest.mark.parametrize("message", ["not JSON", '[{"kind": "metrics"}]', "7", None])
def test_a_message_that_cannot_be_understood_holds_up_nobody(message: object, caplog: pytest.LogCaptureFixture) -> None:
    sink, client = EventSink(), FakeDaskClient()
    Relay(sink).listen(client)
    client.topics[TOPIC]((1.0, message))
    client.topics[TOPIC](_message(make_metrics(1)))

    wait_until(lambda: len(sink.events) == 1)
    assert "cannot be understood" in caplog.text


def test_what_waits_is_bounded_while_the_store_is_out_of_reach(caplog: pytest.LogCaptureFixture) -> None:
    """What is dropped leaves a hole in the story of its run, which then goes on from its checkpoint."""
    sink, client = EventSink(failures=3), FakeDaskClient()
    room = sum(len(_message(make_metrics(epoch))[1]) for epoch in range(1, 6))
    relay = Relay(sink, retry_s=0.05, most_waiting=room)
    relay.listen(client)
    with caplog.at_level(logging.ERROR):
        for epoch in range(1, 9):
            client.topics[TOPIC](_message(make_metrics(epoch)))
    assert relay.waiting_characters <= room

    wait_until(lambda: relay.waiting_characters == 0)
    assert [event.payload["epoch"] for event in sink.events] == [[1], [2], [3], [4], [5]]
    assert caplog.text.count("dropped until") == 1

    client.topics[TOPIC](_message(make_metrics(9)))
    wait_until(lambda: sink.events[-1].payload["epoch"] == [9])
