"""Start, list, read, control and delete runs."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from server.app import Services
from server.config import Settings
from server.domain import limits
from server.domain.errors import (
    InvalidControl,
    InvalidInput,
    InvalidSpec,
    NotFound,
    ServerFull,
    Unavailable,
    WrongStatus,
)
from server.domain.status import RunStatus
from server.domain.training_task import TrainingTask
from server.services.runs import DEFAULT_SPEED, RunService, run_payload
from server.services.store import Store
from server.storage import event_log
from server.storage.event_log import LoggedEvent
from tests.builders import make_event, make_metrics, make_status
from tests.fakes import EventSink, FakeCluster
from tests.http_client import strict_json
from tests.picture_sets import write_collection

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)


@pytest.fixture
def runs(services: Services) -> RunService:
    return services.runs


def _story(store: Store, run_id: str) -> list[LoggedEvent]:
    with store.database.read() as session:
        return event_log.read_after(session, run_id, 0)


def _end(services: Services, run_id: str, status: str = "finished") -> None:
    services.ingest.ingest([make_status("running", run_id), make_status(status, run_id)])


def test_a_started_run_is_stored_as_queued_and_handed_to_the_cluster(
    runs: RunService, cluster: FakeCluster, settings: Settings
) -> None:
    run = runs.start_run({"spec": {"epochs": 5}, "paused": True, "speed": None})

    assert run.status == RunStatus.QUEUED
    images = str(settings.images_dir)
    task = TrainingTask(run.run_id, run.spec, run.controls, settings.run_limits, images_dir=images)
    assert cluster.submitted == [task]
    assert (run.spec.epochs, run.controls.paused, run.controls.speed) == (5, True, None)
    assert runs.get_run(run.run_id) == replace(run, last_seq=1)


def test_the_story_of_a_run_begins_with_its_place_in_the_queue(runs: RunService, store: Store) -> None:
    run = runs.start_run({})

    (first,) = _story(store, run.run_id)
    assert (first.seq, first.kind) == (1, "status")
    assert strict_json(first.data) == {
        "status": "queued",
        "position": None,
        "attempt": 1,
        "epoch": 0,
        "step": 0,
        "reason": None,
        "reason_code": None,
        "controls": run.controls.to_payload(),
    }


def test_a_run_is_stored_before_the_cluster_hears_of_it(runs: RunService, cluster: FakeCluster) -> None:
    """Its first event may arrive at once."""
    seen: list[RunStatus] = []
    cluster.on_submit = lambda run_id: seen.append(runs.get_run(run_id).status)
    runs.start_run({})

    assert seen == [RunStatus.QUEUED]


def test_a_run_runs_at_the_speed_of_a_screen_unless_told_otherwise(runs: RunService) -> None:
    run = runs.start_run({})

    assert (run.controls.speed, run.controls.paused) == (DEFAULT_SPEED, False)


def test_every_run_has_a_name_and_a_generation_of_its_own(runs: RunService) -> None:
    started = [runs.start_run({}) for _ in range(3)]

    assert len({run.run_id for run in started}) == len({run.generation for run in started}) == 3


@pytest.mark.parametrize(
    ("raw_request", "kind", "fields"),
    [
        pytest.param([], InvalidSpec, [""], id="a list"),
        pytest.param(None, InvalidSpec, [""], id="null"),
        pytest.param({"spec": None}, InvalidSpec, [""], id="spec null"),
        pytest.param({"spec": {"seed": -1, "loss": 3}}, InvalidSpec, ["loss", "seed"], id="spec"),
        pytest.param({"paused": 1}, InvalidSpec, ["paused"], id="paused as a number"),
        pytest.param({"sped": 3, "spce": {}}, InvalidSpec, ["sped", "spce"], id="misspelt"),
        pytest.param({"speed": 0}, InvalidControl, ["speed"], id="speed"),
    ],
)
def test_a_request_that_cannot_be_used_starts_nothing(
    runs: RunService, cluster: FakeCluster, raw_request: object, kind: type[InvalidInput], fields: list[str]
) -> None:
    with pytest.raises(kind) as caught:
        runs.start_run(raw_request)

    assert [problem.field for problem in caught.value.problems] == fields
    assert cluster.calls == []
    assert runs.list_runs() == []


def test_a_problem_with_the_request_shows_what_was_received(runs: RunService) -> None:
    with pytest.raises(InvalidSpec) as caught:
        runs.start_run({"paused": "yes"})

    (problem,) = caught.value.problems
    assert (problem.expected, problem.received) == ("true or false", "yes")
    assert problem.message == 'paused must be true or false, but "yes" was received.'


def test_a_full_server_starts_nothing_until_a_run_ends(
    settings: Settings, store: Store, cluster: FakeCluster, services: Services
) -> None:
    runs = RunService(replace(settings, most_live_runs=2), store, cluster, EventSink(), lambda: NOON)
    first, _ = runs.start_run({}), runs.start_run({})

    with pytest.raises(ServerFull, match="All 2 places"):
        runs.start_run({})
    assert len(cluster.submitted) == len(runs.list_runs()) == 2

    _end(services, first.run_id)
    assert runs.start_run({}).status == RunStatus.QUEUED


def test_runs_are_listed_newest_first(settings: Settings, store: Store, cluster: FakeCluster) -> None:
    minutes = iter(range(10))
    runs = RunService(settings, store, cluster, EventSink(), lambda: NOON + timedelta(minutes=next(minutes)))
    started = [runs.start_run({}).run_id for _ in range(3)]

    assert [run.run_id for run in runs.list_runs()] == started[::-1]


def test_a_run_that_does_not_exist_is_not_found(runs: RunService) -> None:
    for ask in (
        runs.get_run,
        runs.history,
        runs.delete_run,
        lambda run_id: runs.control_run(run_id, {"action": "pause"}),
    ):
        with pytest.raises(NotFound) as caught:
            ask("nobody")
        assert caught.value.code == "unknown_run"


def test_a_run_as_data_says_everything_of_the_contract(runs: RunService, services: Services) -> None:
    run = runs.start_run({"spec": {"seed": 4}})
    services.ingest.ingest([make_status("running", run.run_id), make_metrics(1, 2, run.run_id)])

    payload = run_payload(runs.get_run(run.run_id))

    assert payload == {
        "run_id": run.run_id,
        "status": "running",
        "attempt": 1,
        "position": None,
        "epoch": 2,
        "step": 50,
        "metrics": {"loss": 0.5, "val_loss": 1.0},
        "reason": None,
        "reason_code": None,
        "controls": run.controls.to_payload(),
        "weights_count": 25,
        "created_at": run.created_at.isoformat(),
        "spec": run.spec.model_dump(mode="json"),
    }
    assert payload["created_at"].endswith("+00:00")


def test_the_history_has_every_epoch_and_the_cursor_behind_it(runs: RunService, services: Services) -> None:
    run = runs.start_run({})
    services.ingest.ingest([make_status("running", run.run_id), make_metrics(1, 2, run.run_id)])
    services.ingest.ingest([make_metrics(3, 1, run.run_id)])

    history = runs.history(run.run_id)

    assert (history["epoch"], history["step"]) == ([1, 2, 3], [25, 50, 75])
    assert history["loss"] == [1, 1 / 2, 1 / 3]
    assert history["cursor"] == f"{run.generation}-4"
    assert history["run"] == run_payload(runs.get_run(run.run_id))


def test_the_history_of_a_run_that_has_not_begun_is_empty(runs: RunService) -> None:
    run = runs.start_run({})
    history = runs.history(run.run_id)

    assert (history["epoch"], history["cursor"]) == ([], f"{run.generation}-1")


def test_a_long_history_is_thinned(runs: RunService, services: Services) -> None:
    run_id = runs.start_run({}).run_id
    services.ingest.ingest([make_metrics(1, limits.MAX_HISTORY_ROWS + 10, run_id)])

    history = runs.history(run_id)

    assert len(history["epoch"]) == len(history["loss"]) == limits.MAX_HISTORY_ROWS
    assert (history["epoch"][0], history["epoch"][-1]) == (1, limits.MAX_HISTORY_ROWS + 10)


def test_a_run_that_no_worker_has_taken_has_no_place_in_line(runs: RunService) -> None:
    assert runs.get_run(runs.start_run({}).run_id).position is None


def test_a_waiting_run_has_the_place_in_line_that_its_worker_told_last(runs: RunService, services: Services) -> None:
    run_id = runs.start_run({}).run_id
    for position in (3, 1):
        services.ingest.ingest([make_status("queued", run_id, position=position)])

    assert runs.get_run(run_id).position == 1
    assert [run.position for run in runs.list_runs()] == [1]
    assert runs.history(run_id)["run"]["position"] == 1


def test_a_run_that_got_its_place_waits_no_more(runs: RunService, services: Services) -> None:
    run_id = runs.start_run({}).run_id
    services.ingest.ingest([make_status("queued", run_id, position=1), make_status("running", run_id)])

    assert run_payload(runs.get_run(run_id))["position"] is None


def test_a_resumed_run_may_wait_again(runs: RunService, services: Services) -> None:
    run_id = runs.start_run({}).run_id
    services.ingest.ingest([make_metrics(1, 4, run_id), make_status("paused", run_id, epoch=4, step=100)])
    services.ingest.ingest([make_status("queued", run_id, epoch=4, step=100, position=2)])

    run = runs.get_run(run_id)
    assert (run.status, run.position, run.epoch) == (RunStatus.QUEUED, 2, 4)


def test_a_run_that_waits_on_a_worker_tells_its_end_itself(
    runs: RunService, services: Services, cluster: FakeCluster
) -> None:
    """It may have trained before it was paused, and only its worker has its newest weights."""
    run_id = runs.start_run({}).run_id
    services.ingest.ingest([make_status("queued", run_id, position=2)])
    runs.control_run(run_id, {"action": "stop"})

    assert [controls.stop for _, controls in cluster.delivered] == [True]
    assert cluster.cancelled == []
    assert runs.get_run(run_id).status == RunStatus.QUEUED


def test_a_control_is_stored_and_told_to_the_run(runs: RunService, cluster: FakeCluster, services: Services) -> None:
    run_id = runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id)])

    assert runs.control_run(run_id, {"action": "set", "learning_rate": 0.5}) == 1
    assert runs.control_run(run_id, {"action": "pause"}) == 2

    controls = runs.get_run(run_id).controls
    assert (controls.version, controls.learning_rate, controls.paused) == (2, 0.5, True)
    assert [state.version for _, state in cluster.delivered] == [1, 2]
    assert cluster.delivered[-1] == (run_id, controls)


def test_a_control_is_stored_before_it_is_told(runs: RunService, cluster: FakeCluster) -> None:
    """A run that begins in between is told the stored wish."""
    stored: list[int] = []
    cluster.on_deliver = lambda run_id, state: stored.append(runs.get_run(run_id).controls.version)
    runs.control_run(runs.start_run({}).run_id, {"action": "pause"})

    assert stored == [1]


def test_a_control_that_cannot_be_used_changes_nothing(runs: RunService, cluster: FakeCluster) -> None:
    run = runs.start_run({})
    with pytest.raises(InvalidControl):
        runs.control_run(run.run_id, {"action": "set", "learning_rate": 99})

    assert runs.get_run(run.run_id).controls == run.controls
    assert cluster.delivered == []


def test_a_weight_outside_the_network_of_the_run_is_refused(runs: RunService) -> None:
    run = runs.start_run({"spec": {"layers": []}})
    edit = {"layer": 1, "unit": 0, "value": 1}

    with pytest.raises(InvalidControl, match=r"bias\.layer must be 0 to 0"):
        runs.control_run(run.run_id, {"action": "set", "bias": edit})


@pytest.mark.parametrize("status", ["finished", "failed", "stopped"])
@pytest.mark.parametrize("action", ["pause", "resume", "step", "stop"])
def test_an_ended_run_takes_no_control(
    runs: RunService, services: Services, cluster: FakeCluster, status: str, action: str
) -> None:
    run_id = runs.start_run({}).run_id
    _end(services, run_id, status)

    with pytest.raises(WrongStatus, match=f"The run is {status}"):
        runs.control_run(run_id, {"action": action})
    assert runs.get_run(run_id).controls.version == 0
    assert cluster.delivered == []


def test_a_queued_run_that_is_stopped_leaves_the_queue_and_ends(
    runs: RunService, cluster: FakeCluster, store: Store
) -> None:
    run_id = runs.start_run({}).run_id
    runs.control_run(run_id, {"action": "stop"})

    run = runs.get_run(run_id)
    assert (run.status, run.reason_code) == (RunStatus.STOPPED, "stopped_by_user")
    assert cluster.cancelled == [run_id]
    assert strict_json(_story(store, run_id)[-1].data)["controls"]["version"] == 1


@pytest.mark.parametrize("action", ["pause", "step", "resume"])
def test_a_queued_run_that_is_not_stopped_stays_in_the_queue(
    runs: RunService, cluster: FakeCluster, action: str
) -> None:
    run_id = runs.start_run({}).run_id
    runs.control_run(run_id, {"action": action})

    assert runs.get_run(run_id).status == RunStatus.QUEUED
    assert cluster.cancelled == []


def test_a_running_run_that_is_stopped_ends_itself(runs: RunService, services: Services, cluster: FakeCluster) -> None:
    run_id = runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id)])
    runs.control_run(run_id, {"action": "stop"})

    assert runs.get_run(run_id).status == RunStatus.RUNNING
    assert cluster.delivered[-1][1].stop is True
    assert cluster.cancelled == []


def test_a_deleted_run_is_stopped_and_leaves_nothing(
    runs: RunService, services: Services, cluster: FakeCluster, store: Store, settings: Settings
) -> None:
    run_id = runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id), make_event("checkpoint", run_id)])
    channel = store.subscriptions.channel(run_id)
    services.exports.keras_file(run_id)
    runs.delete_run(run_id)

    assert runs.list_runs() == []
    assert _story(store, run_id) == []
    assert channel.is_closed
    assert store.weights.find(run_id) is None
    assert list((settings.data_dir / "runs").iterdir()) == []
    assert cluster.cancelled == [run_id]
    assert cluster.delivered[-1][1].stop is True


def test_deleting_an_ended_run_does_not_trouble_the_cluster(
    runs: RunService, services: Services, cluster: FakeCluster
) -> None:
    run_id = runs.start_run({}).run_id
    _end(services, run_id)
    runs.delete_run(run_id)

    assert cluster.calls == ["submit_training"]


def test_a_run_that_the_cluster_does_not_take_fails_at_once(runs: RunService, cluster: FakeCluster) -> None:
    def refuse(run_id: str) -> None:
        raise OSError("no scheduler")

    cluster.on_submit = refuse
    with pytest.raises(Unavailable, match="Try again"):
        runs.start_run({})

    (run,) = runs.list_runs()
    assert (run.status, run.reason_code) == (RunStatus.FAILED, "internal_error")


def test_the_servers_reason_to_stop_wins_over_the_runs_own(
    runs: RunService, services: Services, cluster: FakeCluster
) -> None:
    """Also when the run answers at once."""
    run_id = runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id)])
    own = make_status("stopped", run_id, reason="Stopped.", reason_code="stopped_by_user")
    answers = iter([[own]])
    cluster.on_deliver = lambda told, controls: services.ingest.ingest(next(answers, []))
    runs.stop_run(run_id, "idle", "Nobody watched it.")

    run = runs.get_run(run_id)
    assert (run.status, run.reason_code, run.reason) == (RunStatus.STOPPED, "idle", "Nobody watched it.")
    assert {state.stop for _, state in cluster.delivered} == {True}


def test_the_end_of_a_run_tells_its_place_and_its_controls(
    settings: Settings, store: Store, cluster: FakeCluster
) -> None:
    put: list[Any] = []
    runs = RunService(settings, store, cluster, put.extend, lambda: NOON)
    run = runs.start_run({})
    runs.end_run(run.run_id, RunStatus.FAILED, "internal_error", "A sentence.")

    expected = make_status("failed", run.run_id, reason="A sentence.", reason_code="internal_error", attempt=1)
    assert put == [replace(expected, payload=expected.payload | {"controls": run.controls.to_payload()})]


def test_a_run_on_own_pictures_is_not_listed_for_with_it_go_the_pictures(
    runs: RunService, settings: Settings, cluster: FakeCluster
) -> None:
    name = "abcdef0123456789abcd"
    write_collection(settings.images_dir, name, (16, 16, 3), train=30, test=0)
    dataset = {"name": "own_images", "images": {"collection": name}}
    run = runs.start_run({"spec": {"dataset": dataset, "layers": [{"kind": "flatten"}]}})

    assert runs.get_run(run.run_id).spec.dataset.samples == 30
    assert runs.list_runs() == []
