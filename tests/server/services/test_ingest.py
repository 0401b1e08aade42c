"""What workers tell: stored in one transaction, then shown; nothing twice, nothing of the dead."""

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.app import Services
from server.config import Settings
from server.domain.controls import STOP, ControlState
from server.domain.events import RunEvent, to_json
from server.domain.status import RunStatus
from server.services.ingest import Ingest, joined_metrics
from server.services.store import Store
from server.storage import event_log, runs
from server.storage.checkpoints import CheckpointFiles
from server.storage.event_log import LoggedEvent
from tests.builders import make_controls, make_event, make_metrics, make_status
from tests.sse_parser import parse_events

GOLDEN = sorted((Path(__file__).resolve().parents[2] / "contract" / "run_events").glob("*.json"))


@pytest.fixture
def told() -> list[tuple[str, ControlState]]:
    """Runs that were told again what is wanted of them."""
    return []


@pytest.fixture
def ingest(store: Store, told: list[tuple[str, ControlState]]) -> Ingest:
    return Ingest(store, lambda run_id, attempt, controls: told.append((run_id, controls)))


@pytest.fixture
def run_id(services: Services) -> str:
    """A queued run; its story has one event, the status `queued`."""
    return services.runs.start_run({}).run_id


def _story(store: Store, run_id: str) -> list[LoggedEvent]:
    with store.database.read() as session:
        return event_log.read_after(session, run_id, 0)


def _kept_epoch(settings: Settings, run_id: str) -> int | None:
    kept = CheckpointFiles(settings.data_dir / "runs").read(run_id)
    return kept["epoch"] if kept else None


def _checkpoint(run_id: str, epoch: int, *, is_at_rest: bool) -> RunEvent:
    state = {"weights": "AA==", "slots": "", "version": 0}
    return make_event("checkpoint", run_id, epoch=epoch, step=25 * epoch, is_at_rest=is_at_rest, **state)


def _controls(version: int) -> dict[str, Any]:
    return make_controls().to_payload() | {"version": version}


def test_a_batch_is_stored_in_order_and_numbered(ingest: Ingest, store: Store, services: Services, run_id: str) -> None:
    running, paused = make_status("running", run_id), make_status("paused", run_id, epoch=2, step=50)
    ingest.ingest([running, make_metrics(1, 2, run_id), paused])

    story = _story(store, run_id)
    assert [(event.seq, event.kind) for event in story] == [(1, "status"), (2, "status"), (3, "metrics"), (4, "status")]
    assert [json.loads(event.data) for event in story[1:]] == [
        running.payload | {"attempt": 1},
        make_metrics(1, 2).payload,
        paused.payload | {"attempt": 1},
    ]


def test_the_run_knows_where_it_is(ingest: Ingest, services: Services, run_id: str) -> None:
    ingest.ingest([make_status("running", run_id), make_metrics(1, 4, run_id)])

    run = services.runs.get_run(run_id)
    assert (run.status, run.epoch, run.step) == (RunStatus.RUNNING, 4, 100)
    assert run.metrics == {"loss": 0.25, "val_loss": 0.5}


def test_the_metrics_of_the_untrained_network_come_with_the_first_status(
    ingest: Ingest, services: Services, run_id: str
) -> None:
    ingest.ingest([make_status("running", run_id, metrics={"loss": 0.7})])
    ingest.ingest([make_status("paused", run_id)])

    assert services.runs.get_run(run_id).metrics == {"loss": 0.7}


def test_an_end_is_stored_with_its_reason(ingest: Ingest, services: Services, run_id: str) -> None:
    ingest.ingest([make_metrics(1, 3, run_id)])
    ingest.ingest([make_status("failed", run_id, epoch=3, step=75, reason="It grew.", reason_code="diverged")])

    run = services.runs.get_run(run_id)
    assert (run.status, run.epoch, run.reason, run.reason_code) == (RunStatus.FAILED, 3, "It grew.", "diverged")


