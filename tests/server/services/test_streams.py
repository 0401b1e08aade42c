"""Following a run: the whole story without a cursor, the rest with one, a new picture with a foreign one."""

from collections.abc import Iterator

import pytest

from server.app import Services
from server.services.store import Store
from server.services.streams import StreamService
from tests.builders import make_event, make_metrics, make_status
from tests.http_client import strict_json
from tests.sse_parser import Reading, Received, parse_events

EPOCHS = 6


@pytest.fixture
def streams(services: Services) -> StreamService:
    return services.streams


@pytest.fixture
def run_id(services: Services) -> str:
    """A running run whose story has eight events: queued, running, six epochs."""
    run_id = services.runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id)])
    for epoch in range(1, EPOCHS + 1):
        services.ingest.ingest([make_metrics(epoch, 1, run_id)])
    return run_id


@pytest.fixture
def ended_run_id(services: Services, run_id: str) -> str:
    services.ingest.ingest([make_status("finished", run_id)])
    return run_id


def _follow(services: Services, run_id: str, raw_cursor: str | None = None) -> Iterator[bytes]:
    return services.streams.follow(services.runs.get_run(run_id), raw_cursor)


def _read(services: Services, run_id: str, raw_cursor: str | None = None) -> Reading:
    return parse_events(b"".join(_follow(services, run_id, raw_cursor)))


def _cursor(services: Services, run_id: str, seq: int) -> str:
    return f"{services.runs.get_run(run_id).generation}-{seq}"


def _state(events: list[Received]) -> dict[str, object]:
    """What a page knows after some events: the columns, the last status, the cursor."""
    epochs: list[object] = []
    status: object = None
    for event in events:
        data = strict_json(event.data)
        if event.kind == "reset":
            epochs, status = list(data["epoch"]), data["run"]["status"]
        elif event.kind == "metrics":
            epochs += data["epoch"]
        elif event.kind == "status":
            status = data["status"]
    return {"epochs": epochs, "status": status, "cursor": events[-1].last_id}


@pytest.mark.parametrize("raw_cursor", [None, ""])
def test_without_a_cursor_the_whole_story_is_told(
    services: Services, ended_run_id: str, raw_cursor: str | None
) -> None:
    reading = _read(services, ended_run_id, raw_cursor)

    assert [event.kind for event in reading.events] == ["status", "status", *["metrics"] * EPOCHS, "status", "bye"]
    assert [event.last_id for event in reading.events[:-1]] == [
        _cursor(services, ended_run_id, seq) for seq in range(1, EPOCHS + 4)
    ]


@pytest.mark.parametrize("seq", range(EPOCHS + 3))
def test_a_cursor_gets_what_came_after_it(services: Services, ended_run_id: str, seq: int) -> None:
    reading = _read(services, ended_run_id, _cursor(services, ended_run_id, seq))

    assert [event.last_id for event in reading.events[:-1]] == [
        _cursor(services, ended_run_id, number) for number in range(seq + 1, EPOCHS + 4)
    ]


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param("ffffffff-3", id="of another generation"),
        pytest.param("{generation}-999", id="of the future"),
        pytest.param("3", id="malformed"),
        pytest.param("{generation}--3", id="negative"),
        pytest.param("x" * 10_000, id="10 kB"),
        pytest.param("\0", id="NUL"),
    ],
)
def test_a_cursor_that_is_not_of_this_story_gets_a_reset_with_the_whole_picture(
    services: Services, ended_run_id: str, cursor: str
) -> None:
    run = services.runs.get_run(ended_run_id)
    raw_cursor = cursor.format(generation=run.generation)

    reset, bye = _read(services, ended_run_id, raw_cursor).events

    assert (reset.kind, bye.kind) == ("reset", "bye")
    assert strict_json(reset.data) == services.runs.history(ended_run_id)
    assert reset.last_id == _cursor(services, ended_run_id, EPOCHS + 3)


