"""One side of a comparison in a process of its own: `python -m tests.bench.contend engine`.

Reads requests from standard input and answers on standard output, a line of JSON each: first the name of a network,
then how many epochs to train. It measures its own work, so that talking costs nothing; the other side waits meanwhile.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any, Protocol, TextIO

from tests.bench.engine_under_test import become_like_a_worker
from tests.bench.networks import BY_NAME, Network
from tests.bench.samples import samples_of


class Runner(Protocol):
    """Something that trains; `loss` is that of the training share now."""

    loss: float

    def train(self, epochs: int) -> None:
        """Train so many epochs and be done with them."""


def make_runner(side: str, network: Network) -> Runner:
    """The runner of a side: engine, bare-loop, fit or fit-and-evaluate. TensorFlow is loaded here."""
    samples = samples_of(network)
    if side == "engine":
        from tests.bench.engine_under_test import EngineRunner

        return EngineRunner(network, samples)
    if side == "bare-loop":
        from tests.bench.bare_loop import BareLoopRunner

        return BareLoopRunner(network, samples)
    from tests.bench.keras_fit import FitRunner

    return FitRunner(network, samples, has_evaluation=side == "fit-and-evaluate")


def contend(make: Callable[[Network], Runner], requests: TextIO, answers: TextIO) -> None:
    """Answer requests until there are no more."""
    runner: Runner | None = None
    for line in requests:
        request = json.loads(line)
        begun_s = time.perf_counter()
        if "network" in request:
            runner = make(BY_NAME[request["network"]])
        else:
            assert runner is not None, "a network must be named first"
            runner.train(request["epochs"])
        answer: dict[str, Any] = {"seconds": time.perf_counter() - begun_s, "loss": runner.loss}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def main(side: str) -> None:
    """Be one side, with what libraries print sent to standard error."""
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)
        if side in ("engine", "bare-loop"):
            become_like_a_worker()
        contend(lambda network: make_runner(side, network), sys.stdin, answers)


if __name__ == "__main__":
    main(sys.argv[1])
