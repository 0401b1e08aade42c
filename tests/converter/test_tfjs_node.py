"""Written folders in the real TensorFlow.js, and what is said where there is none."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import converter
from converter import tfjs_node
from converter.errors import VerificationFailed
from converter.tfjs_node import TfjsUnavailable, ask_tfjs, check_in_tfjs
from tests.converter.tfjs_oracle import needs_tfjs

BUNDLE = Path(__file__).parents[2] / "static" / "vendor" / "tfjs" / "tf.min.js"


@pytest.fixture
def folder(small_model: Any, tmp_path: Path) -> Path:
    """A converted model."""
    converter.convert(small_model, tmp_path / "out")
    return tmp_path / "out"


def _change_json(path: Path, change: Callable[[Any], object]) -> None:
    content = json.loads(path.read_bytes())
    change(content)
    path.write_text(json.dumps(content))


@needs_tfjs
def test_a_sound_model_is_found_to_answer_as_keras_does(folder: Path) -> None:
    check = check_in_tfjs(folder)

    assert check.largest_difference is not None
    assert check.largest_difference < 1e-5
    assert check.sentence.startswith("TensorFlow.js 4.")


@needs_tfjs
def test_a_model_that_answers_otherwise_is_not_accepted(folder: Path) -> None:
    def change(probe: Any) -> None:
        probe["outputs"][0]["data"][3] += 0.001

    _change_json(folder / "probe.json", change)

    with pytest.raises(VerificationFailed, match=r"largest difference is 1\.\de-03"):
        check_in_tfjs(folder)


@needs_tfjs
def test_a_model_tensorflow_js_cannot_load_is_not_accepted(folder: Path) -> None:
    def change(model: Any) -> None:
        model["modelTopology"]["model_config"]["config"]["layers"][1]["class_name"] = "Denser"

    _change_json(folder / "model.json", change)

    with pytest.raises(VerificationFailed, match="Denser"):
        check_in_tfjs(folder)


@needs_tfjs
def test_one_process_answers_for_many_folders_and_survives_a_bad_one(folder: Path, tmp_path: Path) -> None:
    first, missing, third = ask_tfjs([folder, tmp_path / "nothing", folder])

    assert "error" in missing
    assert first["outputs"] == third["outputs"]


@needs_tfjs
def test_the_bundle_for_browsers_answers_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not BUNDLE.exists():
        pytest.skip("The browser libraries are not fetched.")
    package = ask_tfjs([folder])

    monkeypatch.setattr(tfjs_node, "find_library", lambda: BUNDLE)

    assert ask_tfjs([folder]) == package


def test_without_node_the_check_says_so_and_nothing_fails(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setenv("PATH", "")

    check = check_in_tfjs(folder)

    assert check.largest_difference is None
    assert check.sentence.startswith("Not run in TensorFlow.js: Node is not installed")


def test_without_tensorflow_js_the_check_says_how_to_get_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tfjs_node, "__file__", str(tmp_path / "converter" / "tfjs_node.py"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tfjs_node, "find_node", lambda: "node")

    check = check_in_tfjs(folder)

    assert check.largest_difference is None
    assert "npm install @tensorflow/tfjs" in check.sentence


def test_the_package_in_the_current_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "node_modules" / "@tensorflow" / "tfjs"
    package.mkdir(parents=True)
    monkeypatch.setattr(tfjs_node, "__file__", str(tmp_path / "site" / "converter" / "tfjs_node.py"))
    monkeypatch.chdir(tmp_path)

    assert tfjs_node.find_library() == package


def test_a_program_that_is_no_node_is_told_apart_from_a_wrong_model(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tfjs_node, "find_node", lambda: str(folder / "no-node"))
    monkeypatch.setattr(tfjs_node, "find_library", lambda: folder)

    with pytest.raises(TfjsUnavailable, match="could not be started"):
        ask_tfjs([folder])
