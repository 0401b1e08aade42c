"""The loop of one run: obeys, tells, repeats itself to the bit, and survives divergence."""

import time
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest

from server.domain.controls import ControlRequest, apply_control
from server.domain.events import to_json
from server.domain.status import RunStatus
from server.training.carousel import Carousel
from server.training.compiler import Build, ProgramCache
from server.training.engine import Bench, Training, train
from server.training.opening import opening_epochs
from server.training.programs import Program, program_for
from server.training.recipe import Recipe, recipe_of
from tests.builders import make_controls, make_spec
from tests.stories import BENCH, KINDS, Script, Story, run_through


def test_a_run_finishes_after_its_epochs_and_tells_each_of_them_once() -> None:
    story = run_through(make_spec(epochs=150))
    assert story.columns["epoch"] == list(range(1, 151))
    assert story.columns["step"] == [25 * epoch for epoch in range(1, 151)]
    last = story.of("status")[-1]
    assert (last["status"], last["epoch"], last["reason_code"]) == ("finished", 150, "epochs_reached")


def test_the_default_run_solves_the_circle() -> None:
    assert run_through(make_spec(epochs=300)).columns["val_loss"][-1] < 0.1


def test_xor_is_solved_too() -> None:
    assert run_through(make_spec(dataset={"name": "xor"}, epochs=300)).columns["val_loss"][-1] < 0.1


def test_a_run_without_a_number_of_epochs_ends_at_the_servers_limit() -> None:
    assert run_through(make_spec(), most_epochs=7).columns["epoch"][-1] == 7


def test_the_untrained_network_is_shown_first_with_its_metrics() -> None:
    story = run_through(make_spec(epochs=1))
    kinds = [kind for kind, _ in story.events[:3]]
    assert kinds == ["frame", "checkpoint", "status"]
    first = story.of("status")[0]
    assert first["epoch"] == 0
    assert set(first["metrics"]) == {"loss", "val_loss", "accuracy", "val_accuracy"}


def test_the_same_spec_gives_the_same_numbers_to_the_bit() -> None:
    first, second = run_through(make_spec(epochs=100)), run_through(make_spec(epochs=100))
    assert first.columns == second.columns
    assert np.array_equal(first.last_weights, second.last_weights)


def test_another_seed_gives_other_numbers() -> None:
    first, second = run_through(make_spec(epochs=3)), run_through(make_spec(epochs=3, seed=1))
    assert first.columns["loss"] != second.columns["loss"]


def test_a_run_stepped_epoch_by_epoch_equals_one_that_runs_through() -> None:
    spec = make_spec(epochs=30)
    steps = [{"action": "step"}] * 10 + [{"action": "step", "epochs": 15}, {"action": "resume"}]
    story = Story()
    ending = train(spec, story.emit, Script(make_controls(spec, paused=True), *steps), BENCH, 1000)
    assert ending == RunStatus.FINISHED
    through = run_through(spec)
    assert story.columns == through.columns
    assert np.array_equal(story.last_weights, through.last_weights)


def test_steps_that_are_owed_are_forgotten_by_who_presses_run() -> None:
    spec = make_spec()
    script = Script(make_controls(spec, paused=True), {"action": "resume"}, {"action": "pause"}, {"action": "stop"})
    story = Story(lambda kind, payload: script.play() if kind == "metrics" and payload["epoch"][0] == 1 else None)
    train(spec, story.emit, script, BENCH, 1000)
    paused = [status for status in story.of("status") if status["status"] == "paused"]
    assert story.columns["epoch"][-1] == paused[-1]["epoch"]


def test_a_stopped_run_keeps_its_last_weights() -> None:
    spec = make_spec()
    script = Script(make_controls(spec, paused=True), {"action": "step", "epochs": 5}, {"action": "stop"})
    story = Story()
    assert train(spec, story.emit, script, BENCH, 1000) == RunStatus.STOPPED
    assert story.of("checkpoint")[-1]["epoch"] == 5
    assert story.of("status")[-1]["reason_code"] == "stopped_by_user"


def test_a_new_learning_rate_is_told_and_used() -> None:
    spec = make_spec(epochs=20)
    script = Script(
        make_controls(spec, paused=True),
        {"action": "step", "epochs": 10},
        {"action": "set", "learning_rate": 0.3},
        {"action": "resume"},
    )
    story = Story()
    train(spec, story.emit, script, BENCH, 1000)
    rates = [status["controls"]["learning_rate"] for status in story.of("status")]
    assert rates[0] == 0.03
    assert rates[-1] == 0.3
    through = run_through(spec).columns["loss"]
    assert story.columns["loss"][:10] == through[:10]
    assert story.columns["loss"][10] != through[10]