def test_not_a_number_is_stored_and_shown_as_null(ingest: Ingest, store: Store, run_id: str) -> None:
    ingest.ingest([make_event("metrics", run_id, epoch=[1], step=[25], loss=[float("nan")], val_loss=[float("inf")])])

    assert _story(store, run_id)[-1].data == '{"epoch":[1],"step":[25],"loss":[null],"val_loss":[null]}'


def test_runs_in_one_batch_have_stories_of_their_own(ingest: Ingest, store: Store, services: Services) -> None:
    one, two = (services.runs.start_run({}).run_id for _ in range(2))
    ingest.ingest([make_status("running", one), make_status("paused", two), make_metrics(1, 1, one)])

    assert [event.kind for event in _story(store, one)] == ["status", "status", "metrics"]
    assert [event.kind for event in _story(store, two)] == ["status", "status"]


def test_a_batch_that_cannot_be_stored_is_not_stored_in_part_nor_shown(
    ingest: Ingest, store: Store, run_id: str
) -> None:
    channel = store.subscriptions.channel(run_id)
    with pytest.raises(KeyError):
        ingest.ingest([make_status("running", run_id), make_event("metrics", run_id, loss=[1.0])])

    assert len(_story(store, run_id)) == 1
    assert channel.wait(1, 0, 0).is_empty


def test_a_batch_that_failed_can_be_offered_again(ingest: Ingest, store: Store, run_id: str) -> None:
    batch = [make_status("running", run_id), make_metrics(1, 1, run_id)]
    with pytest.raises(KeyError):
        ingest.ingest([*batch, make_event("status", run_id, nothing=True)])
    ingest.ingest(batch)

    assert [event.seq for event in _story(store, run_id)] == [1, 2, 3]


def test_events_are_shown_as_they_are_stored_with_the_newest_frame(
    ingest: Ingest, store: Store, services: Services, run_id: str
) -> None:
    channel = store.subscriptions.channel(run_id)
    frames = [make_event("frame", run_id, epoch=epoch, step=25 * epoch, weights="AA==") for epoch in (1, 2)]
    ingest.ingest([make_status("running", run_id), frames[0], make_metrics(1, 2, run_id), frames[1]])

    fresh = channel.wait(1, 0, 0)
    shown = parse_events(b"".join(framed for _, framed in fresh.events))
    generation = services.runs.get_run(run_id).generation
    assert [(event.last_id, event.kind, event.data) for event in shown.events] == [
        (f"{generation}-{event.seq}", event.kind, event.data) for event in _story(store, run_id)[1:]
    ]
    (frame,) = parse_events(fresh.frame or b"").events
    assert (frame.kind, json.loads(frame.data), frame.last_id) == ("frame", frames[1].payload, "")


def test_frames_and_checkpoints_are_no_part_of_the_story(ingest: Ingest, store: Store, run_id: str) -> None:
    ingest.ingest([make_event("frame", run_id), make_event("checkpoint", run_id)])

    assert len(_story(store, run_id)) == 1
    assert store.weights.find(run_id) == {"epoch": 0, "step": 0, "weights": "AACAPwAAAEA="}
    assert store.checkpoints.find(run_id) == make_event("checkpoint").payload


def test_gradients_are_shown_but_are_no_part_of_the_story_and_no_weights(
    ingest: Ingest, store: Store, run_id: str
) -> None:
    channel = store.subscriptions.channel(run_id)
    told = [make_event("gradients", run_id, epoch=epoch, step=25 * epoch, layers=[]) for epoch in (1, 2)]
    ingest.ingest(told)

    (shown,) = parse_events(channel.wait(1, 0, 0).gradients or b"").events
    assert (shown.kind, json.loads(shown.data), shown.last_id) == ("gradients", told[1].payload, "")
    assert len(_story(store, run_id)) == 1
    assert store.weights.find(run_id) is None


