"""`neural-playground train` as a newcomer types it."""

import csv
import json
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import keras
import pytest

from server.domain.mobilenet import base_file_name
from server.domain.spec import BaseSpec
from server.domain.validation import parse_run_spec
from server.terminal import CannotTrain, TerminalStory, train_in_terminal

ROOT = Path(__file__).parents[2]


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "server", "train", *map(str, arguments)]


def train(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def write_spec(folder: Path, spec: Any) -> Path:
    path = folder / "spec.json"
    path.write_text(spec if isinstance(spec, str) else json.dumps(spec))
    return path


def test_it_writes_history_keras_model_and_tfjs_model(tmp_path: Path) -> None:
    out_dir = tmp_path / "out"
    done = train(write_spec(tmp_path, {"dataset": {"name": "xor"}}), "--epochs", 40, "--out", out_dir)
    assert done.returncode == 0, done.stderr
    assert "epoch 40/40" in done.stderr
    assert {path.name for path in out_dir.iterdir()} == {"history.csv", "model.keras", "tfjs"}
    with (out_dir / "history.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["epoch"]) for row in rows] == list(range(1, 41))
    assert float(rows[-1]["val_loss"]) < float(rows[0]["val_loss"])
    assert keras.models.load_model(out_dir / "model.keras").count_params() == 25
    model = json.loads((out_dir / "tfjs" / "model.json").read_text())
    assert model["userDefinedMetadata"]["epoch"] == 40


def test_a_base_that_cannot_be_read_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    base = tmp_path / "images" / "bases" / base_file_name(BaseSpec())
    base.parent.mkdir(parents=True)
    base.write_bytes(b"no weights")
    spec = write_spec(tmp_path, {"dataset": {"name": "digits", "samples": 40}, "base": {}, "layers": []})
    with pytest.raises(CannotTrain, match="broken or another one"):
        train_in_terminal(spec, 1, tmp_path / "out", StringIO(), tmp_path / "images")
    assert not (tmp_path / "out").exists()


def test_what_libraries_say_of_gpus_is_not_shown(tmp_path: Path) -> None:
    done = train(write_spec(tmp_path, {}), "--epochs", 1, "--out", tmp_path / "out")
    assert "cuda" not in done.stderr.lower()
    assert "absl" not in done.stderr.lower()


@pytest.mark.parametrize(
    ("spec", "word"),
    [
        pytest.param("{not json", "not valid JSON", id="not JSON"),
        pytest.param({"layers": [{"units": 500}]}, "layers[0].units", id="out of range"),
        pytest.param({"colour": "blue"}, "colour", id="unknown field"),
        pytest.param([], "must be an object", id="not an object"),
    ],
)
def test_a_spec_that_cannot_be_used_is_told_and_nothing_is_written(tmp_path: Path, spec: Any, word: str) -> None:
    done = train(write_spec(tmp_path, spec), "--out", tmp_path / "out")
    assert done.returncode == 2
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_spec_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = train(tmp_path / "nowhere.json", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "nowhere.json cannot be read" in done.stderr


def test_a_folder_that_holds_something_is_not_overwritten(tmp_path: Path) -> None:
    kept = tmp_path / "out" / "precious.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    done = train(write_spec(tmp_path, {}), "--out", kept.parent)
    assert done.returncode == 2
    assert "--out" in done.stderr
    assert [path.name for path in kept.parent.iterdir()] == ["precious.txt"]


def test_ctrl_c_ends_the_training_early_and_still_writes(tmp_path: Path) -> None:
    out_dir = tmp_path / "out"
    arguments = (write_spec(tmp_path, {"layers": [{"units": 64}] * 4}), "--epochs", 100_000, "--out", out_dir)
    process = subprocess.Popen(command(*arguments), cwd=ROOT, stderr=subprocess.PIPE)
    assert process.stderr is not None
    told = b""
    end_s = time.monotonic() + 100
    while b"epoch" not in told and time.monotonic() < end_s:
        told += process.stderr.read(20)
    process.send_signal(signal.SIGINT)
    told += process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0, told
    assert b"stopped" in told
    assert (out_dir / "model.keras").exists()


def test_pictures_that_are_not_there_are_missed_before_anything_is_loaded(tmp_path: Path) -> None:
    spec = {"dataset": {"name": "mnist", "samples": 100}, "layers": [{"kind": "flatten"}]}
    done = train(write_spec(tmp_path, spec), "--data-dir", tmp_path / "data", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "pictures of mnist are not" in done.stderr
    assert "TensorFlow" not in done.stderr


def test_a_long_epoch_shows_how_far_it_is_and_what_is_left() -> None:
    told = StringIO()
    story = TerminalStory(parse_run_spec({"epochs": 4}), told)
    batches = {"batch": 120, "batches": 160, "loss": 0.5, "accuracy": None, "remaining_s": 75.2}
    story.tell("progress", {"epoch": 3, "phase": "training", **batches})
    story.tell("progress", {"epoch": 3, "phase": "measuring", **batches | {"batch": 160, "remaining_s": 8.0}})
    story.tell("metrics", {"epoch": [3], "step": [480], "loss": [0.4], "val_loss": [None]})

    _, training, measuring, ended = told.getvalue().split("\r")
    assert training == "[####################..........] epoch 3/4  batch 120/160  1 min 15 s left  loss 0.5000"
    assert measuring.rstrip() == "[######################........] epoch 3/4  measuring  8 s left  loss 0.5000"
    assert ended.rstrip() == "[######################........] epoch 3/4  loss 0.4000"
    assert len(training) == len(measuring)
