"""From a spec to a Keras model."""

import numpy as np
import pytest

from server.domain.spec import weights_count
from server.training.build import build_loss, build_model, build_optimizer
from tests.builders import make_spec


def test_the_network_has_the_layers_of_the_spec() -> None:
    model = build_model(make_spec(features=["x1", "x2", "x1x2"]))
    assert model.input_shape == (None, 3)
    assert [(layer.name, layer.units) for layer in model.layers] == [("hidden_1", 4), ("hidden_2", 2), ("output", 1)]
    assert [layer.activation.__name__ for layer in model.layers] == ["tanh", "tanh", "sigmoid"]


def test_the_output_of_numbers_is_linear() -> None:
    assert build_model(make_spec(dataset={"name": "plane"})).layers[-1].activation.__name__ == "linear"


@pytest.mark.parametrize("layers", [[], [{"units": 3}], [{"units": 64}] * 8])
def test_the_number_of_weights_is_what_the_spec_says(layers: list[dict[str, int]]) -> None:
    spec = make_spec(layers=layers)
    assert build_model(spec).count_params() == weights_count(spec)


def test_the_seed_decides_the_weights_and_each_layer_has_its_own() -> None:
    def kernels(seed: int) -> list[bytes]:
        square = [{"units": 4}, {"units": 4}, {"units": 4}]
        return [layer.kernel.numpy().tobytes() for layer in build_model(make_spec(layers=square, seed=seed)).layers]

    assert kernels(0) == kernels(0)
    assert kernels(0) != kernels(1)
    assert kernels(0)[1] != kernels(0)[2]


def test_biases_begin_at_zero() -> None:
    assert all(np.all(layer.bias.numpy() == 0) for layer in build_model(make_spec()).layers)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "binary_crossentropy"),
        ({"dataset": {"name": "plane"}}, "mean_squared_error"),
        ({"loss": "mae"}, "mean_absolute_error"),
    ],
)
def test_the_loss_follows_from_the_data_unless_it_is_named(changes: dict[str, object], name: str) -> None:
    assert build_loss(make_spec(**changes)).name == name


@pytest.mark.parametrize("name", ["sgd", "adagrad", "rmsprop", "adam"])
def test_each_optimizer_is_keras_own(name: str) -> None:
    spec = make_spec(optimizer={"name": name, "learning_rate": 0.25})
    optimizer = build_optimizer(spec, build_model(spec))
    assert type(optimizer).__module__.startswith("keras.src.optimizers")
    assert float(optimizer.learning_rate) == 0.25
