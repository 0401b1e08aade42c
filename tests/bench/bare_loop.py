"""The bare XLA loop: what TensorFlow's compiler gives when epochs, batches and evaluation are written by hand.

Plain TensorFlow operations, no Keras, nothing told to anybody: the least that an engine built on TensorFlow can cost.
Dense layers of tanh, a sigmoid, binary cross-entropy, stochastic gradient descent; whole batches only.
"""

import numpy as np
import tensorflow as tf

from server.datasets.splits import RunData
from tests.bench.networks import Network

EPOCHS_PER_CALL = 256
"""So many that what a call costs beside its epochs does not show."""

Tensors = tuple[tf.Tensor, ...]


class BareLoopRunner:
    """Trains with one compiled program that runs EPOCHS_PER_CALL epochs; laps are a multiple of that."""

    def __init__(self, network: Network, samples: RunData) -> None:
        self._count, self._batch_size = network.train_count, network.spec.batch_size
        self._train = tuple(tf.constant(array) for array in (samples.train.features, samples.train.labels))
        self._val = tuple(tf.constant(array) for array in (samples.val.features, samples.val.labels))
        self._learning_rate = network.spec.optimizer.learning_rate
        self._weights = _first_weights([network.sample_shape[0], *_units(network), network.outputs])
        self._generator = np.random.default_rng(0)
        self._program = tf.function(self._run_epochs, jit_compile=True, autograph=False)
        self.loss = float(_loss(_logits(self._weights, self._train[0]), self._train[1]))

    def train(self, epochs: int) -> None:
        """Train so many epochs; the orders of the samples are drawn here, outside the program."""
        for _ in range(epochs // EPOCHS_PER_CALL):
            places = np.tile(np.arange(self._count, dtype=np.int32), (EPOCHS_PER_CALL, 1))
            orders = tf.constant(self._generator.permuted(places, axis=1))
            self._weights, rows = self._program(self._weights, orders, tf.constant(self._learning_rate))
            self.loss = float(rows.numpy()[-1, 0])

    def _run_epochs(self, weights: Tensors, orders: tf.Tensor, learning_rate: tf.Tensor) -> tuple[Tensors, tf.Tensor]:
        def run_epoch(epoch: tf.Tensor, weights: Tensors, rows: tf.Tensor) -> tuple[tf.Tensor, Tensors, tf.Tensor]:
            weights = self._run_batches(weights, orders[epoch], learning_rate)
            rows = tf.tensor_scatter_nd_update(rows, [[epoch]], [self._measure(weights)])
            return epoch + 1, weights, rows

        rows = tf.zeros((EPOCHS_PER_CALL, 4))
        _, weights, rows = tf.while_loop(lambda epoch, *_: epoch < EPOCHS_PER_CALL, run_epoch, (0, weights, rows))
        return weights, rows

    def _run_batches(self, weights: Tensors, order: tf.Tensor, learning_rate: tf.Tensor) -> Tensors:
        features, labels = (tf.gather(array, order) for array in self._train)

        def run_batch(batch: tf.Tensor, weights: Tensors) -> tuple[tf.Tensor, Tensors]:
            start = [batch * self._batch_size, 0]
            with tf.GradientTape() as tape:
                tape.watch(weights)
                logits = _logits(weights, tf.slice(features, start, [self._batch_size, -1]))
                loss = _loss(logits, tf.slice(labels, start, [self._batch_size, -1]))
            gradients = tape.gradient(loss, weights)
            moved = (weight - learning_rate * gradient for weight, gradient in zip(weights, gradients, strict=True))
            return batch + 1, tuple(moved)

        batches = self._count // self._batch_size
        _, weights = tf.while_loop(lambda batch, _: batch < batches, run_batch, (0, weights))
        return weights

    def _measure(self, weights: Tensors) -> tf.Tensor:
        """Loss of both shares, then accuracy of both."""
        answers = [(_logits(weights, features), labels) for features, labels in (self._train, self._val)]
        losses = [_loss(logits, labels) for logits, labels in answers]
        return tf.stack([*losses, *(_accuracy(logits, labels) for logits, labels in answers)])


def _units(network: Network) -> list[int]:
    return [layer.units for layer in network.spec.layers if layer.kind == "dense"]


def _first_weights(sizes: list[int]) -> Tensors:
    """Kernel and bias of each layer; Glorot uniform, zero."""
    generator = np.random.default_rng(0)
    weights: list[tf.Tensor] = []
    for inputs, outputs in zip(sizes, sizes[1:], strict=False):
        limit = (6 / (inputs + outputs)) ** 0.5
        kernel = generator.uniform(-limit, limit, (inputs, outputs))
        weights += [tf.constant(kernel, tf.float32), tf.zeros(outputs)]
    return tuple(weights)


def _logits(weights: Tensors, features: tf.Tensor) -> tf.Tensor:
    for kernel, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        features = tf.tanh(features @ kernel + bias)
    return features @ weights[-2] + weights[-1]


def _loss(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels, logits))


def _accuracy(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(tf.cast(tf.equal(logits > 0, labels > 0.5), tf.float32))
