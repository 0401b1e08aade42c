"""The specification: its default, its words, and what follows from it."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from server.domain import limits
from server.domain.spec import (
    FEATURE_NAMES,
    LAWS,
    DatasetName,
    DatasetSpec,
    OwnImagesSpec,
    RunSpec,
    all_samples,
    classes_of,
    domain_of,
    features_of,
    formula_of,
    initializer_of,
    input_shape,
    kind_of,
    loss_of,
    most_samples,
    outputs_of,
    problem_of,
    shared_samples,
    takes_points,
    train_samples,
)
from tests.builders import make_spec

CONTRACT = Path(__file__).resolve().parents[2] / "contract"


def test_the_default_spec_is_the_one_of_the_contract() -> None:
    expected = json.loads((CONTRACT / "default_spec.json").read_text("utf-8"))

    assert RunSpec().model_dump(mode="json") == expected
    assert list(RunSpec().model_dump(mode="json")) == list(expected)


def test_a_spec_of_an_older_program_means_the_same_as_before() -> None:
    """Fields that have come since are left out of it."""
    older = {
        "dataset": {"name": "circle", "samples": 500, "noise": 0, "train_fraction": 0.5, "seed": 0},
        "layers": [{"units": 4, "activation": "tanh"}, {"kind": "dense", "units": 2, "activation": "tanh"}],
        "optimizer": {"name": "sgd", "learning_rate": 0.03},
    }

    assert make_spec(**older) == RunSpec()


def test_the_features_are_the_seven_of_the_contract() -> None:
    assert FEATURE_NAMES == ("x1", "x2", "x1_squared", "x2_squared", "x1x2", "sin_x1", "sin_x2")


def test_a_spec_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        RunSpec().batch_size = 3  # type: ignore[misc]


def test_a_spec_survives_the_way_through_json() -> None:
    spec = make_spec(
        dataset={"name": "digits"},
        layers=[{"kind": "conv2d", "strides": 2}, {"kind": "batch_normalization"}, {"kind": "flatten"}, {"units": 8}],
        features=["x1", "sin_x2"],
        epochs=12,
        regularization={"l2": 0.1},
        optimizer={"momentum": 0.5, "clip_norm": 1, "schedule": {"name": "cosine"}},
        early_stopping={"metric": "val_accuracy"},
    )

    assert RunSpec.model_validate_json(spec.model_dump_json()) == spec


@pytest.mark.parametrize(
    ("dataset", "problem", "classes", "outputs", "loss"),
    [
        ({"name": "circle"}, "classification", 2, 1, "binary_crossentropy"),
        ({"name": "xor"}, "classification", 2, 1, "binary_crossentropy"),
        ({"name": "gauss"}, "classification", 2, 1, "binary_crossentropy"),
        ({"name": "spiral"}, "classification", 2, 1, "binary_crossentropy"),
        ({"name": "moons"}, "classification", 2, 1, "binary_crossentropy"),
        ({"name": "moons", "classes": 6}, "classification", 2, 1, "binary_crossentropy"),
        ({"name": "blobs"}, "classification", 3, 3, "categorical_crossentropy"),
        ({"name": "blobs", "classes": 2}, "classification", 2, 1, "binary_crossentropy"),
        ({"name": "blobs", "classes": 6}, "classification", 6, 6, "categorical_crossentropy"),
        ({"name": "formula"}, "classification", 2, 1, "binary_crossentropy"),
        ({"name": "points"}, "classification", 3, 3, "categorical_crossentropy"),
        ({"name": "points", "classes": 2}, "classification", 2, 1, "binary_crossentropy"),
        ({"name": "surface"}, "regression", None, 1, "mse"),
        ({"name": "curve"}, "regression", None, 1, "mse"),
        ({"name": "plane"}, "regression", None, 1, "mse"),
        ({"name": "gauss_hills"}, "regression", None, 1, "mse"),
        ({"name": "digits"}, "classification", 10, 10, "categorical_crossentropy"),
    ],
    ids=str,
)
def test_the_data_decide_the_problem_the_outputs_and_the_automatic_loss(
    dataset: dict[str, Any], problem: str, classes: int | None, outputs: int, loss: str
) -> None:
    spec = RunSpec.model_validate({"dataset": dataset})

    assert problem_of(spec.dataset.name) == problem
    assert (classes_of(spec.dataset), outputs_of(spec.dataset)) == (classes, outputs)
    assert loss_of(spec) == loss


@pytest.mark.parametrize("name", get_args(DatasetName))
def test_a_sample_is_a_row_of_features_or_a_picture(name: DatasetName) -> None:
    spec = RunSpec(dataset=DatasetSpec(name=name), features=("x1", "x2", "x1x2"))

    pictures = {"digits": (8, 8, 1), "mnist": (28, 28, 1), "fashion_mnist": (28, 28, 1), "cifar10": (32, 32, 3)}
    images = {name: "image" for name in (*pictures, "own_images")}
    counts = {"digits": 1_797, "mnist": 70_000, "fashion_mnist": 70_000, "cifar10": 60_000, "own_images": 100_000}
    assert input_shape(spec) == {**pictures, "curve": (1,)}.get(name, (3,))
    assert kind_of(name) == {**images, "curve": "curve"}.get(name, "plane")
    assert takes_points(name) is (kind_of(name) == "plane")
    assert most_samples(name) == counts.get(name, limits.MAX_SAMPLES)


def test_own_images_have_the_shape_and_the_classes_that_the_spec_tells() -> None:
    own = OwnImagesSpec(collection="a" * 20, side=32, channels=1, classes=5)
    spec = RunSpec(dataset=DatasetSpec(name="own_images", images=own))

    assert input_shape(spec) == (32, 32, 1)
    assert (classes_of(spec.dataset), outputs_of(spec.dataset)) == (5, 5)


def test_a_chosen_loss_wins_over_the_automatic_one() -> None:
    assert loss_of(make_spec(loss="mae")) == "mae"


@pytest.mark.parametrize(
    ("samples", "fraction", "train"),
    [
        pytest.param(500, 0.5, 250, id="half"),
        pytest.param(500, 0.9, 450, id="most"),
        pytest.param(500, 0.1, 50, id="few"),
        pytest.param(20, 0.1, 2, id="the fewest"),
        pytest.param(5000, 0.9, 4500, id="the most"),
        pytest.param(21, 0.5, 10, id="an odd number"),
    ],
)
def test_the_training_share_is_rounded_to_whole_samples(samples: int, fraction: float, train: int) -> None:
    assert train_samples(make_spec(dataset={"samples": samples, "train_fraction": fraction})) == train


def _points(count: int) -> list[list[float]]:
    return [[0.01 * index, -0.01 * index, index % 2] for index in range(count)]


@pytest.mark.parametrize(
    ("count", "fraction", "train"),
    [(4, 0.1, 2), (4, 0.9, 2), (5, 0.9, 3), (10, 0.1, 2), (10, 0.5, 5), (10, 0.9, 8), (500, 0.9, 450)],
)
def test_own_points_are_shared_out_with_two_on_either_side(count: int, fraction: float, train: int) -> None:
    spec = make_spec(dataset={"name": "points", "points": _points(count), "train_fraction": fraction, "samples": 777})

    assert (train_samples(spec), all_samples(spec)) == (train, count)
    assert shared_samples(spec.dataset) == count


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_fewer_own_points_are_shared_out_as_far_as_they_go(count: int) -> None:
    spec = RunSpec.model_validate({"dataset": {"name": "points", "points": _points(count)}})

    assert 0 <= train_samples(spec) <= all_samples(spec) == count


def test_own_points_beside_a_data_set_are_more_training_samples() -> None:
    without = make_spec(dataset={"name": "blobs", "samples": 100, "train_fraction": 0.3})
    spec = make_spec(dataset={"name": "blobs", "samples": 100, "train_fraction": 0.3, "points": _points(7)})

    assert (train_samples(spec), all_samples(spec)) == (train_samples(without) + 7, all_samples(without) + 7)
    assert shared_samples(spec.dataset) == 100


def test_a_curve_takes_the_features_that_need_x1_only_in_their_order() -> None:
    features = ["sin_x1", "x2", "x1", "x1x2", "sin_x2", "x1_squared", "x2_squared"]

    assert features_of(make_spec(dataset={"name": "curve"}, features=features)) == ("sin_x1", "x1", "x1_squared")
    assert features_of(make_spec(dataset={"name": "surface"}, features=features)) == tuple(features)


@pytest.mark.parametrize("name", get_args(DatasetName))
def test_a_law_is_the_given_one_or_that_of_the_data_set(name: DatasetName) -> None:
    assert formula_of(DatasetSpec(name=name)) == LAWS.get(name)
    if name in LAWS:
        assert formula_of(DatasetSpec(name=name, formula="x1")) == "x1"


def test_a_curve_has_a_domain_of_its_own() -> None:
    assert domain_of(DatasetSpec(name="curve", x_min=-1, x_max=3)) == (-1, 3)
    assert domain_of(DatasetSpec(name="surface", x_min=-1, x_max=3)) == (-6, 6)


def test_relu_units_over_a_line_begin_larger_than_all_others() -> None:
    layers = [{"activation": "relu"}, {"activation": "tanh"}, {"kind": "dropout"}]
    curve, plane = (make_spec(dataset={"name": name}, layers=layers) for name in ("curve", "circle"))

    assert [initializer_of(curve, index) for index in range(4)] == ["he_uniform", *["glorot_uniform"] * 3]
    assert [initializer_of(plane, index) for index in range(4)] == ["glorot_uniform"] * 4
