"""Which runs nobody has opened for long."""

from datetime import datetime, timedelta, timezone

from server.domain.status import RunStatus
from server.storage import retention, runs
from server.storage.database import Database
from tests.builders import make_run

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)


def _add(database: Database, name: str, age_days: int, status: RunStatus = RunStatus.FINISHED) -> None:
    with database.write() as session:
        runs.add_run(session, make_run(name, created_at=NOON - age_days * DAY, status=status))


def _unopened(database: Database, days: int, most: int = 100) -> list[str]:
    with database.read() as session:
        return retention.unopened_since(session, NOON - days * DAY, most)


def test_ended_runs_that_were_never_opened_count_from_their_start(database: Database) -> None:
    for name, age_days in (("young", 3), ("oldest", 30), ("old", 20)):
        _add(database, name, age_days)

    assert _unopened(database, 10) == ["oldest", "old"]
    assert _unopened(database, 10, most=1) == ["oldest"]
    assert _unopened(database, 40) == []


def test_a_run_that_is_not_at_its_end_is_never_told(database: Database) -> None:
    for status in RunStatus:
        _add(database, status.value, 30, status)

    assert sorted(_unopened(database, 10)) == ["failed", "finished", "stopped"]


def test_a_run_that_was_opened_counts_from_then(database: Database) -> None:
    for name in ("opened", "forgotten"):
        _add(database, name, 30)
    with database.write() as session:
        retention.note_opened(session, {"opened", "gone long ago"}, NOON - 5 * DAY)

    assert _unopened(database, 10) == ["forgotten"]
    assert _unopened(database, 4) == ["forgotten", "opened"] or _unopened(database, 4) == ["opened", "forgotten"]


def test_a_run_that_lives_long_counts_from_its_end(database: Database) -> None:
    _add(database, "long", 30, RunStatus.RUNNING)
    _add(database, "ended", 30)
    with database.write() as session:
        retention.note_live_as_opened(session, NOON - 2 * DAY, NOON - 3 * DAY)
        runs.note_progress(session, [runs.Progress("long", 1, status=RunStatus.FINISHED)])

    assert _unopened(database, 10) == ["ended"]
    assert "long" in _unopened(database, 1)


def test_a_live_run_is_not_written_down_again_and_again(database: Database) -> None:
    _add(database, "live", 30, RunStatus.RUNNING)
    for day in (5, 4, 3):
        with database.write() as session:
            retention.note_live_as_opened(session, NOON - day * DAY, NOON - 20 * DAY)
            runs.note_progress(session, [runs.Progress("live", 1, status=RunStatus.FINISHED)])

    assert _unopened(database, 5) == []
    assert _unopened(database, 4) == ["live"]


def test_no_runs_are_noted(database: Database) -> None:
    with database.write() as session:
        retention.note_opened(session, set(), NOON)
