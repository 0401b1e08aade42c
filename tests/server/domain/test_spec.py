"""The specification: its default, its words, and what follows from it."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from server.domain import limits
from server.domain.spec import (
    FEATURE_NAMES,
    DatasetName,
    DatasetSpec,
    RunSpec,
    classes_of,
    input_shape,
    loss_of,
    most_samples,
    outputs_of,
    problem_of,
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

    assert input_shape(spec) == ((8, 8, 1) if name == "digits" else (3,))
    assert most_samples(name) == (1_797 if name == "digits" else limits.MAX_SAMPLES)


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
