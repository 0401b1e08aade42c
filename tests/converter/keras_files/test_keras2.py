"""Files that Keras 2 wrote: the same answers in Keras 3, or a refusal where Keras 3 would answer something else."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from converter.errors import InputRefused
from converter.keras_files import open_model
from converter.keras_files.keras2 import modernised
from tests.converter.keras_files import asked
from tests.converter.keras_files.handmade import make_dense, make_input, make_layer, make_legacy, make_sequential

WRITER = Path(__file__).with_name("write_keras2.py")
NAMES = re.findall(r"^def (\w+)\(\) -> Any:", WRITER.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of files by Keras 2, which runs in a process of its own."""
    if importlib.util.find_spec("tf_keras") is None:
        pytest.skip("Keras 2 (tf_keras) is not installed")
    folder = tmp_path_factory.mktemp("keras2")
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run([sys.executable, str(WRITER), str(folder)], check=True, env=quiet, capture_output=True, timeout=250)
    return folder


def _arrays(stored: Any, kind: str) -> list[Any]:
    return [stored[f"{kind}{number}"] for number in range(sum(name.startswith(kind) for name in stored))]


@pytest.mark.parametrize("name", NAMES)
def test_a_model_of_keras_2_answers_as_it_did_there(name: str, written: Path) -> None:
    with np.load(written / f"{name}.npz") as stored:
        inputs, expected = _arrays(stored, "input"), _arrays(stored, "answer")

    opened = open_model(written / f"{name}.h5")

    assert opened.keras_version.startswith("2.")
    answers = asked.answers_of(opened.model, inputs[0] if len(inputs) == 1 else inputs)
    tolerance = 5e-3 if name == "half" else 2e-5
    assert len(answers) == len(expected)
    for answer, wanted in zip(answers, expected, strict=True):
        np.testing.assert_allclose(answer, wanted, atol=tolerance, rtol=tolerance)


def test_the_first_layer_may_hold_the_shape_of_the_input(tmp_path: Path) -> None:
    dense = {"class_name": "Dense", "config": {"name": "dense", "units": 1, "batch_input_shape": [None, 2]}}
    config = {"class_name": "Sequential", "config": [dense]}

    opened = open_model(make_legacy(tmp_path / "model.h5", config))

    np.testing.assert_array_equal(opened.model(np.ones((1, 2), "float32")), [[3.0]])


def test_a_gru_that_does_not_say_resets_before() -> None:
    entry: Any = modernised({"class_name": "GRU", "config": {"name": "gru", "units": 2}})

    assert entry["config"]["reset_after"] is False


def test_weights_in_another_order_are_found_by_their_names(tmp_path: Path) -> None:
    def swapped(store: Any) -> None:
        store["model_weights/dense"].attrs["weight_names"] = [b"dense/bias:0", b"dense/kernel:0"]

    opened = open_model(make_legacy(tmp_path / "model.h5", change=swapped))

    np.testing.assert_array_equal(opened.model(np.ones((1, 2), "float32")), [[3.0]])


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        (make_layer("LSTM", "l", units=2, time_major=True), "time_major"),
        (make_layer("Attention", "a", causal=True), "use_causal_mask"),
        (make_layer("CuDNNLSTM", "l", units=2), "use LSTM"),
        (make_layer("LocallyConnected2D", "l", filters=2), "LocallyConnected2D"),
        (make_layer("Dense", "d", units=2, time_major=3, surprise=1), "surprise"),
    ],
    ids=["time first", "causal", "graphics card", "gone", "unknown"],
)
def test_what_keras_3_would_answer_otherwise_is_refused(layer: Any, told: str, tmp_path: Path) -> None:
    config = make_sequential(make_input("x", 4, 2), layer)

    with pytest.raises(InputRefused, match=told):
        open_model(make_legacy(tmp_path / "model.h5", config))


def test_a_layer_made_to_train_is_refused(tmp_path: Path) -> None:
    dense = {**make_dense(), "name": "dense", "inbound_nodes": [[["x", 0, 0, {"training": True}]]]}
    layers = [{**make_input("x"), "name": "x", "inbound_nodes": []}, dense]
    config = {"layers": layers, "input_layers": [["x", 0, 0]], "output_layers": [["dense", 0, 0]], "name": "model"}

    with pytest.raises(InputRefused, match="training"):
        open_model(make_legacy(tmp_path / "model.h5", {"class_name": "Model", "config": config}))


@pytest.mark.parametrize(
    "junk", [None, 3, [], {}, {"config": 3}, {"class_name": [], "config": {}}, {"config": {"layers": 3}}]
)
def test_what_is_no_configuration_stays_what_it_is_or_is_refused_later(junk: Any, tmp_path: Path) -> None:
    modernised(junk)

    with pytest.raises(InputRefused):
        open_model(make_legacy(tmp_path / "model.h5", make_sequential(junk)))
