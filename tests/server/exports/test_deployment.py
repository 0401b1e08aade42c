"""SavedModel and TensorFlow Lite answer as Keras does; a process of their own makes them."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from server.domain.errors import Unavailable
from server.exports import deployment
from server.exports.__main__ import main
from server.exports.deployment import DeploymentFailed, deployment_files
from server.exports.keras_file import keras_file
from server.exports.saved_model import write_saved_model
from server.exports.tflite import TOLERANCE, tflite_answers, tflite_file
from server.training.build import build_model
from tests.recipes import make_recipe

CASES = {
    "numbers of a place": {"dataset": {"name": "gauss_hills"}, "features": ["x1", "sin_x2"]},
    "a picture": {
        "dataset": {"name": "digits", "samples": 100},
        "layers": [
            {"kind": "conv2d", "filters": 3, "padding": "same", "activation": "relu"},
            {"kind": "batch_normalization"},
            {"kind": "max_pooling2d"},
            {"kind": "dropout", "rate": 0.5},
            {"kind": "global_average_pooling2d"},
        ],
    },
}


def _rows(model: keras.Model) -> np.ndarray:
    return np.random.default_rng(1).random((5, *model.input_shape[1:]), np.float32)


@pytest.mark.parametrize("changes", list(CASES.values()), ids=list(CASES))
def test_both_formats_answer_as_keras_does(tmp_path: Path, changes: dict[str, object]) -> None:
    model = build_model(make_recipe(**changes)[0])
    rows = _rows(model)
    expected = np.asarray(model(rows, training=False))
    write_saved_model(model, tmp_path / "saved_model")

    saved = tf.saved_model.load(str(tmp_path / "saved_model"))
    assert np.max(np.abs(np.asarray(saved.serve(rows)) - expected)) <= TOLERANCE
    lite = tflite_answers(tflite_file(model, tmp_path / "saved_model"), rows)
    assert np.max(np.abs(lite - expected)) <= TOLERANCE


def test_a_process_of_their_own_makes_the_files(tmp_path: Path) -> None:
    model = build_model(make_recipe(**CASES["a picture"])[0])
    files = deployment_files(keras_file(model))

    assert {"model.tflite", "saved_model/saved_model.pb", "saved_model/variables/variables.index"} <= files.keys()
    assert "model.keras" not in files
    rows = _rows(model)
    expected = np.asarray(model(rows, training=False))
    assert np.max(np.abs(tflite_answers(files["model.tflite"], rows) - expected)) <= TOLERANCE


def test_a_fault_of_tensorflow_lite_leaves_the_saved_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(model: keras.Model, saved_model: Path) -> bytes:
        raise RuntimeError("an unknown operation")

    monkeypatch.setattr("server.exports.__main__.tflite_file", fail)
    build_model(make_recipe(**CASES["a picture"])[0]).save(tmp_path / "model.keras")
    main(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.keras", "saved_model"]


# What may become of the child: each stands in the place of its program.
@pytest.mark.parametrize(
    ("program", "made"),
    [
        ("made.rename(folder / 'saved_model'); os.kill(os.getpid(), 11)", {"saved_model/graph"}),
        ("made.rename(folder / 'saved_model')", {"saved_model/graph"}),
        ("os.kill(os.getpid(), 11)", None),
        ("pass", None),
    ],
    ids=["dies within TensorFlow Lite", "has no TensorFlow Lite", "dies before", "makes nothing"],
)
def test_what_the_child_has_finished_is_delivered_however_it_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, made: set[str] | None
) -> None:
    (tmp_path / "server" / "exports").mkdir(parents=True)
    for package in ("server", "server/exports"):
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "server" / "exports" / "__main__.py").write_text(
        "import os, pathlib, sys\nfolder = pathlib.Path(sys.argv[1])\nmade = folder / 'growing'\n"
        f"made.mkdir()\n(made / 'graph').touch()\n{program}\n"
    )
    monkeypatch.setattr(deployment, "_ROOT", tmp_path)
    if made is None:
        with pytest.raises(DeploymentFailed):
            deployment_files(b"")
    else:
        assert deployment_files(b"").keys() == made


def test_what_keras_cannot_read_is_a_fault_that_is_told() -> None:
    with pytest.raises(DeploymentFailed, match=r"model\.keras"):
        deployment_files(b"no such file")


def test_a_process_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(Unavailable, match="too long"):
        deployment_files(b"", timeout_s=0.01)
