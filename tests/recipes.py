"""Recipes of every layer, loss, optimizer and clipping: the cases that each way to train must pass."""

from typing import Any

import numpy as np

from server.datasets.splits import RunData, Split, make_run_data
from server.domain.shapes import plan_layers
from server.domain.spec import DatasetSpec, RunSpec
from server.training.recipe import Recipe, recipe_of
from tests.builders import make_spec

CASES: dict[str, dict[str, Any]] = {
    "sgd": {},
    "momentum": {"optimizer": {"name": "sgd", "learning_rate": 0.03, "momentum": 0.9}},
    "nesterov": {"optimizer": {"name": "sgd", "learning_rate": 0.03, "momentum": 0.9, "nesterov": True}},
    "adagrad": {"optimizer": {"name": "adagrad", "learning_rate": 0.05}},
    "rmsprop": {"optimizer": {"name": "rmsprop", "learning_rate": 0.01}},
    "adam": {"optimizer": {"name": "adam", "learning_rate": 0.01}},
    "clip by norm": {"optimizer": {"name": "sgd", "learning_rate": 0.3, "clip_norm": 0.05}},
    "clip by value": {"optimizer": {"name": "adam", "learning_rate": 0.03, "clip_value": 0.01}},
    "l1": {"regularization": {"l1": 0.01}},
    "l2": {"regularization": {"l2": 0.01}},
    "l1 and l2": {"regularization": {"l1": 0.003, "l2": 0.003}},
    "relu": {"layers": [{"units": 5, "activation": "relu"}]},
    "sigmoid": {"layers": [{"units": 5, "activation": "sigmoid"}]},
    "linear": {"layers": [{"units": 5, "activation": "linear"}]},
    "no hidden layer": {"layers": []},
    "a smaller last batch": {"batch_size": 30},
    "one batch an epoch": {"batch_size": 250},
    "a batch larger than the data": {"batch_size": 256},
    "batches of one": {"batch_size": 1, "dataset": {"samples": 100}},
    "mse on classes": {"loss": "mse"},
    "mae on classes": {"loss": "mae"},
    "huber on classes": {"loss": "huber"},
    "numbers": {"dataset": {"name": "plane"}},
    "mae on numbers": {"dataset": {"name": "gauss_hills"}, "loss": "mae"},
    "huber on numbers": {"dataset": {"name": "gauss_hills"}, "loss": "huber"},
    "all features": {"features": ["x1", "x2", "x1_squared", "x2_squared", "x1x2", "sin_x1", "sin_x2"]},
    "four classes": {"dataset": {"name": "blobs", "classes": 4}},
    "mse on four classes": {"dataset": {"name": "blobs", "classes": 4}, "loss": "mse"},
    "batch normalization": {"layers": [{"units": 5}, {"kind": "batch_normalization", "momentum": 0.9}, {"units": 3}]},
}

DROPOUT: dict[str, dict[str, Any]] = {
    "dropout": {"layers": [{"units": 8}, {"kind": "dropout", "rate": 0.3}, {"units": 4}]},
    "two dropouts": {"layers": [{"kind": "dropout", "rate": 0.1}, {"units": 8}, {"kind": "dropout", "rate": 0.5}]},
}

_DIGITS = {"name": "digits", "samples": 120}
_CONV = {"kind": "conv2d", "filters": 3}
_FLAT = {"kind": "flatten"}

PICTURES: dict[str, dict[str, Any]] = {
    "flatten": {"dataset": _DIGITS, "layers": [_FLAT, {"units": 6, "activation": "relu"}]},
    "convolution": {"dataset": _DIGITS, "layers": [_CONV, _FLAT]},
    "same padding and strides": {
        "dataset": _DIGITS,
        "layers": [_CONV | {"padding": "same", "strides": 2, "kernel_size": 4, "activation": "tanh"}, _FLAT],
    },
    "max pooling": {"dataset": _DIGITS, "layers": [_CONV, {"kind": "max_pooling2d"}, _FLAT]},
    "max pooling, same": {
        "dataset": _DIGITS,
        "layers": [_CONV, {"kind": "max_pooling2d", "pool_size": 4, "padding": "same"}, _FLAT],
    },
    "average pooling": {
        "dataset": _DIGITS,
        "layers": [_CONV, {"kind": "average_pooling2d", "pool_size": 4, "padding": "same"}, _FLAT],
    },
    "global average pooling": {"dataset": _DIGITS, "layers": [_CONV, {"kind": "global_average_pooling2d"}]},
    "normalized convolution": {
        "dataset": _DIGITS,
        "layers": [_CONV | {"activation": "linear"}, {"kind": "batch_normalization"}, _CONV, _FLAT],
        "optimizer": {"name": "adam", "learning_rate": 0.01},
    },
}

EVERY_KIND = CASES | PICTURES


def make_recipe(**changes: Any) -> tuple[Recipe, RunData]:
    """The recipe of a spec with some fields changed, and its data."""
    spec = make_spec(**changes)
    return recipe_of(spec), make_run_data(spec)


def random_pictures(recipe_spec: RunSpec, side: int, train_count: int, val_count: int) -> tuple[Recipe, RunData]:
    """A recipe of the layers of a spec for random pictures of ten classes, larger than those of any data set."""
    dataset = DatasetSpec(name="digits", samples=train_count + val_count)
    spec = recipe_spec.model_copy(update={"dataset": dataset})
    generator = np.random.default_rng(0)
    features = generator.random((train_count + val_count, side, side, 1), np.float32)
    labels = np.eye(10, dtype=np.float32)[generator.integers(0, 10, train_count + val_count)]
    cut = train_count
    data = RunData(Split(features[:cut], labels[:cut]), Split(features[cut:], labels[cut:]))
    return Recipe(spec, plan_layers(spec.layers, (side, side, 1), 10), train_count, val_count), data
