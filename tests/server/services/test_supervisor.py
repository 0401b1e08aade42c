"""Runs whose worker is lost or hangs, or that a restart interrupted, go on from their checkpoint."""

from typing import Any

import pytest
from sqlalchemy import update

from server.app import Services
from server.domain.errors import Unavailable
from server.domain.events import RunEvent
from server.domain.status import RunStatus
from server.domain.training_task import Loss
from server.services.ingest import Ingest
from server.services.runs import RunService
from server.services.store import Store
from server.services.supervisor import BACK_OFF_S, GIVE_UP_S, MOST_LOSSES, SILENT_S, Supervisor
from server.storage import event_log
from server.storage.tables import RunRow
from tests.builders import make_event, make_metrics, make_status
from tests.fakes import FakeClock, FakeCluster
from tests.http_client import strict_json


@pytest.fixture
def runs(services: Services) -> RunService:
    return services.runs


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def supervisor(store: Store, runs: RunService, cluster: FakeCluster, clock: FakeClock) -> Supervisor:
    """One whose runs tell it that they live."""

    def hear(run_id: str) -> None:
        made.hear(run_id)

    ingest = Ingest(store, lambda run_id, attempt, controls: None, hear)
    made = Supervisor(store, runs, cluster, ingest.ingest, clock)
    return made


def _tell(supervisor: Supervisor, *events: RunEvent) -> None:
    supervisor.put_event(list(events))


def _training(supervisor: Supervisor, epochs: int = 3) -> str:
    """A run that trains and has come so far."""
    run_id = supervisor.runs.start_run({}).run_id
    _tell(supervisor, make_status("running", run_id))
    if epochs:
        _tell(supervisor, make_metrics(1, epochs, run_id), make_event("checkpoint", run_id))
    return run_id


def _last_status(store: Store, run_id: str) -> dict[str, Any]:
    with store.database.read() as session:
        newest = event_log.read_newest(session, run_id, "status")
    assert newest is not None
    told: dict[str, Any] = strict_json(newest.data)
    return told


def test_a_run_that_lost_its_worker_is_handed_over_at_once_with_its_checkpoint(
    supervisor: Supervisor, store: Store, cluster: FakeCluster
) -> None:
    run_id = _training(supervisor)
    supervisor.lose(run_id, 1, lost="worker")

    first, second = cluster.submitted
    assert (first.attempt, first.checkpoint, first.told_epoch) == (1, None, 0)
    assert (second.run_id, second.attempt, second.told_epoch) == (run_id, 2, 3)
    assert second.checkpoint == store.checkpoints.find(run_id)
    told = _last_status(store, run_id)
    assert (told["status"], told["reason_code"], told["attempt"], told["epoch"]) == ("queued", "worker_lost", 2, 3)
    assert "epoch 3" in told["reason"]


def test_one_that_never_began_begins_anew(supervisor: Supervisor, cluster: FakeCluster) -> None:
    run_id = supervisor.runs.start_run({}).run_id
    supervisor.lose(run_id, 1, lost="worker")

    assert (cluster.submitted[-1].attempt, cluster.submitted[-1].checkpoint) == (2, None)


def test_what_an_earlier_attempt_tells_is_not_heard(supervisor: Supervisor, runs: RunService) -> None:
    run_id = _training(supervisor)
    supervisor.lose(run_id, 1, lost="worker")
    _tell(supervisor, make_status("stopped", run_id), make_metrics(4, 5, run_id))

    assert (runs.get_run(run_id).status, runs.get_run(run_id).epoch) == (RunStatus.QUEUED, 3)


def test_a_loss_that_was_told_already_changes_nothing(supervisor: Supervisor, cluster: FakeCluster) -> None:
    run_id = _training(supervisor)
    supervisor.lose(run_id, 1, lost="worker")
    supervisor.lose(run_id, 1, lost="worker")

    assert [task.attempt for task in cluster.submitted] == [1, 2]


def test_the_waits_grow_and_the_third_loss_without_an_epoch_ends_the_run(
    supervisor: Supervisor, cluster: FakeCluster, clock: FakeClock, runs: RunService
) -> None:
    run_id = _training(supervisor, epochs=0)
    supervisor.lose(run_id, 1, lost="worker")
    assert len(cluster.submitted) == 2

    supervisor.lose(run_id, 2, lost="worker")
    clock.advance(BACK_OFF_S[1] - 0.01)
    supervisor.look()
    assert len(cluster.submitted) == 2
    clock.advance(0.01)
    supervisor.look()
    assert len(cluster.submitted) == 3

    supervisor.lose(run_id, 3, lost="worker")
    run = runs.get_run(run_id)
    assert (run.status, run.reason_code) == (RunStatus.FAILED, "worker_lost")
    assert "press Run" in (run.reason or "")


