"""One writer at a time, readers that never wait, and a write that happens whole or not at all."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import pytest
from sqlalchemy import text

from server.storage import event_log, runs
from server.storage.database import Database
from tests.builders import make_run

RUN = "a" * 20


def _pragma(database: Database, name: str) -> object:
    with database.read() as session:
        return session.scalar(text(f"PRAGMA {name}"))


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1), ("busy_timeout", 5000)],
)
def test_every_connection_is_prepared(database: Database, pragma: str, value: object) -> None:
    assert _pragma(database, pragma) == value


def test_a_write_is_seen_by_the_next_reader(database: Database) -> None:
    with database.write() as session:
        runs.add_run(session, make_run())

    with database.read() as session:
        assert runs.find_run(session, RUN) == make_run()


def test_a_write_that_raises_changes_nothing(database: Database) -> None:
    def write_half() -> None:
        with database.write() as session:
            runs.add_run(session, make_run())
            session.flush()
            event_log.append_event(session, RUN, "status", "{}")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()

    with database.read() as session:
        assert runs.find_run(session, RUN) is None
        assert event_log.read_after(session, RUN, 0) == []


def test_a_write_that_raised_lets_the_next_one_in(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write():
        raise ZeroDivisionError

    with database.write() as session:
        runs.add_run(session, make_run())


def test_a_reader_sees_the_last_commit_while_a_writer_works(database: Database) -> None:
    with database.write() as writing:
        runs.add_run(writing, make_run())
        writing.flush()
        with database.read() as reading:
            assert runs.find_run(reading, RUN) is None


def test_a_reader_sees_one_moment(database: Database) -> None:
    with database.write() as session:
        runs.add_run(session, make_run())

    with database.read() as reading:
        before = runs.find_run(reading, RUN)
        with database.write() as writing:
            event_log.append_event(writing, RUN, "status", "{}")
        assert event_log.read_after(reading, RUN, 0) == []
        assert before is not None


def test_threads_that_write_take_turns(database: Database) -> None:
    with database.write() as session:
        runs.add_run(session, make_run())
    start = Barrier(4)

    def append(_: int) -> list[int]:
        start.wait()
        numbers = []
        for _ in range(10):
            with database.write() as session:
                numbers.append(event_log.append_event(session, RUN, "status", "{}").seq)
        return numbers

    with ThreadPoolExecutor(4) as threads:
        given = [number for numbers in threads.map(append, range(4)) for number in numbers]

    assert sorted(given) == list(range(1, 41))


def test_a_lock_that_another_process_keeps_is_an_oserror(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'locked.db'}", patience_s=0.05)
    database.create_schema()
    other = sqlite3.connect(tmp_path / "locked.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(OSError, match="locked"), database.write():
        pass
    other.close()
    with database.write():
        pass
    database.close()


def test_a_write_takes_the_lock_at_its_beginning(database: Database, tmp_path: Path) -> None:
    """BEGIN IMMEDIATE: who only reads so far cannot be overtaken by another process' write."""
    other = sqlite3.connect(tmp_path / "playground.db", timeout=0)
    with database.write(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE").close()
    other.close()


def test_a_write_waits_for_another_process(database: Database, tmp_path: Path) -> None:
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


def test_what_was_committed_survives_a_process_that_dies(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from server.storage import runs\n"
        "from server.storage.database import Database\n"
        "from tests.builders import make_run\n"
        "database = Database(sys.argv[1])\n"
        "database.create_schema()\n"
        "with database.write() as session:\n"
        "    runs.add_run(session, make_run())\n"
        "with database.write() as session:\n"
        "    runs.add_run(session, make_run('b' * 20))\n"
        "    session.flush()\n"
        "    os._exit(9)\n"
    )
    url = f"sqlite:///{tmp_path / 'killed.db'}"
    done = subprocess.run([sys.executable, "-c", script, url], check=False, cwd=Path(__file__).parents[3])
    assert done.returncode == 9

    database = Database(url)
    with database.read() as session:
        assert [run.run_id for run in runs.list_runs(session)] == [RUN]
    database.close()


def test_the_tables_can_be_made_twice(database: Database) -> None:
    database.create_schema()


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
        pytest.param("nonsense", id="not an address"),
        pytest.param("nosuchdatabase://here/there", id="an unknown kind"),
    ],
)
def test_a_database_that_cannot_be_used_is_an_os_error(url: str, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("not a database at all" * 100)

    with pytest.raises(OSError, match="."):
        Database(url.format(folder=tmp_path)).create_schema()
