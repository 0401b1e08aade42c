"""Shapes, weights and work of layers in place; Keras itself is the oracle."""

from math import prod
from typing import Any

import keras
import pytest

from server.domain.layers import LAYER_KINDS, LayerSpec
from server.domain.shapes import ImpossibleShape, LayerPlan, count_weights, plan_layers, plan_network, weights_count
from server.domain.spec import FEATURE_NAMES, RunSpec
from tests.builders import make_spec

CLASSES: dict[str, Any] = {
    "dense": keras.layers.Dense,
    "dropout": keras.layers.Dropout,
    "batch_normalization": keras.layers.BatchNormalization,
    "flatten": keras.layers.Flatten,
    "conv2d": keras.layers.Conv2D,
    "max_pooling2d": keras.layers.MaxPooling2D,
    "average_pooling2d": keras.layers.AveragePooling2D,
    "global_average_pooling2d": keras.layers.GlobalAveragePooling2D,
}
FLATTEN = {"kind": "flatten"}


def _conv(**arguments: Any) -> dict[str, Any]:
    return {"kind": "conv2d", "filters": 3, **arguments}


NETWORKS: dict[str, tuple[tuple[int, ...], list[dict[str, Any]]]] = {
    "no hidden layer": ((2,), []),
    "dense": ((2,), [{"units": 4}, {"units": 2}]),
    "normalized and dropped": ((7,), [{"units": 5}, {"kind": "batch_normalization"}, {"kind": "dropout"}]),
    "flattened points": ((3,), [FLATTEN, {"units": 2}]),
    "picture in a row": ((8, 8, 1), [FLATTEN, {"units": 5}]),
    "averaged picture": ((8, 8, 1), [_conv(), {"kind": "global_average_pooling2d"}]),
    "normalized picture": ((8, 8, 1), [_conv(), {"kind": "batch_normalization"}, FLATTEN]),
    **{
        f"{padding} kernel {kernel} strides {strides}": (
            (9, 8, 2),
            [_conv(kernel_size=kernel, strides=strides, padding=padding), FLATTEN],
        )
        for padding in ("valid", "same")
        for kernel in (1, 2, 3, 7)
        for strides in (1, 2, 3, 4)
    },
    **{
        f"{padding} {kind} {size}": ((9, 8, 2), [{"kind": kind, "pool_size": size, "padding": padding}, FLATTEN])
        for padding in ("valid", "same")
        for kind in ("max_pooling2d", "average_pooling2d")
        for size in (2, 3, 4)
    },
    "deep": (
        (8, 8, 1),
        [
            _conv(padding="same"),
            {"kind": "max_pooling2d"},
            _conv(filters=6),
            {"kind": "dropout"},
            FLATTEN,
            {"units": 4},
        ],
    ),
}


def _layers(name: str) -> tuple[LayerSpec, ...]:
    return RunSpec.model_validate({"layers": NETWORKS[name][1]}).layers


def _plans(name: str, outputs: int = 3) -> tuple[LayerPlan, ...]:
    return plan_layers(_layers(name), NETWORKS[name][0], outputs)


def _keras_layers(name: str, outputs: int = 3) -> list[Any]:
    """The same network in Keras: the fields of a layer have the names of Keras' arguments."""
    layers = [CLASSES[layer.kind](**layer.model_dump(exclude={"kind"})) for layer in _layers(name)]
    model = keras.Sequential([keras.Input(NETWORKS[name][0]), *layers, keras.layers.Dense(outputs)])
    return list(model.layers)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_layer_in_place_has_the_shapes_and_weights_of_keras(name: str) -> None:
    plans, layers = _plans(name), _keras_layers(name)

    assert len(plans) == len(layers)
    for plan, layer in zip(plans, layers, strict=True):
        assert (None, *plan.inputs) == layer.input.shape
        assert (None, *plan.outputs) == layer.output.shape
        assert list(plan.weights) == [weight.shape for weight in layer.weights if weight.dtype == "float32"]
        assert plan.trainable == sum(prod(weight.shape) for weight in layer.trainable_weights)


def test_every_kind_of_layer_is_compared_with_keras() -> None:
    used = {raw.get("kind", "dense") for _, layers in NETWORKS.values() for raw in layers}

    assert used == set(CLASSES) == set(LAYER_KINDS)


def test_layers_are_named_by_their_place() -> None:
    assert [plan.name for plan in _plans("dense")] == ["hidden_1", "hidden_2", "output"]


@pytest.mark.parametrize(
    ("name", "multiplications"),
    [
        pytest.param("dense", [2 * 4, 4 * 2, 2 * 3], id="dense"),
        pytest.param("picture in a row", [0, 64 * 5, 5 * 3], id="flatten is free"),
        pytest.param("averaged picture", [36 * 9 * 3, 36 * 3, 3 * 3], id="each patch, each filter"),
        pytest.param("normalized and dropped", [35, 5, 5, 15], id="one for each number"),
    ],
)
def test_the_work_of_a_layer_is_what_it_multiplies_for_one_sample(name: str, multiplications: list[int]) -> None:
    assert [plan.multiplications for plan in _plans(name)] == multiplications


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
        pytest.param(list(FEATURE_NAMES), [64] * 8, 29_697, id="the largest of dense layers"),
        # (3+1)*5 + (5+1)*1
        pytest.param(["x1", "x2", "x1x2"], [5], 26, id="one hidden layer"),
    ],
)
def test_the_number_of_weights_is_that_of_dense_layers_with_biases(
    features: list[str], units: list[int], count: int
) -> None:
    spec = make_spec(features=features, layers=[{"units": number} for number in units])

    assert weights_count(spec) == count


def test_all_weights_are_counted_the_moving_averages_too() -> None:
    plans = _plans("normalized and dropped")

    assert count_weights(plans) == (7 * 5 + 5) + 4 * 5 + (5 * 3 + 3)
    assert sum(plan.trainable for plan in plans) == (7 * 5 + 5) + 2 * 5 + (5 * 3 + 3)


def test_the_output_layer_follows_from_the_data() -> None:
    blobs = make_spec(dataset={"name": "blobs", "classes": 5})

    assert plan_network(blobs)[-1].outputs == (5,)
    assert plan_network(make_spec())[-1].outputs == (1,)


@pytest.mark.parametrize(
    ("shape", "layers", "index", "received"),
    [
        pytest.param((2,), [_conv()], 0, (2,), id="convolution of points"),
        pytest.param((2,), [{}, {"kind": "global_average_pooling2d"}], 1, (4,), id="mean of a row"),
        pytest.param((8, 8, 1), [{}], 0, (8, 8, 1), id="dense on a picture"),
        pytest.param((8, 8, 1), [_conv()], 1, (6, 6, 3), id="output layer on a picture"),
        pytest.param((8, 8, 1), [_conv(kernel_size=7), _conv()], 1, (2, 2, 3), id="window larger than the picture"),
        pytest.param(
            (3, 9, 1), [{"kind": "max_pooling2d", "pool_size": 4}], 0, (3, 9, 1), id="taller than the picture"
        ),
        pytest.param((9, 3, 1), [{"kind": "max_pooling2d", "pool_size": 4}], 0, (9, 3, 1), id="wider than the picture"),
    ],
)
def test_a_layer_that_cannot_follow_says_which_and_what_came_in(
    shape: tuple[int, ...], layers: list[dict[str, Any]], index: int, received: tuple[int, ...]
) -> None:
    with pytest.raises(ImpossibleShape) as caught:
        plan_layers(RunSpec.model_validate({"layers": layers}).layers, shape, 1)

    assert (caught.value.index, caught.value.received) == (index, received)
