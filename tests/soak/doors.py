"""R10, R12, R13 and R18: goodbye, half-sent requests, too many streams, and coming back after a cut."""

import json
import signal
import socket
import time
from contextlib import ExitStack, closing

from tests.bench.figures import Figure, Target, percentile
from tests.load.client import Plan
from tests.load.crowd import crowd
from tests.load.reading import StoryReader, Tally
from tests.soak.options import Options
from tests.soak.pinger import pinging
from tests.soak.servers import STAMPING, SoakServer, soak_server
from tests.soak.targets import at_most, none

HALF_SENT = 40
TOO_MANY = 20
STORY_EVENTS_PER_S = 100.0


def measure(options: Options) -> list[Figure]:
    """All on one server; its end comes last."""
    streams = options.count(50, 256)
    with soak_server(STAMPING, most_streams=streams) as server:
        figures = _coming_back(server, options)
        run_ids = server.start_runs(streams // 4, 10.0)
        figures += _half_sent(server, run_ids[0], options)
        options.say(f"R13: streams above the cap of {streams}")
        plan = Plan(server.host, server.port, run_ids, streams, warm_up_s=1, window_s=30, until_bye=True)
        with crowd(plan) as browsers:
            browsers.wait_for("open")
            figures += _above_the_cap(server, run_ids[0])
            browsers.wait_for("measuring")
            options.say(f"R10: goodbye to {streams} streams")
            took_s = _stop(server)
            browsers.wait_for("measured")
            tally = browsers.result()
    return [
        *figures,
        at_most("R10", f"SIGTERM with {streams} streams: process gone", took_s, 3, "s"),
        none("R10", "streams that heard no goodbye", streams - tally.byes, streams),
    ]


def _stop(server: SoakServer) -> float:
    begun_s = time.monotonic()
    server.web.send_signal(signal.SIGTERM)
    server.running.process.wait(timeout=30)
    return time.monotonic() - begun_s


def _half_sent(server: SoakServer, run_id: str, options: Options) -> list[Figure]:
    """Clients that send a part of a request and then nothing hold a place in no queue."""
    options.say(f"R12: {HALF_SENT} half-sent requests")
    with ExitStack() as open_sockets:
        for _ in range(HALF_SENT):
            half = open_sockets.enter_context(closing(socket.create_connection((server.host, server.port))))
            half.sendall(f"GET /api/runs HTTP/1.1\r\nHost: {server.host}:{server.port}\r\nX-Slow: ".encode())
        with pinging(server, f"/api/runs/{run_id}") as ping_ms:
            time.sleep(options.pick(1, 10))
    return [at_most("R12", f"ordinary request beside {HALF_SENT} half-sent ones, longest", max(ping_ms), 100, "ms")]


def _above_the_cap(server: SoakServer, run_id: str) -> list[Figure]:
    """All places are taken: one more is refused at once, and everything else goes on."""
    refusals_ms, wrong = [], 0
    with pinging(server, f"/api/runs/{run_id}") as ping_ms:
        for _ in range(TOO_MANY):
            begun_s = time.monotonic()
            status, body = server.ask("GET", f"/api/runs/{run_id}/events")
            refusals_ms.append((time.monotonic() - begun_s) * 1000)
            wrong += status != 503 or "error" not in json.loads(body)
            time.sleep(0.05)
    return [
        none("R13", "streams above the cap that were not refused with 503", wrong, TOO_MANY),
        at_most("R13", "until a stream above the cap is refused, p50", percentile(refusals_ms, 0.5), 50, "ms"),
        at_most("R13", "until a stream above the cap is refused, longest", max(refusals_ms), 250, "ms"),
        at_most("R13", "ordinary request at the cap, longest", max(ping_ms), 250, "ms"),
    ]


def _coming_back(server: SoakServer, options: Options) -> list[Figure]:
    """A run that goes on; two clients come back after every single event, each in its way of naming the place."""
    options.say("R18: coming back after each event of a story")
    run_id = server.start_run(STORY_EVENTS_PER_S)
    server.wait_until(lambda: server.read(f"/api/runs/{run_id}")["epoch"] >= options.count(30, 300), 30, "A story")
    last = options.count(25, 300)
    generation = _events_after(server, run_id, None, 1)[1].cursor
    assert generation is not None
    faults, times_ms = 0, []
    for seq in range(1, last + 1):
        cursor = f"{generation.partition('-')[0]}-{seq}"
        for by_header in (True, False):
            begun_s = time.monotonic()
            tally, story = _events_after(server, run_id, cursor, last + 1, by_header=by_header)
            times_ms.append((time.monotonic() - begun_s) * 1000)
            is_whole = story.seq > last and tally.events == story.seq - seq
            faults += tally.lost + tally.repeated + tally.resets + (not is_whole)
    server.delete_runs([run_id])
    name = f"two clients, back after each of {last} events: lost, twice or out of order"
    return [
        Figure("R18", name, f"of {2 * last} returns", faults, (), Target("<=", 0)),
        Figure("R18", "until a client that came back has caught up, p99", "ms", percentile(times_ms, 0.99)),
    ]


def _events_after(
    server: SoakServer, run_id: str, cursor: str | None, until_seq: int, *, by_header: bool = True
) -> tuple[Tally, StoryReader]:
    """Follow a run from a place until an event with that number has come, then cut."""
    tally = Tally()
    story = StoryReader(tally)
    if cursor:
        story.start_after(int(cursor.rpartition("-")[2]))
    query = f"?after={cursor}" if cursor and not by_header else ""
    header = f"Last-Event-ID: {cursor}\r\n" if cursor and by_header else ""
    request = f"GET /api/runs/{run_id}/events{query} HTTP/1.0\r\nHost: {server.host}:{server.port}\r\n{header}\r\n"
    with closing(socket.create_connection((server.host, server.port), timeout=10)) as stream:
        stream.sendall(request.encode())
        head, _, body = stream.recv(65536).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.0 200"), head
        story.feed(body, 0)
        while story.seq < until_seq:
            story.feed(stream.recv(65536), 0)
    return tally, story
