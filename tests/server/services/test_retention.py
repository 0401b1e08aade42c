"""Runs that nobody has opened for long are removed, others stay."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from server.app import Services
from server.config import Settings
from server.domain.errors import NotFound, StorageUnavailable
from server.services.retention import Retention
from server.services.store import Store
from server.storage.database import Database
from tests.builders import make_status

KEEP = timedelta(days=90)


class Calendar:
    """The wall clock of a test."""

    def __init__(self) -> None:
        self.now = datetime.now(timezone.utc)

    def __call__(self) -> datetime:
        """The moment it is."""
        return self.now


@pytest.fixture
def calendar() -> Calendar:
    """It begins now: runs are started with the true time."""
    return Calendar()


@pytest.fixture
def keeping(services: Services, store: Store, calendar: Callable[[], datetime]) -> Retention:
    """Ninety days."""
    return Retention(store, services.runs, KEEP, calendar)


def _ended_run(services: Services) -> str:
    run_id = services.runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id), make_status("finished", run_id)])
    return run_id


def test_a_run_that_nobody_opens_is_removed_with_its_files(
    services: Services, store: Store, keeping: Retention, calendar: Calendar
) -> None:
    run_id = _ended_run(services)
    store.artifacts.write_set(run_id, {"model.keras": b"x"})
    keeping.sweep()

    calendar.now += KEEP + timedelta(minutes=1)
    keeping.sweep()

    with pytest.raises(NotFound):
        services.runs.get_run(run_id)
    assert store.artifacts.find_set(run_id) is None


def test_a_run_is_kept_for_the_whole_time_after_it_was_opened(
    services: Services, keeping: Retention, calendar: Calendar
) -> None:
    run_id = _ended_run(services)
    for _ in range(5):
        calendar.now += 0.9 * KEEP
        services.runs.get_run(run_id)
        keeping.sweep()
    assert services.runs.get_run(run_id).run_id == run_id


def test_a_run_that_trains_is_kept(services: Services, keeping: Retention, calendar: Calendar) -> None:
    run_id = services.runs.start_run({}).run_id
    for _ in range(3):
        calendar.now += 2 * KEEP
        keeping.sweep()
    assert services.runs.get_run(run_id).run_id == run_id


def test_what_was_opened_while_the_database_was_locked_is_noted_later(
    services: Services, store: Store, settings: Settings, calendar: Calendar
) -> None:
    run_id = _ended_run(services)
    file = settings.data_dir / "playground.db"
    with closing(Database(f"sqlite:///{file}", patience_s=0.01)) as impatient:
        keeping = Retention(replace(store, database=impatient), services.runs, KEEP, calendar)
        calendar.now += 0.9 * KEEP
        services.runs.get_run(run_id)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageUnavailable):
                keeping.sweep()
        keeping.sweep()
        calendar.now += 0.9 * KEEP
        keeping.sweep()
    assert services.runs.get_run(run_id).run_id == run_id
