"""What storage suffers: locks, full disks, broken files, long readers, dead writers. What was stored is never lost."""

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from server.domain.errors import StorageUnavailable
from server.storage import event_log, runs
from server.storage.database import Database
from server.storage.engines import WAL_KEPT_BYTES
from tests.builders import make_run
from tests.postgres_server import PostgresServer
from tests.soak.commits import run_kills

ROOT = Path(__file__).parents[3]
RUN = "a" * 20


def _add_run(database: Database) -> None:
    with database.write() as session:
        runs.add_run(session, make_run(RUN))


def _append(database: Database, text_of_event: str) -> None:
    with database.write() as session:
        event_log.append_event(session, RUN, "status", text_of_event)


def _count(database: Database) -> int:
    with database.read() as session:
        return len(event_log.read_after(session, RUN, 0, most=100_000))


def _append_until_it_fails(database: Database, most: int = 2000) -> int:
    """How many events were taken before the disk was full."""
    for taken in range(most):
        try:
            _append(database, "x" * 2000)
        except StorageUnavailable:
            return taken
    raise AssertionError("The disk was never full.")


def _integrity(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


def test_a_locked_database_is_told_as_one_and_read_meanwhile(sqlite: Database, tmp_path: Path) -> None:
    _add_run(sqlite)
    other = sqlite3.connect(tmp_path / "playground.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageUnavailable, match="cannot save anything at the moment") as raised:
        _append(sqlite, "{}")
    assert "locked" in str(raised.value.__cause__)
    assert raised.value.retry_after_s is not None
    assert _count(sqlite) == 0

    other.execute("COMMIT")
    other.close()
    _append(sqlite, "{}")
    assert _count(sqlite) == 1


def test_locked_tables_of_postgresql_are_told_as_such_and_read_meanwhile(postgres: PostgresServer) -> None:
    url = postgres.new_database()
    with closing(Database(url, patience_s=0.05)) as database, closing(Database(url)) as other:
        database.create_schema()
        _add_run(database)
        with other.write() as locking:
            locking.execute(text("LOCK TABLE run_events IN EXCLUSIVE MODE"))
            with pytest.raises(StorageUnavailable) as raised:
                _append(database, "{}")
            assert "lock timeout" in str(raised.value.__cause__)
            assert _count(database) == 0
        _append(database, "{}")
        assert _count(database) == 1


def test_a_writer_that_gets_no_turn_is_told_so(sqlite: Database) -> None:
    """A request must not keep its thread while another one waits for the lock of another process."""
    with sqlite.write(), ThreadPoolExecutor(1) as threads:
        second = threads.submit(_append, sqlite, "{}")
        with pytest.raises(StorageUnavailable):
            second.result(timeout=30)


def test_it_is_known_for_how_long_nothing_could_be_written(tmp_path: Path) -> None:
    moments = iter([100.0, 104.0, 112.0])
    file = tmp_path / "playground.db"
    with closing(Database(f"sqlite:///{file}", patience_s=0.01, clock_s=lambda: next(moments))) as database:
        database.create_schema()
        _add_run(database)
        assert database.failing_s() == 0.0
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        for since in (4.0, 12.0):
            with pytest.raises(StorageUnavailable):
                database.try_writing()
            assert database.failing_s() == since
        other.close()
        database.try_writing()
        assert database.failing_s() == 0.0


def test_a_full_disk_leaves_what_is_stored_and_is_forgotten_when_there_is_room(
    sqlite: Database, tmp_path: Path
) -> None:
    _add_run(sqlite)
    with sqlite.write() as session:
        session.execute(text("PRAGMA max_page_count = 60"))

    taken = _append_until_it_fails(sqlite)
    with pytest.raises(StorageUnavailable) as raised:
        _append(sqlite, "y" * 4000)

    assert "full" in str(raised.value.__cause__)
    assert taken > 0
    assert _count(sqlite) == taken
    assert _integrity(tmp_path / "playground.db") == "ok"
    with sqlite.write() as session:
        session.execute(text("PRAGMA max_page_count = 100000"))
    _append(sqlite, "y" * 4000)
    assert _count(sqlite) == taken + 1


LIMITED = """
import resource, signal, sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from server.storage.database import Database
from tests.server.storage import test_faults as faults

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with closing(Database(sys.argv[1])) as database:
    database.create_schema()
    faults._add_run(database)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    taken = faults._append_until_it_fails(database)
    assert 0 < taken == faults._count(database), taken
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    faults._append(database, "there is room again")
    assert faults._count(database) == taken + 1
"""


def test_a_file_that_may_not_grow_is_a_full_disk(tmp_path: Path) -> None:
    file = tmp_path / "playground.db"
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, f"sqlite:///{file}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert _integrity(file) == "ok"


def test_a_full_disk_of_postgresql_is_told_as_one(postgres: PostgresServer) -> None:
    """Only the answer is made up: to fill its disk, PostgreSQL would need one of its own."""
    with closing(Database(postgres.new_database())) as database:
        with pytest.raises(StorageUnavailable) as raised, database.write() as session:
            session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$"))
        assert "no space left" in str(raised.value.__cause__)


def test_a_row_that_can_never_be_stored_is_no_outage(database: Database) -> None:
    """It must not be offered again and again."""
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(text("INSERT INTO runs (run_id) VALUES ('x')"))
    assert database.failing_s() == 0.0


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 does not tell SQLite's error codes apart")
def test_a_statement_that_is_wrong_is_no_outage(database: Database) -> None:
    with pytest.raises(SQLAlchemyError), database.write() as session:
        session.execute(text("SELECT nothing FROM nowhere_at_all"))
    assert database.failing_s() == 0.0


def test_a_broken_file_is_told_as_an_outage_and_not_as_a_fault_of_ours(sqlite: Database, tmp_path: Path) -> None:
    _add_run(sqlite)
    for number in range(200):
        _append(sqlite, f"{number:04d}" * 500)
    sqlite.close()
    file = tmp_path / "playground.db"
    with file.open("r+b") as opened:
        opened.seek(8192)
        opened.write(b"\0" * (os.path.getsize(file) - 8192))
    with closing(Database(f"sqlite:///{file}")) as broken:
        with pytest.raises(StorageUnavailable):
            _count(broken)
        with pytest.raises(StorageUnavailable):
            _append(broken, "{}")


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    (tmp_path / "playground.db").touch()
    with closing(Database(f"sqlite:///{tmp_path / 'playground.db'}")) as database:
        database.create_schema()
        _add_run(database)


def test_the_log_that_a_long_reader_made_large_is_cut_after_it(sqlite: Database, tmp_path: Path) -> None:
    log = tmp_path / "playground.db-wal"
    _add_run(sqlite)
    with sqlite.read() as reading:
        event_log.read_after(reading, RUN, 0)
        while log.stat().st_size <= 2 * WAL_KEPT_BYTES:
            with sqlite.write() as session:
                for _ in range(50):
                    event_log.append_event(session, RUN, "status", "x" * 16_000)
    for _ in range(2):
        # The first one writes the log back, the second begins it anew.
        _append(sqlite, "x" * 5_000_000)
    assert log.stat().st_size <= WAL_KEPT_BYTES


def test_the_log_does_not_grow_without_a_long_reader(sqlite: Database, tmp_path: Path) -> None:
    _add_run(sqlite)
    for _ in range(30):
        with sqlite.write() as session:
            for _ in range(50):
                event_log.append_event(session, RUN, "status", "x" * 16_000)
        _count(sqlite)
    assert (tmp_path / "playground.db-wal").stat().st_size <= WAL_KEPT_BYTES


def test_writers_that_are_killed_while_they_commit_lose_nothing(url: str) -> None:
    found = run_kills(20, url)
    assert (found["lost"], found["torn"], found["is_intact"]) == (0, 0, True)
    assert int(str(found["commits"])) >= 20
