"""A run that goes on from a checkpoint: the same numbers, and nothing that was told is told again."""

import json
from math import inf
from typing import Any

import numpy as np
import pytest

from server.domain.controls import ControlRequest, ControlState, WeightEdit, apply_control
from server.domain.spec import RunSpec
from server.training import report
from server.training.checkpoints import Checkpoint, checkpoint_from
from server.training.engine import Bench, Training
from server.training.opening import opening_epochs
from server.training.recipe import recipe_of
from server.training.report import CHECKPOINT_S
from tests.builders import make_controls, make_spec
from tests.fakes import FakeClock
from tests.stories import BENCH, KINDS, Script, Story, run_through

STOPPING = {"metric": "val_loss", "patience": 30, "min_delta": 0.0, "restore_best": True}
NOISY = {"dataset": {"noise": 50, "samples": 60}, "optimizer": {"name": "adam", "learning_rate": 0.1}}


def _go_on(spec: RunSpec, start: Checkpoint | None, told_epoch: int = 0, controls: ControlState | None = None) -> Story:
    story = Story()
    mailbox = Script(controls or make_controls(spec))
    _finish(Training(spec, story.emit, mailbox, BENCH, 1000, start, told_epoch))
    return story


def _finish(training: Training) -> None:
    """Until it is over, or waits."""
    while not training.is_over and training.due_s() < inf:
        training.turn()


