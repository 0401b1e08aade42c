"""Opening what remembers."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from server.app import Services
from server.config import Settings
from server.services.store import TROUBLE_S, Store, look_after_database, open_store
from server.storage.database import Database, DatabaseInUse
from tests.builders import make_event, make_metrics, make_status
from tests.fakes import FakeClock
from tests.sse_parser import parse_events


def test_a_missing_data_folder_is_made(tmp_path: Path) -> None:
    store = open_store(Settings(data_dir=tmp_path / "new" / "data"))
    store.database.close()

    assert (tmp_path / "new" / "data" / "playground.db").is_file()


def test_a_data_folder_that_is_a_file_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")

    with pytest.raises(OSError, match="data"):
        open_store(Settings(data_dir=tmp_path / "data"))


def test_a_database_address_wins_over_the_data_folder(tmp_path: Path) -> None:
    store = open_store(Settings(data_dir=tmp_path / "data", database=f"sqlite:///{tmp_path / 'other.db'}"))
    store.database.close()

    assert (tmp_path / "other.db").is_file()
    assert not (tmp_path / "data" / "playground.db").exists()


def test_a_reopened_store_knows_the_runs(services: Services, store: Store, settings: Settings) -> None:
    run_id = services.runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id), make_metrics(1, 3, run_id)])
    services.ingest.ingest([make_event("checkpoint", run_id), make_status("finished", run_id)])

    store.database.close()
    reopened = open_store(settings)
    channel = reopened.subscriptions.channel(run_id)

    assert (channel.last_seq, channel.is_ended) == (4, True)
    assert [event.kind for event in parse_events(channel.wait(4, 0, 0).frame or b"").events] == ["frame"]
    reopened.database.close()


def test_a_store_that_is_open_already_is_refused(store: Store, settings: Settings) -> None:
    with pytest.raises(DatabaseInUse, match="Another server works with this database already"):
        open_store(settings)


@pytest.fixture
def lock(store: Store, settings: Settings) -> Iterator[sqlite3.Connection]:
    """Another process' connection, which takes the lock of the store's database for itself."""
    other = sqlite3.connect(settings.data_dir / "playground.db", isolation_level=None)
    yield other
    other.close()


def test_trouble_of_the_database_is_told_when_it_lasts_and_when_it_ends(
    store: Store, settings: Settings, lock: sqlite3.Connection
) -> None:
    clock = FakeClock()
    url = f"sqlite:///{settings.data_dir / 'playground.db'}"
    with closing(Database(url, patience_s=0.01, clock_s=clock)) as database:
        told = replace(store, database=database)
        lock.execute("BEGIN IMMEDIATE")
        with pytest.raises(OSError, match="cannot save"):
            database.try_writing()
        look_after_database(told)
        assert store.health.problems() == []

        clock.advance(TROUBLE_S)
        look_after_database(told)
        assert store.health.problems() == ["storage"]

        lock.execute("COMMIT")
        look_after_database(told)
        assert store.health.problems() == []
        assert database.failing_s() == 0.0


def test_the_channel_of_a_run_that_does_not_exist_is_at_its_end(store: Store) -> None:
    channel = store.subscriptions.channel("nobody")

    assert (channel.last_seq, channel.is_ended) == (0, True)
