"""Every supported model sits the same examination: the real TensorFlow.js answers as Keras does."""

import contextlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import converter
from tests.converter.models import MODELS
from tests.converter.tfjs_oracle import TOLERANCE, ask_tfjs, largest_difference, needs_tfjs

pytestmark = needs_tfjs


@pytest.fixture(scope="module")
def examined(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Any]]:
    """Every model of the table, converted live and from its file: folder and what TensorFlow.js said."""
    root = tmp_path_factory.mktemp("examined")
    folders: dict[str, Path] = {}
    for number, (name, make) in enumerate(MODELS.items()):
        folders[f"{name}, live"] = root / f"{number}-live"
        folders[f"{name}, file"] = root / f"{number}-file"
        _convert_both_ways(make(), folders[f"{name}, live"], folders[f"{name}, file"])
    answers = ask_tfjs(*folders.values())
    return {name: (folder, answer) for (name, folder), answer in zip(folders.items(), answers, strict=True)}


def _convert_both_ways(model: Any, live: Path, from_file: Path) -> None:
    """Convert a model live and by way of a file; a folder that is missing afterwards fails its own tests only."""
    _spread_weights(model)
    file = from_file.with_suffix(".keras")
    model.save(file)
    for source, folder in ((model, live), (file, from_file)):
        with contextlib.suppress(converter.ConversionError):
            converter.convert(source, folder)


def _spread_weights(model: Any) -> None:
    """Give biases other values than zero, and kernels other values than small; a variance is never below zero."""
    random = np.random.default_rng(7)
    for weight in model.weights:
        numbers = random.normal(0, 0.7, weight.shape)
        weight.assign(np.abs(numbers) if weight.name == "moving_variance" else numbers)


CASES = [f"{name}, {source}" for name in MODELS for source in ("live", "file")]


@pytest.mark.parametrize("case", CASES)
def test_tensorflow_js_answers_as_keras_does(case: str, examined: dict[str, tuple[Path, Any]]) -> None:
    folder, answer = examined[case]

    assert largest_difference(folder, answer) < TOLERANCE


@pytest.mark.parametrize("case", CASES)
def test_names_and_fingerprints_agree(case: str, examined: dict[str, tuple[Path, Any]]) -> None:
    folder, answer = examined[case]
    probe = json.loads((folder / "probe.json").read_text(encoding="utf-8"))
    manifest = json.loads((folder / "model.json").read_text(encoding="utf-8"))["weightsManifest"]

    assert [tensor["name"] for tensor in probe["inputs"]] == answer["inputNames"]
    assert [tensor["name"] for tensor in probe["outputs"]] == answer["outputNames"]
    assert {entry["name"] for group in manifest for entry in group["weights"]} == set(answer["weights"])
    assert probe["weights_sha256"] == answer["metadata"]["weights_sha256"]


@pytest.mark.parametrize("name", MODELS)
def test_a_file_and_its_live_model_convert_to_the_same_bytes(name: str, examined: dict[str, tuple[Path, Any]]) -> None:
    live, saved = examined[f"{name}, live"][0], examined[f"{name}, file"][0]

    assert _contents(live, "*.bin") == _contents(saved, "*.bin")
    assert _contents(live, "model.json") == _contents(saved, "model.json")


def _contents(folder: Path, pattern: str) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.glob(pattern)}
