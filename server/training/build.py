"""From a recipe to a Keras model, its loss, its optimizer and its first weights."""

from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from server.domain.layers import (
    AveragePooling2DSpec,
    BatchNormalizationSpec,
    Conv2DSpec,
    DenseSpec,
    DropoutSpec,
    FlattenSpec,
    LayerSpec,
    MaxPooling2DSpec,
)
from server.domain.shapes import LayerPlan, Shape
from server.domain.spec import InitializerName, LossName, OptimizerName, RunSpec, initializer_of, loss_of
from server.training.base import build_tail
from server.training.recipe import Recipe
from server.training.seeding import dropout_seed, layer_seed

Values = npt.NDArray[np.float32]
"""A run's whole state in one row: weights, then optimizer slots; see Recipe.state_count."""

_LOSSES: dict[LossName, type[keras.losses.Loss]] = {
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
    "mse": keras.losses.MeanSquaredError,
    "mae": keras.losses.MeanAbsoluteError,
    "huber": keras.losses.Huber,
}
_OPTIMIZERS: dict[OptimizerName, type[keras.optimizers.Optimizer]] = {
    "sgd": keras.optimizers.SGD,
    "adagrad": keras.optimizers.Adagrad,
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
}
_NOTHING: Values = np.zeros(0, np.float32)
_FIRST_ACCUMULATOR = 0.1
"""Where Keras' Adagrad begins; the slots of the other optimizers begin at zero."""


def build_model(recipe: Recipe) -> keras.Sequential:
    """The network of a recipe, float32, its weights drawn from the spec's seed, its biases 0.

    Input [samples, *sample_shape]; output [samples, outputs]: probabilities, or a number for regression. What is
    trained of a base comes first.
    """
    tail = [build_tail(recipe.tail)] if recipe.tail else []
    inputs = keras.Input(recipe.sample_shape, name="features")
    return keras.Sequential([inputs, *tail, *build_layers(recipe)], name="playground")


def build_layers(recipe: Recipe) -> list[keras.Layer]:
    """The layers of a spec, the output layer last."""
    return [_build_layer(recipe, index, plan) for index, plan in enumerate(recipe.plans)]


def build_loss(spec: RunSpec) -> keras.losses.Loss:
    """The loss of a spec, averaged over the samples."""
    return _LOSSES[loss_of(spec)]()


def build_optimizer(spec: RunSpec, model: keras.Model) -> keras.optimizers.Optimizer:
    """The optimizer of a spec, its slots made for the model; Keras' defaults but for what the spec names."""
    optimizer = _OPTIMIZERS[spec.optimizer.name](**_optimizer_options(spec))
    optimizer.build(model.trainable_variables)
    return optimizer


def build_functional_optimizer(spec: RunSpec, model: keras.Model) -> keras.optimizers.Optimizer:
    """The same optimizer, whose every assignment can be redirected by `keras.StatelessScope`."""
    kind = _OPTIMIZERS[spec.optimizer.name]
    functional = type(f"Functional{kind.__name__}", (_Functional, kind), {})
    optimizer: keras.optimizers.Optimizer = functional(**_optimizer_options(spec))
    optimizer.build(model.trainable_variables)
    return optimizer


def initial_values(recipe: Recipe, base_values: Values = _NOTHING) -> Values:
    """The state before the first update, drawn from the spec's seed; float32 [state_count].

    `base_values` are the weights of the part of a base that is trained.
    """
    weights = [_first_array(recipe, index, place) for index, place in _weight_places(recipe)]
    first_slot = _FIRST_ACCUMULATOR if recipe.spec.optimizer.name == "adagrad" else 0.0
    slots = np.full(recipe.slot_kinds * recipe.trainable_count, first_slot, np.float32)
    return np.concatenate([base_values, *(array.ravel() for array in weights), slots])


