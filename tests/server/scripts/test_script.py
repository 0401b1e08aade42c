"""The script of a run, run on its own, ends where the run ended."""

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from server.domain.controls import initial_controls
from server.domain.events import EventKind, Payload
from server.domain.validation import parse_run_spec
from server.scheduling.controls import RunMailbox
from server.scripts.script import script_payload
from server.training.engine import Bench, train

SPECS: dict[str, dict[str, Any]] = {
    "the default": {},
    "xor with noise": {"dataset": {"name": "xor", "noise": 20, "seed": 3}, "features": ["x1", "x2", "x1x2"], "seed": 5},
    "gauss without hidden layers": {"dataset": {"name": "gauss", "train_fraction": 0.3}, "layers": []},
    "spiral, momentum, clipping": {
        "dataset": {"name": "spiral", "samples": 333, "noise": 5},
        "features": ["x1", "sin_x2", "x1_squared"],
        "batch_size": 7,
        "optimizer": {"name": "sgd", "learning_rate": 0.01, "momentum": 0.9, "nesterov": True, "clip_norm": 0.5},
    },
    "moons, adagrad, steps": {
        "dataset": {"name": "moons", "noise": 10},
        "optimizer": {
            "name": "adagrad",
            "learning_rate": 0.1,
            "clip_value": 0.1,
            "schedule": {"name": "step", "every_epochs": 3, "factor": 0.5},
        },
    },
    "blobs, softmax, cosine, penalty": {
        "dataset": {"name": "blobs", "classes": 4},
        "layers": [{"units": 6, "activation": "relu"}],
        "optimizer": {"name": "adam", "learning_rate": 0.01, "schedule": {"name": "cosine", "epochs": 8}},
        "regularization": {"l1": 0.001, "l2": 0.01},
    },
    "own points": {
        "dataset": {"name": "points", "classes": 3, "points": [[i % 5 - 2, i % 7 - 3, i % 3] for i in range(40)]},
        "loss": "mse",
    },
    "points beside circle, normalization": {
        "dataset": {"name": "circle", "points": [[1, 1, 0], [2, -3, 1]]},
        "layers": [{"units": 4, "activation": "relu"}, {"kind": "batch_normalization", "momentum": 0.9}],
        "optimizer": {"name": "rmsprop", "learning_rate": 0.003},
    },
    "formula": {"dataset": {"name": "formula", "formula": "max(x1, x2, 0) - 1"}},
    "surface, huber": {"dataset": {"name": "surface", "samples": 300}, "loss": "huber"},
    "hills, mae": {"dataset": {"name": "gauss_hills", "samples": 300}, "loss": "mae", "layers": [{"units": 5}]},
    "plane": {"dataset": {"name": "plane", "samples": 200, "noise": 10}},
    "curve": {
        "dataset": {"name": "curve", "noise": 5, "x_min": -1, "x_max": 3, "formula": "1/x + relu(x) - step(x)"},
        "layers": [{"units": 6, "activation": "relu"}],
        "features": ["x1", "x1_squared", "x2"],
        "optimizer": {"name": "adam", "learning_rate": 0.01},
    },
}
EPOCHS = 12


def run_of(raw_spec: dict[str, Any], epochs: int) -> dict[str, float]:
    """The last metrics of the run itself."""
    spec = parse_run_spec(raw_spec | {"epochs": epochs})
    rows: list[dict[str, float]] = []

    def remember(kind: EventKind, payload: Payload) -> None:
        if kind == "metrics":
            rows.extend(dict(zip(payload, row, strict=True)) for row in zip(*payload.values(), strict=True))

    controls = initial_controls(spec, paused=False, speed=None)
    train(spec, remember, RunMailbox(controls), Bench(lambda: 0.0), most_epochs=epochs)
    return rows[-1]


@pytest.mark.parametrize("name", SPECS)
def test_a_script_ends_at_the_loss_of_the_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "script.py"
    path.write_text(script_payload(parse_run_spec(SPECS[name]), EPOCHS)["script"], encoding="utf-8")
    history = runpy.run_path(str(path))["history"]

    expected = run_of(SPECS[name], EPOCHS)
    assert len(history["loss"]) == expected["epoch"] == EPOCHS
    for metric in ("loss", "val_loss"):
        assert history[metric][-1] == pytest.approx(expected[metric], rel=0.001), metric


def test_a_script_stops_early_at_the_epoch_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    stopping = {"metric": "val_loss", "patience": 3}
    dataset, optimizer = {"name": "gauss", "noise": 50}, {"learning_rate": 0.1}
    raw_spec = {"dataset": dataset, "optimizer": optimizer, "early_stopping": stopping}
    path = tmp_path / "script.py"
    path.write_text(script_payload(parse_run_spec(raw_spec), 60)["script"], encoding="utf-8")
    history = runpy.run_path(str(path))["history"]

    assert len(history["loss"]) == run_of(raw_spec, 60)["epoch"] < 60


def test_a_script_runs_by_itself_with_nothing_of_ours_and_saves_its_model(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(script_payload(parse_run_spec({}), 2)["script"], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "script.py"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120
    )

    assert "Epoch 2: loss 0.69" in done.stdout
    assert (tmp_path / "model.keras").exists()


def test_the_notebook_has_the_code_of_the_script() -> None:
    payload = script_payload(parse_run_spec({}), 5)
    cells = payload["notebook"]["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert all(source in payload["script"] for source in code[:-1])
    assert len({cell["id"] for cell in cells}) == len(cells)
    json.dumps(payload["notebook"], allow_nan=False)
    compile("\n".join(code), "notebook", "exec")


def test_a_changed_setting_changes_its_own_lines_only() -> None:
    before, after = (
        script_payload(parse_run_spec({"optimizer": {"learning_rate": rate}}), 10)["script"].splitlines()
        for rate in (0.03, 0.1)
    )
    different = [line for line, other in zip(after, before, strict=True) if line != other]
    assert [line.strip() for line in different] == [
        "model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1), loss=loss)"
    ]
