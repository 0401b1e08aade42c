"""Models about activations: every name of keras.activations, carried by a layer and on its own, and the layers."""

from typing import Any

import keras
from keras import Input, Model, layers

from tests.converter.models.case import (
    PICTURE,
    ROW,
    SEQUENCE,
    Case,
    about,
    as_graphs,
    as_layers,
    layer,
    one,
    sequential,
)

_EXPRESSIBLE = (
    *("celu", "elu", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh", "leaky_relu"),
    *("linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid", "silu", "soft_shrink"),
    *("softmax", "softplus", "softsign", "sparse_sigmoid", "swish", "tanh", "tanh_shrink"),
)
_OTHERS = ("exponential", "sparse_plus", "sparsemax", "squareplus")  # threshold takes numbers Keras cannot be told


def _dense(name: str) -> Case:
    return about(f"activations.{name}", "carried by Dense", sequential(ROW, layer("Dense", 4, activation=name)))


def _alone(name: str) -> Case:
    return about(f"activations.{name}", "alone", sequential(ROW, layer("Activation", name)))


def _halving() -> Any:
    """glu halves the last axis, which is why no layer with weights can carry it."""
    x = Input((6,))
    return Model(x, layers.Dense(2)(keras.activations.glu(x)))


def _function_activation() -> Any:
    return keras.Sequential([Input(ROW), layers.Dense(4, activation=keras.ops.relu), layers.Dense(2)])


def _activation_of_a_picture() -> Any:
    inner = layers.Conv2D(3, 2, activation=layers.LeakyReLU(0.2))
    return keras.Sequential([Input(PICTURE), inner, layers.Activation(layers.ReLU(max_value=1))])


NAMED = {
    **as_layers(*(make(name) for name in _EXPRESSIBLE for make in (_dense, _alone))),
    **as_graphs(
        *(make(name) for name in _OTHERS for make in (_dense, _alone)),
        about("activations.glu", "as a function", _halving),
    ),
}

LAYERS = {
    **as_layers(
        one(layer("Activation", "hard_sigmoid"), SEQUENCE, note="hard_sigmoid of Keras 3, not of Keras 2"),
        about("Activation", "a layer as activation", _activation_of_a_picture),
        {"a function of keras.ops as activation": Case(_function_activation)},
        one(layer("ELU"), ROW),
        one(layer("ELU", alpha=0.5), ROW),
        one(layer("LeakyReLU"), ROW),
        one(layer("LeakyReLU", negative_slope=0.05), ROW),
        one(layer("PReLU"), ROW),
        one(layer("PReLU", shared_axes=[1]), SEQUENCE),
        one(layer("PReLU", shared_axes=[1, 2]), PICTURE),
        one(layer("ReLU"), ROW),
        one(layer("ReLU", max_value=1.5), ROW),
        one(layer("ReLU", negative_slope=0.1), ROW),
        one(layer("ReLU", threshold=0.5), ROW),
        one(layer("Softmax"), SEQUENCE),
        one(layer("Softmax", axis=1), PICTURE),
        one(layer("Softmax", axis=-2), SEQUENCE),
        one(layer("Softmax", axis=(1, 2)), SEQUENCE),
    ),
    **as_graphs(
        one(layer("ReLU", max_value=6, negative_slope=0.1, threshold=0.5), ROW),
        one(layer("ReLU", max_value=2.0, threshold=0.5), ROW),
    ),
}

ACTIVATIONS = {**NAMED, **LAYERS}
