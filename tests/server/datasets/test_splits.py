"""The very samples of a run: a pure function of data set and features."""

import json
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from server.datasets.splits import RunData, make_run_data
from server.domain.spec import DatasetName
from server.domain.validation import parse_preview
from tests.builders import make_spec

GOLDEN: dict[str, Any] = json.loads(Path(__file__).with_name("golden_samples.json").read_text("utf-8"))
"""The first three samples of each share, float32, of every data set: clean and with noise."""

ONE_LABEL = ["circle", "xor", "gauss", "spiral", "moons", "plane", "gauss_hills"]
NAMES = [*ONE_LABEL, "blobs", "digits"]


def _data(name: str = "circle", features: tuple[str, ...] = ("x1", "x2"), **dataset: object) -> RunData:
    return make_run_data(parse_preview({"dataset": {"name": name, **dataset}, "features": list(features)}))


def _rows(data: RunData) -> list[tuple[float, ...]]:
    """Every sample with its label, training samples first."""
    features = np.concatenate([data.train.features, data.val.features])
    labels = np.concatenate([data.train.labels, data.val.labels])
    return [tuple(row) for row in np.hstack([features.reshape(len(labels), -1), labels]).tolist()]


@pytest.mark.parametrize("name", ONE_LABEL)
def test_a_split_has_float32_features_and_one_label_each(name: str) -> None:
    data = _data(name, ("x1", "x2", "sin_x1"), samples=101, train_fraction=0.3)

    for split, count in ((data.train, 30), (data.val, 71)):
        assert (split.features.shape, split.labels.shape) == ((count, 3), (count, 1))
        assert split.features.dtype == split.labels.dtype == np.float32


@pytest.mark.parametrize("classes", [2, 3, 6])
def test_labels_of_several_classes_have_a_one_at_their_own(classes: int) -> None:
    data = _data("blobs", classes=classes, samples=60)
    labels = np.concatenate([data.train.labels, data.val.labels])

    assert labels.dtype == np.float32
    assert labels.shape == (60, 1 if classes == 2 else classes)
    if classes > 2:
        assert set(np.unique(labels)) == {0.0, 1.0}
        np.testing.assert_array_equal(labels.sum(axis=1), 1)
        np.testing.assert_array_equal(labels.sum(axis=0), 60 / classes)


def test_pictures_stay_pictures() -> None:
    data = _data("digits", samples=100, train_fraction=0.3)

    for split, count in ((data.train, 30), (data.val, 70)):
        assert split.features.shape == (count, 8, 8, 1)
        assert split.labels.shape == (count, 10)
        assert split.features.dtype == split.labels.dtype == np.float32
        np.testing.assert_array_equal(split.labels.sum(axis=1), 1)


@pytest.mark.parametrize("name", GOLDEN)
def test_a_sample_has_the_golden_values(name: str) -> None:
    """So a lesson, a link and a stored run show tomorrow what they show today."""
    golden = GOLDEN[name]
    data = make_run_data(parse_preview({"dataset": golden["dataset"], "features": ["x1", "x2"]}))

    for split, expected in ((data.train, golden["train"]), (data.val, golden["val"])):
        features, labels = split.features[:3], split.labels[:3]
        np.testing.assert_allclose(features.reshape(len(features), -1), expected["features"], atol=1e-5)
        np.testing.assert_allclose(labels, expected["labels"], atol=1e-5)


def test_the_golden_file_has_every_data_set() -> None:
    assert {golden["dataset"]["name"] for golden in GOLDEN.values()} == set(get_args(DatasetName))


@pytest.mark.parametrize("name", NAMES)
def test_another_training_share_keeps_the_sample_and_its_order(name: str) -> None:
    """So the training set of a smaller share lies inside that of a larger one."""
    few, half, most = (_data(name, train_fraction=share, noise=10) for share in (0.1, 0.5, 0.9))

    assert _rows(few) == _rows(half) == _rows(most)
    assert [len(data.train.labels) for data in (few, half, most)] == [50, 250, 450]


@pytest.mark.parametrize("name", ["circle", "xor", "plane", "gauss_hills"])
def test_another_noise_keeps_every_point_in_its_split(name: str) -> None:
    clean, noisy = _data(name, noise=0), _data(name, noise=50)

    np.testing.assert_array_equal(clean.train.features, noisy.train.features)
    np.testing.assert_array_equal(clean.val.features, noisy.val.features)
    assert not np.array_equal(clean.train.labels, noisy.train.labels)


@pytest.mark.parametrize("name", ["gauss", "spiral", "moons", "blobs", "digits"])
def test_noise_that_changes_inputs_keeps_their_labels_and_their_split(name: str) -> None:
    clean, noisy = _data(name, noise=0), _data(name, noise=50)

    np.testing.assert_array_equal(clean.train.labels, noisy.train.labels)
    np.testing.assert_array_equal(clean.val.labels, noisy.val.labels)


def test_noise_is_a_percentage() -> None:
    """At 50 % a point of the regression square may be displaced by half its radius."""
    clean, noisy = _data("plane", noise=0, samples=5000), _data("plane", noise=50, samples=5000)

    displaced = np.abs(clean.train.labels - noisy.train.labels)
    assert 0.5 < displaced.max() <= 0.6


@pytest.mark.parametrize("name", NAMES)
def test_another_seed_gives_another_split(name: str) -> None:
    assert _rows(_data(name, seed=1)) != _rows(_data(name, seed=2))


@pytest.mark.parametrize("name", NAMES)
def test_the_same_spec_gives_the_same_data(name: str) -> None:
    assert _rows(_data(name, noise=25, seed=3)) == _rows(_data(name, noise=25, seed=3))


def test_other_features_show_the_same_points() -> None:
    plain, bent = _data(features=("x1", "x2")), _data(features=("x2", "x1_squared"))

    np.testing.assert_array_equal(plain.train.features[:, 1], bent.train.features[:, 0])
    np.testing.assert_allclose(plain.train.features[:, 0] ** 2, bent.train.features[:, 1], rtol=1e-5)
    np.testing.assert_array_equal(plain.train.labels, bent.train.labels)


def test_nothing_but_data_and_features_decides_the_data() -> None:
    other = make_spec(layers=[], batch_size=3, seed=99, optimizer={"name": "adam"}, epochs=5, loss="mse")

    assert _rows(make_run_data(other)) == _rows(make_run_data(make_spec()))


@pytest.mark.parametrize("name", ["circle", "xor", "gauss", "spiral", "moons"])
def test_both_classes_are_in_both_splits(name: str) -> None:
    data = _data(name, samples=100)

    for split in (data.train, data.val):
        assert 0.25 < split.labels.mean() < 0.75