def test_progress_is_no_part_of_the_story_and_over_when_its_epoch_is_told(
    ingest: Ingest, store: Store, run_id: str
) -> None:
    channel = store.subscriptions.channel(run_id)
    progress = [make_event("progress", run_id, epoch=1, batch=batch) for batch in (1, 2)]
    ingest.ingest(progress)
    assert parse_events(channel.wait(1, 0, 0).progress or b"").events[0].data == to_json(progress[1].payload)
    assert len(_story(store, run_id)) == 1

    ingest.ingest([*progress, make_metrics(1, 1, run_id)])
    assert channel.wait(1, 0, 0).progress is None


def test_weights_within_a_long_epoch_are_kept_but_not_shown(ingest: Ingest, store: Store, run_id: str) -> None:
    ingest.ingest([make_event("checkpoint", run_id)])
    within = make_event("checkpoint", run_id, epoch=0, step=9, weights="AA==", is_at_rest=False, is_partial=True)
    ingest.ingest([within])

    assert (store.weights.find(run_id) or {})["step"] == 0
    assert store.checkpoints.find(run_id) == within.payload


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_an_event_reaches_its_readers_as_the_contract_writes_it(
    ingest: Ingest, store: Store, run_id: str, file: Path
) -> None:
    channel = store.subscriptions.channel(run_id)
    golden = json.loads(file.read_text("utf-8"))
    ingest.ingest([RunEvent(run_id, golden["event"], golden["data"])])

    fresh = channel.wait(1, 0, 0)
    passing = (fresh.gradients or b"") + (fresh.progress or b"")
    shown = parse_events(b"".join(framed for _, framed in fresh.events) + passing).events
    assert [(event.kind, json.loads(event.data)) for event in shown] == [(golden["event"], golden["data"])]


def test_a_checkpoint_at_rest_is_kept_on_disk_at_once(ingest: Ingest, settings: Settings, run_id: str) -> None:
    ingest.ingest([make_metrics(1, 9, run_id), make_event("frame", run_id, epoch=8, step=200, weights="AA==")])
    ingest.ingest([_checkpoint(run_id, 9, is_at_rest=True)])
    assert _kept_epoch(settings, run_id) == 9

    ingest.ingest([_checkpoint(run_id, 10, is_at_rest=False)])
    assert _kept_epoch(settings, run_id) == 9


def test_nobody_has_to_watch(ingest: Ingest, store: Store, run_id: str) -> None:
    ingest.ingest([make_status("running", run_id)])

    assert store.subscriptions.find(run_id) is None
    assert len(_story(store, run_id)) == 2


@pytest.mark.parametrize("status", ["finished", "failed", "stopped"])
def test_what_an_ended_run_still_tells_is_dropped(
    ingest: Ingest, store: Store, services: Services, run_id: str, told: list[tuple[str, ControlState]], status: str
) -> None:
    ingest.ingest([make_status("running", run_id), make_status(status, run_id)])
    story, run = _story(store, run_id), services.runs.get_run(run_id)
    for _ in range(3):
        ingest.ingest([make_metrics(7, 1, run_id), make_status("running", run_id), make_event("frame", run_id)])

    assert told == [(run_id, STOP)], "it is told once to stop"
    assert _story(store, run_id) == story
    assert services.runs.get_run(run_id) == run
    assert store.weights.find(run_id) is None


def test_what_comes_behind_the_end_in_the_same_batch_is_dropped(ingest: Ingest, store: Store, run_id: str) -> None:
    ingest.ingest([make_status("stopped", run_id), make_metrics(1, 1, run_id)])

    assert [event.kind for event in _story(store, run_id)] == ["status", "status"]


def test_a_disk_that_takes_no_weights_neither_stops_nor_repeats_the_story(
    ingest: Ingest, store: Store, settings: Settings, run_id: str
) -> None:
    (settings.data_dir / "runs").write_text("a file stands where the folder should be")
    ingest.ingest([make_status("running", run_id), make_event("checkpoint", run_id), make_metrics(1, 1, run_id)])

    assert [event.kind for event in _story(store, run_id)] == ["status", "status", "metrics"]
    assert store.weights.find(run_id) is not None


