"""/api/runs/ID/events: how a stream opens, when it does not, and that its place comes back."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from server.app import Services, create_app
from server.config import Settings
from server.services.store import Store
from server.streaming.sse import OPENING
from server.streaming.subscriptions import Stored, Subscriptions
from tests.builders import make_metrics, make_status
from tests.http_client import CheckedClient, strict_json
from tests.sse_parser import Reading, parse_events

PLACES = 2


@pytest.fixture
def app(settings: Settings, services: Services) -> Flask:
    """An application with two places for streams."""
    made = create_app(replace(settings, most_streams=PLACES), services)
    made.test_client_class = CheckedClient
    return made


@pytest.fixture
def run_id(services: Services) -> str:
    """A running run: three events, one epoch."""
    run_id = services.runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id), make_metrics(1, 1, run_id)])
    return run_id


@pytest.fixture
def ended_run_id(services: Services, run_id: str) -> str:
    """The run is over: four events."""
    services.ingest.ingest([make_status("finished", run_id)])
    return run_id


def _chunks(answer: Any) -> Iterator[bytes]:
    return iter(answer.response)


def _read(answer: Any) -> Reading:
    reading = parse_events(b"".join(_chunks(answer)))
    answer.close()
    return reading


def _cursor(services: Services, run_id: str, seq: int) -> str:
    return f"{services.runs.get_run(run_id).generation}-{seq}"


def _free_places(client: CheckedClient, run_id: str) -> int:
    """How many streams can be opened; they are closed again."""
    opened = []
    while (answer := client.get(f"/api/runs/{run_id}/events")).status_code == 200:
        opened.append(answer)
    for answer in opened:
        answer.close()
    return len(opened)


def test_a_stream_opens_with_the_headers_of_the_contract(client: CheckedClient, run_id: str) -> None:
    answer = client.get(f"/api/runs/{run_id}/events")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert answer.headers.getlist("Content-Type") == ["text/event-stream; charset=utf-8"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Accel-Buffering"] == "no"
    for name in ("Content-Length", "Content-Encoding", "Set-Cookie", "Access-Control-Allow-Origin", "ETag"):
        assert name not in answer.headers
    answer.close()


def test_a_stream_says_something_before_anything_happens(client: CheckedClient, run_id: str) -> None:
    answer = client.get(f"/api/runs/{run_id}/events")

    assert next(_chunks(answer)) == OPENING
    answer.close()


def test_a_stream_tells_the_story_and_ends_with_the_run(client: CheckedClient, ended_run_id: str) -> None:
    reading = _read(client.get(f"/api/runs/{ended_run_id}/events"))

    assert [event.kind for event in reading.events] == ["status", "status", "metrics", "status", "bye"]


@pytest.mark.parametrize(
    ("headers", "query", "first"),
    [
        pytest.param({}, "", 1, id="no cursor"),
        pytest.param({}, "?after={2}", 3, id="after"),
        pytest.param({"Last-Event-ID": "{2}"}, "", 3, id="header"),
        pytest.param({"Last-Event-ID": "{3}"}, "?after={1}", 4, id="the header wins"),
        pytest.param({"Last-Event-ID": ""}, "?after={1}", 2, id="an empty header does not"),
        pytest.param({}, "?after=", 1, id="empty after"),
    ],
)
def test_a_stream_goes_on_behind_the_cursor(
    client: CheckedClient, services: Services, ended_run_id: str, headers: dict[str, str], query: str, first: int
) -> None:
    cursors = [_cursor(services, ended_run_id, seq) for seq in range(5)]
    sent = {name: value.format(*cursors) for name, value in headers.items()}
    answer = client.get(f"/api/runs/{ended_run_id}/events{query.format(*cursors)}", headers=sent)

    seqs = [event.last_id for event in _read(answer).events if event.kind != "bye"]
    assert seqs == cursors[first:5]


@pytest.mark.parametrize("cursor", ["nonsense", "ffffffff-1", "-1", "1" * 10_000, "%00", "%0a%0aevent: x"])
def test_a_foreign_cursor_is_never_an_error(client: CheckedClient, ended_run_id: str, cursor: str) -> None:
    answer = client.get(f"/api/runs/{ended_run_id}/events?after={cursor}")

    assert answer.status_code == 200
    assert _read(answer).events[0].kind == "reset"


def test_who_has_seen_the_end_gets_204(client: CheckedClient, services: Services, ended_run_id: str) -> None:
    cursor = _cursor(services, ended_run_id, 4)
    answer = client.get(f"/api/runs/{ended_run_id}/events", headers={"Last-Event-ID": cursor})

    assert (answer.status_code, answer.data) == (204, b"")
    assert _free_places(client, ended_run_id) == PLACES


def test_a_browser_that_comes_back_after_bye_is_told_to_stay_away(client: CheckedClient, ended_run_id: str) -> None:
    address = f"/api/runs/{ended_run_id}/events"
    last_id = _read(client.get(address)).last_id

    assert client.get(address, headers={"Last-Event-ID": last_id}).status_code == 204


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("OPTIONS", 200), ("POST", 405), ("PUT", 405)])
def test_only_get_opens_a_stream(client: CheckedClient, run_id: str, method: str, status: int) -> None:
    for _ in range(PLACES + 1):
        answer = client.open(f"/api/runs/{run_id}/events", method=method)
        assert answer.status_code == status
        assert not answer.data.startswith(b"retry")
    if method == "HEAD":
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    else:
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}

    assert _free_places(client, run_id) == PLACES


def test_one_stream_too_many_answers_503_as_json(client: CheckedClient, run_id: str) -> None:
    opened = [client.get(f"/api/runs/{run_id}/events") for _ in range(PLACES)]
    refused = client.get(f"/api/runs/{run_id}/events")

    assert (refused.status_code, refused.mimetype) == (503, "application/json")
    assert refused.json["error"]["code"] == "server_full"
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get("/api/runs").status_code == 200
    for answer in opened:
        answer.close()


@pytest.mark.parametrize("read", [0, 1, 2])
def test_a_closed_stream_gives_its_place_back(client: CheckedClient, run_id: str, read: int) -> None:
    """Also one of which nothing was ever read."""
    answer = client.get(f"/api/runs/{run_id}/events")
    chunks = _chunks(answer)
    for _ in range(read):
        next(chunks)
    answer.close()

    assert _free_places(client, run_id) == PLACES
    assert _free_places(client, run_id) == PLACES


def test_a_stream_that_cannot_begin_gives_its_place_back(
    settings: Settings, services: Services, store: Store, run_id: str
) -> None:
    failures = iter(range(PLACES + 1))

    def load(_: str) -> Stored:
        if next(failures, None) is not None:
            raise OSError("The database is out of reach.")
        return Stored(3, False)

    streams = replace(services.streams, store=replace(store, subscriptions=Subscriptions(load)))
    app = create_app(replace(settings, most_streams=PLACES), replace(services, streams=streams))
    app.test_client_class = CheckedClient
    client = app.test_client()
    assert isinstance(client, CheckedClient)
    for _ in range(PLACES + 1):
        assert client.get(f"/api/runs/{run_id}/events").status_code == 500

    assert _free_places(client, run_id) == PLACES


def test_a_run_that_does_not_exist_opens_no_stream(client: CheckedClient, run_id: str) -> None:
    for method in ("GET", "HEAD"):
        answer = client.open("/api/runs/nobody/events", method=method)
        assert (answer.status_code, answer.mimetype) == (404, "application/json")

    assert _free_places(client, run_id) == PLACES


def test_who_does_not_wait_gets_what_is_new_and_the_end(client: CheckedClient, services: Services, run_id: str) -> None:
    services.ingest.ingest([make_metrics(2, 1, run_id)])
    answer = client.get(f"/api/runs/{run_id}/events?wait=0&after={_cursor(services, run_id, 3)}")

    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert [event.kind for event in _read(answer).events] == ["metrics"]


def test_who_asks_again_and_again_misses_nothing(client: CheckedClient, services: Services, run_id: str) -> None:
    cursor, epochs = "", list[int]()
    for epoch in range(2, 6):
        services.ingest.ingest([make_metrics(epoch, 1, run_id)])
        for event in _read(client.get(f"/api/runs/{run_id}/events?wait=0&after={cursor}")).events:
            epochs += strict_json(event.data)["epoch"] if event.kind == "metrics" else []
            cursor = event.last_id

    assert epochs == [1, 2, 3, 4, 5]


def test_who_does_not_wait_needs_no_place(client: CheckedClient, run_id: str) -> None:
    held = [client.get(f"/api/runs/{run_id}/events") for _ in range(PLACES)]

    assert client.get(f"/api/runs/{run_id}/events?wait=0").status_code == 200
    for answer in held:
        answer.close()


def test_who_does_not_wait_hears_of_the_end(client: CheckedClient, services: Services, ended_run_id: str) -> None:
    address = f"/api/runs/{ended_run_id}/events?wait=0"

    assert _read(client.get(address)).events[-1].kind == "bye"
    assert client.get(f"{address}&after={_cursor(services, ended_run_id, 4)}").status_code == 204


def test_a_foreign_cursor_without_waiting_gets_the_whole_picture(client: CheckedClient, run_id: str) -> None:
    reading = _read(client.get(f"/api/runs/{run_id}/events?wait=0&after=ffffffff-1"))

    assert [event.kind for event in reading.events] == ["reset"]
