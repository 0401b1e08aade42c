"""Two worker processes that all tests of a file share, and a web side for each test."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.config import Settings
from server.scheduling import cluster as scheduling
from server.scheduling.cluster import Cluster, start_cluster
from tests.faults.bench import PRELOAD, Web

MOST_LIVE_RUNS = 300


@pytest.fixture(scope="session")
def workers() -> Iterator[Cluster]:
    """A cluster of two workers with the fake trainer."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(scheduling, "PRELOAD", PRELOAD)
        # Dask silences whoever listens to logs as long as the cluster lives: other tests want to hear them.
        levels = [(handler, handler.level) for handler in logging.getLogger().handlers]
        started = start_cluster(2, MOST_LIVE_RUNS)
        for handler, level in levels:
            handler.setLevel(level)
        yield started
        started.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a server with few places, so that runs have to wait in line."""
    return Settings(data_dir=tmp_path / "data", workers=2, most_live_runs=MOST_LIVE_RUNS, runs_per_worker=20)


@pytest.fixture
def web(settings: Settings, workers: Cluster) -> Iterator[Web]:
    """Two workers are ready; nothing of the test trains on behind it."""
    opened = Web(settings, workers)
    opened.wait_for_workers()
    yield opened
    opened.close()