def test_a_run_that_gets_on_may_lose_any_number_of_workers(
    supervisor: Supervisor, runs: RunService, cluster: FakeCluster
) -> None:
    run_id = _training(supervisor)
    for attempt in range(1, 10):
        supervisor.lose(run_id, attempt, lost="worker")
        _tell(supervisor, RunEvent(run_id, "metrics", make_metrics(3 + attempt).payload, attempt + 1))

    assert runs.get_run(run_id).status == RunStatus.QUEUED
    assert cluster.submitted[-1].told_epoch == 3 + 8


def test_a_paused_run_is_not_to_blame_for_its_workers(supervisor: Supervisor, runs: RunService) -> None:
    run_id = _training(supervisor)
    for attempt in range(1, MOST_LOSSES + 3):
        _tell(supervisor, RunEvent(run_id, "status", make_status("paused", epoch=3).payload, attempt))
        supervisor.lose(run_id, attempt, lost="worker")

    assert runs.get_run(run_id).status == RunStatus.QUEUED


def test_nobody_is_to_blame_for_a_scheduler_that_comes_and_goes(supervisor: Supervisor, runs: RunService) -> None:
    run_id = _training(supervisor, epochs=0)
    for attempt in range(1, MOST_LOSSES + 3):
        supervisor.lose(run_id, attempt, lost="scheduler")

    assert (runs.get_run(run_id).status, runs.get_run(run_id).losses) == (RunStatus.QUEUED, 0)


def test_suspects_are_tried_one_by_one_and_who_dies_with_one_is_not_to_blame(
    supervisor: Supervisor, cluster: FakeCluster, clock: FakeClock, runs: RunService
) -> None:
    killer, victim, late = (_training(supervisor, epochs=0) for _ in range(3))
    for attempt in (1, 2):
        for run_id in (killer, victim):
            supervisor.lose(run_id, attempt, lost="worker")
    clock.advance(BACK_OFF_S[1])
    supervisor.look()
    assert cluster.submitted[-1].run_id == killer
    assert [task.run_id for task in cluster.submitted].count(victim) == 2

    supervisor.lose(late, 1, lost="worker")
    supervisor.lose(killer, 3, lost="worker")
    supervisor.look()
    assert runs.get_run(killer).status == RunStatus.FAILED
    assert cluster.submitted[-1].run_id == victim
    assert runs.get_run(late).losses == 0


def test_a_training_that_failed_by_itself_is_not_tried_again(supervisor: Supervisor, cluster: FakeCluster) -> None:
    run_id = _training(supervisor)
    supervisor.lose(run_id, 1, lost="training")

    run = supervisor.runs.get_run(run_id)
    assert (run.status, run.reason_code, run.epoch) == (RunStatus.FAILED, "internal_error", 3)
    assert len(cluster.submitted) == 1


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_run_that_is_over_or_gone_cannot_be_lost(supervisor: Supervisor, cluster: FakeCluster, is_gone: bool) -> None:
    run_id = _training(supervisor)
    _tell(supervisor, make_status("finished", run_id))
    if is_gone:
        supervisor.runs.delete_run(run_id)
    supervisor.lose(run_id, 1, lost="worker")
    supervisor.look()

    assert len(cluster.submitted) == 1


def test_after_a_start_live_runs_go_on_and_ended_ones_stay_as_they_are(
    supervisor: Supervisor, runs: RunService, store: Store, cluster: FakeCluster
) -> None:
    queued, running, finished = runs.start_run({}).run_id, _training(supervisor), _training(supervisor)
    _tell(supervisor, make_status("finished", finished))
    cluster.submitted.clear()
    supervisor.claim_left_over()
    assert not cluster.submitted
    supervisor.look()

    tasks = {task.run_id: task for task in cluster.submitted}
    assert tasks.keys() == {queued, running}
    assert (tasks[running].attempt, tasks[running].told_epoch) == (2, 3)
    assert _last_status(store, running)["reason_code"] == "server_restarted"
    assert runs.get_run(finished).status == RunStatus.FINISHED


def test_a_run_that_cannot_be_read_does_not_keep_the_others(
    supervisor: Supervisor, store: Store, cluster: FakeCluster, caplog: pytest.LogCaptureFixture
) -> None:
    strange, usual = _training(supervisor), _training(supervisor)
    with store.database.write() as session:
        session.execute(update(RunRow).where(RunRow.run_id == strange).values(spec={"loss": "of a later version"}))
    cluster.submitted.clear()
    supervisor.claim_left_over()
    assert not cluster.submitted
    supervisor.look()

    assert [task.run_id for task in cluster.submitted] == [usual]
    assert f"Run {strange} cannot be read" in caplog.text


