"""The specification: its default, its words, and what follows from it."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from server.domain.spec import FEATURE_NAMES, RunSpec, layer_widths, loss_of, problem_of, train_samples, weights_count
from tests.builders import make_spec

CONTRACT = Path(__file__).resolve().parents[2] / "contract"


def _dense(units: int) -> dict[str, Any]:
    return {"kind": "dense", "units": units, "activation": "relu"}


def test_the_default_spec_is_the_one_of_the_contract() -> None:
    expected = json.loads((CONTRACT / "default_spec.json").read_text("utf-8"))

    assert RunSpec().model_dump(mode="json") == expected
    assert list(RunSpec().model_dump(mode="json")) == list(expected)


def test_the_features_are_the_seven_of_the_contract() -> None:
    assert FEATURE_NAMES == ("x1", "x2", "x1_squared", "x2_squared", "x1x2", "sin_x1", "sin_x2")


def test_a_spec_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        RunSpec().batch_size = 3  # type: ignore[misc]


def test_a_spec_survives_the_way_through_json() -> None:
    spec = make_spec(layers=[_dense(8)], features=["x1", "sin_x2"], epochs=12, regularization={"l2": 0.1})

    assert RunSpec.model_validate_json(spec.model_dump_json()) == spec


@pytest.mark.parametrize(
    ("features", "units", "count"),
    [
        # (2+1)*4 + (4+1)*2 + (2+1)*1
        pytest.param(["x1", "x2"], [4, 2], 25, id="default network"),
        # (2+1)*1
        pytest.param(["x1", "x2"], [], 3, id="no hidden layer"),
        # (1+1)*1
        pytest.param(["x1"], [], 2, id="the smallest network"),
        # (7+1)*64 + 7 * (64+1)*64 + (64+1)*1
        pytest.param(list(FEATURE_NAMES), [64] * 8, 29_697, id="the largest network"),
        # (3+1)*5 + (5+1)*1
        pytest.param(["x1", "x2", "x1x2"], [5], 26, id="one hidden layer"),
    ],
)
def test_the_number_of_weights_is_that_of_dense_layers_with_biases(
    features: list[str], units: list[int], count: int
) -> None:
    spec = make_spec(features=features, layers=[_dense(number) for number in units])

    assert weights_count(spec) == count
    assert layer_widths(spec) == (len(features), *units, 1)


@pytest.mark.parametrize(
    ("dataset", "problem", "loss"),
    [
        ("circle", "classification", "binary_crossentropy"),
        ("xor", "classification", "binary_crossentropy"),
        ("gauss", "classification", "binary_crossentropy"),
        ("spiral", "classification", "binary_crossentropy"),
        ("plane", "regression", "mse"),
        ("gauss_hills", "regression", "mse"),
    ],
)
def test_the_data_decide_the_problem_and_the_automatic_loss(dataset: Any, problem: str, loss: str) -> None:
    assert problem_of(dataset) == problem
    assert loss_of(make_spec(dataset={"name": dataset})) == loss


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
