"""Real servers to be measured, with their processes and requests."""

import http.client
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]

from tests.bench.figures import Broken
from tests.live.running_server import RunningServer

STAMPING = "tests.soak.stamping_worker"
STAMPED_ENGINE = "tests.soak.stamped_engine"
ENGINE = "server.preload"
WORKERS = 2

_ANSWERS: list[tuple[int, Mapping[str, str]]] = []


def all_answers() -> list[tuple[int, Mapping[str, str]]]:
    """Status and headers (names in small letters) of every answer that any soaked server has given here."""
    return _ANSWERS[:]


class SoakServer:
    """A running server and everything about it that is measured."""

    def __init__(self, running: RunningServer) -> None:
        self.running = running
        address = urlsplit(running.url)
        self.host, self.port = str(address.hostname), int(address.port or 0)
        self.web = psutil.Process(running.process.pid)

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """Status and body of one request on a connection of its own. Raises OSError."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            content = None if body is None else json.dumps(body).encode()
            headers = {"Content-Type": "application/json"} if content else {}
            connection.request(method, path, content, headers)
            answer = connection.getresponse()
            received = answer.read()
            _ANSWERS.append((answer.status, {name.lower(): value for name, value in answer.getheaders()}))
            return answer.status, received
        finally:
            connection.close()

    def read(self, path: str) -> Any:
        """The JSON of an address. Raises Broken when it is refused."""
        status, received = self.ask("GET", path)
        if status != 200:
            raise Broken(f"GET {path} was answered with {status}: {received[:300]!r}")
        return json.loads(received)

    def start_runs(self, count: int, speed: float | None, **spec: Any) -> list[str]:
        """Start runs that differ in their seed; returns their ids."""
        return [self.start_run(speed, seed=seed, **spec) for seed in range(count)]

    def start_run(self, speed: float | None, **spec: Any) -> str:
        """Start one run; returns its id. Raises Broken when it is refused."""
        status, received = self.ask("POST", "/api/runs", {"spec": spec, "speed": speed})
        if status != 202:
            raise Broken(f"A run was refused with {status}: {received[:300]!r}")
        return str(json.loads(received)["run_id"])

    def control(self, run_id: str, **control: Any) -> int:
        """Send a control; returns its version."""
        status, received = self.ask("POST", f"/api/runs/{run_id}/controls", control)
        if status != 202:
            raise Broken(f"A control was refused with {status}: {received[:300]!r}")
        return int(json.loads(received)["version"])

    def delete_runs(self, run_ids: list[str]) -> None:
        """Stop runs and remove what they left."""
        for run_id in run_ids:
            self.ask("DELETE", f"/api/runs/{run_id}")

    def metric(self, name: str) -> float:
        """One number of /metrics."""
        status, received = self.ask("GET", "/metrics")
        for line in received.decode().splitlines():
            if line.startswith(f"{name} "):
                return float(line.rpartition(" ")[2])
        raise Broken(f"/metrics ({status}) does not tell {name}.")

    def workers(self) -> list[psutil.Process]:
        """The worker processes that live now."""
        alive = [child for child in self.web.children() if "spawn_main" in _command_of(child)]
        return sorted(alive, key=lambda process: process.create_time())

    def wait_for_workers(self) -> None:
        """Wait until all workers have joined; the process of one is there seconds before it can train."""
        self.wait_until(lambda: self.metric("playground_workers") == WORKERS, 120, "Having all workers")

    def rss_mb(self) -> float:
        """Memory of the web process."""
        return float(self.web.memory_info().rss) / 1e6

    def cpu_s(self) -> float:
        """Processor seconds that the web process has used."""
        times = self.web.cpu_times()
        return float(times.user + times.system)

    def wait_until(self, is_so: Callable[[], bool], timeout_s: float, what: str) -> float:
        """Seconds until something is so. Raises Broken when it never is."""
        begun_s = time.monotonic()
        while not is_so():
            if time.monotonic() - begun_s > timeout_s:
                raise Broken(
                    f"{what} did not happen within {timeout_s:g} s. The log ends:\n{self.running.said()[-1500:]}"
                )
            time.sleep(0.02)
        return time.monotonic() - begun_s


def _command_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


@contextmanager
def soak_server(preload: str, **settings: object) -> Iterator[SoakServer]:
    """A server with an empty data folder whose workers load `preload`; the end of the block stops it.

    `settings` are those of the server; other capitals (`SOAK_FRAME_BYTES`) go to the environment as they are.
    """
    environment = {
        name if name.isupper() else f"NEURAL_PLAYGROUND_{name.upper()}": str(value) for name, value in settings.items()
    }
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        program = ("tests.soak.serve", preload)
        running = RunningServer(Path(folder) / "data", workers=WORKERS, program=program, environment=environment)
        try:
            yield SoakServer(running)
        finally:
            running.stop()


def core_count() -> int:
    """Cores of this machine."""
    return os.cpu_count() or 1