def test_what_the_attempt_before_a_start_still_tells_costs_no_further_attempt(
    supervisor: Supervisor, runs: RunService, cluster: FakeCluster
) -> None:
    run_id = _training(supervisor, epochs=3)
    supervisor.claim_left_over()
    _tell(supervisor, make_metrics(9, 12, run_id))
    supervisor.lose(run_id, 1, lost="worker")
    supervisor.look()

    assert (runs.get_run(run_id).attempt, runs.get_run(run_id).epoch) == (2, 3)
    assert [task.attempt for task in cluster.submitted] == [1, 2]


def test_a_restart_is_no_loss_of_the_runs(supervisor: Supervisor, runs: RunService) -> None:
    run_id = _training(supervisor)
    for _ in range(MOST_LOSSES + 1):
        supervisor.claim_left_over()

    assert (runs.get_run(run_id).status, runs.get_run(run_id).attempt) == (RunStatus.QUEUED, MOST_LOSSES + 2)


def test_a_cluster_that_does_not_take_a_run_is_asked_again(
    supervisor: Supervisor, cluster: FakeCluster, clock: FakeClock
) -> None:
    run_id = _training(supervisor)

    def refuse(run_id: str) -> None:
        raise OSError("no scheduler")

    cluster.on_submit = refuse
    supervisor.lose(run_id, 1, lost="worker")
    cluster.on_submit = lambda run_id: None
    clock.advance(BACK_OFF_S[1])
    supervisor.look()
    supervisor.look()

    assert [task.attempt for task in cluster.submitted] == [1, 2, 2]


@pytest.mark.parametrize("lost", ["worker", "training"])
def test_a_loss_while_the_database_is_out_of_reach_is_heeded_later(
    supervisor: Supervisor, store: Store, monkeypatch: pytest.MonkeyPatch, lost: Loss
) -> None:
    run_id = _training(supervisor)

    def refuse() -> None:
        raise OSError("database is locked")

    with monkeypatch.context() as locked:
        locked.setattr(store.database, "write", refuse)
        locked.setattr(store.database, "read", refuse)
        supervisor.lose(run_id, 1, lost=lost)
    assert supervisor.runs.get_run(run_id).status == RunStatus.RUNNING

    supervisor.look()
    supervisor.look()
    run = supervisor.runs.get_run(run_id)
    assert (run.status, run.attempt) == ((RunStatus.QUEUED, 2) if lost == "worker" else (RunStatus.FAILED, 1))


def test_a_run_that_was_stopped_while_it_waited_does_not_go_on(
    supervisor: Supervisor, cluster: FakeCluster, clock: FakeClock
) -> None:
    run_id = _training(supervisor, epochs=0)
    for attempt in (1, 2):
        supervisor.lose(run_id, attempt, lost="worker")
    supervisor.runs.control_run(run_id, {"action": "stop"})
    clock.advance(60)
    supervisor.look()

    assert supervisor.runs.get_run(run_id).status == RunStatus.STOPPED
    assert len(cluster.submitted) == 2


def test_silence_is_told_and_so_is_its_end(supervisor: Supervisor, store: Store, clock: FakeClock) -> None:
    run_id = _training(supervisor)
    supervisor.look()
    clock.advance(SILENT_S + 0.01)
    supervisor.look()
    told = _last_status(store, run_id)
    assert (told["status"], told["reason_code"]) == ("running", "not_responding")

    # The word about the silence is no sign of life of the worker.
    supervisor.look()
    assert _last_status(store, run_id) == told

    _tell(supervisor, make_event("pulse", run_id))
    supervisor.look()
    assert _last_status(store, run_id)["reason_code"] is None


def test_a_worker_that_stays_silent_is_given_up_once(
    supervisor: Supervisor, cluster: FakeCluster, clock: FakeClock
) -> None:
    run_id = _training(supervisor)
    supervisor.look()
    clock.advance(GIVE_UP_S + 0.01)
    supervisor.look()
    supervisor.look()

    assert cluster.given_up == [(run_id, 1)]


