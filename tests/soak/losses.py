"""R7 and R8: a worker process is killed while it trains; how soon that is told, mended, and what it costs."""

import random
import time
from dataclasses import dataclass, field
from typing import Any

from tests.bench.figures import Broken, Figure
from tests.soak.following import Followed, following
from tests.soak.options import Options
from tests.soak.servers import SoakServer
from tests.soak.stamped_engine import RETRAINED
from tests.soak.targets import at_most, none

RUNS = 6
EPOCHS = 300
SPEED = 30.0
LATEST_KILL_S = 5.0
PATIENCE_S = 60.0


@dataclass
class Toll:
    """What the killed workers cost: seconds until it was told, until the next metrics, and of work done again."""

    told_s: list[float] = field(default_factory=list)
    mended_s: list[float] = field(default_factory=list)
    retrained_s: list[float] = field(default_factory=list)
    unhurt: int = 0
    faults: int = 0


def measure(server: SoakServer, options: Options) -> list[Figure]:
    """Kill one of two workers at random moments; each run is then compared with an undisturbed one of the same seed."""
    chance, toll, kills = random.Random(0), Toll(), options.count(1, 6)
    undisturbed = _undisturbed(server)
    for number in range(kills):
        options.say(f"R7, R8: kill {number + 1} of {kills}")
        run_ids = server.start_runs(RUNS, SPEED, epochs=EPOCHS)
        with following(server, run_ids) as followed:
            _kill_and_watch(server, followed, chance, toll)
            for run_id, expected in zip(run_ids, undisturbed, strict=True):
                toll.faults += _faults(_finished_history(server, run_id), expected)
        server.delete_runs(run_ids)
        if number + 1 < kills:
            server.wait_for_workers()
    hurt = f"longest of {len(toll.told_s)} runs of {kills} killed workers"
    return [
        at_most("R7", f"kill -9 of a worker until it is told, {hurt}", max(toll.told_s), 1, "s"),
        at_most("R7", "kill -9 of a worker until the run's next metrics, longest", max(toll.mended_s), 10, "s"),
        at_most("R8", "work that was trained again, longest", max(toll.retrained_s), 5, "s"),
        none("R8", "rows missing, twice, or other than those of an undisturbed run", toll.faults),
        Figure("R8", "runs of the other worker, which noticed nothing", "", toll.unhurt),
    ]


def _kill_and_watch(server: SoakServer, followed: list[Followed], chance: random.Random, toll: Toll) -> None:
    """Once all runs train, kill a worker at a random moment, and wait until those that it trained go on."""
    server.wait_until(lambda: all(each.newest_epoch() > 30 for each in followed), PATIENCE_S, "Epoch 30")
    time.sleep(chance.uniform(0, LATEST_KILL_S))
    killed_ns = _kill(server, chance)
    hurt = _wait_for_losses(server, followed, killed_ns)
    toll.unhurt += RUNS - len(hurt)
    for each in followed:
        if each.run_id in hurt:
            toll.told_s.append((hurt[each.run_id][0] - killed_ns) / 1e9)
            toll.mended_s.append(_mended_s(server, each, killed_ns))
            toll.retrained_s.append(_retrained_epochs(each, killed_ns) / SPEED)


def _undisturbed(server: SoakServer) -> list[dict[str, Any]]:
    run_ids = server.start_runs(RUNS, None, epochs=EPOCHS)
    histories = [_finished_history(server, run_id) for run_id in run_ids]
    server.delete_runs(run_ids)
    return histories


def _kill(server: SoakServer, chance: random.Random) -> int:
    victim = chance.choice(server.workers())
    killed_ns = time.monotonic_ns()
    victim.kill()
    return killed_ns


def _wait_for_losses(server: SoakServer, followed: list[Followed], since_ns: int) -> dict[str, tuple[int, Any]]:
    """The runs that were told as lost, with the moment and the event: those that tell it within a few seconds."""
    server.wait_until(lambda: bool(_lost(followed, since_ns)), PATIENCE_S, "The loss of a worker")
    time.sleep(2)
    return _lost(followed, since_ns)


def _lost(followed: list[Followed], since_ns: int) -> dict[str, tuple[int, Any]]:
    wanted = {"status": "queued", "reason_code": "worker_lost"}
    found = {each.run_id: each.first("status", since_ns, **wanted) for each in followed}
    return {run_id: event for run_id, event in found.items() if event}


def _mended_s(server: SoakServer, followed: Followed, killed_ns: int) -> float:
    """Seconds from the kill until the first metrics after the loss was told."""
    lost = followed.first("status", killed_ns, status="queued", reason_code="worker_lost")
    assert lost is not None
    server.wait_until(lambda: followed.first("metrics", lost[0]) is not None, PATIENCE_S, "Going on with a run")
    mended = followed.first("metrics", lost[0])
    assert mended is not None
    return (mended[0] - killed_ns) / 1e9


def _retrained_epochs(followed: Followed, killed_ns: int) -> int:
    running = followed.first("status", killed_ns, status="running")
    if running is None:
        raise Broken(f"Run {followed.run_id} went on without saying that it is running.")
    return int(running[1][RETRAINED])


def _finished_history(server: SoakServer, run_id: str) -> dict[str, Any]:
    server.wait_until(lambda: server.read(f"/api/runs/{run_id}")["status"] == "finished", PATIENCE_S, "A run's end")
    return dict(server.read(f"/api/runs/{run_id}/history"))


def _faults(history: dict[str, Any], expected: dict[str, Any]) -> int:
    """Rows that are missing, twice or different; the columns of stamps differ by nature."""
    names = ("epoch", "step", "loss", "val_loss", "accuracy", "val_accuracy")
    rows = [list(zip(*(each[name] for name in names), strict=True)) for each in (history, expected)]
    wrong = sum(ours != theirs for ours, theirs in zip(*rows, strict=False))
    return wrong + abs(len(rows[0]) - len(rows[1]))
