"""R1 to R4: from a worker's event to the browser's socket, many streams at once, and what it costs."""

import time

from tests.bench.figures import Figure, percentile
from tests.bench.processes import Usage, cpu_percent, look
from tests.load.client import Plan
from tests.load.crowd import crowd, hold_streams
from tests.load.reading import Tally
from tests.soak.options import Options
from tests.soak.pinger import pinging
from tests.soak.servers import STAMPING, SoakServer, soak_server
from tests.soak.targets import at_most, none

EVENTS_PER_S = 10.0
MOST_STREAMS = 600

R2_TARGETS_MS = {200: 100.0, 500: 250.0}


def measure(options: Options) -> list[Figure]:
    """Many runs with a stream each, on a server as it is; then one run with many streams, on one with more places."""
    with soak_server(STAMPING) as server:
        figures = _whole_path(server, options)
        if options.is_smoke:
            return figures + _one_run(server, options)
    with soak_server(STAMPING, most_streams=MOST_STREAMS) as server:
        return figures + _one_run(server, options)


def _whole_path(server: SoakServer, options: Options) -> list[Figure]:
    runs = options.count(50, 200)
    options.say(f"R1, R3, R4: {runs} runs with 10 events a second, a stream for each")
    run_ids = server.start_runs(runs, EVENTS_PER_S)
    plan = Plan(server.host, server.port, run_ids, runs, options.pick(1, 5), options.pick(2.5, 20))
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
        at_most("R3", f"ordinary request, {runs} streams, p50", percentile(ping_ms, 0.5), 10, "ms"),
        at_most("R3", f"ordinary request, {runs} streams, longest", max(ping_ms), 250, "ms"),
        at_most("R4", f"web process, {size}: share of a core", web_percent, 50, "%"),
        at_most("R4", f"web process, {size}: memory", rss_mb, 150, "MB"),
        Figure("R4", "workers, clients and all else on the machine meanwhile", "% of a core", others_percent),
    ]


def _one_run(server: SoakServer, options: Options) -> list[Figure]:
    figures: list[Figure] = []
    for streams in (50,) if options.is_smoke else (200, 500):
        options.say(f"R2: one run with 10 events a second, {streams} streams")
        run_ids = server.start_runs(1, EVENTS_PER_S)
        plan = Plan(server.host, server.port, run_ids, streams, options.pick(0.5, 3), options.pick(2, 15))
        tally = hold_streams(plan)
        server.delete_runs(run_ids)
        size = f"one run, {streams} streams"
        figures += _latencies("R2", size, tally, None, R2_TARGETS_MS.get(streams, 100.0))
        time.sleep(0.2)
    return figures


def _latencies(name: str, size: str, tally: Tally, p50_ms: float | None, p99_ms: float) -> list[Figure]:
    """Percentiles of the way, and that nothing of the story is missing or comes twice."""
    times, faults = tally.latency_ms, tally.lost + tally.repeated + tally.resets
    half, way = percentile(times, 0.5), f"worker to socket, {size}"
    return [
        at_most(name, f"{way}, p50", half, p50_ms, "ms") if p50_ms else Figure(name, f"{way}, p50", "ms", half),
        at_most(name, f"{way}, p99", percentile(times, 0.99), p99_ms, "ms"),
        none(name, f"events lost or twice, {size}", faults, tally.events),
    ]


def _usage(server: SoakServer) -> Usage:
    return Usage(server.cpu_s(), server.rss_mb())
