"""R17: browsers come and go, workers are killed again and again, runs train on; nothing grows and nothing is lost."""

import random
import time
from dataclasses import dataclass, field
from threading import Event, Thread

from tests.bench.figures import Figure, Target
from tests.load.client import Plan
from tests.load.crowd import crowd
from tests.soak.options import Options
from tests.soak.servers import SoakServer
from tests.soak.targets import at_most, none

RUNS = 20
BROWSERS = 50
SPEED = 10.0
KILL_EVERY_S = 60.0
STAY_S = 15.0
SAMPLE_S = 1.0
LONG_S = 1200.0
"""From here on the growth of memory can be told from chance, and is judged."""
WARM_UP_S = 240.0
"""Until the newest events of each run fill their ring in memory (2,048 events); of a short soak, half the time."""


@dataclass
class Samples:
    """What the web process used, at moments in seconds since the begin."""

    at_s: list[float] = field(default_factory=list)
    rss_mb: list[float] = field(default_factory=list)
    threads: list[float] = field(default_factory=list)
    files: list[float] = field(default_factory=list)


def measure(server: SoakServer, options: Options) -> list[Figure]:
    """Everything at once, for `minutes`."""
    seconds = options.pick(6, options.minutes * 60)
    options.say(f"R17: {seconds:.0f} s with {RUNS} runs, {BROWSERS} browsers that come and go, and killed workers")
    run_ids = server.start_runs(RUNS, SPEED)
    plan = Plan(server.host, server.port, run_ids, BROWSERS, 1.0, seconds, cut_after_s=STAY_S, away_s=1.0)
    with crowd(plan) as browsers:
        browsers.wait_for("open")
        killer = _Killer(server, random.Random(0), min(KILL_EVERY_S, seconds / 2))
        samples = _watch(server, seconds)
        killer.stop()
        browsers.wait_for("measuring")
        browsers.wait_for("measured")
        tally = browsers.result()
    if not options.is_smoke:
        server.wait_for_workers()
    lost, stuck = _lost_and_stuck(server, run_ids)
    said = server.running.said()
    return [
        *_resources(samples, seconds, killer.count),
        none("R17", "runs lost", lost, RUNS),
        none("R17", "runs that train no more", stuck, RUNS),
        none("R17", f"events lost or twice over {tally.cuts} cuts", tally.lost + tally.repeated, tally.events),
        none("R17", "exceptions in the log", said.count("Traceback")),
        Figure("R17", "lines in the log", "", len(said.splitlines())),
    ]


def _resources(samples: Samples, seconds: float, kills: int) -> list[Figure]:
    """What the web process gathers over time; judged only when the time was long enough to tell growth from chance."""
    warm_up_s = min(WARM_UP_S, seconds / 2)
    calm = [place for place, at_s in enumerate(samples.at_s) if at_s >= warm_up_s]
    slope, is_long = 600 * _slope(samples, "rss_mb", calm), seconds >= LONG_S
    name = f"memory of the web process, {seconds / 60:.2g} minutes, {kills} killed workers"
    files = _growth(samples.files, calm)
    return [
        Figure("R17", name, "MB/10 min", slope, (), Target("<", 1) if is_long else None),
        at_most("R17", "threads, growth after warm-up", _growth(samples.threads, calm), 5),
        at_most("R17", "open files, growth after warm-up", files, 5 if seconds > WARM_UP_S / 2 else BROWSERS),
    ]


class _Killer:
    """Kills a worker now and then, by `kill -9`."""

    def __init__(self, server: SoakServer, chance: random.Random, every_s: float) -> None:
        self._server, self._chance, self._every_s = server, chance, every_s
        self._over = Event()
        self.count = 0
        Thread(target=self._kill_for_ever, daemon=True).start()

    def stop(self) -> None:
        """No more."""
        self._over.set()

    def _kill_for_ever(self) -> None:
        # Poisson, but never so soon that the same runs lose three workers before one of them is ready.
        while not self._over.wait(max(self._chance.expovariate(1 / self._every_s), self._every_s / 4)):
            workers = self._server.workers()
            if workers:
                self._chance.choice(workers).kill()
                self.count += 1


def _watch(server: SoakServer, seconds: float) -> Samples:
    samples, begun_s = Samples(), time.monotonic()
    while (at_s := time.monotonic() - begun_s) < seconds - 1:
        samples.at_s.append(at_s)
        samples.rss_mb.append(server.rss_mb())
        samples.threads.append(server.web.num_threads())
        samples.files.append(server.web.num_fds())
        time.sleep(SAMPLE_S)
    return samples


def _lost_and_stuck(server: SoakServer, run_ids: list[str]) -> tuple[int, int]:
    """Runs that are not live any more, and live ones that bring no new epoch within some seconds."""
    before = [server.read(f"/api/runs/{run_id}") for run_id in run_ids]
    lost = sum(run["status"] not in ("queued", "running", "paused") for run in before)
    end_s = time.monotonic() + 20
    while time.monotonic() < end_s:
        after = [server.read(f"/api/runs/{run_id}") for run_id in run_ids]
        stuck = sum(new["epoch"] <= old["epoch"] for old, new in zip(before, after, strict=True))
        if not stuck:
            break
        time.sleep(0.5)
    return lost, stuck - lost


def _slope(samples: Samples, name: str, places: list[int]) -> float:
    """Least squares: growth per second."""
    times, values = [samples.at_s[place] for place in places], [getattr(samples, name)[place] for place in places]
    middle_s, middle = sum(times) / len(times), sum(values) / len(values)
    spread = sum((at_s - middle_s) ** 2 for at_s in times)
    return float(sum((at_s - middle_s) * (each - middle) for at_s, each in zip(times, values, strict=True)) / spread)


def _growth(values: list[float], places: list[int]) -> float:
    """Mean of the last third minus that of the first."""
    third = max(len(places) // 3, 1)
    first, last = [values[place] for place in places[:third]], [values[place] for place in places[-third:]]
    return sum(last) / len(last) - sum(first) / len(first)
