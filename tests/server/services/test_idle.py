"""An endless run that nobody watches is paused, a paused one gives its place back; nothing else does."""

import logging
from dataclasses import replace

import pytest

from server.app import Services
from server.config import Settings
from server.domain.controls import ControlState
from server.domain.errors import NotFound, Unavailable
from server.domain.events import RunEvent
from server.services.activity import Activity
from server.services.idle import IdleRuns
from server.services.runs import RunService
from server.services.store import Store
from server.services.streams import StreamService
from tests.builders import make_metrics, make_status
from tests.fakes import FakeClock, FakeCluster

PAUSE_AFTER_S = 100.0
AFTER_S = 600.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(store: Store, clock: FakeClock) -> Store:
    """The store, with a clock that the test moves."""
    return replace(store, activity=Activity(clock))


@pytest.fixture
def idle(store: Store, services: Services) -> IdleRuns:
    return IdleRuns(store, services.runs, PAUSE_AFTER_S, AFTER_S)


def _start(services: Services, status: str, epoch: int = 3) -> str:
    """A run in a status, after some epochs."""
    run_id = services.runs.start_run({}).run_id
    events = [make_status("running", run_id)] + ([make_metrics(1, epoch, run_id)] if epoch else [])
    services.ingest.ingest([*events, make_status(status, run_id, epoch=epoch, step=25 * epoch)])
    return run_id


def test_a_paused_run_that_was_left_is_stopped_and_keeps_its_curve(
    idle: IdleRuns, services: Services, clock: FakeClock, cluster: FakeCluster
) -> None:
    run_id = _start(services, "paused")
    clock.advance(AFTER_S + 1)
    idle.sweep()

    run = services.runs.get_run(run_id)
    assert (run.status.value, run.reason_code, run.epoch) == ("stopped", "idle", 3)
    assert services.runs.history(run_id)["epoch"] == [1, 2, 3]
    assert cluster.delivered[-1][0] == run_id
    assert cluster.delivered[-1][1].stop is True


def test_a_paused_run_that_was_never_trained_is_removed(
    idle: IdleRuns, services: Services, clock: FakeClock, cluster: FakeCluster
) -> None:
    run_id = _start(services, "paused", epoch=0)
    clock.advance(AFTER_S + 1)
    idle.sweep()

    with pytest.raises(NotFound):
        services.runs.get_run(run_id)
    assert cluster.delivered[-1][1].stop is True


def test_a_run_that_is_over_is_left_alone(
    idle: IdleRuns, services: Services, clock: FakeClock, cluster: FakeCluster
) -> None:
    run_id = _start(services, "finished")
    clock.advance(AFTER_S * 100)
    idle.sweep()

    assert cluster.delivered == []
    assert services.runs.get_run(run_id).status.value == "finished"


@pytest.mark.parametrize("unreachable", [0, 1, 2])
def test_a_run_whose_worker_does_not_answer_does_not_keep_the_others(
    idle: IdleRuns,
    services: Services,
    clock: FakeClock,
    cluster: FakeCluster,
    caplog: pytest.LogCaptureFixture,
    unreachable: int,
) -> None:
    run_ids = [_start(services, "running") for _ in range(3)]

    def fail(run_id: str, controls: ControlState) -> None:
        if run_id == run_ids[unreachable]:
            raise Unavailable("The workers do not answer.")

    cluster.on_deliver = fail
    clock.advance(PAUSE_AFTER_S + 1)
    with caplog.at_level(logging.WARNING):
        idle.sweep()
    assert [run_id for run_id, controls in cluster.delivered if controls.paused] == run_ids
    assert f"The idle run {run_ids[unreachable]} was not reached" in caplog.text


def test_a_run_that_was_never_trained_goes_even_when_its_worker_does_not_answer(
    idle: IdleRuns, services: Services, clock: FakeClock, cluster: FakeCluster
) -> None:
    """It is told to stop when it speaks."""
    _start(services, "paused", epoch=0)

    def fail(run_id: str, controls: ControlState) -> None:
        raise Unavailable("The workers do not answer.")

    cluster.on_deliver = fail
    clock.advance(AFTER_S + 1)
    idle.sweep()
    assert services.runs.list_runs() == []


def test_an_endless_run_that_nobody_watches_is_paused(
    idle: IdleRuns, services: Services, clock: FakeClock, cluster: FakeCluster
) -> None:
    run_id = _start(services, "running")
    clock.advance(PAUSE_AFTER_S)
    idle.sweep()
    assert cluster.delivered == []

    clock.advance(1)
    idle.sweep()
    assert [(told, controls.paused) for told, controls in cluster.delivered] == [(run_id, True)]


def test_a_run_with_a_number_of_epochs_may_finish_unwatched(
    idle: IdleRuns, services: Services, clock: FakeClock, cluster: FakeCluster
) -> None:
    run_id = services.runs.start_run({"spec": {"epochs": 5000}}).run_id
    services.ingest.ingest([make_status("running", run_id)])
    clock.advance(AFTER_S * 100)
    idle.sweep()

    assert cluster.delivered == []


def test_who_asks_for_a_run_now_and_then_keeps_it_going(
    idle: IdleRuns, services: Services, clock: FakeClock, cluster: FakeCluster, store: Store
) -> None:
    run_id = _start(services, "running")
    asking = RunService(
        Settings(), store, cluster, lambda events: None, lambda: services.runs.get_run(run_id).created_at
    )
    for _ in range(10):
        clock.advance(PAUSE_AFTER_S - 1)
        asking.get_run(run_id)
        idle.sweep()

    assert cluster.delivered == []


def test_a_paused_run_has_its_time(idle: IdleRuns, services: Services, clock: FakeClock) -> None:
    run_id = _start(services, "paused")
    clock.advance(AFTER_S)
    idle.sweep()

    assert services.runs.get_run(run_id).status.value == "paused"


def test_who_watches_keeps_a_paused_run_alive(
    idle: IdleRuns, services: Services, clock: FakeClock, store: Store
) -> None:
    """The heartbeats of an open stream are enough."""
    run_id = _start(services, "paused")
    streams = StreamService(store, services.runs, heartbeat_s=0.001)
    chunks = streams.follow(services.runs.get_run(run_id), None)
    for _ in range(10):
        clock.advance(AFTER_S / 2)
        next(chunks)
        idle.sweep()

    assert services.runs.get_run(run_id).status.value == "paused"
    chunks.close()
    clock.advance(AFTER_S + 1)
    idle.sweep()
    assert services.runs.get_run(run_id).status.value == "stopped"


def test_who_asks_something_of_a_paused_run_keeps_it_alive(
    idle: IdleRuns, services: Services, clock: FakeClock
) -> None:
    run_id = _start(services, "paused")
    clock.advance(AFTER_S - 1)
    services.runs.control_run(run_id, {"action": "step"})
    clock.advance(AFTER_S - 1)
    idle.sweep()

    assert services.runs.get_run(run_id).status.value == "paused"


def test_after_a_restart_a_paused_run_has_its_time_anew(
    settings: Settings, store: Store, services: Services, cluster: FakeCluster
) -> None:
    run_id = _start(services, "paused")
    later = FakeClock(10**9)
    restarted = replace(store, activity=Activity(later))
    put: list[RunEvent] = []
    runs = RunService(settings, restarted, cluster, put.extend, lambda: services.runs.get_run(run_id).created_at)
    idle = IdleRuns(restarted, runs, PAUSE_AFTER_S, AFTER_S)
    idle.sweep()
    assert put == []

    later.advance(AFTER_S + 1)
    idle.sweep()
    assert [event.payload["reason_code"] for event in put] == ["idle"]