def test_a_checkpoint_counts_behind_the_commit(ingest: Ingest, store: Store, settings: Settings, run_id: str) -> None:
    """Of a batch that is not stored nothing is known: a checkpoint ahead of the story would leave a hole in it."""
    with pytest.raises(KeyError):
        ingest.ingest([make_event("checkpoint", run_id), make_event("status", run_id, nothing=True)])
    assert store.checkpoints.find(run_id) is None
    assert store.weights.find(run_id) is None

    ingest.ingest([make_event("checkpoint", run_id)])
    assert _kept_epoch(settings, run_id) == 0


def test_what_a_deleted_run_still_tells_is_dropped(
    ingest: Ingest, store: Store, services: Services, run_id: str, told: list[tuple[str, ControlState]]
) -> None:
    services.runs.delete_run(run_id)
    ingest.ingest([make_metrics(1, 1, run_id), make_event("checkpoint", run_id)])

    assert told == [(run_id, STOP)]
    assert _story(store, run_id) == []
    assert store.checkpoints.find(run_id) is None


def test_a_run_that_ends_in_a_batch_is_not_called_a_stray(
    ingest: Ingest, run_id: str, told: list[tuple[str, ControlState]]
) -> None:
    ingest.ingest([make_status("running", run_id), make_status("finished", run_id), make_metrics(9, 1, run_id)])

    assert told == []


def test_a_stray_does_not_keep_the_others_in_its_batch(
    ingest: Ingest, store: Store, run_id: str, told: list[tuple[str, ControlState]]
) -> None:
    ingest.ingest([make_metrics(1, 1, "gone"), make_status("running", run_id), make_metrics(1, 1, "gone too")])

    assert [event.kind for event in _story(store, run_id)] == ["status", "status"]
    assert sorted(told) == [("gone", STOP), ("gone too", STOP)]


