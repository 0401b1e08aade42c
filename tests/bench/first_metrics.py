"""How long a press of Run takes to be answered: from the request to the first metrics at a client."""

import random
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import product

from tests.bench.event_stream import open_stream
from tests.bench.figures import Broken, Figure, PartReport, Target, percentile
from tests.bench.live_server import LiveServer, live_server
from tests.bench.options import Options
from tests.bench.run_requests import RunRequests

TRIES = 30
QUICK_TRIES = 10
TIMEOUT_S = 30.0
SEEN_UNITS = (5, 3)
SEEN, UNSEEN = "seen architecture", "unseen architecture"
TARGETS = {SEEN: Target("<", 60.0), UNSEEN: Target("<", 150.0)}

NOTES = (
    "From just before the request that starts a run (60 epochs a second, as the page asks) to the arrival of its first "
    "`metrics` event at a client that opens the event stream as soon as the run has an address. Each run is deleted, "
    "and the workers are idle again, before the next one. An unseen architecture has two hidden layers of 3 to 16 "
    "units that this server has never trained; the seen one has been trained on every worker.",
)


@dataclass(frozen=True)
class Try:
    """Milliseconds from the request to its answer, and to the first metrics."""

    answered_ms: float
    first_metrics_ms: float


def measure(options: Options) -> PartReport:
    """Try both kinds in turns on one server."""
    tries = QUICK_TRIES if options.is_quick else TRIES
    unseen_units = _shapes_never_used(tries)
    results: dict[str, list[Try]] = {UNSEEN: [], SEEN: []}
    options.say("first metrics: starting the server")
    with live_server() as server, closing(RunRequests(server.host, server.port)) as requests:
        server.train_everywhere(requests, SEEN_UNITS)
        for number in range(tries):
            options.say(f"first metrics: try {number + 1} of {tries}")
            results[UNSEEN].append(_try(server, requests, next(unseen_units), seed=number))
            results[SEEN].append(_try(server, requests, SEEN_UNITS, seed=number))
    figures = tuple(figure for subject, found in results.items() for figure in _figures(subject, found))
    return PartReport("From the press of Run to the first metrics", NOTES, figures)


def _shapes_never_used(count: int) -> Iterator[tuple[int, int]]:
    """Different ones, alike in every benchmark."""
    widths = range(3, 17)
    shapes = [(first, second) for first, second in product(widths, widths) if (first, second) != SEEN_UNITS]
    return iter(random.Random(0).sample(shapes, count))


def _try(server: LiveServer, requests: RunRequests, units: tuple[int, ...], seed: int) -> Try:
    begun_s = time.perf_counter()
    run_id = requests.start(units, seed)
    answered_s = time.perf_counter()
    with closing(open_stream(server.host, server.port, run_id)) as stream:
        _wait_for(stream, b"event: metrics\n")
        first_s = time.perf_counter()
    requests.delete(run_id)
    server.wait_until_idle()
    return Try(1000 * (answered_s - begun_s), 1000 * (first_s - begun_s))


def _wait_for(stream: socket.socket, words: bytes) -> None:
    stream.settimeout(TIMEOUT_S)
    received = b""
    while words not in received:
        try:
            chunk = stream.recv(65536)
        except TimeoutError as error:
            raise Broken(f"No metrics came within {TIMEOUT_S:g} s; received: {received[-500:]!r}") from error
        if not chunk:
            raise Broken(f"The stream ended without metrics; received: {received[-500:]!r}")
        received += chunk


def _figures(subject: str, tries: list[Try]) -> list[Figure]:
    firsts = tuple(found.first_metrics_ms for found in tries)
    answers = tuple(found.answered_ms for found in tries)
    return [
        Figure(subject, "run accepted p50", "ms", percentile(answers, 0.5), answers),
        Figure(subject, "first metrics p50", "ms", percentile(firsts, 0.5), firsts),
        Figure(subject, "first metrics p95", "ms", percentile(firsts, 0.95), firsts, TARGETS[subject]),
        Figure(subject, "longest", "ms", max(firsts), firsts),
    ]
