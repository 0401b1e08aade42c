"""PostgreSQL is another process: it may be stopped, started again, or work for somebody else meanwhile."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import text

from server.domain.errors import StorageUnavailable
from server.storage import event_log, runs
from server.storage.database import Database, DatabaseInUse
from server.storage.event_log import LoggedEvent
from tests.builders import make_run
from tests.postgres_server import PostgresServer

RUN = "a" * 20


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    """The address of a database without tables."""
    return postgres.new_database()


@pytest.fixture
def owned(url: str) -> Iterator[Database]:
    """A database with one run, owned as a server owns it."""
    with closing(Database(url, patience_s=2)) as database:
        database.own()
        database.create_schema()
        with database.write() as session:
            runs.add_run(session, make_run(RUN))
        yield database


def _append(database: Database, data: str) -> None:
    with database.write() as session:
        event_log.append_event(session, RUN, "status", data)


def _story(database: Database) -> list[str]:
    with database.read() as session:
        return [event.data for event in event_log.read_after(session, RUN, 0)]


def test_a_database_that_is_restarted_is_met_again_without_a_restart_of_ours(
    postgres: PostgresServer, owned: Database
) -> None:
    _append(owned, "before")
    assert _story(owned) == ["before"]

    postgres.stop()
    try:
        with pytest.raises(StorageUnavailable, match="cannot save"):
            _append(owned, "lost")
        with pytest.raises(StorageUnavailable, match="cannot look into"):
            _story(owned)
    finally:
        postgres.start()

    assert _story(owned) == ["before"]
    _append(owned, "after")
    assert _story(owned) == ["before", "after"]


def test_a_restart_between_two_uses_is_not_noticed(postgres: PostgresServer, owned: Database) -> None:
    _append(owned, "before")
    _story(owned)
    postgres.stop()
    postgres.start()

    _append(owned, "after")
    assert _story(owned) == ["before", "after"]


def test_a_restart_within_a_write_takes_back_the_whole_write(postgres: PostgresServer, owned: Database) -> None:
    def write_and_restart() -> None:
        with owned.write() as session:
            event_log.append_event(session, RUN, "status", "half")
            session.flush()
            postgres.stop()
            postgres.start()
            event_log.append_event(session, RUN, "status", "other half")

    with pytest.raises(StorageUnavailable):
        write_and_restart()
    _append(owned, "whole")
    assert _story(owned) == ["whole"]


def test_who_lost_the_database_to_another_server_cannot_write_any_more(
    postgres: PostgresServer, owned: Database, url: str
) -> None:
    """Its connection was cut, and the other one took the lock before it came back."""
    postgres.stop()
    postgres.start()
    with closing(Database(url, patience_s=2)) as other:
        other.own()
        _append(other, "of the other one")
        with pytest.raises(StorageUnavailable) as raised:
            _append(owned, "of the first one")
        assert isinstance(raised.value.__cause__, DatabaseInUse)
        assert _story(owned) == ["of the other one"]
    _append(owned, "again of the first one")
    assert _story(owned) == ["of the other one", "again of the first one"]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        pytest.param("timezone", "UTC", id="moments are told in UTC"),
        pytest.param("lock_timeout", "2s", id="patience"),
        pytest.param("statement_timeout", "1min", id="no statement without end"),
        pytest.param("transaction_isolation", "repeatable read", id="one moment"),
        pytest.param("transaction_read_only", "on", id="nothing is written"),
    ],
)
def test_a_connection_that_reads_is_prepared(owned: Database, setting: str, value: str) -> None:
    with owned.read() as session:
        assert session.scalar(text(f"SHOW {setting}")) == value


def test_options_of_an_address_are_kept_beside_ours(url: str) -> None:
    with closing(Database(f"{url}&options=-c%20application_name%3Dschool")) as database, database.read() as session:
        assert session.scalar(text("SHOW application_name")) == "school"
        assert session.scalar(text("SHOW timezone")) == "UTC"


def test_events_of_a_run_that_is_gone_are_gone(owned: Database) -> None:
    _append(owned, "{}")
    with owned.write() as session:
        session.execute(text("DELETE FROM runs"))
        assert session.scalar(text("SELECT count(*) FROM run_events")) == 0


def test_a_story_keeps_its_events_as_text(owned: Database) -> None:
    """PostgreSQL would reorder the keys of JSON of its binary kind, and refuse a NUL."""
    data = '{"z":1,"a":"\\\\u0000é"}'
    _append(owned, data)
    with owned.read() as session:
        assert event_log.read_after(session, RUN, 0) == [LoggedEvent(1, "status", data)]
