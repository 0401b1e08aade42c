"""The load client as a process of its own, told what to do and asked what it saw."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tests.load.client import Plan
from tests.load.reading import Tally

ROOT = Path(__file__).resolve().parents[2]


class CrowdFailed(Exception):
    """The load client did not do what it was told; the sentence says what it said."""


class LoadCrowd:
    """A running load client."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def wait_for(self, word: str) -> None:
        """Wait until it says `open`, `measuring` or `measured`. Raises CrowdFailed when it says anything else."""
        line = self._read()
        if line != word:
            raise CrowdFailed(f"The load client said {line[:200]!r} instead of {word!r}.")

    def result(self) -> Tally:
        """What it saw; to be asked after it has said `measured`."""
        return Tally(**json.loads(self._read()))

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        if not line:
            raise CrowdFailed("The load client ended before it had measured; its reason stands above.")
        return line


@contextmanager
def crowd(plan: Plan) -> Iterator[LoadCrowd]:
    """Start a load client; the end of the block ends it."""
    command = [sys.executable, "-m", "tests.load.client"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps(asdict(plan)) + "\n")
            process.stdin.close()
            yield LoadCrowd(process)
        finally:
            if process.poll() is None:
                process.terminate()


def hold_streams(plan: Plan) -> Tally:
    """Hold the streams of a plan from beginning to end."""
    with crowd(plan) as running:
        for word in ("open", "measuring", "measured"):
            running.wait_for(word)
        return running.result()
