"""One writer at a time, readers that never wait, and a write that happens whole or not at all."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from server.storage import event_log, runs
from server.storage.database import Database
from tests.builders import make_run

RUN = "a" * 20


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
