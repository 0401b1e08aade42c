"""R1 to R4: from a worker's event to the browser's socket, many streams at once, and what it costs."""

import time

from tests.bench.figures import Figure, Target, percentile
from tests.bench.processes import Usage, cpu_percent, look
from tests.load.client import Plan
from tests.load.crowd import crowd
from tests.load.reading import Tally
from tests.soak.options import Options
from tests.soak.pinger import pinging
from tests.soak.servers import STAMPING, SoakServer, soak_server

EVENTS_PER_S = 10.0
MOST_STREAMS = 600

R2_TARGETS_MS = {200: 100.0, 500: 250.0}


def measure(options: Options) -> list[Figure]:
    """Many runs with a stream each, then one run with many streams, on one server."""
    with soak_server(STAMPING, most_streams=MOST_STREAMS) as server:
        return _whole_path(server, options) + _one_run(server, options)


def _whole_path(server: SoakServer, options: Options) -> list[Figure]:
    runs = options.count(50, 200)
    options.say(f"R1, R3, R4: {runs} runs with 10 events a second, a stream for each")
    run_ids = server.start_runs(runs, EVENTS_PER_S)
    plan = Plan(server.host, server.port, run_ids, runs, options.pick(1, 5), options.pick(4, 20))
    with crowd(plan) as browsers:
        browsers.wait_for("open")
        browsers.wait_for("measuring")
        begin = look(_usage(server))
        with pinging(server, f"/api/runs/{run_ids[0]}") as ping_ms:
            browsers.wait_for("measured")
        end, rss_mb = look(_usage(server)), server.rss_mb()
        tally = browsers.result()
    server.delete_runs(run_ids)
    web_percent, others_percent = cpu_percent(begin, end)
    size = f"{runs} runs, {runs} streams"
    return [
        *_latencies("R1", size, tally, 50.0, 250.0),
        Figure("R3", f"ordinary request, {runs} streams, p50", "ms", percentile(ping_ms, 0.5), (), Target("<=", 10)),
        Figure("R3", f"ordinary request, {runs} streams, longest", "ms", max(ping_ms), (), Target("<=", 250)),
        Figure("R4", f"web process, {size}: share of a core", "%", web_percent, (), Target("<=", 50)),
        Figure("R4", f"web process, {size}: memory", "MB", rss_mb, (), Target("<=", 150)),
        Figure("", "everything else on the machine meanwhile", "% of a core", others_percent),
    ]


def _one_run(server: SoakServer, options: Options) -> list[Figure]:
    figures: list[Figure] = []
    for streams in (50,) if options.is_smoke else (200, 500):
        options.say(f"R2: one run with 10 events a second, {streams} streams")
        run_ids = server.start_runs(1, EVENTS_PER_S)
        plan = Plan(server.host, server.port, run_ids, streams, options.pick(1, 3), options.pick(4, 15))
        with crowd(plan) as browsers:
            for word in ("open", "measuring", "measured"):
                browsers.wait_for(word)
            tally = browsers.result()
        server.delete_runs(run_ids)
        size = f"one run, {streams} streams"
        figures += _latencies("R2", size, tally, None, R2_TARGETS_MS.get(streams, 100.0))
        time.sleep(0.5)
    return figures


def _latencies(name: str, size: str, tally: Tally, p50_ms: float | None, p99_ms: float) -> list[Figure]:
    """Percentiles of the way, and that nothing of the story is missing or comes twice."""
    times, faults = tally.latency_ms, tally.lost + tally.repeated + tally.resets
    at_once = Target("<=", p50_ms) if p50_ms else None
    return [
        Figure(name, f"worker to socket, {size}, p50", "ms", percentile(times, 0.5), (), at_once),
        Figure(name, f"worker to socket, {size}, p99", "ms", percentile(times, 0.99), (), Target("<=", p99_ms)),
        Figure(name, f"events lost or twice, {size}", f"of {tally.events}", faults, (), Target("<=", 0)),
    ]


def _usage(server: SoakServer) -> Usage:
    return Usage(server.cpu_s(), server.rss_mb())
