"""The processes of a cluster of several machines, all on this one: a scheduler and hosts of workers."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

ROOT = Path(__file__).parents[1]

OUR_SCHEDULER = ("-m", "server", "scheduler")
DASK_SCHEDULER = ("-m", "distributed.cli.dask_scheduler", "--no-dashboard")
OUR_WORKER = ("-m", "server", "worker")
WAITING_WORKER = ("tests/server/scheduling/waiting_host.py",)

HEARING_TIMEOUT_S = 90


class ClusterProcess:
    """A command in a process group of its own, and the sentences it says."""

    def __init__(self, command: Sequence[str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._said: Queue[str] = Queue()
        Thread(target=self._read, daemon=True).start()

    def hear(self, pattern: str) -> str:
        """The next sentence that has a pattern in it. Raises AssertionError when none comes."""
        others = []
        while True:
            try:
                sentence = self._said.get(timeout=HEARING_TIMEOUT_S)
            except Empty:
                raise AssertionError(f"It never said {pattern!r}, but {''.join(others)!r}.") from None
            if re.search(pattern, sentence):
                return sentence
            others.append(sentence)

    def send(self, number: int) -> None:
        """Send a signal to the process and all that it started."""
        os.killpg(self.process.pid, number)

    def stop(self, number: int = signal.SIGKILL) -> int:
        """End it, if it has not ended yet; returns its exit code."""
        if self.process.poll() is None:
            self.send(number)
        return self.process.wait(timeout=20)

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._said.put(line)


class SchedulerProcess:
    """A scheduler; `address` is where it listens, the same when it is started again."""

    def __init__(self, *options: str, command: Sequence[str] = OUR_SCHEDULER) -> None:
        self._command = [*command, *options, "--host", "127.0.0.1"]
        self.address = ""
        self.start()

    def start(self) -> None:
        """Start it, and wait until it listens."""
        port = self.address.rpartition(":")[2] or "0"
        self.process = ClusterProcess([*self._command, "--port", port])
        found = re.search(r"(tcp|tls)://[\d.]+:\d+", self.process.hear(r"(tcp|tls)://[\d.]+:\d+"))
        assert found is not None
        self.address = found[0]

    def stop(self, number: int = signal.SIGKILL) -> int:
        """End it; returns its exit code."""
        return self.process.stop(number)


class HostProcess(ClusterProcess):
    """`neural-playground worker` for a scheduler."""

    def __init__(self, address: str, *options: str, command: Sequence[str] = OUR_WORKER) -> None:
        super().__init__([*command, "--scheduler", address, *options])
