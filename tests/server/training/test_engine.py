"""The loop of one run: obeys, tells, repeats itself to the bit, and survives divergence."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from server.domain.controls import ControlRequest, ControlState, apply_control
from server.domain.events import EventKind, Payload, join_columns, to_json
from server.domain.spec import RunSpec
from server.domain.status import RunStatus
from server.training.engine import Bench, train
from server.training.frames import decode_weights
from tests.builders import make_controls, make_spec


class Script:
    """A mailbox whose wishes follow one another when the run has shown that it is ready for the next."""

    def __init__(self, controls: ControlState, *steps: dict[str, Any]) -> None:
        self._controls = controls
        self._steps = list(steps)
        self._waits = 0

    def read(self) -> ControlState:
        return self._controls

    def wait(self, version: int, timeout_s: float | None) -> None:
        """A paused run that waits for ever gets the next step of the script."""
        self._waits += 1
        assert self._waits < 10_000, "the run waits for a control that never comes"
        if timeout_s is None:
            self.play()
        else:
            time.sleep(min(timeout_s, 0.001))

    def play(self) -> None:
        """Ask the next thing."""
        self._controls = apply_control(self._controls, ControlRequest(**self._steps.pop(0)))


class Story:
    """Keeps what a run tells; `on_event` may answer with a control."""

    def __init__(self, on_event: Callable[[EventKind, Payload], None] | None = None) -> None:
        self.events: list[tuple[EventKind, Payload]] = []
        self._on_event = on_event

    def emit(self, kind: EventKind, payload: Payload) -> None:
        to_json(payload)
        self.events.append((kind, payload))
        if self._on_event:
            self._on_event(kind, payload)

    def of(self, kind: EventKind) -> list[Payload]:
        return [payload for told, payload in self.events if told == kind]

    @property
    def columns(self) -> dict[str, list[Any]]:
        return join_columns(self.of("metrics"))

    @property
    def last_weights(self) -> np.ndarray[Any, Any]:
        return decode_weights(self.of("checkpoint")[-1]["weights"])


BENCH = Bench(time.monotonic)


def run_through(spec: RunSpec, most_epochs: int = 1000) -> Story:
    story = Story()
    train(spec, story.emit, Script(make_controls(spec)), BENCH, most_epochs)
    return story


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


@pytest.mark.parametrize("epochs", [1, 63, 64, 65, 129])
def test_the_length_of_a_slice_does_not_show(epochs: int) -> None:
    long = run_through(make_spec(epochs=150)).columns["loss"][:epochs]
    assert run_through(make_spec(epochs=epochs)).columns["loss"] == long