def test_a_weight_and_a_bias_set_by_hand_are_shown_at_once() -> None:
    spec = make_spec()
    script = Script(
        make_controls(spec, paused=True),
        {"action": "set", "weight": {"layer": 0, "row": 1, "unit": 2, "value": 0.5}},
        {"action": "set", "bias": {"layer": 2, "unit": 0, "value": -0.25}},
        {"action": "stop"},
    )
    story = Story()
    train(spec, story.emit, script, BENCH, 1000)
    # Kernel [2, 4] comes first, row-major: row 1, unit 2 is number 6; the output's bias is the last of all.
    assert story.last_weights[6] == 0.5
    assert story.last_weights[-1] == -0.25


DIVERGING = {"dataset": {"name": "plane"}, "layers": [], "optimizer": {"name": "sgd", "learning_rate": 10}}


def test_a_diverging_run_fails_with_a_reason_and_keeps_its_last_finite_weights() -> None:
    story = run_through(make_spec(**DIVERGING))
    last = story.of("status")[-1]
    assert (last["status"], last["reason_code"]) == ("failed", "diverged")
    assert "learning rate 10" in last["reason"]
    assert np.isfinite(story.last_weights).all()
    assert story.of("checkpoint")[-1]["epoch"] == last["epoch"]


def test_the_epoch_that_diverged_is_told_without_numbers() -> None:
    story = run_through(make_spec(**DIVERGING))
    columns = story.columns
    assert columns["epoch"][-1] == story.of("status")[-1]["epoch"] + 1
    assert '"loss":[' in to_json(columns)
    assert "NaN" not in to_json(columns)


def test_learning_rate_10_on_the_default_network_never_breaks_the_stream() -> None:
    story = run_through(make_spec(epochs=200, optimizer={"name": "sgd", "learning_rate": 10}))
    assert story.of("status")[-1]["status"] in ("finished", "failed")
    assert np.isfinite(story.last_weights).all()


def test_a_paced_run_tells_at_most_thirty_times_a_second() -> None:
    spec = make_spec(epochs=30)
    story = Story()
    begun_s = time.monotonic()
    train(spec, story.emit, Script(make_controls(spec, speed=120)), BENCH, 1000)
    assert len(story.of("metrics")) <= 30 * (time.monotonic() - begun_s) + 3


LONG = run_through(make_spec(epochs=800))
OPENING = opening_epochs(recipe_of(make_spec()))


@pytest.mark.parametrize("epochs", [1, 63, OPENING - 1, OPENING, OPENING + 1, OPENING + 4, OPENING + 256, 790])
def test_the_length_of_a_slice_does_not_show(epochs: int) -> None:
    long = LONG.columns["loss"][:epochs]
    assert run_through(make_spec(epochs=epochs)).columns["loss"] == long


@pytest.mark.parametrize("kind", KINDS.keys())
def test_every_kind_of_network_goes_from_the_opening_to_its_program(kind: str) -> None:
    recipe = recipe_of(make_spec(**KINDS[kind]))
    if program_for(recipe):
        assert 0 < opening_epochs(recipe) < KINDS[kind]["epochs"] - 10
    else:
        assert kind == "large and dense"


@pytest.mark.parametrize("changes", KINDS.values(), ids=KINDS.keys())
def test_a_run_beside_twenty_others_gives_the_same_bits_as_alone(changes: dict[str, Any]) -> None:
    alone = run_through(make_spec(**changes))
    carousel = Carousel(time.monotonic, places=21)
    stories = [Story() for _ in range(21)]
    specs = [make_spec(**changes), *(make_spec(seed=seed, epochs=20) for seed in range(1, 21))]
    failures: list[Exception | None] = []
    for spec, story in zip(specs, stories, strict=True):
        training = Training(spec, story.emit, Script(make_controls(spec)), BENCH, 1000)
        carousel.enter(training, failures.append)
    while len(failures) < 21:
        carousel.turn()
    assert failures == [None] * 21
    assert stories[0].columns == alone.columns
    assert np.array_equal(stories[0].last_weights, alone.last_weights)


class SlowCompiler(ProgramCache):
    """Every program comes a second late."""

    def get(self, recipe: Recipe, build: Build) -> Future[Program]:
        def build_slowly(recipe: Recipe) -> Program:
            time.sleep(1.0)
            return build(recipe)

        return super().get(recipe, build_slowly)


