"""A real SQLite file and a real PostgreSQL: what is claimed of storage is claimed of both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.storage.database import Database
from tests.postgres_server import PostgresServer


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'playground.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with its tables."""
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path / 'playground.db'}")
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        opened = Database(server.url())
    opened.create_schema()
    yield opened
    opened.close()
    if request.param == "postgresql":
        # Faster than a new database for each test.
        server.execute("TRUNCATE runs CASCADE")


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database with its tables, in the file playground.db."""
    opened = Database(f"sqlite:///{tmp_path / 'playground.db'}", patience_s=0.05)
    opened.create_schema()
    yield opened
    opened.close()
