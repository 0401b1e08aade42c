"""Many runs at once, each at 60 epochs a second and each followed by a client."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from statistics import median

import psutil  # type: ignore[import-untyped]

from tests.bench.contender import ROOT
from tests.bench.crowd_client import Crowd
from tests.bench.crowd_reading import CrowdReading
from tests.bench.figures import Broken, Figure, PartReport, Target, percentile
from tests.bench.live_server import LiveServer, live_server
from tests.bench.options import Options
from tests.bench.processes import Moment, Usage, cpu_percent, look, usage
from tests.bench.run_requests import DEFAULT_UNITS, SPEED, RunRequests

SIZES, QUICK_SIZES = (1, 10, 30, 100, 200), (1, 30, 100)
WARM_UP_S, WINDOW_S = 10.0, 15.0
QUICK_WARM_UP_S, QUICK_WINDOW_S = 3.0, 4.0

KINDS = ("web", "workers", "clients", "others")
WORKERS = KINDS.index("workers")

FEWEST_FOR_MEMORY = 30
"""With fewer runs, what a worker's memory does by itself hides what a run adds to it."""

NO_ERROR = Target("<=", 0)
LITTLE_MEMORY = Target("<", 3.0)
TARGETS: dict[int, dict[str, Target]] = {
    # The window cuts an update at each end, so 60 epochs a second count as 59.
    100: {
        "epochs/s, slowest": Target(">=", 59.0),
        "updates/s, fewest": Target(">=", 10.0),
        "lateness p99, window": Target("<", 250.0),
        "memory per run": LITTLE_MEMORY,
    },
    200: {"epochs/s, slowest": Target(">=", 1.0), "longest silence": Target("<", 5.0), "memory per run": LITTLE_MEMORY},
}

NOTES = (
    "The page's first network with a seed for each run, 60 epochs a second asked for, one client for each run. All "
    "clients are in one process that only keeps what arrives; it shares the cores with the server.",
    "Lateness: how long after its turn on the run's timetable (60 a second, anchored at the client's first metrics) "
    "an epoch is there; window: the same on the timetable of the most punctual update in the window. Percentiles over "
    "all epochs of all runs in the window. CPU in percent of one core; others: the rest of the machine, which should "
    "have been idle. Memory: growth of the workers over that of the same workers that have trained the architecture "
    "and are idle, for each run.",
)


@dataclass(frozen=True)
class Watched:
    """A crowd that was watched: what its clients saw, and what it cost."""

    reading: CrowdReading
    begin: Moment
    end: Moment
    idle_workers: Usage
    accepted_ms: list[float]
    refusals: list[str]


def measure(options: Options) -> PartReport:
    """One server for each size of the crowd."""
    figures: list[Figure] = []
    for runs in QUICK_SIZES if options.is_quick else SIZES:
        options.say(f"crowd: {runs} runs")
        with live_server() as server, closing(RunRequests(server.host, server.port)) as requests:
            server.train_everywhere(requests, DEFAULT_UNITS)
            figures += _figures(runs, _watch(server, requests, _crowd(server, runs, options)))
    return PartReport("A crowd of runs", NOTES, tuple(figures), subjects_across=True)


def _crowd(server: LiveServer, runs: int, options: Options) -> Crowd:
    times = (QUICK_WARM_UP_S, QUICK_WINDOW_S) if options.is_quick else (WARM_UP_S, WINDOW_S)
    return Crowd(server.host, server.port, runs, SPEED, *times)


def _watch(server: LiveServer, requests: RunRequests, crowd: Crowd) -> Watched:
    """Start a crowd and its clients; look at the processes when the clients begin and end to measure."""
    idle_workers = server.worker_usage()
    with _client_process() as client:
        _write(client, json.dumps(asdict(crowd)))
        _expect(client, "ready")
        accepted_ms, refusals = _start_runs(requests, crowd.runs, client)
        process = psutil.Process(client.pid)
        _expect(client, "measuring")
        begin = _look(server, process)
        _expect(client, "measured")
        end = _look(server, process)
        reading = CrowdReading(**json.loads(_read(client)))
    return Watched(reading, begin, end, idle_workers, accepted_ms, refusals)


def _start_runs(requests: RunRequests, runs: int, client: subprocess.Popen[str]) -> tuple[list[float], list[str]]:
    """Start runs one after the other and tell the clients; milliseconds until each was accepted, and refusals."""
    accepted_ms: list[float] = []
    refusals: list[str] = []
    for seed in range(runs):
        begun_s = time.perf_counter()
        try:
            run_id = requests.start(seed=seed)
        except Broken as refusal:
            refusals.append(str(refusal))
            run_id = ""
        accepted_ms.append(1000 * (time.perf_counter() - begun_s))
        _write(client, run_id)
    return accepted_ms, refusals


def _look(server: LiveServer, client: psutil.Process) -> Moment:
    return look(server.web_usage(), server.worker_usage(), usage([client]))


@contextmanager
def _client_process() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.bench.crowd_client"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()


def _write(client: subprocess.Popen[str], line: str) -> None:
    assert client.stdin is not None
    client.stdin.write(line + "\n")
    client.stdin.flush()


def _read(client: subprocess.Popen[str]) -> str:
    assert client.stdout is not None
    line = client.stdout.readline().strip()
    if not line:
        raise Broken("The clients of the crowd ended before they had measured; their reason stands above.")
    return line


def _expect(client: subprocess.Popen[str], word: str) -> None:
    line = _read(client)
    if line != word:
        raise Broken(f"The clients of the crowd said {line!r} instead of {word!r}.")


def _figures(runs: int, watched: Watched) -> list[Figure]:
    subject, reading = f"{runs} run{'s' if runs > 1 else ''}", watched.reading
    targets = TARGETS.get(runs, {})

    def figure(name: str, unit: str, value: float, samples: Sequence[float] = (), note: str = "") -> Figure:
        return Figure(subject, name, unit, value, tuple(samples), targets.get(name), note)

    updates, epochs, silences = reading.updates_per_s, reading.epochs_per_s, reading.longest_silence_s
    by_run, p99_by_run = "samples: one for each run", "samples: p99 of each run"
    percents = cpu_percent(watched.begin, watched.end)
    figures = [
        figure("updates/s, fewest", "", min(updates), updates, by_run),
        figure("updates/s, median", "", median(updates), updates, by_run),
        figure("epochs/s, slowest", "", min(epochs), epochs, by_run),
        figure("epochs/s, median", "", median(epochs), epochs, by_run),
        figure("lateness p99", "ms", reading.lateness_p99_ms, reading.run_lateness_p99_ms, p99_by_run),
        figure(
            "lateness p99, window",
            "ms",
            reading.window_lateness_p99_ms,
            reading.run_window_lateness_p99_ms,
            p99_by_run,
        ),
        figure("longest silence", "s", max(silences), silences, by_run),
        figure("run accepted p95", "ms", percentile(watched.accepted_ms, 0.95), watched.accepted_ms),
        *(figure(f"CPU, {kind}", "%", percent) for kind, percent in zip(KINDS, percents, strict=True)),
    ]
    if runs >= FEWEST_FOR_MEMORY:
        growth_mb = watched.end.usages[WORKERS].memory_mb - watched.idle_workers.memory_mb
        figures.append(figure("memory per run", "MB", growth_mb / runs))
    errors = [*watched.refusals, *reading.errors]
    note = "; ".join(dict.fromkeys(errors))[:1000]
    return [*figures, Figure(subject, "errors", "", len(errors), (), NO_ERROR, note)]