def test_while_nothing_can_be_stored_nobody_is_called_silent(
    supervisor: Supervisor, store: Store, clock: FakeClock, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = _training(supervisor)
    supervisor.look()
    with monkeypatch.context() as locked:
        locked.setattr(store.database, "failing_s", lambda: 45.0)
        clock.advance(GIVE_UP_S + SILENT_S)
        supervisor.look()
    supervisor.look()
    clock.advance(SILENT_S - 0.01)
    supervisor.look()

    assert _last_status(store, run_id)["reason_code"] is None
    assert cluster.given_up == []


def test_who_waits_in_the_line_of_a_worker_is_not_to_blame(supervisor: Supervisor, runs: RunService) -> None:
    run_id = supervisor.runs.start_run({}).run_id
    for attempt in range(1, MOST_LOSSES + 2):
        _tell(supervisor, RunEvent(run_id, "status", make_status("queued", position=4).payload, attempt))
        supervisor.lose(run_id, attempt, lost="worker")

    assert (runs.get_run(run_id).status, runs.get_run(run_id).losses) == (RunStatus.QUEUED, 0)


def test_old_losses_are_forgotten_by_progress_whatever_comes_next(supervisor: Supervisor, runs: RunService) -> None:
    run_id = _training(supervisor, epochs=0)
    for attempt in (1, 2):
        supervisor.lose(run_id, attempt, lost="worker")
    _tell(supervisor, RunEvent(run_id, "metrics", make_metrics(1, 9).payload, 3))
    supervisor.lose(run_id, 3, lost="scheduler")
    supervisor.lose(run_id, 4, lost="worker")

    assert (runs.get_run(run_id).status, runs.get_run(run_id).losses) == (RunStatus.QUEUED, 1)


def test_a_fault_of_an_earlier_attempt_does_not_end_the_newer_one(supervisor: Supervisor, runs: RunService) -> None:
    run_id = _training(supervisor)
    supervisor.lose(run_id, 1, lost="worker")
    supervisor.lose(run_id, 1, lost="training")

    assert runs.get_run(run_id).status == RunStatus.QUEUED


def test_a_checkpoint_ahead_of_the_story_is_not_gone_on_from(
    supervisor: Supervisor, store: Store, cluster: FakeCluster
) -> None:
    """A power cut may take the last commits of the database, and leave the file that was written behind them."""
    run_id = _training(supervisor)
    ahead = make_event("checkpoint", run_id).payload | {"epoch": 5}
    store.checkpoints.note(run_id, ahead)
    supervisor.lose(run_id, 1, lost="worker")

    assert (cluster.submitted[-1].checkpoint, cluster.submitted[-1].told_epoch) == (None, 3)


def test_a_paused_run_that_hangs_in_its_steps_is_given_up(
    supervisor: Supervisor, cluster: FakeCluster, clock: FakeClock
) -> None:
    run_id = _training(supervisor)
    _tell(supervisor, make_status("paused", run_id, epoch=3, step=75), make_event("pulse", run_id))
    supervisor.look()
    clock.advance(GIVE_UP_S + 0.01)
    supervisor.look()

    assert cluster.given_up == [(run_id, 1)]


def test_a_waiting_run_whose_worker_falls_silent_is_given_up_too(
    supervisor: Supervisor, cluster: FakeCluster, clock: FakeClock
) -> None:
    """It may hang in its very first turn. One that no worker has yet waits in peace."""
    waits, hangs = (supervisor.runs.start_run({}).run_id for _ in range(2))
    _tell(supervisor, make_event("pulse", hangs))
    supervisor.look()
    clock.advance(GIVE_UP_S + 0.01)
    supervisor.look()
    assert cluster.given_up == [(hangs, 1)]

    supervisor.lose(hangs, 1, lost="worker")
    clock.advance(GIVE_UP_S + 0.01)
    supervisor.look()
    assert cluster.given_up == [(hangs, 1)]
    assert supervisor.runs.get_run(waits).status == RunStatus.QUEUED


@pytest.mark.parametrize("status", ["paused", "queued"])
def test_a_run_that_rests_may_be_silent(supervisor: Supervisor, store: Store, clock: FakeClock, status: str) -> None:
    run_id = _training(supervisor)
    _tell(supervisor, make_status(status, run_id, epoch=3))
    for _ in range(10):
        clock.advance(SILENT_S)
        supervisor.look()

    assert _last_status(store, run_id)["reason_code"] is None


def test_workers_are_told_to_go_on_and_a_cluster_out_of_reach_is_no_fault(
    supervisor: Supervisor, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor.renew_leases()
    assert cluster.leases_renewed == 1

    def refuse() -> None:
        raise Unavailable("The workers do not answer.")

    monkeypatch.setattr(cluster, "renew_leases", refuse)
    supervisor.renew_leases()
