"""A server process and what a client of its API does."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.http_client import check_trust

ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 120


@dataclass(frozen=True)
class StreamedEvent:
    """One event as a client saw it; `cursor` is its id, or the one before when it has none."""

    kind: str
    data: Any
    cursor: str | None
    has_id: bool


class RunningServer:
    """`neural-playground serve` on a free port; `program` are the words that take the place of `server`."""

    def __init__(
        self,
        data_dir: Path,
        *options: str,
        workers: int = 2,
        program: Sequence[str] = ("server",),
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.data_dir = data_dir
        # A file and no pipe: nobody reads it while the server runs, and a full pipe would hold the server up.
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by `stop`
        command = [sys.executable, "-m", *program, "serve", "--port", "0", "--data-dir", str(data_dir)]
        self.process = subprocess.Popen(
            [*command, "--workers", str(workers), *options],
            cwd=ROOT,
            env=os.environ | {"NEURAL_PLAYGROUND_HEARTBEAT_S": "1"} | dict(environment),
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            start_new_session=True,
        )
        self.url = self._read_address()

    def stop(self, number: int = signal.SIGINT) -> float:
        """Send a signal as a terminal does, to the whole group; returns the seconds until the process was gone."""
        begun_s = time.monotonic()
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
            self.process.wait(timeout=30)
        took_s = time.monotonic() - begun_s
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._said.close()
        return took_s

    def said(self) -> str:
        """What the server and its workers have written to standard error so far."""
        return os.pread(self._said.fileno(), 10_000_000, 0).decode(errors="replace")

    def request(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """Status and decoded JSON (or bytes) of one request."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                check_trust(answer.status, answer.headers)
                return answer.status, _decoded(answer.read(), answer.headers.get_content_type())
        except urllib.error.HTTPError as error:
            check_trust(error.code, error.headers)
            return error.code, _decoded(error.read(), error.headers.get_content_type())

    def start_run(self, **request: Any) -> str:
        """Start a run; returns its id."""
        status, answer = self.request("POST", "/api/runs", {"spec": {}, **request})
        assert status == 202, answer
        return str(answer["run_id"])

    def control(self, run_id: str, **control: Any) -> int:
        """Send a control; returns its version."""
        status, answer = self.request("POST", f"/api/runs/{run_id}/controls", control)
        assert status == 202, answer
        return int(answer["version"])

    def run(self, run_id: str) -> dict[str, Any]:
        """The run as the API tells it."""
        status, answer = self.request("GET", f"/api/runs/{run_id}")
        assert status == 200, answer
        return dict(answer)

    def wait_for(self, run_id: str, is_so: Callable[[dict[str, Any]], bool], timeout_s: float = 30) -> dict[str, Any]:
        """Poll a run until something holds of it."""
        end_s = time.monotonic() + timeout_s
        while True:
            run = self.run(run_id)
            if is_so(run):
                return run
            assert time.monotonic() < end_s, f"it never happened; the run is {run}"
            time.sleep(0.02)

    def stream(self, run_id: str, last_event_id: str | None = None) -> Iterator[StreamedEvent]:
        """The events of a run until the stream ends; close the iterator to cut it."""
        request = urllib.request.Request(f"{self.url}/api/runs/{run_id}/events")
        if last_event_id:
            request.add_header("Last-Event-ID", last_event_id)
        with urllib.request.urlopen(request, timeout=60) as answer:
            check_trust(answer.status, answer.headers)
            yield from parse_events(answer, last_event_id)

    def _read_address(self) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            match = re.search(r"http://\S+:\d+", line)
            if match:
                return match[0]
        raise AssertionError(f"The server did not start: {self.said()}")


def parse_events(lines: Iterator[bytes], cursor: str | None = None) -> Iterator[StreamedEvent]:
    """The events of a byte stream, line by line, as WHATWG HTML tells a browser to read them."""
    kind, data, has_id = "message", [], False
    for raw_line in lines:
        line = raw_line.decode("utf-8").rstrip("\n")
        if not line:
            if data:
                yield StreamedEvent(kind, json.loads("\n".join(data), parse_constant=_refuse), cursor, has_id)
            kind, data, has_id = "message", [], False
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            kind = value
        elif name == "data":
            data.append(value)
        elif name == "id":
            cursor, has_id = value, True


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _decoded(content: bytes, kind: str) -> Any:
    return json.loads(content) if kind == "application/json" else content