class _Functional:
    """Keras' TensorFlow optimizers write through `tf.distribute`, past any StatelessScope; these do not.

    Each method does what Keras' base optimizer, that of its other backends, does.
    """

    def assign(self, variable: keras.Variable, value: tf.Tensor) -> None:
        variable.assign(value)

    def assign_add(self, variable: keras.Variable, value: tf.Tensor) -> None:
        variable.assign(variable.value + tf.cast(value, variable.dtype))

    def assign_sub(self, variable: keras.Variable, value: tf.Tensor) -> None:
        variable.assign(variable.value - tf.cast(value, variable.dtype))

    def _var_key(self, variable: keras.Variable) -> int:
        return id(variable)

    def _backend_update_step(self, grads: list[Any], trainable_variables: list[Any], learning_rate: tf.Tensor) -> None:
        for gradient, variable in zip(grads, trainable_variables, strict=True):
            self.update_step(gradient, variable, learning_rate)  # type: ignore[attr-defined]


def _optimizer_options(spec: RunSpec) -> dict[str, Any]:
    wanted = spec.optimizer
    options: dict[str, Any] = {"learning_rate": wanted.learning_rate}
    if wanted.clip_norm is not None:
        options["clipnorm"] = wanted.clip_norm
    if wanted.clip_value is not None:
        options["clipvalue"] = wanted.clip_value
    if wanted.name == "sgd":
        options |= {"momentum": wanted.momentum, "nesterov": wanted.nesterov}
    return options


def _build_layer(recipe: Recipe, index: int, plan: LayerPlan) -> keras.Layer:
    layer, name = plan.layer, plan.name
    if isinstance(layer, DenseSpec):
        activation = recipe.output_activation if name == "output" else layer.activation
        return keras.layers.Dense(
            plan.outputs[0], activation, kernel_initializer=_initializer(recipe.spec, index), name=name
        )
    if isinstance(layer, Conv2DSpec):
        return keras.layers.Conv2D(
            layer.filters,
            layer.kernel_size,
            layer.strides,
            layer.padding,
            activation=layer.activation,
            kernel_initializer=_initializer(recipe.spec, index),
            name=name,
        )
    return _build_plain_layer(recipe.spec, index, layer, name)


def _build_plain_layer(spec: RunSpec, index: int, layer: LayerSpec, name: str) -> keras.Layer:
    """A layer without a kernel."""
    if isinstance(layer, DropoutSpec):
        return keras.layers.Dropout(layer.rate, seed=dropout_seed(spec.seed, index), name=name)
    if isinstance(layer, BatchNormalizationSpec):
        return keras.layers.BatchNormalization(momentum=layer.momentum, name=name)
    if isinstance(layer, FlattenSpec):
        return keras.layers.Flatten(name=name)
    if isinstance(layer, MaxPooling2DSpec):
        return keras.layers.MaxPooling2D(layer.pool_size, padding=layer.padding, name=name)
    if isinstance(layer, AveragePooling2DSpec):
        return keras.layers.AveragePooling2D(layer.pool_size, padding=layer.padding, name=name)
    return keras.layers.GlobalAveragePooling2D(name=name)


_INITIALIZERS: dict[InitializerName, type[keras.initializers.Initializer]] = {
    "glorot_uniform": keras.initializers.GlorotUniform,
    "he_uniform": keras.initializers.HeUniform,
}


def _initializer(spec: RunSpec, index: int) -> keras.initializers.Initializer:
    return _INITIALIZERS[initializer_of(spec, index)](seed=layer_seed(spec.seed, index))


def _weight_places(recipe: Recipe) -> list[tuple[int, int]]:
    """Index of the layer and of the array in it, for every array of weights."""
    return [(index, place) for index, plan in enumerate(recipe.plans) for place in range(len(plan.weights))]


def _first_array(recipe: Recipe, index: int, place: int) -> Values:
    """What Keras puts into an array of weights when it builds the layer."""
    plan = recipe.plans[index]
    shape: Shape = plan.weights[place]
    if isinstance(plan.layer, BatchNormalizationSpec):
        # gamma, beta, moving mean, moving variance
        return np.full(shape, (1.0, 0.0, 0.0, 1.0)[place], np.float32)
    if place == 1:
        return np.zeros(shape, np.float32)
    return np.asarray(_initializer(recipe.spec, index)(shape), np.float32)
