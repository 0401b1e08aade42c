"""The clients of a crowd, all in this one process: `python -m tests.bench.crowd_client`.

Standard input: a line of JSON about the crowd, then a line for each run: its id, or nothing when the server refused it.
It says `ready`, follows every run, only keeping what arrives and when, says `measuring` when the crowd has been there
for the warm-up and `measured` a window later, and then prints what it has seen, as a line of JSON. It loads nothing
heavy: it shares the cores with the server.
"""

import json
import os
import selectors
import socket
import time
from dataclasses import dataclass, field
from typing import Any

from tests.bench.crowd_reading import CrowdReading, Reading, Window, read_crowd
from tests.bench.event_stream import open_stream

STDIN = 0
PATIENCE_S = 120.0
"""How long to wait for all runs to be started."""


@dataclass
class Follower:
    """A client of one run: what came, and when, in seconds of a monotonic clock."""

    stream: socket.socket
    received: list[tuple[float, bytes]] = field(default_factory=list)
    is_cut: bool = False


@dataclass(frozen=True)
class Crowd:
    """Where the server is, how many runs there will be, and when to measure."""

    host: str
    port: int
    runs: int
    speed: float
    warm_up_s: float
    window_s: float


class Client:
    """Follows runs with one selector."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._selector = selectors.DefaultSelector()
        self._followers: list[Follower] = []
        self._unread_lines = b""
        self._runs_told = 0

    def follow(self) -> CrowdReading:
        """Gather the crowd, let it warm up, watch it for the window."""
        self._selector.register(STDIN, selectors.EVENT_READ, None)
        self._tell("ready")
        end_s = time.monotonic() + PATIENCE_S
        while self._runs_told < self._crowd.runs:
            if time.monotonic() > end_s:
                raise SystemExit(f"Only {self._runs_told} runs of {self._crowd.runs} were started in {PATIENCE_S:g} s.")
            self._receive(0.1)
        self._receive_until(time.monotonic() + self._crowd.warm_up_s)
        begun_s = self._tell("measuring")
        self._receive_until(begun_s + self._crowd.window_s)
        window = Window(begun_s, self._tell("measured"), self._crowd.speed)
        return read_crowd([Reading(follower.received, follower.is_cut) for follower in self._followers], window)

    def _receive_until(self, end_s: float) -> None:
        while (left_s := end_s - time.monotonic()) > 0:
            self._receive(left_s)

    def _receive(self, timeout_s: float) -> None:
        for key, _ in self._selector.select(timeout_s):
            if key.data is None:
                self._open_streams()
            else:
                self._keep(key.data)

    def _open_streams(self) -> None:
        *lines, self._unread_lines = (self._unread_lines + os.read(STDIN, 65536)).split(b"\n")
        self._runs_told += len(lines)
        for run_id in (line.decode() for line in lines if line):
            follower = Follower(open_stream(self._crowd.host, self._crowd.port, run_id))
            self._followers.append(follower)
            self._selector.register(follower.stream, selectors.EVENT_READ, follower)
        if self._runs_told == self._crowd.runs:
            self._selector.unregister(STDIN)

    def _keep(self, follower: Follower) -> None:
        try:
            chunk = follower.stream.recv(262_144)
        except OSError:
            chunk = b""
        if chunk:
            follower.received.append((time.monotonic(), chunk))
        else:
            follower.is_cut = True
            self._selector.unregister(follower.stream)

    @staticmethod
    def _tell(word: str) -> float:
        print(word, flush=True)
        return time.monotonic()


def main() -> None:
    """Follow the crowd that standard input names."""
    line = b""
    while not line.endswith(b"\n"):
        line += os.read(STDIN, 1)
    raw: dict[str, Any] = json.loads(line)
    print(json.dumps(Client(Crowd(**raw)).follow().to_payload()), flush=True)


if __name__ == "__main__":
    main()