@pytest.mark.parametrize("changes", KINDS.values(), ids=KINDS.keys())
def test_a_run_whose_program_comes_late_gives_the_same_bits(changes: dict[str, Any]) -> None:
    spec, story = make_spec(**changes), Story()
    train(spec, story.emit, Script(make_controls(spec)), Bench(time.monotonic, SlowCompiler()), 1000)
    assert story.columns == run_through(spec).columns


def test_a_run_paused_in_the_middle_of_an_epoch_goes_on_with_the_next_batch() -> None:
    spec = make_spec(**KINDS["large and dense"])
    mailbox = Script(make_controls(spec), {"action": "pause"}, {"action": "resume"})
    story = Story()
    training = Training(spec, story.emit, mailbox, BENCH, 1000)
    while not training.is_over:
        training.turn()
        if len(story.of("metrics")) == 1 and mailbox.steps_left:
            mailbox.play()
    paused = [status for status in story.of("status") if status["status"] == "paused"]
    steps_per_epoch = recipe_of(spec).steps_per_epoch
    # All batches may be done while the epoch is still to be measured.
    assert paused[0]["epoch"] <= paused[0]["step"] / steps_per_epoch <= paused[0]["epoch"] + 1
    through = run_through(spec)
    assert story.columns == through.columns
    assert np.array_equal(story.last_weights, through.last_weights)


@pytest.mark.parametrize("kind", KINDS.keys())
def test_early_stopping_ends_the_run_with_the_weights_of_its_best_epoch(kind: str) -> None:
    changes = KINDS[kind] | {"early_stopping": {"patience": 2, "min_delta": 0.02}, "epochs": 400}
    story = run_through(make_spec(**changes))
    last = story.of("status")[-1]
    assert (last["status"], last["reason_code"]) == ("finished", "early_stopped")
    assert last["epoch"] == story.columns["epoch"][-1]
    best_epoch = last["epoch"] - 2
    assert story.of("checkpoint")[-1]["epoch"] == best_epoch
    until_best = run_through(make_spec(**KINDS[kind] | {"epochs": best_epoch}))
    assert np.array_equal(story.last_weights, until_best.last_weights)


def test_early_stopping_in_the_middle_of_a_slice_of_the_program_goes_back_to_the_best_epoch() -> None:
    changes = {"early_stopping": {"patience": 40, "metric": "loss", "min_delta": 0.0001}, "epochs": 2000}
    story = run_through(make_spec(**changes), most_epochs=2000)
    last = story.of("status")[-1]
    assert last["reason_code"] == "early_stopped"
    assert last["epoch"] > opening_epochs(recipe_of(make_spec()))
    until_best = run_through(make_spec(epochs=last["epoch"] - 40))
    assert np.array_equal(story.last_weights, until_best.last_weights)


def test_without_restoring_the_run_keeps_its_last_weights() -> None:
    stopping = {"patience": 2, "min_delta": 0.02, "restore_best": False}
    story = run_through(make_spec(early_stopping=stopping))
    assert story.of("checkpoint")[-1]["epoch"] == story.of("status")[-1]["epoch"]


def test_a_schedule_changes_the_rate_and_a_constant_one_does_not() -> None:
    falling = {"name": "step", "every_epochs": 10, "factor": 0.1}
    plain = run_through(make_spec(epochs=20)).columns["loss"]
    scheduled = run_through(make_spec(epochs=20, optimizer={"name": "sgd", "schedule": falling})).columns["loss"]
    assert scheduled[:10] == plain[:10]
    assert scheduled[10] != plain[10]
    assert abs(scheduled[19] - scheduled[10]) < abs(plain[19] - plain[10])


def test_a_run_in_line_tells_its_place_and_trains_when_it_may() -> None:
    spec, story = make_spec(epochs=3), Story()
    training = Training(spec, story.emit, Script(make_controls(spec)), BENCH, 1000)
    training.turn(2)
    training.turn(1)
    assert story.of("metrics") == []
    while not training.is_over:
        training.turn()
    told = [(status["status"], status["position"]) for status in story.of("status")]
    assert told == [("queued", 2), ("queued", 1), ("running", None), ("finished", None)]