def test_a_stray_that_cannot_be_told_does_not_store_the_batch_twice(
    store: Store, run_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(run_id: str, attempt: int, controls: ControlState) -> None:
        raise RuntimeError("no cluster")

    with caplog.at_level(logging.ERROR):
        Ingest(store, fail).ingest([make_status("running", run_id), make_metrics(1, 1, "gone")])

    assert len(_story(store, run_id)) == 2
    assert "could not be told" in caplog.text


def test_who_trained_a_run_before_is_not_heard_but_told_to_stop(
    ingest: Ingest, store: Store, run_id: str, told: list[tuple[str, ControlState]]
) -> None:
    with store.database.write() as session:
        runs.begin_attempt(session, run_id, attempt=2, epoch=0, losses=1)
    older, newer = make_metrics(1, 5, run_id), RunEvent(run_id, "metrics", make_metrics(1, 2).payload, 2)
    for _ in range(2):
        ingest.ingest([older, newer, make_event("checkpoint", run_id), make_status("stopped", run_id)])

    assert [json.loads(event.data)["epoch"] for event in _story(store, run_id)[1:]] == [[1, 2]]
    assert store.checkpoints.find(run_id) is None
    assert told == [(run_id, STOP)], "it is told once to stop"


def test_epochs_that_were_told_are_not_told_again(ingest: Ingest, store: Store, run_id: str) -> None:
    for first, epochs in ((1, 3), (1, 3), (2, 4), (5, 2)):
        ingest.ingest([make_metrics(first, epochs, run_id)])

    assert [json.loads(event.data)["epoch"] for event in _story(store, run_id)[1:]] == [[1, 2, 3], [4, 5], [6]]


@pytest.mark.parametrize(("status", "epoch"), [("running", 3), ("queued", 3), ("finished", 1)])
def test_a_status_does_not_go_back_behind_what_was_told_unless_it_is_the_end(
    ingest: Ingest, services: Services, store: Store, run_id: str, status: str, epoch: int
) -> None:
    ingest.ingest([make_metrics(1, 3, run_id), make_status(status, run_id, epoch=1, step=25)])

    assert services.runs.get_run(run_id).epoch == epoch
    assert json.loads(_story(store, run_id)[-1].data)["epoch"] == epoch
    assert json.loads(_story(store, run_id)[-1].data)["step"] == 25 * epoch


def test_a_hole_in_the_story_is_told_and_nothing_behind_it_counts(
    store: Store, services: Services, run_id: str
) -> None:
    torn: list[tuple[str, int]] = []
    ingest = Ingest(store, lambda *asked: None, on_torn=lambda *lost: torn.append(lost))
    ingest.ingest([make_status("running", run_id), make_metrics(1, 2, run_id), _checkpoint(run_id, 2, is_at_rest=True)])
    ingest.ingest([make_metrics(4, 1, run_id), _checkpoint(run_id, 4, is_at_rest=True), make_status("paused", run_id)])

    assert torn == [(run_id, 1)]
    assert (services.runs.get_run(run_id).epoch, services.runs.get_run(run_id).status) == (2, RunStatus.RUNNING)
    assert (store.checkpoints.find(run_id) or {})["epoch"] == 2


@pytest.mark.parametrize(
    "ahead",
    [
        make_status("paused", epoch=9, step=225),
        make_status("finished", epoch=9, step=225),
        make_event("checkpoint", epoch=9, step=225, weights="AA==", slots="", version=0, is_at_rest=True),
    ],
    ids=["a pause", "an end", "a checkpoint"],
)
def test_who_speaks_of_epochs_whose_rows_were_lost_has_left_a_hole(store: Store, run_id: str, ahead: RunEvent) -> None:
    """Else nobody would notice: the next rows would begin where it says that the run is."""
    torn: list[tuple[str, int]] = []
    ingest = Ingest(
        store, lambda run_id, attempt, controls: None, on_torn=lambda run_id, attempt: torn.append((run_id, attempt))
    )
    ingest.ingest([make_metrics(1, 4, run_id)])
    ingest.ingest([replace(ahead, run_id=run_id)])

    assert torn == [(run_id, 1)]
    assert store.checkpoints.find(run_id) is None
    with store.database.read() as session:
        run = runs.find_run(session, run_id)
    assert run is not None
    assert (run.status, run.epoch) == (RunStatus.QUEUED, 4)


def test_a_word_of_the_server_that_was_overtaken_by_rows_does_not_set_the_run_back(
    ingest: Ingest, services: Services, run_id: str
) -> None:
    ingest.ingest([make_status("running", run_id), make_metrics(1, 4, run_id)])
    overtaken = make_status("running", run_id, epoch=4, step=100, attempt=1, reason_code="not_responding")
    ended = make_status("stopped", run_id, epoch=6, step=150, attempt=1)
    ingest.ingest([make_metrics(5, 3, run_id), overtaken])
    assert services.runs.get_run(run_id).epoch == 7
    ingest.ingest([make_metrics(8, 1, run_id), ended])

    run = services.runs.get_run(run_id)
    assert (run.status, run.epoch, run.step) == (RunStatus.STOPPED, 8, 200)
    assert services.runs.history(run_id)["epoch"] == list(range(1, 9))


def test_a_control_that_did_not_arrive_is_sent_again_at_the_next_pulse(
    ingest: Ingest, services: Services, run_id: str, told: list[tuple[str, ControlState]]
) -> None:
    services.runs.control_run(run_id, {"action": "pause"})
    for version in (0, 1):
        ingest.ingest([make_event("pulse", run_id, version=version)])

    assert [(name, controls.version) for name, controls in told] == [(run_id, 1)]


def test_our_word_that_a_run_is_silent_does_not_wake_one_that_is_paused(
    ingest: Ingest, services: Services, run_id: str
) -> None:
    silent = make_status("running", run_id, attempt=1, reason="No answer.", reason_code="not_responding")
    ingest.ingest([make_status("paused", run_id), silent])

    assert (services.runs.get_run(run_id).status, services.runs.get_run(run_id).reason) == (RunStatus.PAUSED, None)


def test_every_event_of_a_worker_is_a_sign_of_life(store: Store, run_id: str) -> None:
    heard: list[str] = []
    ingest = Ingest(store, lambda *asked: None, heard.append)
    ingest.ingest([make_event("pulse", run_id), make_metrics(1, 1, run_id), make_event("pulse", "gone")])
    ingest.ingest([make_status("running", run_id)])

    assert heard == [run_id, run_id]
    assert [event.kind for event in _story(store, run_id)] == ["status", "metrics", "status"]


@pytest.mark.parametrize(
    ("applied", "status", "is_asked"),
    [
        pytest.param(0, "running", True, id="behind"),
        pytest.param(1, "running", True, id="still behind"),
        pytest.param(2, "running", False, id="up to date"),
        pytest.param(0, "stopped", False, id="behind, but over"),
    ],
)
def test_a_run_that_lags_behind_its_controls_gets_them_again(
    ingest: Ingest,
    services: Services,
    run_id: str,
    told: list[tuple[str, ControlState]],
    applied: int,
    status: str,
    is_asked: bool,
) -> None:
    for action in ("pause", "resume"):
        services.runs.control_run(run_id, {"action": action})
    ingest.ingest([make_status(status, run_id, controls=_controls(applied))])

    assert [(name, controls.version) for name, controls in told] == ([(run_id, 2)] if is_asked else [])


def test_metrics_alone_say_nothing_about_controls(
    ingest: Ingest, services: Services, run_id: str, told: list[tuple[str, ControlState]]
) -> None:
    services.runs.control_run(run_id, {"action": "pause"})
    ingest.ingest([make_metrics(1, 1, run_id)])

    assert told == []


def test_a_fault_behind_the_commit_does_not_store_the_batch_twice(
    store: Store, services: Services, run_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Who offers batches tries again after an exception, so none may come once the batch is stored."""

    def fail(run_id: str, attempt: int, controls: ControlState) -> None:
        raise RuntimeError("no cluster")

    services.runs.control_run(run_id, {"action": "pause"})
    with caplog.at_level(logging.ERROR):
        Ingest(store, fail).ingest([make_status("running", run_id)])
    assert len(_story(store, run_id)) == 2
    assert "no cluster" in caplog.text


def _short(event: RunEvent) -> str:
    """`a:1,2` for metrics of run a's epochs 1 and 2, `a:running` for its status."""
    said = event.payload.get("status") or ",".join(map(str, event.payload.get("epoch", [])))
    return f"{event.run_id}:{said}"


@pytest.mark.parametrize(
    ("events", "joined"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(["a:1", "a:2", "a:3"], ["a:1,2,3"], id="neighbours"),
        pytest.param(["a:1", "b:1", "a:2", "b:2"], ["a:1,2", "b:1,2"], id="two runs interleaved"),
        pytest.param(["a:1", "a:paused", "a:2", "a:3"], ["a:1", "a:paused", "a:2,3"], id="a status stands between"),
        pytest.param(["a:1", "b:paused", "a:2"], ["a:1,2", "b:paused"], id="a status of another run does not"),
    ],
)
def test_neighbouring_metrics_of_a_run_become_one_event(events: list[str], joined: list[str]) -> None:
    made = []
    for run_id, said in (text.split(":") for text in events):
        made.append(make_metrics(int(said), 1, run_id) if said.isdigit() else make_status(said, run_id))

    assert [_short(event) for event in joined_metrics(made)] == joined


def test_joining_leaves_what_was_offered_as_it_was() -> None:
    """The same batch may be offered again."""
    batch = [make_metrics(1), make_metrics(2)]
    joined_metrics(batch)
    assert batch == [make_metrics(1), make_metrics(2)]
