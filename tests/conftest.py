"""A whole server without workers, its cluster only remembers; and real server processes for what that cannot show."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from server.app import Services, assemble_services, create_app
from server.config import Settings
from server.domain.events import RunEvent
from server.services.store import Store, open_store
from tests.fakes import FakeCluster
from tests.http_client import CheckedClient
from tests.live.running_server import RunningServer
from tests.postgres_server import NoPostgres, PostgresServer


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose data folder is the test's own; a heartbeat comes quickly."""
    return Settings(data_dir=tmp_path / "data", workers=2, heartbeat_s=0.005)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """A real store; its connections are given back at the end."""
    opened = open_store(settings)
    yield opened
    opened.subscriptions.close()
    opened.database.close()


@pytest.fixture
def cluster() -> FakeCluster:
    """A cluster that trains nothing."""
    return FakeCluster()


@pytest.fixture
def services(settings: Settings, store: Store, cluster: FakeCluster) -> Services:
    """The services; events that arise in the web process are stored at once instead of through the relay."""

    def put_event(events: list[RunEvent]) -> None:
        assembled.ingest.ingest(events)

    # Nothing of a test asks the internet.
    assembled = assemble_services(settings, store, cluster, put_event, fetch_base=lambda base, path: False)
    return assembled


@pytest.fixture
def app(settings: Settings, services: Services) -> Flask:
    """The WSGI application."""
    made = create_app(settings, services)
    made.test_client_class = CheckedClient
    return made


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    """A client that checks what must hold for every answer."""
    made = app.test_client()
    assert isinstance(made, CheckedClient)
    return made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server that the tests of a file share; none of their runs trains on behind the file."""
    running = RunningServer(tmp_path_factory.mktemp("data"))
    yield running
    running.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server for one test that does something to it."""
    running = RunningServer(tmp_path / "data", workers=1)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server that all tests share; who stops it starts it again."""
    try:
        shared = PostgresServer()
    except NoPostgres as error:
        pytest.skip(str(error))
    yield shared
    shared.remove()
