"""A real SQLite file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.storage.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database with its tables."""
    opened = Database(f"sqlite:///{tmp_path / 'playground.db'}")
    opened.create_schema()
    yield opened
    opened.close()