def test_after_a_reset_the_page_knows_what_a_fresh_page_knows(services: Services, run_id: str) -> None:
    """Also of what happens next."""
    chunks = _follow(services, run_id, "ffffffff-3")
    received = [next(chunks)]
    services.ingest.ingest([make_metrics(EPOCHS + 1, 1, run_id), make_status("stopped", run_id)])
    received += list(chunks)

    reset_page = parse_events(b"".join(received)).events
    fresh_page = _read(services, run_id).events
    assert reset_page[0].kind == "reset"
    assert _state(reset_page[:-1]) == _state(fresh_page[:-1])


def test_the_cursor_of_the_history_goes_on_where_the_history_ends(services: Services, run_id: str) -> None:
    history = services.runs.history(run_id)
    services.ingest.ingest([make_metrics(EPOCHS + 1, 1, run_id), make_status("stopped", run_id)])

    reading = _read(services, run_id, history["cursor"])

    metrics = [strict_json(event.data) for event in reading.events if event.kind == "metrics"]
    new = [epoch for columns in metrics for epoch in columns["epoch"]]
    assert history["epoch"] + new == list(range(1, EPOCHS + 2))


def test_a_live_stream_shows_what_happens(services: Services, run_id: str) -> None:
    chunks = _follow(services, run_id, _cursor(services, run_id, EPOCHS + 2))
    next(chunks)
    services.ingest.ingest([make_metrics(7, 1, run_id), make_event("frame", run_id)])

    assert [event.kind for event in parse_events(next(chunks)).events] == ["metrics", "frame"]


def test_a_new_stream_gets_the_newest_frame(services: Services, run_id: str) -> None:
    services.ingest.ingest([make_event("frame", run_id, epoch=6, step=150, weights="AA==")])
    chunks = _follow(services, run_id, _cursor(services, run_id, EPOCHS + 2))
    next(chunks)

    (event,) = parse_events(next(chunks)).events
    assert (event.kind, strict_json(event.data)["epoch"]) == ("frame", 6)


def test_the_last_frame_of_an_ended_run_survives_a_restart(services: Services, store: Store, run_id: str) -> None:
    services.ingest.ingest([make_event("checkpoint", run_id), make_status("finished", run_id)])
    store.weights.forget(run_id)
    store.subscriptions.drop(run_id)

    assert [event.kind for event in _read(services, run_id).events][-2:] == ["frame", "bye"]


@pytest.mark.parametrize(
    ("cursor", "is_over"),
    [
        pytest.param("{generation}-{last}", True, id="the last event"),
        pytest.param("{generation}-{before}", False, id="the event before"),
        pytest.param("ffffffff-{last}", False, id="another generation"),
        pytest.param("", False, id="no cursor"),
        pytest.param("nonsense", False, id="malformed"),
    ],
)
def test_only_who_has_seen_the_end_is_sent_away(
    streams: StreamService, services: Services, ended_run_id: str, cursor: str, is_over: bool
) -> None:
    run = services.runs.get_run(ended_run_id)
    raw_cursor = cursor.format(generation=run.generation, last=run.last_seq, before=run.last_seq - 1)

    assert streams.is_over(run, raw_cursor) is is_over


def test_a_live_run_is_never_over(streams: StreamService, services: Services, run_id: str) -> None:
    run = services.runs.get_run(run_id)

    assert streams.is_over(run, _cursor(services, run_id, run.last_seq)) is False


def test_a_deleted_run_closes_its_streams(services: Services, run_id: str) -> None:
    chunks = _follow(services, run_id)
    next(chunks)
    services.runs.delete_run(run_id)

    (closed,) = parse_events(b"".join(chunks)).events
    assert (closed.kind, strict_json(closed.data)) == ("closed", {"reason": "deleted"})


def test_a_stream_that_opens_while_its_run_is_deleted_is_closed(services: Services, run_id: str) -> None:
    run = services.runs.get_run(run_id)
    services.runs.delete_run(run_id)

    assert [event.kind for event in parse_events(b"".join(services.streams.follow(run, None))).events] == ["closed"]


def test_a_stopping_server_says_goodbye(services: Services, store: Store, run_id: str) -> None:
    chunks = _follow(services, run_id)
    next(chunks)
    store.subscriptions.close()

    reading = parse_events(b"".join(chunks))
    assert reading.events[-1].kind == "bye"
    assert reading.retry_ms is not None
