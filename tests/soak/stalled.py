"""R11: browsers that stop reading hold little, lose their place soon, and slow nobody down."""

import socket
from contextlib import ExitStack, closing
from threading import Event, Thread

from tests.bench.figures import Figure, percentile
from tests.load.client import Plan
from tests.load.crowd import crowd, hold_streams
from tests.soak.options import Options
from tests.soak.pinger import pinging
from tests.soak.servers import STAMPING, SoakServer, soak_server
from tests.soak.targets import at_most

FRAME_BYTES = 48_000
"""Of each picture; 64 kB as text."""

STALLED = 20
READERS = 20
LATEST_S = 45.0


def measure(options: Options) -> list[Figure]:
    """Readers first, also in the places of those that will stall: so what any reader costs is there before."""
    settings = {"stalled_s": 4} if options.is_smoke else {}
    options.say(f"R11: {STALLED} browsers that stop reading, pictures of 64 kB")
    with soak_server(STAMPING, SOAK_FRAME_BYTES=FRAME_BYTES, **settings) as server:
        run_ids = server.start_runs(2, 10.0)
        hold_streams(Plan(server.host, server.port, run_ids, READERS + STALLED, options.pick(1, 5), window_s=1))
        window_s = LATEST_S + 10
        plan = Plan(server.host, server.port, run_ids, READERS, options.pick(1, 5), window_s, until_bye=True)
        with crowd(plan) as readers, ExitStack() as sockets:
            readers.wait_for("open")
            readers.wait_for("measuring")
            before_mb = server.rss_mb()
            for number in range(STALLED):
                sockets.enter_context(closing(_stall(server, run_ids[number % 2])))
            with _most_memory(server) as most_mb, pinging(server, f"/api/runs/{run_ids[0]}") as ping_ms:
                freed_s = server.wait_until(
                    lambda: server.metric("playground_streams") <= READERS, LATEST_S, "Freeing the places"
                )
            server.delete_runs(run_ids)
            readers.wait_for("measured")
            tally = readers.result()
    held_kb = 1000 * (most_mb[0] - before_mb) / STALLED
    readers_ms = percentile(tally.latency_ms, 0.99)
    return [
        at_most("R11", f"places of {STALLED} browsers that stopped reading are free", freed_s, 30, "s"),
        at_most("R11", "memory held for each of them, at most", held_kb, 512, "kB"),
        at_most("R11", f"{READERS} readers meanwhile: worker to socket, p99", readers_ms, 250, "ms"),
        at_most("R11", "ordinary request meanwhile, longest", max(ping_ms), 250, "ms"),
    ]


def _stall(server: SoakServer, run_id: str) -> socket.socket:
    """A browser with a small buffer that asks and never reads."""
    stalled = socket.socket()
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stalled.connect((server.host, server.port))
    stalled.sendall(f"GET /api/runs/{run_id}/events HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n\r\n".encode())
    return stalled


class _most_memory:  # noqa: N801 - used like a function
    """The most that the web process holds while the block lasts, in MB."""

    def __init__(self, server: SoakServer) -> None:
        self._server = server
        self._over = Event()
        self.most_mb = [0.0]
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> list[float]:
        """The most so far, in a list of one."""
        self._thread.start()
        return self.most_mb

    def __exit__(self, *_: object) -> None:
        """Stop looking."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            self.most_mb[0] = max(self.most_mb[0], self._server.rss_mb())
