"""R5 and R6: runs that take all the processor there is, how old their news are, and how soon they obey."""

import time

from tests.bench.figures import Broken, Figure, percentile
from tests.load.client import Plan
from tests.load.crowd import hold_streams
from tests.load.reading import STAMP
from tests.soak.following import Followed, following
from tests.soak.options import Options
from tests.soak.servers import WORKERS, SoakServer
from tests.soak.stamped_engine import DELIVERED
from tests.soak.targets import at_most, none

BUSY_RUNS = 30
OBEY_TIMEOUT_S = 10.0


def measure(server: SoakServer, options: Options) -> list[Figure]:
    """Real networks, trained by the real engine; only the stamps are added."""
    options.say("R6: controls of one run")
    paced = server.start_run(30.0)
    figures = _controls(server, paced, "one run", options)
    server.delete_runs([paced])
    options.say(f"R5: {BUSY_RUNS} runs as fast as possible in {WORKERS} workers")
    run_ids = server.start_runs(BUSY_RUNS, None)
    warm_up_s, window_s = options.pick(1, 8), options.pick(3, 20)
    tally = hold_streams(Plan(server.host, server.port, run_ids, BUSY_RUNS, warm_up_s, window_s))
    options.say(f"R6: controls of one of {BUSY_RUNS} busy runs")
    figures += _controls(server, run_ids[0], f"one of {BUSY_RUNS} busy runs", options)
    server.delete_runs(run_ids)
    size, times = f"{BUSY_RUNS} busy runs in {WORKERS} workers", tally.latency_ms
    faults = tally.lost + tally.repeated + tally.resets
    return [
        Figure("R5", f"worker to socket, {size}, p50", "ms", percentile(times, 0.5)),
        at_most("R5", f"worker to socket, {size}, p99", percentile(times, 0.99), 250, "ms"),
        none("R5", f"events lost or twice, {size}", faults, tally.events),
        *figures,
    ]


def _controls(server: SoakServer, run_id: str, size: str, options: Options) -> list[Figure]:
    """From before the request until the controls are in the process of the run, and until the run has applied them."""
    delivered_ms, applied_ms = [], []
    with following(server, [run_id]) as (followed,):
        server.wait_until(lambda: followed.newest_epoch() > 0, 30, "The first epoch")
        for number in range(options.count(4, 40)):
            begun_ns = time.monotonic_ns()
            version = server.control(run_id, action="set", learning_rate=0.01 + number / 10_000)
            status = _echo(followed, version, begun_ns)
            delivered_ms.append((status[DELIVERED] - begun_ns) / 1e6)
            applied_ms.append((status[STAMP] - begun_ns) / 1e6)
            time.sleep(0.05)
    return [
        at_most("R6", f"control to the process of the run, {size}, p99", percentile(delivered_ms, 0.99), 100, "ms"),
        Figure("R6", f"control applied by the training loop, {size}, p50", "ms", percentile(applied_ms, 0.5)),
        Figure("R6", f"control applied by the training loop, {size}, p99", "ms", percentile(applied_ms, 0.99)),
    ]


def _echo(followed: Followed, version: int, since_ns: int) -> dict[str, int]:
    """The status event by which the run says that it goes by controls of that version."""
    end_s = time.monotonic() + OBEY_TIMEOUT_S
    seen = 0
    while time.monotonic() < end_s:
        for _, event in followed.events[seen:]:
            seen += 1
            if event.kind == "status" and event.data["controls"]["version"] >= version and event.data.get(DELIVERED):
                return dict(event.data)
        time.sleep(0.002)
    raise Broken(f"Controls of version {version} were not applied within {OBEY_TIMEOUT_S:g} s.")
