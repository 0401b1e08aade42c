"""Whole models: custom code, names, orders and structures of inputs and outputs."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from tests.converter.graph_fallback.cases import Table, functional


class Positions(layers.Layer):
    """Embeddings of tokens and of their places."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = layers.Embedding(10, 4)
        self.places = layers.Embedding(7, 4)

    def call(self, given: Any) -> Any:
        return self.tokens(given) + self.places(ops.arange(ops.shape(given)[-1]))


class Block(layers.Layer):
    """A block of a transformer that looks back only."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = layers.MultiHeadAttention(2, 4)
        self.feed_forward = keras.Sequential([layers.Dense(8, activation="gelu"), layers.Dense(4)])
        self.first_norm = layers.LayerNormalization()
        self.second_norm = layers.LayerNormalization()

    def call(self, given: Any) -> Any:
        attended = self.first_norm(given + self.attention(given, given, use_causal_mask=True))
        return self.second_norm(attended + self.feed_forward(attended))


class PlainTensorFlow(layers.Layer):
    """Code of a layer that asks TensorFlow directly."""

    def call(self, given: Any) -> Any:
        return tf.nn.softmax(tf.linalg.band_part(tf.matmul(given, given, transpose_b=True), -1, 0))


class FixedNoise(layers.Layer):
    """Random numbers that are always the same."""

    def call(self, given: Any) -> Any:
        return given + keras.random.normal((5,), seed=42) + keras.random.uniform((5,), seed=3)


class Written(keras.Model):
    """A model with code of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.recurrent = layers.GRU(3)
        self.dense = layers.Dense(3, activation="softsign")

    def call(self, given: Any) -> Any:
        return {"second": self.dense(self.recurrent(given)), "first": given * 2}


def _written() -> Any:
    model = Written()
    model(np.ones((2, 5, 4), "float32"))
    return model


def names_and_orders() -> Any:
    """Names with blanks and accents, an unused input, one tensor twice, an input as output, numbers as names."""
    first, second = keras.Input((3,), name="ein gang"), keras.Input((3,), name="größe")
    unused = keras.Input((2,), name="unused")
    one = layers.Dense(3, name="Schicht eins é")(first)
    other = layers.Dense(3, name="_x")(second)
    difference = layers.Subtract(name="2")([one, other])
    return keras.Model([second, first, unused], [difference, one, one, second, layers.Dense(2, name="10")(other)])


def _twelve_outputs() -> Any:
    given = keras.Input((3,))
    return keras.Model(given, [layers.Dense(number + 1, name=f"output_{number}")(given) for number in range(12)])


def _dictionaries() -> Any:
    z, a = keras.Input((3,), name="z"), keras.Input((3,), name="a")
    return keras.Model({"z": z, "a": a}, {"q": layers.Dense(2)(a), "b": layers.Subtract()([z, a])})


def _nested_and_shared() -> Any:
    given = keras.Input((4,))
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4, activation="gelu", name="dense")], name="dense_1")
    outer = layers.Dense(4, name="dense")
    return keras.Model(given, [inner(outer(inner(given))), outer(given)])


def _branches_after_a_convolution() -> Any:
    """Sums that look like biases, and normalized results that others need as they are."""
    given = keras.Input((8, 8, 3))
    made = layers.Conv2D(3, 3, padding="same")(given)
    shared = layers.Conv2D(3, 3, padding="same")
    added = layers.ReLU()(layers.Add()([made, given]))
    return keras.Model(
        given,
        [added, layers.BatchNormalization()(made), layers.ReLU()(made), shared(shared(given)), layers.PReLU()(made)],
    )


def _fixed_batch() -> Any:
    given = keras.Input(batch_shape=(3, 5, 4))
    return keras.Model(given, layers.GRU(2)(given))


def _quantized() -> Any:
    model = keras.Sequential([keras.Input((8,)), layers.Dense(4)])
    model.layers[0].quantize("int8")
    return model


MODELS: Table = {
    "transformer": functional((7,), lambda x: Block()(Block()(Positions()(x))), dtype="int32"),
    "plain TensorFlow": functional((4, 3), lambda x: PlainTensorFlow()(x)),
    "noise from a fixed seed": functional((5,), lambda x: FixedNoise()(x)),
    "Lambda": functional((4,), lambda x: layers.Lambda(lambda t: t**2)(x)),
    "subclass": _written,
    "names and orders": names_and_orders,
    "twelve outputs": _twelve_outputs,
    "dictionaries": _dictionaries,
    "nested and shared": _nested_and_shared,
    "branches after a convolution": _branches_after_a_convolution,
    "fixed batch": _fixed_batch,
    "quantized": _quantized,
}
