"""Runs in the database."""

from datetime import datetime, timedelta, timezone

import pytest

from server.domain.controls import apply_control, parse_control
from server.domain.status import RunStatus
from server.storage import event_log, runs
from server.storage.database import Database
from server.storage.runs import Progress, Run
from tests.builders import make_run, make_spec

RUN = "a" * 20


def _add(database: Database, *added: Run) -> None:
    with database.write() as session:
        for run in added:
            runs.add_run(session, run)


def _find(database: Database, run_id: str = RUN) -> Run | None:
    with database.read() as session:
        return runs.find_run(session, run_id)


def _get(database: Database) -> Run:
    run = _find(database)
    assert run is not None
    return run


def test_a_run_is_read_as_it_was_stored(database: Database) -> None:
    run = make_run(spec=make_spec(layers=[], epochs=7, features=["x2"]))
    _add(database, run)

    assert _find(database) == run


def test_the_time_of_the_start_keeps_its_zone(database: Database) -> None:
    """Without one, a browser would read it as its own local time."""
    _add(database, make_run())

    assert _get(database).created_at.isoformat() == "2026-11-20T12:00:00+00:00"


def test_a_run_that_was_never_added_is_none(database: Database) -> None:
    assert _find(database, "nobody") is None


def test_runs_are_listed_newest_first(database: Database) -> None:
    noon = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)
    _add(database, *[make_run(name * 20, created_at=noon + timedelta(minutes=n)) for n, name in enumerate("abc")])

    with database.read() as session:
        assert [run.run_id[0] for run in runs.list_runs(session)] == ["c", "b", "a"]
        assert [run.run_id[0] for run in runs.list_runs(session, most=2)] == ["c", "b"]


def test_runs_that_are_not_at_their_end_are_live(database: Database) -> None:
    statuses = list(RunStatus)
    _add(database, *[make_run(status.value, status=status) for status in statuses])

    with database.read() as session:
        assert sorted(runs.live_run_ids(session)) == ["paused", "queued", "running"]
        assert runs.count_live_runs(session) == 3


def test_no_runs_are_no_live_runs(database: Database) -> None:
    with database.read() as session:
        assert runs.count_live_runs(session) == 0


@pytest.mark.parametrize(
    ("progress", "metrics"),
    [
        pytest.param(Progress(RUN, 7, 5, 125, {"loss": 0.5}), {"loss": 0.5}, id="with metrics"),
        pytest.param(Progress(RUN, 7, 5, 125), {"loss": 0.9}, id="without metrics the old ones stay"),
    ],
)
def test_the_place_of_a_run_is_noted(database: Database, progress: Progress, metrics: dict[str, float]) -> None:
    _add(database, make_run(metrics={"loss": 0.9}))
    with database.write() as session:
        runs.note_progress(session, [progress])

    run = _get(database)
    assert (run.last_seq, run.epoch, run.step, run.metrics) == (7, 5, 125, metrics)
    assert run.status == RunStatus.QUEUED


def test_a_status_is_noted_with_its_reason(database: Database) -> None:
    _add(database, make_run())
    failed = Progress(RUN, 2, status=RunStatus.FAILED, reason="It grew.", reason_code="diverged")
    with database.write() as session:
        runs.note_progress(session, [failed])

    run = _get(database)
    assert (run.status, run.reason, run.reason_code) == (RunStatus.FAILED, "It grew.", "diverged")


def test_a_status_without_reason_clears_the_old_one(database: Database) -> None:
    _add(database, make_run())
    for progress in (
        Progress(RUN, 2, status=RunStatus.PAUSED, reason="Why", reason_code="code"),
        Progress(RUN, 3, status=RunStatus.RUNNING),
    ):
        with database.write() as session:
            runs.note_progress(session, [progress])

    assert (_get(database).reason, _get(database).reason_code) == (None, None)


def test_the_progress_of_many_runs_is_noted_together_and_each_gets_its_own(database: Database) -> None:
    names = [f"{number:020d}" for number in range(30)]
    _add(database, *(make_run(name) for name in names))
    with database.write() as session:
        runs.note_progress(session, [Progress(name, place, place, place) for place, name in enumerate(names)])

    with database.read() as session:
        found = [runs.find_run(session, name) for name in names]
        heads = runs.read_heads(session, [*names, "unknown"])
    assert [run.epoch for run in found if run] == list(range(30))
    assert [heads[name].last_seq for name in names] == list(range(30))
    assert "unknown" not in heads


def test_a_head_tells_what_the_next_event_of_a_run_needs(database: Database) -> None:
    run = make_run()
    _add(database, run)
    with database.read() as session:
        head = runs.read_heads(session, [RUN])[RUN]
    assert (head.generation, head.status, head.last_seq) == (run.generation, run.status, run.last_seq)
    assert head.version == run.controls.version


def test_controls_are_noted_with_their_edits(database: Database) -> None:
    run = make_run()
    raw = {"action": "set", "speed": 3, "weight": {"layer": 0, "row": 0, "unit": 0, "value": 1}}
    controls = apply_control(run.controls, parse_control(raw, run.spec))
    _add(database, run)
    with database.write() as session:
        runs.set_controls(session, RUN, controls)

    assert _get(database).controls == controls


def test_a_deleted_run_takes_its_events_along(database: Database) -> None:
    _add(database, make_run(), make_run("b" * 20))
    with database.write() as session:
        event_log.append_event(session, RUN, "status", "{}")
        event_log.append_event(session, "b" * 20, "status", "{}")

    with database.write() as session:
        assert runs.delete_run(session, RUN) is True

    assert _find(database) is None
    with database.read() as session:
        assert event_log.read_after(session, RUN, 0) == []
        assert len(event_log.read_after(session, "b" * 20, 0)) == 1


def test_deleting_a_run_that_is_gone_says_so(database: Database) -> None:
    with database.write() as session:
        assert runs.delete_run(session, RUN) is False
