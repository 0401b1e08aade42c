"""A real server process on a free port, with workers of its own and a data folder that goes away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.running_server import RunningServer


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server that the live tests share; each test starts runs of its own."""
    running = RunningServer(tmp_path_factory.mktemp("data"))
    yield running
    running.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server for one test that does something to it."""
    running = RunningServer(tmp_path / "data", workers=1)
    yield running
    running.stop()
