"""A real cluster whose runs do nothing but wait: how they are spread, what they take, and who loses them."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.domain.controls import STOP
from server.domain.training_task import TrainingTask
from server.scheduling import by_name, cluster
from server.scheduling.cluster import Cluster, start_cluster
from server.scheduling.dispatcher import Dispatcher
from server.scheduling.hung_worker import give_up_worker
from tests.builders import make_controls, make_spec
from tests.waiting import wait_until

MOST_LIVE_RUNS = 60
SPEC, CONTROLS = make_spec(), make_controls()
LIMITS = {"most_epochs": 10, "places": 2}


class Bench:
    """Two worker processes, and what became of the runs they got."""

    def __init__(self, started: Cluster) -> None:
        self.client = started.client
        self.lost: list[tuple[str, int, str]] = []
        self.dispatcher = Dispatcher(self.client, lambda *told: self.lost.append(told))
        self._names = iter(range(1000))

    def start(self, count: int) -> None:
        """Hand over runs, and wait until they live."""
        wanted = len(self.live()) + count
        for _ in range(count):
            self.dispatcher.submit_training(TrainingTask(f"{next(self._names):020x}", SPEC, CONTROLS, LIMITS))
        wait_until(lambda: len(self.live()) == wanted)

    def look(self) -> list[dict[str, Any]]:
        """What each worker says of itself."""
        seen: dict[str, dict[str, Any]] = self.client.run(by_name.call, "server.worker:look")
        return [seen[address] for address in sorted(seen)]

    def live(self) -> list[str]:
        """Runs that live on any worker."""
        return [run_id for seen in self.look() for run_id in seen["live"]]

    def spread(self) -> list[int]:
        """How many runs live on each worker, the fewest first."""
        return sorted(len(seen["live"]) for seen in self.look())


@pytest.fixture
def workers() -> int:
    """How many workers the cluster has."""
    return 2


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, workers: int) -> Iterator[Bench]:
    monkeypatch.setattr(cluster, "PRELOAD", str(Path(__file__).with_name("waiting_worker.py")))
    started = start_cluster(workers, MOST_LIVE_RUNS)
    made = Bench(started)
    yield made
    made.dispatcher.let_go()
    started.close()


def test_runs_are_spread_evenly_and_take_no_threads(bench: Bench) -> None:
    before = bench.look()
    bench.start(40)

    assert bench.spread() == [20, 20]
    assert [seen["threads"] for seen in bench.look()] == [seen["threads"] for seen in before]
    assert all(limits == LIMITS for seen in bench.look() for limits in seen["limits"])


def test_new_runs_go_where_the_fewest_are(bench: Bench) -> None:
    bench.start(20)
    for run_id in bench.look()[0]["live"]:
        bench.dispatcher.deliver(run_id, 1, STOP)
    wait_until(lambda: bench.spread() == [0, 10])
    bench.start(6)
    assert bench.spread() == [6, 10]

    bench.start(10)
    assert bench.spread() == [13, 13]
    assert bench.lost == []


@pytest.mark.parametrize("workers", [1])
def test_all_live_runs_fit_on_one_worker_and_an_export_beside_them(bench: Bench) -> None:
    bench.start(MOST_LIVE_RUNS)

    assert bench.spread() == [MOST_LIVE_RUNS]
    assert bench.dispatcher.export("r1", SPEC, {}).keys() == {"thread"}


@pytest.mark.parametrize("workers", [1])
def test_many_exports_share_a_few_threads(bench: Bench) -> None:
    (before,) = bench.look()
    for _ in range(30):
        bench.dispatcher.export("r1", SPEC, {})

    (after,) = bench.look()
    assert len(after["threads"]) <= len(before["threads"]) + 4


def test_the_runs_of_a_worker_that_dies_are_lost_and_no_others(bench: Bench) -> None:
    bench.start(10)
    process_ids = bench.client.run(os.getpid)
    doomed = bench.look()[0]["live"]
    os.kill(process_ids[min(process_ids)], signal.SIGKILL)

    wait_until(lambda: len(bench.lost) == len(doomed))
    assert sorted(bench.lost) == [(run_id, 1, "worker") for run_id in doomed]
    wait_until(lambda: bench.spread() == [0, 5])
    bench.start(5)
    assert bench.spread() == [5, 5]


def test_a_worker_that_hangs_is_given_up_at_once_and_replaced(bench: Bench) -> None:
    bench.start(10)
    process_ids = bench.client.run(os.getpid)
    hung = min(process_ids)
    doomed = bench.look()[0]["live"]
    os.kill(process_ids[hung], signal.SIGSTOP)
    assert bench.client.run_on_scheduler(give_up_worker, f"run-{doomed[0]}-a1")

    wait_until(lambda: len(bench.lost) == len(doomed))
    assert sorted(bench.lost) == [(run_id, 1, "worker") for run_id in doomed]
    assert not bench.client.run_on_scheduler(give_up_worker, f"run-{doomed[0]}-a1")
    wait_until(lambda: bench.dispatcher.worker_count() == 2)
    assert bench.spread() == [0, 5]
    assert process_ids[hung] not in bench.client.run(os.getpid).values()
