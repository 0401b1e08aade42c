"""SQLite's connections: what each is allowed, and what happens when another process holds the lock."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text

from server.storage import runs
from server.storage.database import Database
from server.storage.engines import WAL_KEPT_BYTES, open_engines
from tests.builders import make_run


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        pytest.param("journal_mode", "wal", id="readers do not wait for the writer"),
        pytest.param("synchronous", 1, id="NORMAL"),
        pytest.param("foreign_keys", 1, id="references hold"),
        pytest.param("busy_timeout", 50, id="patience in milliseconds"),
        pytest.param("wal_autocheckpoint", 1000, id="the log is written back"),
        pytest.param("journal_size_limit", WAL_KEPT_BYTES, id="the log is cut"),
    ],
)
def test_the_connection_that_writes_is_prepared(sqlite: Database, pragma: str, value: object) -> None:
    with sqlite.write() as session:
        assert session.scalar(text(f"PRAGMA {pragma}")) == value


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("busy_timeout", 50), ("query_only", 1)])
def test_a_connection_that_reads_is_prepared(sqlite: Database, pragma: str, value: object) -> None:
    with sqlite.read() as session:
        assert session.scalar(text(f"PRAGMA {pragma}")) == value


def test_a_write_takes_the_lock_at_its_beginning(sqlite: Database, tmp_path: Path) -> None:
    """BEGIN IMMEDIATE: who only reads so far cannot be overtaken by another process' write."""
    other = sqlite3.connect(tmp_path / "playground.db", timeout=0)
    with sqlite.write(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE").close()
    other.close()


def test_a_write_waits_for_another_process(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'playground.db'}")
    database.create_schema()
    other = sqlite3.connect(tmp_path / "playground.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    begun = Event()

    def write() -> None:
        begun.set()
        with database.write() as session:
            runs.add_run(session, make_run())

    with ThreadPoolExecutor(1) as threads:
        written = threads.submit(write)
        begun.wait()
        assert not written.done()
        other.execute("COMMIT")
        written.result(timeout=5)
    other.close()
    database.close()


def test_the_folder_of_the_file_is_made(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a' / 'b' / 'playground.db'}")
    database.create_schema()
    database.close()

    assert (tmp_path / "a" / "b" / "playground.db").is_file()


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("sqlite:///{folder}", id="a folder"),
        pytest.param("sqlite:///{folder}/file.txt/playground.db", id="a file as a folder"),
        pytest.param("sqlite:///{folder}/file.txt", id="not a database"),
        pytest.param("sqlite://", id="memory, which each thread would have to itself"),
        pytest.param("sqlite:///:memory:", id="memory by its name"),
        pytest.param("nonsense", id="not an address"),
        pytest.param("nosuchdatabase://here/there", id="an unknown kind"),
        pytest.param("mysql://here/there", id="a kind that is not tested"),
        pytest.param("postgresql+asyncpg://here/there", id="a driver that is not tested"),
        pytest.param("postgresql+psycopg://playground@/there?host={folder}", id="no server"),
    ],
)
def test_a_database_that_cannot_be_used_is_an_os_error(url: str, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("not a database at all" * 100)

    with pytest.raises(OSError, match="."):
        Database(url.format(folder=tmp_path)).create_schema()


@pytest.mark.parametrize("url", ["nonsense", "sqlite://", "mysql://here/there"])
def test_an_address_that_cannot_be_used_is_answered_with_one_that_can(url: str) -> None:
    with pytest.raises(OSError, match=r"expected an address such as sqlite:////srv/playground.db or postgresql"):
        open_engines(url, patience_s=1)


def test_the_driver_need_not_be_named() -> None:
    engines = open_engines("postgresql://playground@localhost/playground", patience_s=1)
    assert engines.writing.url.drivername == "postgresql+psycopg"
    assert engines.file is None


def test_a_reader_that_tries_to_write_is_refused(sqlite: Database) -> None:
    with pytest.raises(OSError, match="look into") as raised, sqlite.read() as session:
        session.execute(text("DELETE FROM runs"))
    assert "readonly" in str(raised.value.__cause__)
