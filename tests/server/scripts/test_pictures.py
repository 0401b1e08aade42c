"""The script of a run on pictures is plain Keras, and learns from the very pictures of the run."""

import runpy
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest

from server.datasets import images
from server.datasets.splits import as_inputs, make_run_data
from server.domain.validation import parse_run_spec
from server.scripts.script import script_payload
from tests.picture_sets import write_collection

LAYERS = [
    {"kind": "conv2d", "filters": 4, "strides": 2, "padding": "same"},
    {"kind": "batch_normalization"},
    {"kind": "max_pooling2d"},
    {"kind": "average_pooling2d", "padding": "same"},
    {"kind": "dropout", "rate": 0.1},
    {"kind": "flatten"},
]
EVERYTHING = {"shift": 0.1, "rotate": 20.0, "zoom": 0.1, "flip": True, "noise": 0.02}
SPECS: dict[str, dict[str, Any]] = {
    "all together": {"dataset": {"name": "cifar10", "samples": 100, "train_fraction": 0.7}},
    "given parts, noise": {
        "dataset": {"name": "cifar10", "samples": 80, "train_fraction": 0.75, "split": "given", "noise": 10},
        "optimizer": {"name": "adam", "learning_rate": 0.01, "schedule": {"name": "cosine", "epochs": 8}},
    },
    "augmented, stopping": {
        "dataset": {"name": "cifar10", "samples": 60},
        "augmentation": EVERYTHING,
        "early_stopping": {"metric": "val_accuracy", "patience": 1},
        "regularization": {"l2": 0.001},
    },
    "digits": {"dataset": {"name": "digits", "samples": 90, "noise": 5}},
}


def _run(raw_spec: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.chdir(folder)
    path = folder / "script.py"
    path.write_text(script_payload(parse_run_spec(raw_spec | {"layers": LAYERS}), 2)["script"], encoding="utf-8")
    return runpy.run_path(str(path))


@pytest.fixture
def sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """CIFAR-10 as Keras would load it, and the digits as scikit-learn does: the same as in the data folder."""
    library = write_collection(tmp_path / "images", "cifar10", (32, 32, 3), train=70, test=40)
    known = library.open("cifar10")
    pictures, labels = np.array(known.pictures), known.labels[:, None].astype(np.uint8)
    monkeypatch.setattr(
        keras.datasets.cifar10, "load_data", lambda: ((pictures[:70], labels[:70]), (pictures[70:], labels[70:]))
    )
    shades, classes = images._load_digits()
    datasets = ModuleType("sklearn.datasets")
    datasets.load_digits = lambda: SimpleNamespace(images=shades.astype(float), target=classes)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sklearn", ModuleType("sklearn"))
    monkeypatch.setitem(sys.modules, "sklearn.datasets", datasets)
    return tmp_path


@pytest.mark.parametrize("name", SPECS)
def test_a_script_learns_from_the_very_pictures_of_the_run(
    name: str, sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = _run(SPECS[name], sets, monkeypatch)
    spec = parse_run_spec(SPECS[name] | {"layers": LAYERS})
    run_data = make_run_data(spec, write_collection(sets / "again", "cifar10", (32, 32, 3), train=70, test=40))

    for share, features, labels in (
        (run_data.train, told["x_train"], told["y_train"]),
        (run_data.val, told["x_test"], told["y_test"]),
    ):
        assert features.dtype == np.uint8
        np.testing.assert_allclose(features / 255, as_inputs(share.features[:]), atol=0.5 / 255)
        np.testing.assert_array_equal(labels, share.labels)
    assert set(told["history"]) >= {"loss", "val_loss", "accuracy", "val_accuracy"}
    assert told["model"].output_shape == (None, 10)
    assert (sets / "model.keras").exists()


def test_a_script_of_own_images_reads_their_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("cat", "dog"):
        (tmp_path / "images" / name).mkdir(parents=True)
        for number in range(6):
            shade = np.full((12, 12, 3), 40 * number + (name == "dog"), np.uint8)
            keras.utils.save_img(tmp_path / "images" / name / f"{number}.png", shade)
    own = {"collection": "abcdefghij0123456789", "side": 16, "channels": 3, "classes": 2}
    told = _run({"dataset": {"name": "own_images", "samples": 20, "images": own}}, tmp_path, monkeypatch)

    assert told["x_train"].shape == (6, 16, 16, 3)
    assert told["y_test"].shape == (6, 1)
    assert told["model"].output_shape == (None, 1)


def test_a_script_of_own_images_keeps_their_given_parts_and_their_proportions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part, shade, count in (("train", 10, 5), ("test", 200, 2)):
        for name in ("cat", "dog"):
            (tmp_path / "images" / part / name).mkdir(parents=True)
            for number in range(count):
                wide = np.zeros((16, 48, 3), np.uint8)
                wide[:, 16:32] = shade
                keras.utils.save_img(tmp_path / "images" / part / name / f"{number}.png", wide, scale=False)
    own = {"collection": "abcdefghij0123456789", "side": 16, "channels": 3, "classes": 2}
    dataset = {"name": "own_images", "samples": 20, "train_fraction": 0.5, "split": "given", "images": own}
    told = _run({"dataset": dataset}, tmp_path, monkeypatch)

    assert (len(told["x_train"]), len(told["x_test"])) == (10, 4)
    assert (np.unique(told["x_train"]).tolist(), np.unique(told["x_test"]).tolist()) == ([10], [200])
    assert sorted(told["y_test"].ravel().tolist()) == [0, 0, 1, 1]


def test_a_script_that_starts_from_a_base_freezes_all_but_the_last_layers() -> None:
    base = {"width": 35, "size": 96, "unfrozen": 13}
    spec = parse_run_spec({"dataset": {"name": "digits", "samples": 40}, "base": base, "layers": []})
    script = script_payload(spec, 1)["script"]

    compile(script, "script.py", "exec")
    assert 'keras.applications.MobileNetV2((96, 96, 3), alpha=0.35, include_top=False, pooling="avg")' in script
    assert "base.layers[-13:]" in script
    assert script.index("Resizing(96, 96)") < script.index("Conv2D(3, 1") < script.index("    base,\n")


def test_what_augments_is_keras_own_and_only_what_is_wished() -> None:
    wished = script_payload(
        parse_run_spec({"dataset": {"name": "mnist"}, "layers": LAYERS, "augmentation": EVERYTHING}), 1
    )
    plain = script_payload(parse_run_spec({"dataset": {"name": "mnist"}, "layers": LAYERS}), 1)
    layers = ["RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "GaussianNoise"]

    assert [name for name in layers if f"keras.layers.{name}(" in wished["script"]] == layers
    assert [name for name in layers if name in plain["script"]] == []
