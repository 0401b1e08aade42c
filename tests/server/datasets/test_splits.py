"""The very samples of a run: a pure function of data set and features."""

import json
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from server.datasets.splits import RunData, make_run_data
from server.domain.spec import COLLECTED, DatasetName
from server.domain.validation import parse_preview
from tests.builders import make_spec

GOLDEN: dict[str, Any] = json.loads(Path(__file__).with_name("golden_samples.json").read_text("utf-8"))
"""The first three samples of each share, float32, of every data set: clean and with noise."""

ONE_LABEL = ["circle", "xor", "gauss", "spiral", "moons", "formula", "plane", "gauss_hills", "surface"]
NAMES = [*ONE_LABEL, "blobs", "curve", "digits"]


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
    assert {golden["dataset"]["name"] for golden in GOLDEN.values()} == set(get_args(DatasetName)) - COLLECTED


@pytest.mark.parametrize("name", NAMES)
def test_another_training_share_keeps_the_sample_and_its_order(name: str) -> None:
    """So the training set of a smaller share lies inside that of a larger one."""
    few, half, most = (_data(name, train_fraction=share, noise=10) for share in (0.1, 0.5, 0.9))

    assert _rows(few) == _rows(half) == _rows(most)
    assert [len(data.train.labels) for data in (few, half, most)] == [50, 250, 450]


@pytest.mark.parametrize("name", ["circle", "xor", "formula", "plane", "gauss_hills", "surface", "curve"])
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


def _own(count: int, classes: int = 3) -> list[list[float]]:
    """Points that are told apart by their first number."""
    return [[index / 100, 1, index % classes] for index in range(count)]


@pytest.mark.parametrize(("name", "classes"), [("circle", 2), ("blobs", 3), ("formula", 2), ("surface", 2)])
def test_own_points_join_the_training_share_and_disturb_nothing(name: str, classes: int) -> None:
    without = _data(name, noise=30, samples=60, train_fraction=0.3)
    data = _data(name, noise=30, samples=60, train_fraction=0.3, points=_own(5, classes))

    np.testing.assert_array_equal(data.val.features, without.val.features)
    np.testing.assert_array_equal(data.val.labels, without.val.labels)
    np.testing.assert_array_equal(data.train.features[:18], without.train.features)
    np.testing.assert_array_equal(data.train.labels[:18], without.train.labels)
    np.testing.assert_allclose(data.train.features[18:], [row[:2] for row in _own(5, classes)])
    labels = data.train.labels[18:]
    classes_told = labels[:, 0] if labels.shape[1] == 1 else labels.argmax(axis=1)
    np.testing.assert_array_equal(classes_told, [row[2] for row in _own(5, classes)])


def test_own_points_have_the_features_of_all_others() -> None:
    data = _data("circle", ("x1x2", "x1_squared"), points=[[2, 3, 1]])

    assert data.train.features[-1].tolist() == [6, 4]


@pytest.mark.parametrize("count", range(1, 8))
def test_own_points_alone_are_shared_out_each_to_one_side(count: int) -> None:
    data = _data("points", points=_own(count))

    assert sorted(row[0] for row in _rows(data)) == pytest.approx([index / 100 for index in range(count)])
    assert abs(len(data.train.labels) - len(data.val.labels)) <= 1
    assert data.train.labels.shape[1] == 3


def test_without_own_points_both_sides_are_empty() -> None:
    data = _data("points")

    assert (data.train.features.shape, data.val.features.shape) == ((0, 2), (0, 2))
    assert (data.train.labels.shape, data.val.labels.shape) == ((0, 3), (0, 3))


def test_one_own_point_more_leaves_most_others_on_their_side() -> None:
    sides = [set(_data("points", points=_own(count)).train.features[:, 0].tolist()) for count in (40, 41)]

    assert len(sides[0] ^ sides[1]) <= 2


def test_a_curve_has_the_inputs_that_need_x1_only() -> None:
    data = _data("curve", ("x2", "x1_squared", "x1"))

    assert data.train.features.shape == (250, 2)
    np.testing.assert_allclose(data.train.features[:, 0], data.train.features[:, 1] ** 2, rtol=1e-6)
    x = data.train.features[:, 1]
    np.testing.assert_allclose(data.train.labels[:, 0], x**3 + x**2 - x - 1, atol=1e-5)