def _checkpoints(story: Story) -> list[Checkpoint]:
    """Those that a run has told, as they arrive behind JSON."""
    return [checkpoint_from(json.loads(json.dumps(payload))) for payload in story.of("checkpoint")]


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A bench whose runs tell a checkpoint after each turn."""
    monkeypatch.setattr(report, "CHECKPOINT_S", 0.0)
    return Bench(BENCH.clock, BENCH.programs, tick_s=lambda: 0.0)


@pytest.mark.parametrize("changes", KINDS.values(), ids=KINDS.keys())
def test_a_run_resumed_from_any_checkpoint_gives_the_same_bits(changes: dict[str, Any]) -> None:
    spec = make_spec(**changes)
    through = run_through(spec)
    opening = opening_epochs(recipe_of(spec))
    for epoch in sorted({0, opening // 2, opening, changes["epochs"] - 1} & set(range(changes["epochs"]))):
        start = _checkpoints(run_through(make_spec(**changes | {"epochs": epoch})))[-1] if epoch else None
        resumed = _go_on(spec, start, epoch)
        assert resumed.columns == {name: column[epoch:] for name, column in through.columns.items()}
        assert np.array_equal(resumed.last_weights, through.last_weights)


@pytest.mark.parametrize("behind", [1, 7, 60])
def test_epochs_the_world_has_heard_of_are_trained_in_silence(behind: int) -> None:
    spec = make_spec(epochs=120)
    through = run_through(spec)
    told = 100
    start = _checkpoints(run_through(make_spec(epochs=told - behind)))[-1]
    resumed = _go_on(spec, start, told)

    assert resumed.columns["epoch"] == list(range(told + 1, 121))
    assert resumed.columns["loss"] == through.columns["loss"][told:]
    first = resumed.of("status")[0]
    assert (first["status"], first["epoch"]) == ("running", told)
    assert [kind for kind, _ in resumed.events[:3]] == ["frame", "checkpoint", "status"]
    assert resumed.of("frame")[0]["epoch"] == told


def test_a_run_whose_checkpoints_are_all_broken_begins_anew_in_silence() -> None:
    spec = make_spec(epochs=60)
    resumed = _go_on(spec, None, 50)

    assert resumed.columns["loss"] == run_through(spec).columns["loss"][50:]


def test_a_paused_run_comes_to_where_its_story_ends_and_waits_there() -> None:
    spec = make_spec(epochs=60)
    story = _go_on(spec, None, 40, make_controls(spec, paused=True))

    (status,) = story.of("status")
    assert (status["status"], status["epoch"]) == ("paused", 40)
    assert story.of("metrics") == []


def test_steps_that_were_made_are_not_made_again() -> None:
    spec = make_spec(epochs=60)
    controls = make_controls(spec, paused=True)
    for _ in range(2):
        controls = apply_control(controls, ControlRequest(action="step", epochs=5))
    stepped = _go_on(spec, None, 0, controls)
    assert stepped.columns["epoch"][-1] == 10

    assert _go_on(spec, _checkpoints(stepped)[-1], 10, controls).of("metrics") == []


def test_steps_that_were_told_count_although_they_are_trained_again() -> None:
    spec = make_spec()
    controls = apply_control(make_controls(spec, paused=True), ControlRequest(action="step", epochs=100))
    story = _go_on(spec, None, 40, controls)

    assert story.columns["epoch"] == list(range(41, 101))


def test_every_checkpoint_knows_how_many_steps_are_owed(eager: Bench) -> None:
    spec, story = make_spec(), Story()
    controls = apply_control(make_controls(spec, paused=True), ControlRequest(action="step", epochs=100))
    _finish(Training(spec, story.emit, Script(controls), eager, 1000))
    assert story.columns["epoch"][-1] == 100

    for start in _checkpoints(story)[1:]:
        assert start.granted == start.moment.epoch
        last = _go_on(spec, start, start.moment.epoch, controls).of("status")[-1]
        assert last["epoch"] == 100


def test_weights_set_by_hand_before_the_first_checkpoint_are_set_again() -> None:
    spec = make_spec()
    edit = WeightEdit(layer=0, row=0, unit=0, value=0.25)
    controls = apply_control(make_controls(spec, paused=True), ControlRequest(action="set", weight=edit))

    assert _go_on(spec, None, 0, controls).last_weights[0] == np.float32(0.25)


def test_what_was_asked_after_the_checkpoint_is_obeyed() -> None:
    spec = make_spec(epochs=12)
    start = _checkpoints(run_through(make_spec(epochs=5)))[-1]
    edit = WeightEdit(layer=0, row=0, unit=0, value=0.25)
    controls = apply_control(make_controls(spec, paused=True), ControlRequest(action="set", weight=edit))
    story = _go_on(spec, start, 5, controls)

    assert story.last_weights[0] == np.float32(0.25)
    assert story.of("status")[-1]["controls"]["version"] == 1


def _told_eagerly(spec: RunSpec, eager: Bench) -> Story:
    story = Story()
    _finish(Training(spec, story.emit, Script(make_controls(spec)), eager, 1000))
    return story


@pytest.mark.parametrize("restore_best", [True, False])
def test_early_stopping_remembers_what_it_has_seen(eager: Bench, restore_best: bool) -> None:
    spec = make_spec(**NOISY, epochs=600, early_stopping=STOPPING | {"restore_best": restore_best})
    through = _told_eagerly(spec, eager)
    last = through.columns["epoch"][-1]
    assert 31 < last < 600
    for start in [each for each in _checkpoints(through) if each.moment.epoch < last][::9]:
        resumed = _go_on(spec, start, start.moment.epoch)
        assert resumed.columns["epoch"][-1] == last
        assert resumed.of("status")[-1]["reason"] == through.of("status")[-1]["reason"]
        assert np.array_equal(resumed.last_weights, through.last_weights)


def test_one_that_was_over_when_it_was_lost_ends_the_same_way(eager: Bench) -> None:
    spec = make_spec(**NOISY, epochs=600, early_stopping=STOPPING)
    through = _told_eagerly(spec, eager)
    told = through.columns["epoch"][-1]
    resumed = _go_on(spec, _checkpoints(through)[1], told)

    assert resumed.of("status")[-1]["reason_code"] == "early_stopped"
    assert np.array_equal(resumed.last_weights, through.last_weights)


def test_a_divergence_is_found_again() -> None:
    spec = make_spec(dataset={"name": "plane"}, optimizer={"name": "sgd", "learning_rate": 10.0}, epochs=600)
    through = run_through(spec)
    told = through.of("status")[-1]["epoch"]
    resumed = _go_on(spec, None, told)

    assert through.of("status")[-1]["reason_code"] == "diverged"
    assert resumed.of("status")[-1]["reason"] == through.of("status")[-1]["reason"]


def test_a_run_that_trains_tells_a_checkpoint_now_and_then() -> None:
    clock = FakeClock()
    story = Story(lambda kind, payload: clock.advance(CHECKPOINT_S / 4) if kind == "frame" else None)
    spec = make_spec(epochs=50)
    training = Training(spec, story.emit, Script(make_controls(spec, speed=1000.0)), Bench(clock, BENCH.programs), 1000)
    while not training.is_over:
        clock.advance(0.05)
        training.turn()

    kinds = [kind for kind, _ in story.events if kind in ("frame", "checkpoint")]
    assert 3 <= kinds.count("checkpoint") < kinds.count("frame")
    assert [payload["is_at_rest"] for payload in story.of("checkpoint")][1:-1].count(True) == 0


def test_where_the_rates_change_there_is_a_checkpoint() -> None:
    spec = make_spec(epochs=40)
    script = Script(make_controls(spec), {"action": "set", "learning_rate": 0.3})
    story = Story(lambda kind, payload: script.play() if kind == "metrics" and script.steps_left else None)
    _finish(Training(spec, story.emit, script, BENCH, 1000))

    changed = next(each["epoch"] for each in story.of("status") if each["controls"]["version"] == 1)
    start = next(each for each in reversed(_checkpoints(story)) if each.moment.epoch == changed and each.version == 0)
    resumed = _go_on(spec, start, changed, script.read())
    assert resumed.columns["loss"] == story.columns["loss"][changed:]
