"""Compiled epoch programs: the loop over epochs and batches inside one XLA computation, and their cache.

A program serves every run of one architecture: it gets a run's whole state as tensors, assigns it to the variables of
a template model and optimizer, runs the epochs, and returns the new values. So a second run compiles nothing, and a
learning rate or regularization rate, being an argument, never does. Measured on two cores, an epoch of 25 batches of
2-4-2-1 takes 0.1 to 0.2 ms this way and about 50 ms in `model.fit`.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock
from typing import Any, TypeAlias

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from server.datasets.splits import RunData
from server.domain.spec import RunSpec, problem_of, train_samples
from server.training.build import build_loss, build_model, build_optimizer

Tensors: TypeAlias = tuple[tf.Tensor, ...]

SLICE_EPOCHS = 64
"""Most epochs of one call: 7 ms of a small network, so that thirty runs take turns smoothly."""

CACHED_PROGRAMS = 256
"""TensorFlow keeps the compiled code of a program, about 15 MB, for the life of the process: forgetting a program saves
little, and costs a second compilation when it is wanted again."""


@dataclass(frozen=True)
class Rates:
    """What may change while a run goes on, without a new compilation."""

    learning_rate: float
    l1: float
    l2: float


@dataclass(frozen=True)
class TrainState:
    """A run between two epochs: weights and optimizer slots, in the order of the template's variables."""

    weights: Tensors
    slots: Tensors


@dataclass(frozen=True)
class SliceOutcome:
    """The state after a slice, and a row float32 [epochs, columns] of metrics per epoch."""

    state: TrainState
    rows: npt.NDArray[np.float32]