def test_no_turn_of_a_large_network_is_much_longer_than_a_slice() -> None:
    layers = [{"kind": "conv2d", "filters": 16, "padding": "same"}] * 3 + [{"kind": "flatten"}]
    spec = make_spec(dataset={"name": "digits", "samples": 1797}, layers=layers, batch_size=32, epochs=2)
    story = Story()
    training = Training(spec, story.emit, Script(make_controls(spec)), BENCH, 1000)
    turns = 0
    while not training.is_over:
        training.turn()
        turns += 1
    assert turns > 2


def test_gradients_are_told_only_on_request_and_at_most_twice_a_second() -> None:
    spec = make_spec(epochs=90)
    story = Story()
    train(spec, story.emit, Script(make_controls(spec, speed=60)), BENCH, 1000)
    assert story.of("gradients") == []
    controls = apply_control(make_controls(spec, speed=60), ControlRequest(action="set", gradients=True))
    train(spec, story.emit, Script(controls), BENCH, 1000)
    told = story.of("gradients")
    assert 2 <= len(told) <= 4
    assert [layer["name"] for layer in told[0]["layers"]] == ["hidden_1", "hidden_2", "output"]


def test_a_paused_run_shows_its_gradients_when_they_are_asked_for() -> None:
    spec, story = make_spec(), Story()
    script = Script(
        make_controls(spec, paused=True), {"action": "step"}, {"action": "set", "gradients": True}, {"action": "stop"}
    )
    train(spec, story.emit, script, BENCH, 1000)
    assert [gradients["epoch"] for gradients in story.of("gradients")] == [1]


def own_points(count: int, classes: int) -> list[list[float]]:
    """Bells in a row, one for each class."""
    places = np.random.default_rng(1).normal(0, 0.4, (count, 2))
    return [[x1 + 3 * (index % classes) - 3, x2, index % classes] for index, (x1, x2) in enumerate(places.tolist())]


def test_six_relu_units_fit_the_curve_for_most_seeds() -> None:
    dataset, layers = {"name": "curve", "samples": 200}, [{"units": 6, "activation": "relu"}]
    adam = {"name": "adam", "learning_rate": 0.01}
    runs = (make_spec(dataset=dataset, layers=layers, optimizer=adam, epochs=1500, seed=seed) for seed in range(7))

    losses = [run_through(spec, 1500).columns["loss"][-1] for spec in runs]

    assert sum(loss < 0.05 for loss in losses) >= 5, losses


@pytest.mark.parametrize(
    ("dataset", "metric", "better_than"),
    [
        pytest.param({"name": "blobs", "classes": 5}, "val_accuracy", 0.8, id="blobs of five classes"),
        pytest.param({"name": "points", "points": own_points(60, 3)}, "val_accuracy", 0.9, id="own points"),
        pytest.param({"name": "points", "points": own_points(4, 2), "classes": 2}, "accuracy", 0.9, id="four points"),
        pytest.param({"name": "formula"}, "val_accuracy", 0.8, id="formula"),
        pytest.param({"name": "circle", "points": [[0, 0, 0]] * 5}, "val_accuracy", 0.8, id="points beside a circle"),
    ],
)
def test_classes_of_every_making_are_learned(dataset: dict[str, Any], metric: str, better_than: float) -> None:
    layers = [{"units": 8, "activation": "tanh"}] * 2
    spec = make_spec(dataset=dataset, layers=layers, optimizer={"name": "adam", "learning_rate": 0.01}, epochs=100)

    assert run_through(spec).columns[metric][-1] > better_than


@pytest.mark.parametrize("name", ["surface", "plane"])
def test_numbers_over_the_plane_are_learned_with_own_points_among_them(name: str) -> None:
    points = [[-5, 5, 0.5], [0, 0, -0.25]]
    layers = [{"units": 8, "activation": "tanh"}] * 2
    columns = run_through(make_spec(dataset={"name": name, "points": points}, layers=layers, epochs=60)).columns

    assert columns["val_loss"][-1] < 0.6 * columns["val_loss"][0]
    assert columns["step"][-1] == 60 * 26, "252 samples in batches of 10"


def test_a_law_as_steep_as_may_be_breaks_nothing() -> None:
    spec = make_spec(dataset={"name": "curve", "formula": "1/x", "samples": 60, "noise": 50}, epochs=30)

    assert run_through(spec).of("status")[-1]["status"] in ("finished", "failed")


def test_own_points_compile_no_program() -> None:
    """Each point more would be another number of samples, and so another program that is never given back."""
    without, beside = (make_spec(dataset={"name": "circle", "points": points}) for points in ([], [[0, 0, 1]]))

    assert program_for(recipe_of(without)) is not None
    assert program_for(recipe_of(beside)) is None
