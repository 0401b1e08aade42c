"""The story of a run: numbered without gaps, read in pages."""

import pytest
from sqlalchemy.exc import NoResultFound

from server.domain.events import to_json
from server.storage import event_log, runs
from server.storage.database import Database
from server.storage.event_log import LoggedEvent
from server.storage.tables import RunEventRow
from tests.builders import make_metrics, make_run

RUN, OTHER = "a" * 20, "b" * 20


@pytest.fixture
def log(database: Database) -> Database:
    """A database with two runs."""
    with database.write() as session:
        runs.add_run(session, make_run(RUN))
        runs.add_run(session, make_run(OTHER))
    return database


def _append(log: Database, run_id: str, *texts: str, kind: str = "status") -> list[int]:
    with log.write() as session:
        return [event_log.append_event(session, run_id, kind, text).seq for text in texts]


def test_events_are_numbered_1_2_3_in_each_run(log: Database) -> None:
    assert _append(log, RUN, "{}", "{}") == [1, 2]
    assert _append(log, OTHER, "{}") == [1]
    assert _append(log, RUN, "{}") == [3]


def test_the_run_knows_the_number_of_its_last_event(log: Database) -> None:
    _append(log, RUN, "{}", "{}", "{}")

    with log.read() as session:
        run, other = runs.find_run(session, RUN), runs.find_run(session, OTHER)
    assert run is not None
    assert other is not None
    assert (run.last_seq, other.last_seq) == (3, 0)


def test_a_number_of_a_write_that_failed_is_given_again(log: Database) -> None:
    def lose() -> None:
        with log.write() as session:
            event_log.append_event(session, RUN, "status", "lost")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        lose()

    assert _append(log, RUN, "kept") == [1]


def test_the_newest_event_of_a_kind_is_found_behind_others(log: Database) -> None:
    _append(log, RUN, "old", "new")
    _append(log, RUN, "columns", kind="metrics")
    _append(log, OTHER, "of another run")

    with log.read() as session:
        assert event_log.read_newest(session, RUN, "status") == LoggedEvent(2, "status", "new")
        assert event_log.read_newest(session, OTHER, "metrics") is None


def test_a_run_that_does_not_exist_has_no_story(log: Database) -> None:
    with pytest.raises(NoResultFound), log.write() as session:
        event_log.append_event(session, "c" * 20, "status", "{}")

    with log.read() as session:
        assert event_log.read_after(session, "c" * 20, 0) == []


def test_an_event_is_read_as_it_was_written(log: Database) -> None:
    _append(log, RUN, '{"reason":"é\\n"}')

    with log.read() as session:
        assert event_log.read_after(session, RUN, 0) == [LoggedEvent(1, "status", '{"reason":"é\\n"}')]


@pytest.mark.parametrize(
    ("after", "most", "numbers"),
    [
        pytest.param(0, 500, [1, 2, 3, 4, 5], id="all"),
        pytest.param(0, 2, [1, 2], id="first page"),
        pytest.param(2, 2, [3, 4], id="next page"),
        pytest.param(4, 2, [5], id="last page"),
        pytest.param(5, 2, [], id="behind the end"),
        pytest.param(99, 2, [], id="far behind the end"),
    ],
)
def test_the_story_is_read_in_pages(log: Database, after: int, most: int, numbers: list[int]) -> None:
    _append(log, RUN, *"abcde")
    _append(log, OTHER, "x")

    with log.read() as session:
        assert [event.seq for event in event_log.read_after(session, RUN, after, most)] == numbers


def test_a_page_has_at_most_500_events(log: Database) -> None:
    with log.write() as session:
        session.add_all([RunEventRow(run_id=RUN, seq=seq, kind="status", payload="{}") for seq in range(1, 502)])

    with log.read() as session:
        assert len(event_log.read_after(session, RUN, 0)) == 500


def test_the_metrics_of_a_run_are_one_set_of_columns(log: Database) -> None:
    _append(log, RUN, to_json(make_metrics(1, 2).payload), kind="metrics")
    _append(log, RUN, '{"status":"paused"}')
    _append(log, RUN, to_json(make_metrics(3).payload), kind="metrics")
    _append(log, RUN, '{"status":"running"}')

    with log.read() as session:
        columns, last_seq = event_log.read_metrics(session, RUN)

    assert columns["epoch"] == [1, 2, 3]
    assert columns["step"] == [25, 50, 75]
    assert columns["loss"] == [1, 1 / 2, 1 / 3]
    assert last_seq == 3


def test_a_run_without_metrics_has_no_columns(log: Database) -> None:
    _append(log, RUN, "{}")

    with log.read() as session:
        assert event_log.read_metrics(session, RUN) == ({}, 0)


def test_numbered_events_of_several_runs_are_stored_together(log: Database) -> None:
    events = [(RUN, event_log.LoggedEvent(1, "status", "a")), (RUN, event_log.LoggedEvent(2, "metrics", "b"))]
    with log.write() as session:
        event_log.append_events(session, events)
        event_log.append_events(session, [])
    with log.read() as session:
        assert event_log.read_after(session, RUN, 0) == [event for _, event in events]
