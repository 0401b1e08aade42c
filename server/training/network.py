"""A Keras model, its loss and its optimizer as pure functions of one flat vector: what programs are made of.

Keras keeps weights in variables. Here they are redirected (`keras.StatelessScope`), so that a program takes a run's
state in and gives the new one back: it holds nothing of any run, serves all runs of its architecture, and a call costs
one argument instead of one per variable.
"""

from collections.abc import Sequence
from math import prod
from typing import Any, TypeAlias

import keras
import tensorflow as tf

from server.training.build import build_functional_optimizer, build_loss, build_model
from server.training.recipe import Recipe

Tensors: TypeAlias = list[tf.Tensor]

_SLOT_KINDS = ("_accumulator", "_momentum", "_velocity")
"""How Keras ends the names of what its optimizers remember of each weight; the order of the kinds in a state."""


class Network:
    """The functions of one recipe, to be traced by TensorFlow. `tensors` are the variables' values, in their order."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._model = build_model(recipe)
        self._loss = build_loss(recipe.spec)
        self._optimizer = build_functional_optimizer(recipe.spec, self._model)
        self._trainable = self._model.trainable_variables
        self._weights = [weight for layer in self._model.layers for weight in layer.weights]
        self._variables = [*self._weights, *_slots_by_kind(self._optimizer)]
        self._shapes = [tuple(variable.shape) for variable in self._variables]
        self._kernels = [layer.kernel for layer in self._model.layers if hasattr(layer, "kernel")]
        self._seeds = [layer.seed_generator.state for layer in self._model.layers if hasattr(layer, "seed_generator")]

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Shapes of the variables, in their order."""
        return self._shapes

    def unpack(self, values: tf.Tensor) -> Tensors:
        """The flat state float32 [state_count] as one tensor per variable."""
        parts = tf.split(values, [prod(shape) for shape in self._shapes]) if self._shapes else []
        return [tf.reshape(part, shape) for part, shape in zip(parts, self._shapes, strict=True)]

    @staticmethod
    def pack(tensors: Sequence[tf.Tensor]) -> tf.Tensor:
        """The inverse of `unpack`."""
        return tf.concat([tf.reshape(tensor, [-1]) for tensor in tensors], 0)

    def update(  # noqa: PLR0913 - one argument for each thing that a step of training depends on
        self,
        tensors: Sequence[tf.Tensor],
        features: tf.Tensor,
        labels: tf.Tensor,
        step: tf.Tensor,
        rates: tf.Tensor,
        seeds: tf.Tensor,
    ) -> Tensors:
        """One step of the optimizer on one batch; `step` updates came before; rates are learning rate, l1, l2."""
        return self.learn(tensors, features, labels, step, rates, seeds)[0]

    def learn(  # noqa: PLR0913 - as `update`
        self,
        tensors: Sequence[tf.Tensor],
        features: tf.Tensor,
        labels: tf.Tensor,
        step: tf.Tensor,
        rates: tf.Tensor,
        seeds: tf.Tensor,
    ) -> tuple[Tensors, tf.Tensor]:
        """As `update`, and how the batch went before it: sums of loss without penalty and right predictions, [2]."""
        mapping = [*zip(self._variables, tensors, strict=True), *self._moment(step, rates, seeds)]
        with keras.StatelessScope(state_mapping=mapping) as scope:
            trainable = [variable.value for variable in self._trainable]
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(trainable)
                predictions = self._model(features, training=True)
                loss = self._loss(labels, predictions)
                whole = loss + self._penalty(rates)
            self._optimizer.apply(tape.gradient(whole, trainable), self._trainable)
        return [scope.get_current_value(variable) for variable in self._variables], self._sums(
            labels, predictions, loss
        )

    def _sums(self, labels: tf.Tensor, predictions: tf.Tensor, loss: tf.Tensor) -> tf.Tensor:
        count = tf.cast(tf.shape(labels)[0], tf.float32)
        right = tf.reduce_sum(_is_right(labels, predictions)) if self._recipe.is_classification else 0.0
        return tf.stack([loss * count, right])

    def measure(self, tensors: Sequence[tf.Tensor], features: tf.Tensor, labels: tf.Tensor) -> Tensors:
        """Mean loss of the samples without the penalty, then, for classes, the share of right predictions."""
        with keras.StatelessScope(state_mapping=list(zip(self._variables, tensors, strict=True))):
            predictions = self._model(features, training=False)
            metrics = [self._loss(labels, predictions)]
        if self._recipe.is_classification:
            metrics.append(tf.reduce_mean(_is_right(labels, predictions)))
        return metrics

    def are_finite(self, tensors: Sequence[tf.Tensor]) -> tf.Tensor:
        """Whether every weight is a number, a scalar bool."""
        finite = [tf.reduce_all(tf.math.is_finite(tensor)) for tensor in tensors[: len(self._weights)]]
        return tf.reduce_all(tf.stack(finite))

    def _moment(self, step: tf.Tensor, rates: tf.Tensor, seeds: tf.Tensor) -> list[tuple[Any, tf.Tensor]]:
        """Variables that follow from the number of the step: the optimizer's counter and the seeds of the masks.

        Keras counts both up by one in each update, so a run that is resumed at a step draws what it would have drawn.
        """
        counter = self._optimizer.iterations
        moment = [(counter, tf.cast(step, counter.dtype)), (self._optimizer.learning_rate, rates[0])]
        for place, state in enumerate(self._seeds):
            moment.append((state, tf.cast(tf.stack([seeds[place], step]), state.dtype)))
        return moment

    def _penalty(self, rates: tf.Tensor) -> tf.Tensor:
        """Keras' L1L2 on the kernels: l1 * sum |w| + l2 * sum w^2."""
        absolute = tf.add_n([tf.reduce_sum(tf.abs(kernel.value)) for kernel in self._kernels])
        squared = tf.add_n([tf.reduce_sum(tf.square(kernel.value)) for kernel in self._kernels])
        return rates[1] * absolute + rates[2] * squared


def _slots_by_kind(optimizer: keras.optimizers.Optimizer) -> list[keras.Variable]:
    """What the optimizer remembers of each weight: one kind after the other, each in the order of the weights."""
    counted = (optimizer.iterations, optimizer.learning_rate)
    kept = [variable for variable in optimizer.variables if not any(variable is one for one in counted)]
    slots = [slot for kind in _SLOT_KINDS for slot in kept if slot.name.endswith(kind)]
    strange = [slot.name for slot in kept if not slot.name.endswith(_SLOT_KINDS)]
    if strange:
        raise RuntimeError(
            f"This version of Keras keeps numbers in {optimizer.name} that are not known here: {strange}; expected "
            f"names that end with one of {', '.join(_SLOT_KINDS)}. Install the Keras of .ci/constraints.txt."
        )
    return slots


def _is_right(labels: tf.Tensor, predictions: tf.Tensor) -> tf.Tensor:
    """1.0 for each sample on the right side of 0.5, or whose likeliest class is its own; as Keras' accuracies."""
    if labels.shape[1] == 1:
        return tf.cast(tf.equal(predictions[:, 0] > 0.5, labels[:, 0] > 0.5), tf.float32)
    return tf.cast(tf.equal(tf.argmax(predictions, 1), tf.argmax(labels, 1)), tf.float32)