class EpochProgram:
    """The compiled loop of one architecture. Calls must not overlap: they share the template's variables."""

    def __init__(self, spec: RunSpec) -> None:
        self.samples = train_samples(spec)
        self.batch_size = min(spec.batch_size, self.samples)
        self.metric_names = metric_names(spec)
        self._model = build_model(spec)
        self._loss = build_loss(spec)
        self._optimizer = build_optimizer(spec, self._model)
        self._slots = [v for v in self._optimizer.variables if v is not self._optimizer.learning_rate]
        self._kernels = [layer.kernel for layer in self._model.layers]
        self._loop = tf.function(self._run_epochs, jit_compile=True, autograph=False)
        self._is_compiled = Event()
        self._compile_lock = Lock()

    def compile(self, state: TrainState, samples: Tensors) -> None:
        """Trace and compile once, by running no epoch; a second caller waits for the first."""
        with self._compile_lock:
            if not self._is_compiled.is_set():
                orders = np.zeros((SLICE_EPOCHS, self.samples), np.int32)
                self.advance(state, samples, orders, 0, Rates(0.0, 0.0, 0.0))
                self._is_compiled.set()

    def advance(  # noqa: PLR0913 - the arguments of the compiled program, each of its own kind
        self, state: TrainState, samples: Tensors, orders: npt.NDArray[np.int32], epochs: int, rates: Rates
    ) -> SliceOutcome:
        """Run `epochs` epochs, at most SLICE_EPOCHS; orders int32 [SLICE_EPOCHS, samples], one row an epoch."""
        numbers = tf.constant([rates.learning_rate, rates.l1, rates.l2], tf.float32)
        weights, slots, rows = self._loop(
            state.weights, state.slots, samples, tf.constant(orders), tf.constant(epochs), numbers
        )
        return SliceOutcome(TrainState(tuple(weights), tuple(slots)), rows.numpy()[:epochs])

    def _run_epochs(  # noqa: PLR0913
        self, weights: Tensors, slots: Tensors, samples: Tensors, orders: tf.Tensor, epochs: tf.Tensor, rates: tf.Tensor
    ) -> tuple[list[tf.Tensor], list[tf.Tensor], tf.Tensor]:
        self._assign(weights, slots, rates)
        rows = tf.zeros((SLICE_EPOCHS, len(self.metric_names) + 1), tf.float32)

        def run_epoch(epoch: tf.Tensor, rows: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            self._train_epoch(samples[0], samples[1], orders[epoch], rates)
            row = self._measure(samples)
            return epoch + 1, tf.tensor_scatter_nd_update(rows, [[epoch]], [row])

        _, rows = tf.while_loop(lambda epoch, _: epoch < epochs, run_epoch, (0, rows))
        return self._values(self._model.variables), self._values(self._slots), rows

    def _train_epoch(self, features: tf.Tensor, labels: tf.Tensor, order: tf.Tensor, rates: tf.Tensor) -> None:
        """Every sample once: full batches, then the smaller last one, as Keras does."""
        shuffled_features, shuffled_labels = tf.gather(features, order), tf.gather(labels, order)
        full_batches, remainder = divmod(self.samples, self.batch_size)

        def run_batch(batch: tf.Tensor) -> tf.Tensor:
            start = batch * self.batch_size
            self._update(
                tf.slice(shuffled_features, [start, 0], [self.batch_size, -1]),
                tf.slice(shuffled_labels, [start, 0], [self.batch_size, -1]),
                rates,
            )
            return batch + 1

        tf.while_loop(lambda batch: batch < full_batches, run_batch, (0,))
        if remainder:
            self._update(shuffled_features[-remainder:], shuffled_labels[-remainder:], rates)

    def _update(self, features: tf.Tensor, labels: tf.Tensor, rates: tf.Tensor) -> None:
        """One step of the optimizer on one batch."""
        with tf.GradientTape() as tape:
            loss = self._loss(labels, self._model(features, training=True)) + self._penalty(rates)
        variables = self._model.trainable_variables
        gradients = tape.gradient(loss, [variable.value for variable in variables])
        self._optimizer.apply(gradients, variables)

    def _penalty(self, rates: tf.Tensor) -> tf.Tensor:
        """Keras' L1L2 on the kernels: l1 * sum |w| + l2 * sum w^2."""
        absolute = tf.add_n([tf.reduce_sum(tf.abs(kernel.value)) for kernel in self._kernels])
        squared = tf.add_n([tf.reduce_sum(tf.square(kernel.value)) for kernel in self._kernels])
        return rates[1] * absolute + rates[2] * squared

    def _measure(self, samples: Tensors) -> tf.Tensor:
        """One row: the metrics on all samples after the epoch, and 1 when every weight is finite."""
        metrics = measure(self._model, self._loss, samples, len(self.metric_names) > 2)
        finite = [tf.reduce_all(tf.math.is_finite(v.value)) for v in self._model.variables]
        return tf.stack([*metrics, tf.cast(tf.reduce_all(tf.stack(finite)), tf.float32)])

    def _assign(self, weights: Tensors, slots: Tensors, rates: tf.Tensor) -> None:
        for variable, value in zip(self._model.variables, weights, strict=True):
            variable.assign(value)
        for slot, value in zip(self._slots, slots, strict=True):
            slot.assign(value)
        self._optimizer.learning_rate.assign(rates[0])

    @staticmethod
    def _values(variables: list[Any]) -> list[tf.Tensor]:
        return [tf.identity(variable.value) for variable in variables]


class ProgramCache:
    """Programs by architecture; the least used one goes when the cache is full."""

    def __init__(self, build: Callable[[RunSpec], EpochProgram] = EpochProgram, most: int = CACHED_PROGRAMS) -> None:
        self._build = build
        self._most = most
        self._programs: OrderedDict[str, EpochProgram] = OrderedDict()
        self._lock = Lock()

    def get(self, spec: RunSpec) -> EpochProgram:
        """The program that serves a spec; built, not yet compiled, on first use."""
        key = program_key(spec)
        with self._lock:
            if key not in self._programs:
                self._programs[key] = self._build(spec)
                while len(self._programs) > self._most:
                    self._programs.popitem(last=False)
            self._programs.move_to_end(key)
            return self._programs[key]


def wake_compiler() -> None:
    """Let XLA start: it says hello on standard error the first time it compiles anything."""
    tf.function(lambda: tf.constant(1.0) + 1.0, jit_compile=True)()


def program_key(spec: RunSpec) -> str:
    """What decides the compiled code: shapes, activations, loss, optimizer; no rate and no seed."""
    shape = [(layer.units, layer.activation) for layer in spec.layers]
    sizes = (len(spec.features), train_samples(spec), spec.dataset.samples, spec.batch_size)
    kind = problem_of(spec.dataset.name)
    return repr((shape, sizes, kind, spec.loss, spec.optimizer.name))


def metric_names(spec: RunSpec) -> tuple[str, ...]:
    """Keras' names of what is measured each epoch, in the order of a program's rows."""
    if problem_of(spec.dataset.name) == "regression":
        return ("loss", "val_loss")
    return ("loss", "val_loss", "accuracy", "val_accuracy")


def initial_state(spec: RunSpec, samples: Tensors) -> tuple[TrainState, dict[str, float]]:
    """The state before the first epoch, drawn from the spec's seed, and its metrics."""
    model = build_model(spec)
    optimizer = build_optimizer(spec, model)
    slots = [v for v in optimizer.variables if v is not optimizer.learning_rate]
    names = metric_names(spec)
    metrics = measure(model, build_loss(spec), samples, len(names) > 2)
    state = TrainState(_tensors(model.variables), _tensors(slots))
    return state, {name: float(number) for name, number in zip(names, metrics, strict=True)}


def measure(model: keras.Model, loss: keras.losses.Loss, samples: Tensors, has_accuracy: bool) -> list[tf.Tensor]:
    """Scalars in the order of `metric_names`: loss of train and val samples, then accuracy of both."""
    train_features, train_labels, val_features, val_labels = samples
    splits = [(train_labels, model(train_features)), (val_labels, model(val_features))]
    metrics = [loss(labels, predictions) for labels, predictions in splits]
    if has_accuracy:
        metrics += [_accuracy(labels, predictions) for labels, predictions in splits]
    return metrics


def _accuracy(labels: tf.Tensor, predictions: tf.Tensor) -> tf.Tensor:
    """Share of the samples on the right side of 0.5, as Keras' binary accuracy."""
    return tf.reduce_mean(tf.cast(tf.equal(predictions > 0.5, labels > 0.5), tf.float32))


def tensors_of(run_data: RunData) -> Tensors:
    """Train features, train labels, val features, val labels as tensors, made once a run."""
    train, val = run_data.train, run_data.val
    arrays = (train.features, train.labels, val.features, val.labels)
    return tuple(tf.constant(array) for array in arrays)


def _tensors(variables: list[keras.Variable]) -> Tensors:
    return tuple(tf.constant(variable.numpy()) for variable in variables)
