"""Streams on real connections: who stops reading, leaves, comes too late, or comes back with two hundred others."""

import asyncio
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from server import serving
from server.app import Services, assemble_services
from server.config import Settings
from server.domain.events import RunEvent
from server.services.store import Store, open_store
from tests.builders import make_metrics, make_status
from tests.fakes import FakeCluster
from tests.loops import run_apart
from tests.sse.served_app import ServedApp
from tests.sse_parser import Reading, parse_events
from tests.waiting import PATIENCE_S, wait_until

ROOT = Path(__file__).parents[2]
MOST_HELD_BYTES = 512_000
STORM = 200
PLACES = 3

Serve = Callable[..., ServedApp]


@pytest.fixture
def serve(settings: Settings, services: Services, store: Store) -> Iterator[Serve]:
    """Starts servers with some settings changed; all are stopped at the end."""
    started: list[ServedApp] = []

    def start(port: int = 0, its_services: Services = services, **changes: float) -> ServedApp:
        started.append(ServedApp(replace(settings, **changes), its_services, port))
        return started[-1]

    yield start
    store.subscriptions.close()
    for served in started:
        served.stop()


@pytest.fixture
def run_id(services: Services) -> str:
    """A running run: three events."""
    run_id = services.runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id), make_metrics(1, 1, run_id)])
    return run_id


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Connections of a test, closed at its end."""
    with ExitStack() as opened:
        yield opened


def _long_metrics(epoch: int, run_id: str) -> RunEvent:
    """About 64 kB."""
    return make_metrics(epoch, 1000, run_id)


def _path(run_id: str) -> str:
    return f"/api/runs/{run_id}/events"


def test_the_first_bytes_come_before_anything_happens(serve: Serve, services: Services) -> None:
    run_id = services.runs.start_run({}).run_id
    with serve(heartbeat_s=60).connect(_path(run_id)) as connection:
        received = b""
        while b"\n\n" not in received.partition(b"\r\n\r\n")[2]:
            received += connection.recv(1000)

    assert received.startswith(b"HTTP/1.1 200")
    assert b"retry: 2000\n: open\n\n" in received


def test_a_client_that_stops_reading_loses_its_place_and_nobody_else_notices(
    serve: Serve, services: Services, run_id: str
) -> None:
    served = serve(most_streams=1, stalled_s=1, heartbeat_s=0.2)
    epochs = iter(range(2, 1_000_000, 1000))
    held: list[int] = []
    with served.connect(_path(run_id), receive_buffer_bytes=2048) as connection:
        assert connection.recv(12) == b"HTTP/1.1 200"

        def is_free() -> bool:
            for epoch in islice(epochs, 5):
                services.ingest.ingest([_long_metrics(epoch, run_id)])
            held.append(served.held_bytes())
            assert served.get("/api/runs")[0] == 200
            return served.get(_path(run_id))[0] == 200

        wait_until(is_free)

    assert 65_536 < max(held) <= MOST_HELD_BYTES


def test_a_client_that_leaves_gives_its_place_back(serve: Serve, run_id: str) -> None:
    served = serve(most_streams=1, heartbeat_s=0.5)

    def is_let_in() -> bool:
        with served.connect(_path(run_id)) as connection:
            return connection.recv(12) == b"HTTP/1.1 200"

    assert is_let_in()
    for _ in range(3):
        wait_until(is_let_in)


def test_a_client_that_vanishes_without_a_word_gives_its_place_back(tmp_path: Path) -> None:
    alone = ["unshare", "--net", "--map-root-user"]
    can_be_alone = shutil.which("unshare") and shutil.which("ip") and not subprocess.run([*alone, "true"]).returncode
    if not can_be_alone:
        pytest.skip("This machine lets nobody make a network of his own (unshare, ip).")

    command = [*alone, sys.executable, "-m", "tests.sse.vanishing", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=4 * PATIENCE_S)

    assert (done.stdout, done.returncode) == ("free\n", 0), done.stderr


def test_one_stream_more_than_there_are_places_is_refused_and_every_other_request_is_answered(
    serve: Serve, run_id: str, stack: ExitStack
) -> None:
    served = serve(most_streams=PLACES)
    held = [stack.enter_context(served.connect(_path(run_id))) for _ in range(PLACES)]
    assert [connection.recv(12) for connection in held] == [b"HTTP/1.1 200"] * PLACES

    status, headers = served.get(_path(run_id))

    assert (status, headers["Content-Type"]) == (503, "application/json")
    assert int(headers["Retry-After"]) > 0
    for path in ("/", "/api/runs", _path(run_id) + "?wait=0", "/static/js/main.js"):
        assert served.get(path)[0] == 200


@pytest.mark.parametrize("end", ["finished", "stopping"])
def test_a_stream_that_ends_ends_properly(
    serve: Serve, services: Services, store: Store, run_id: str, end: str
) -> None:
    """Not by a cut: the last chunk of the answer says that it was the last."""
    served = serve()
    if end == "finished":
        services.ingest.ingest([make_status("finished", run_id)])
    else:
        store.subscriptions.close()

    assert parse_events(served.read_all(_path(run_id))).events[-1].kind == "bye"


def test_a_stream_whose_run_is_deleted_ends_properly_and_comes_to_nothing_again(
    serve: Serve, services: Services, run_id: str, stack: ExitStack
) -> None:
    served = serve()
    connection = stack.enter_context(served.connect(_path(run_id)))
    assert connection.recv(12) == b"HTTP/1.1 200"
    services.runs.delete_run(run_id)
    received = b""
    while not received.endswith(b"0\r\n\r\n"):
        received += connection.recv(10_000)

    assert b'event: closed\ndata: {"reason":"deleted"}\n\n' in received
    assert served.get(_path(run_id))[0] == 404


async def _follow(port: int, run_id: str, last_id: str) -> Reading:
    """A browser that listens until the server ends the stream."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    header = f"Last-Event-ID: {last_id}\r\n" if last_id else ""
    writer.write(f"GET {_path(run_id)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{header}\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), PATIENCE_S)
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    return parse_events(re.sub(rb"(?:^|\r\n)[0-9A-Fa-f]+\r\n", b"", body))


async def _storm(port: int, run_id: str, last_ids: list[str], act: Callable[[], None]) -> list[Reading]:
    """All of them at once; what happens when they are there."""
    following = [asyncio.create_task(_follow(port, run_id, last_id)) for last_id in last_ids]
    await asyncio.sleep(1)
    await asyncio.to_thread(act)
    return await asyncio.gather(*following)


def test_two_hundred_clients_come_back_after_a_restart_at_once_and_miss_nothing(
    serve: Serve, settings: Settings, services: Services, store: Store, run_id: str
) -> None:
    served = serve(heartbeat_s=15)
    before = run_apart(_storm(served.port, run_id, [""] * STORM, store.subscriptions.close))
    assert all(reading.events[-1].kind == "bye" for reading in before)
    assert all(500 <= (reading.retry_ms or 0) <= 3000 for reading in before)
    assert len({reading.retry_ms for reading in before}) > STORM / 4
    served.stop()
    store.database.close()

    later_store = open_store(settings)
    later = assemble_services(settings, later_store, FakeCluster(), lambda events: None)

    def act() -> None:
        later.ingest.ingest([make_metrics(2, 1, run_id)])
        later.ingest.ingest([make_status("finished", run_id)])

    again = serve(served.port, later, heartbeat_s=15)
    after = run_apart(_storm(again.port, run_id, [reading.last_id for reading in before], act))
    again.stop()
    later_store.database.close()

    for first, second in zip(before, after, strict=True):
        told = [event.kind for event in first.events[:-1] + second.events]
        assert told == ["status", "status", "metrics", "metrics", "status", "bye"]


def test_forty_requests_that_are_never_finished_keep_nobody_waiting(serve: Serve, stack: ExitStack) -> None:
    served = serve(most_streams=1)
    for _ in range(40):
        half = stack.enter_context(closing(socket.create_connection(("127.0.0.1", served.port))))
        half.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")

    assert served.get("/healthz")[0] == 200


def test_connections_without_a_request_make_way(
    serve: Serve, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser keeps up to six of them open behind a page that is loaded, and a class has many browsers."""
    monkeypatch.setattr(serving, "SPARE_CONNECTIONS", 0)
    monkeypatch.setattr(serving, "IDLE_CONNECTION_S", 1)
    monkeypatch.setattr(serving, "LOOK_FOR_IDLE_S", 1)
    served = serve(most_streams=1)
    for _ in range(2 * (1 + serving.ORDINARY_THREADS)):
        stack.enter_context(closing(socket.create_connection(("127.0.0.1", served.port))))

    assert served.get("/healthz")[0] == 200
