"""The other sides of a comparison as seen from here: processes that train when asked, one at a time."""

import json
import math
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from tests.bench.figures import Broken, Figure
from tests.bench.processes import Moment, cpu_percent, look, usage

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 300

# As Dask's nanny gives them to a worker: numerical libraries keep to one thread.
WORKER_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class Contender:
    """A process that trains a network and tells how long that took."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - see close
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"} | dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self._first_loss = math.nan
        self._loss = math.nan

    def prepare(self, request: Mapping[str, Any]) -> None:
        """Build a network, whose name is in the request."""
        self._first_loss = self._loss = self.ask(request)["loss"]

    def train(self, epochs: int) -> float:
        """Train so many epochs; returns the seconds of one."""
        answer = self.ask({"epochs": epochs})
        self._loss = answer["loss"]
        return float(answer["seconds"]) / epochs

    def check_that_it_learnt(self) -> None:
        """Raise Broken unless the loss fell: what does not learn need not be timed."""
        if not self._loss < self._first_loss:
            raise Broken(f"{self.name} did not learn: its loss went from {self._first_loss} to {self._loss}.")

    @property
    def process(self) -> psutil.Process:
        """To see what it uses."""
        return psutil.Process(self._process.pid)

    def close(self) -> None:
        """End the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()

    def ask(self, request: Mapping[str, Any]) -> dict[str, float]:
        """Answer one request, whatever the process understands."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            stdin.write(json.dumps(request) + "\n")
            stdin.flush()
        except BrokenPipeError as error:
            raise Broken(self._last_words()) from error
        is_ready = select.select([stdout], [], [], TIMEOUT_S)[0]
        line = stdout.readline() if is_ready else ""
        if not line:
            raise Broken(self._last_words())
        answer: dict[str, float] = json.loads(line)
        return answer

    def _last_words(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        self._errors.seek(0)
        tail = self._errors.read()[-3000:]
        return f"{self.name} gave no answer within {TIMEOUT_S} s, or ended. Its last words:\n{tail}"


def python_contender(side: str) -> Contender:
    """A side in Python, see tests/bench/contend.py; `fit` may use the whole machine, the engine is as in a worker."""
    environment = {} if side.startswith("fit") else WORKER_ENVIRONMENT
    return Contender(side, [sys.executable, "-m", "tests.bench.contend", side], environment)


class Contest:
    """Contenders that take turns; leaving the block ends them."""

    def __init__(self, *contenders: Contender) -> None:
        self._contenders = contenders
        self._ends = ExitStack()
        self._others_percent = 0.0

    def __enter__(self) -> "Contest":
        for contender in self._contenders:
            self._ends.callback(contender.close)
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def run(self, request: Mapping[str, Any], laps: Mapping[str, int], rounds: int) -> dict[str, list[float]]:
        """Milliseconds of an epoch, by contender, one number a round; A B A B ..., after a lap that is not counted.

        `laps` says how many epochs each one trains in a lap.
        """
        for contender in self._contenders:
            contender.prepare(request)
            contender.train(laps[contender.name])
        times: dict[str, list[float]] = {contender.name: [] for contender in self._contenders}
        begin = self._look()
        for _ in range(rounds):
            for contender in self._contenders:
                times[contender.name].append(1000 * contender.train(laps[contender.name]))
        self._others_percent = cpu_percent(begin, self._look())[-1]
        for contender in self._contenders:
            contender.check_that_it_learnt()
        return times

    def others(self, subject: str) -> Figure:
        """How busy everything else kept the machine during the last `run`: more than a little, and ratios are noise."""
        return Figure(subject, "CPU, others", "%", self._others_percent)

    def _look(self) -> Moment:
        return look(usage([contender.process for contender in self._contenders]))


def ratios(times: Sequence[float], reference: Sequence[float]) -> list[float]:
    """Round by round, how many times longer than the reference."""
    return [time / standard for time, standard in zip(times, reference, strict=True)]
