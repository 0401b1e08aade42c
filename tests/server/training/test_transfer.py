"""Runs that start from a base, from their pictures to their files."""

import shutil
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from server import worker
from server.datasets.bases import Bases
from server.datasets.collections import Library
from server.datasets.splits import as_inputs, make_run_data
from server.domain.controls import ControlRequest, ControlState, apply_control
from server.domain.events import EventKind, Payload
from server.domain.mobilenet import base_tail
from server.domain.spec import RunSpec
from server.domain.status import RunStatus
from server.training.base import load_base_weights, tail_values
from server.training.engine import Bench, train
from server.training.frames import decode_weights
from tests.builders import make_controls, make_spec


class Story:
    """Hears a run, and is its mailbox."""

    def __init__(self, spec: RunSpec) -> None:
        self.controls = make_controls(spec)
        self.told: list[tuple[EventKind, Payload]] = []

    def __call__(self, kind: EventKind, payload: Payload) -> None:
        """Take an event."""
        self.told.append((kind, payload))

    def read(self) -> ControlState:
        """The state the run should be in."""
        return self.controls

    def wait(self, version: int, timeout_s: float | None) -> None:
        """Let some time pass."""
        time.sleep(min(timeout_s or 0.01, 0.01))

    def all_of(self, kind: EventKind) -> list[Payload]:
        """The events of a kind."""
        return [payload for each, payload in self.told if each == kind]


def spec_of(**changes: Any) -> RunSpec:
    dataset = {"name": "digits", "samples": 40, "train_fraction": 0.5}
    usual = {"dataset": dataset, "base": {"unfrozen": 0}, "layers": [], "batch_size": 8, "epochs": 2}
    return make_spec(**{**usual, "optimizer": {"name": "adam", "learning_rate": 0.001}, **changes})


def run(spec: RunSpec, images_dir: Path, story: Story | None = None) -> Story:
    story = story or Story(spec)
    train(spec, story, story, Bench(time.monotonic, library=Library(images_dir)), 100)
    return story


@pytest.mark.parametrize("unfrozen", [0, 6])
def test_the_exported_network_answers_as_the_run_was_measured(
    base_images_dir: Path, tmp_path: Path, unfrozen: int
) -> None:
    spec = spec_of(base={"unfrozen": unfrozen}, layers=[{"units": 6, "activation": "tanh"}])
    story = run(spec, base_images_dir)
    assert story.all_of("status")[-1]["status"] == "finished"
    moment = story.all_of("checkpoint")[-1]
    files = worker.run_export("r", spec.model_dump(mode="json"), moment, str(base_images_dir))
    (tmp_path / "model.keras").write_bytes(files["model.keras"])
    model = keras.models.load_model(tmp_path / "model.keras")
    val = make_run_data(spec).val
    answers = model.predict(as_inputs(val.features[:]), verbose=0)
    loss = float(keras.losses.CategoricalCrossentropy()(val.labels, answers))
    assert loss == pytest.approx(story.all_of("metrics")[-1]["val_loss"][-1], rel=1e-3)
    assert b'"format":"layers-model"' in files["tfjs/model.json"].replace(b" ", b"")


def test_a_run_with_an_unfrozen_end_begins_with_the_weights_of_the_base_and_moves_only_what_is_unfrozen(
    base_images_dir: Path,
) -> None:
    spec = spec_of(base={"unfrozen": 6}, epochs=1)
    assert spec.base is not None
    tail = base_tail(spec.base)
    assert tail is not None
    story = run(spec, base_images_dir)
    first, last = (decode_weights(payload["weights"]) for payload in (story.all_of("checkpoint")[i] for i in (0, -1)))
    np.testing.assert_array_equal(
        first[: tail.weights_count], tail_values(tail, load_base_weights(spec.base, Bases(base_images_dir)))
    )
    moved, place = set(), 0
    for layer in tail.layers:
        if not np.array_equal(*(row[place : place + layer.weights_count] for row in (first, last))):
            moved.add(layer.name)
        place += layer.weights_count
    assert moved == tail.trained


def test_the_page_is_told_how_far_the_pictures_are_and_gets_no_frames(base_images_dir: Path) -> None:
    shutil.rmtree(base_images_dir / "bases" / "digits", ignore_errors=True)
    story = run(spec_of(), base_images_dir)
    told = [payload for payload in story.all_of("progress") if payload["phase"] == "embedding"]
    assert [(last["epoch"], last["batch"], last["batches"]) for last in told[-1:]] == [(1, 40, 40)]
    assert story.all_of("status")[0] == story.all_of("status")[0] | {"status": "running", "epoch": 0}
    assert story.all_of("frame") == []


def test_a_base_that_is_missing_ends_the_run_with_a_sentence(tmp_path: Path) -> None:
    story = run(spec_of(), tmp_path)
    ending = story.all_of("status")[-1]
    assert (ending["status"], ending["reason_code"]) == ("failed", "base_missing")
    assert "_0.35_96_no_top.h5" in ending["reason"]


def test_who_presses_run_while_the_pictures_are_looked_at_hears_that_it_runs(base_images_dir: Path) -> None:
    class Pressing(Story):
        def wait(self, version: int, timeout_s: float | None) -> None:
            if self.controls.paused:
                self.controls = apply_control(self.controls, ControlRequest(action="resume"))
            super().wait(version, timeout_s)

    spec = spec_of(dataset={"name": "digits", "samples": 200, "noise": 10})
    story = Pressing(spec)
    story.controls = make_controls(spec, paused=True)
    run(spec, base_images_dir, story)
    statuses = [payload["status"] for payload in story.all_of("status")]
    assert statuses[:2] == ["paused", "running"]
    assert statuses[-1] == "finished"


def test_who_stops_a_run_while_its_pictures_are_looked_at_is_obeyed(tmp_path: Path, base_images_dir: Path) -> None:
    class Hasty(Story):
        def wait(self, version: int, timeout_s: float | None) -> None:
            self.controls = apply_control(self.controls, ControlRequest(action="stop"))

    spec = spec_of(dataset={"name": "digits", "samples": 1797, "noise": 10})
    story = run(spec, base_images_dir, Hasty(spec))
    assert story.all_of("status")[-1]["status"] == RunStatus.STOPPED.value
    assert story.all_of("metrics") == []
