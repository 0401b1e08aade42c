"""From a recipe to a Keras model."""

from typing import Any

import keras
import numpy as np
import pytest

from server.training.build import build_functional_optimizer, build_loss, build_model, build_optimizer, initial_values
from tests.builders import make_spec
from tests.recipes import DROPOUT, EVERY_KIND, make_recipe


def test_the_network_has_the_layers_of_the_spec() -> None:
    model = build_model(make_recipe(features=["x1", "x2", "x1x2"])[0])
    assert model.input_shape == (None, 3)
    assert [(layer.name, layer.units) for layer in model.layers] == [("hidden_1", 4), ("hidden_2", 2), ("output", 1)]
    assert [layer.activation.__name__ for layer in model.layers] == ["tanh", "tanh", "sigmoid"]


@pytest.mark.parametrize(
    ("changes", "activation", "units"),
    [
        ({"dataset": {"name": "plane"}}, "linear", 1),
        ({"dataset": {"name": "moons"}}, "sigmoid", 1),
        ({"dataset": {"name": "blobs", "classes": 2}}, "sigmoid", 1),
        ({"dataset": {"name": "blobs", "classes": 5}}, "softmax", 5),
    ],
)
def test_the_output_follows_from_the_data(changes: dict[str, Any], activation: str, units: int) -> None:
    output = build_model(make_recipe(**changes)[0]).layers[-1]
    assert (output.activation.__name__, output.units) == (activation, units)


@pytest.mark.parametrize("changes", (EVERY_KIND | DROPOUT).values(), ids=(EVERY_KIND | DROPOUT).keys())
def test_the_first_values_are_those_keras_builds_the_model_with(changes: dict[str, Any]) -> None:
    recipe, _ = make_recipe(**changes)
    model = build_model(recipe)
    theirs = np.concatenate([weight.numpy().ravel() for layer in model.layers for weight in layer.weights])
    assert np.array_equal(initial_values(recipe)[: recipe.weights_count], theirs)


@pytest.mark.parametrize("name", ["sgd", "momentum", "adagrad", "rmsprop", "adam"])
def test_the_first_slots_are_those_keras_builds_the_optimizer_with(name: str) -> None:
    recipe, _ = make_recipe(**EVERY_KIND[name])
    optimizer = build_optimizer(recipe.spec, build_model(recipe))
    slots = [v.numpy().ravel() for v in optimizer.variables[2:] if recipe.slot_kinds]
    ours = initial_values(recipe)[recipe.weights_count :]
    # Keras' optimizers begin all slots of one kind alike, so their order does not matter here.
    assert np.array_equal(np.sort(ours), np.sort(np.concatenate([*slots, np.zeros(0, np.float32)])))


def test_the_seed_decides_the_weights_and_each_layer_has_its_own() -> None:
    def kernels(seed: int) -> list[bytes]:
        model = build_model(make_recipe(layers=[{"units": 4}] * 3, seed=seed)[0])
        return [layer.kernel.numpy().tobytes() for layer in model.layers]

    assert kernels(0) == kernels(0)
    assert kernels(0) != kernels(1)
    assert kernels(0)[1] != kernels(0)[2]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "binary_crossentropy"),
        ({"dataset": {"name": "plane"}}, "mean_squared_error"),
        ({"dataset": {"name": "blobs"}}, "categorical_crossentropy"),
        ({"loss": "mae"}, "mean_absolute_error"),
        ({"loss": "huber"}, "huber_loss"),
    ],
)
def test_the_loss_follows_from_the_data_unless_it_is_named(changes: dict[str, object], name: str) -> None:
    assert build_loss(make_spec(**changes)).name == name


@pytest.mark.parametrize("name", ["sgd", "adagrad", "rmsprop", "adam"])
def test_each_optimizer_is_keras_own(name: str) -> None:
    recipe, _ = make_recipe(optimizer={"name": name, "learning_rate": 0.25})
    model = build_model(recipe)
    optimizer = build_optimizer(recipe.spec, model)
    assert type(optimizer).__module__.startswith("keras.src.optimizers")
    assert float(optimizer.learning_rate) == 0.25
    assert isinstance(build_functional_optimizer(recipe.spec, model), type(optimizer))


def test_options_of_the_optimizer_reach_keras() -> None:
    wanted = {"name": "sgd", "momentum": 0.9, "nesterov": True, "clip_norm": 1.5}
    recipe, _ = make_recipe(optimizer=wanted)
    optimizer = build_optimizer(recipe.spec, build_model(recipe))
    assert isinstance(optimizer, keras.optimizers.SGD)
    assert (optimizer.momentum, optimizer.nesterov, optimizer.clipnorm) == (0.9, True, 1.5)
