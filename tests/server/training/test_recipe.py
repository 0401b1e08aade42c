"""What a recipe says of a network, and which specs share a program."""

from typing import Any

import pytest

from server.training.build import build_model, initial_values
from server.training.recipe import FEWEST_MEASURED, recipe_of
from tests.builders import make_spec
from tests.recipes import DROPOUT, EVERY_KIND, make_recipe


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        pytest.param({"seed": 7}, True, id="seed"),
        pytest.param({"dataset": {"name": "xor", "seed": 3, "noise": 20}}, True, id="data of the same size"),
        pytest.param({"optimizer": {"name": "sgd", "learning_rate": 1}}, True, id="learning rate"),
        pytest.param({"optimizer": {"name": "sgd", "schedule": {"name": "cosine"}}}, True, id="schedule"),
        pytest.param({"early_stopping": {"patience": 3}}, True, id="early stopping"),
        pytest.param({"regularization": {"l2": 0.1}}, True, id="regularization rate"),
        pytest.param({"optimizer": {"name": "adam"}}, False, id="optimizer"),
        pytest.param({"optimizer": {"name": "sgd", "momentum": 0.5}}, False, id="momentum"),
        pytest.param({"optimizer": {"name": "sgd", "clip_norm": 1}}, False, id="clipping"),
        pytest.param({"layers": [{"units": 4, "activation": "relu"}]}, False, id="layers"),
        pytest.param({"batch_size": 11}, False, id="batch size"),
        pytest.param({"dataset": {"train_fraction": 0.6}}, False, id="training share"),
        pytest.param({"dataset": {"name": "plane"}}, False, id="kind of problem"),
        pytest.param({"dataset": {"name": "blobs", "classes": 3}}, False, id="classes"),
        pytest.param({"features": ["x1"]}, False, id="features"),
        pytest.param({"loss": "mse"}, False, id="loss"),
    ],
)
def test_specs_share_a_program_when_only_rates_seeds_or_samples_differ(changes: dict[str, Any], is_same: bool) -> None:
    assert (make_recipe()[0].key == make_recipe(**changes)[0].key) is is_same


@pytest.mark.parametrize("changes", (EVERY_KIND | DROPOUT).values(), ids=(EVERY_KIND | DROPOUT).keys())
def test_the_numbers_of_a_state_are_counted_as_keras_counts_them(changes: dict[str, Any]) -> None:
    recipe, _ = make_recipe(**changes)
    model = build_model(recipe)
    assert recipe.weights_count == model.count_params()
    assert recipe.trainable_count == sum(weight.numpy().size for weight in model.trainable_weights)
    assert initial_values(recipe).shape == (recipe.state_count,)


def test_an_epoch_has_a_step_for_every_batch_also_for_a_smaller_last_one() -> None:
    assert make_recipe(batch_size=10)[0].steps_per_epoch == 25
    assert make_recipe(batch_size=30)[0].steps_per_epoch == 9
    assert make_recipe(batch_size=256)[0].steps_per_epoch == 1


@pytest.mark.parametrize(
    ("layers", "samples", "train_fraction", "measured"),
    [
        pytest.param([{"kind": "flatten"}], 10_000, 0.9, 9_000, id="no convolution: all"),
        pytest.param([{"kind": "conv2d"}, {"kind": "flatten"}], 10_000, 0.5, 5_000, id="as many as there are to test"),
        pytest.param([{"kind": "conv2d"}, {"kind": "flatten"}], 10_000, 0.9, FEWEST_MEASURED, id="never fewer"),
        pytest.param([{"kind": "conv2d"}, {"kind": "flatten"}], 1_000, 0.9, 900, id="never more than there are"),
    ],
)
def test_convolutions_are_measured_on_as_many_training_samples_as_there_are_to_test(
    layers: list[dict[str, Any]], samples: int, train_fraction: float, measured: int
) -> None:
    dataset = {"name": "mnist", "samples": samples, "train_fraction": train_fraction}
    assert recipe_of(make_spec(dataset=dataset, layers=layers)).measured_count == measured
