"""A real server to measure: its address, its processes, what they use."""

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]

from tests.bench.figures import Broken
from tests.bench.processes import Usage, usage
from tests.bench.run_requests import RunRequests
from tests.live.running_server import RunningServer

PLACES = {"NEURAL_PLAYGROUND_RUNS_PER_WORKER": "128"}
"""Places for runs of a worker: enough for the largest crowd on two of them."""

IDLE_CPU = 0.1
"""Share of a core below which the workers count as idle."""

IDLE_TIMEOUT_S = 20.0
COMPILING_S = 3.0


class LiveServer:
    """A running server with one worker process per core."""

    def __init__(self, running: RunningServer) -> None:
        self._running = running
        address = urlsplit(running.url)
        self.host, self.port = str(address.hostname), int(address.port or 0)
        self._web = psutil.Process(running.process.pid)
        self._workers = [child for child in self._web.children() if "spawn_main" in " ".join(child.cmdline())]
        if len(self._workers) != worker_count():
            raise Broken(f"{worker_count()} workers were expected, but there are {len(self._workers)}.")

    @property
    def worker_count(self) -> int:
        """How many worker processes there are."""
        return len(self._workers)

    def web_usage(self) -> Usage:
        """Of the web process."""
        return self._usage([self._web])

    def worker_usage(self) -> Usage:
        """Of all workers together."""
        return self._usage(self._workers)

    def train_everywhere(self, requests: RunRequests, units: Sequence[int]) -> None:
        """Train an architecture on every worker, long enough to be compiled there; remove the runs."""
        run_ids = [requests.start(units, seed) for seed in range(2 * self.worker_count)]
        time.sleep(COMPILING_S)
        for run_id in run_ids:
            requests.delete(run_id)
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        """Wait until the workers have nothing to do, compiling in the background included."""
        end_s = time.monotonic() + IDLE_TIMEOUT_S
        while time.monotonic() < end_s:
            begun_s, before = time.monotonic(), self.worker_usage().cpu_s
            time.sleep(0.1)
            if self.worker_usage().cpu_s - before < IDLE_CPU * (time.monotonic() - begun_s):
                return
        raise Broken(f"The workers are still busy after {IDLE_TIMEOUT_S:g} s, with no run left.")

    def _usage(self, processes: Sequence[psutil.Process]) -> Usage:
        try:
            return usage(processes)
        except psutil.NoSuchProcess as error:
            raise Broken(f"A process of the server died (id {error.pid}). The server said:\n{self._said()}") from error

    def _said(self) -> str:
        """What the server has written to standard error so far."""
        return self._running.said()[-3000:] or "nothing"


def worker_count() -> int:
    """Workers of the measured server: one per core."""
    return os.cpu_count() or 1


@contextmanager
def live_server() -> Iterator[LiveServer]:
    """Start a server with an empty data folder; the end of the block stops it."""
    before = {name: os.environ.get(name) for name in PLACES}
    os.environ.update(PLACES)
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            running = RunningServer(Path(folder) / "data", workers=worker_count())
            try:
                yield LiveServer(running)
            finally:
                running.stop()
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
