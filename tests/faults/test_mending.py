"""A worker that Dask has given up is started again."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.scheduling import cluster as scheduling
from server.scheduling.cluster import Cluster, start_cluster
from server.scheduling.rules import RULES
from tests.faults.failing_start import SLOW_S, TROUBLE
from tests.waiting import wait_until

GIVEN_UP = "distributed.deploy.lost-worker-timeout"


@pytest.fixture
def trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What becomes of workers that start."""
    path = tmp_path / "trouble"
    path.write_text("", "utf-8")
    monkeypatch.setenv(TROUBLE, str(path))
    monkeypatch.setattr(scheduling, "PRELOAD", str(Path(__file__).with_name("failing_start.py")))
    return path


@pytest.fixture
def given_up_s() -> str:
    """After what time Dask gives up a worker that is not back."""
    return "1s"


@pytest.fixture
def started(trouble: Path, given_up_s: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """One worker."""
    monkeypatch.setitem(RULES, GIVEN_UP, given_up_s)
    cluster = start_cluster(1, 1)
    yield cluster
    cluster.close()


def _pids(cluster: Cluster) -> list[int]:
    return list(cluster.client.run(os.getpid, on_error="ignore").values())


def _kill(cluster: Cluster) -> int:
    (pid,) = _pids(cluster)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: pid not in _pids(cluster))
    return pid


def test_a_worker_that_was_not_back_in_time_is_started_again(started: Cluster, trouble: Path) -> None:
    trouble.write_text("slow", "utf-8")
    killed = _kill(started)
    assert started.own is not None
    wait_until(lambda: not started.own.workers)
    trouble.write_text("", "utf-8")
    started.mend()

    wait_until(lambda: len(_pids(started)) == 1)
    assert _pids(started) != [killed]


def test_one_that_cannot_be_started_either_is_tried_again(started: Cluster, trouble: Path) -> None:
    trouble.write_text("exit", "utf-8")
    _kill(started)
    assert started.own is not None
    wait_until(lambda: not started.own.workers)
    started.mend()
    wait_until(lambda: started.own.workers)
    wait_until(lambda: not any(nanny.is_alive() for nanny in started.own.workers.values()))
    trouble.write_text("", "utf-8")
    started.mend()

    wait_until(lambda: len(_pids(started)) == 1)


@pytest.mark.parametrize("given_up_s", [RULES[GIVEN_UP]])
def test_a_worker_that_is_there_or_gets_warm_is_left_alone(started: Cluster, trouble: Path) -> None:
    before = _pids(started)
    started.mend()
    time.sleep(0.2)
    assert _pids(started) == before

    trouble.write_text("slow", "utf-8")
    _kill(started)
    time.sleep(SLOW_S / 2)
    assert started.own is not None
    warming = [nanny.pid for nanny in started.own.workers.values()]
    started.mend()
    wait_until(lambda: _pids(started) == warming)
