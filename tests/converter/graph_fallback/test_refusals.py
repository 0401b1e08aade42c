"""What a graph model cannot do is refused in one sentence that names the layer and a way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from converter.errors import ModelNotBuilt, UnsupportedLayer
from converter.graph_fallback import build_graph_model
from tests.converter.graph_fallback.cases import functional, sequential

_WITHOUT_CHANCE = "leave the random part out of the model that is converted, such as a VAE's sampling: use its mean."
_WITHOUT_TEXT = "turn text into numbers in JavaScript, before the model, and feed the numbers."
_WITHOUT_LISTS = "give the axis it goes along a fixed size, or write the layer without a loop."


class Sampling(layers.Layer):
    def __init__(self) -> None:
        super().__init__(name="sampling")
        self.seeds = keras.random.SeedGenerator(3)

    def call(self, given: Any) -> Any:
        return given + keras.random.normal(ops.shape(given), seed=self.seeds)


class Noise(layers.Layer):
    def call(self, given: Any) -> Any:
        return given + keras.random.normal(ops.shape(given))


class Counting(layers.Layer):
    def build(self, _: Any) -> None:
        self.count = self.add_weight(shape=(), name="count", trainable=False)

    def call(self, given: Any) -> Any:
        self.count.assign_add(1.0)
        return given * self.count


class Halving(layers.Layer):
    def call(self, given: Any) -> Any:
        return tf.cond(tf.reduce_sum(given) > 0, lambda: given, lambda: given[:, :1])

    def compute_output_shape(self, shape: Any) -> Any:
        return shape


class OfTwo(keras.Model):
    def __init__(self) -> None:
        super().__init__(name="of_two")
        self.dense = layers.Dense(3)

    def call(self, first: Any, second: Any) -> Any:
        return self.dense(first) + second


def _of_two() -> Any:
    model = OfTwo()
    model(np.ones((2, 3), "float32"), np.ones((2, 3), "float32"))
    return model


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "chance": (
        functional((5,), lambda x: Sampling()(x)),
        f'Layer "sampling" (class "Sampling") draws random numbers whenever the model answers; {_WITHOUT_CHANCE}',
    ),
    "chance without a seed": (
        functional((5,), lambda x: Noise(name="noise")(x)),
        f'Layer "noise" (class "Noise") draws random numbers whenever the model answers; {_WITHOUT_CHANCE}',
    ),
    "changed variables": (
        functional((5,), lambda x: Counting(name="counting")(x)),
        'Layer "counting" (class "Counting") changes a variable whenever the model answers; '
        "convert a model that answers from its inputs alone.",
    ),
    "stateful": (
        lambda: keras.Sequential([keras.Input(batch_shape=(2, 5, 3)), layers.LSTM(3, stateful=True, name="memory")]),
        'Layer "memory" (class "LSTM") remembers its state between calls (stateful=True), which a graph model cannot; '
        "build the layer with stateful=False, or pass the state in and out (return_state=True).",
    ),
    "text": (
        sequential((1,), lambda: layers.StringLookup(vocabulary=["a", "b"], name="words"), dtype="string"),
        f'Layer "words" (class "StringLookup") works on text (LookupTableFindV2), which a graph model cannot; '
        f"{_WITHOUT_TEXT}",
    ),
    "hashing": (
        sequential((5,), lambda: layers.Hashing(4, name="hashing"), dtype="int32"),
        f'Layer "hashing" (class "Hashing") works on text (AsString), which a graph model cannot; {_WITHOUT_TEXT}',
    ),
    "an operation of a nested layer": (
        sequential(
            (3, 3),
            lambda: keras.Sequential(
                [layers.Dense(3), layers.Lambda(lambda x: tf.linalg.inv(x), name="größte Umkehr")], name="inner"
            ),
        ),
        'Layer "größte Umkehr" (class "Lambda") uses the TensorFlow operation MatrixInverse, which TensorFlow.js does '
        "not have or answers wrongly; compute that with fixed matrices before converting, or leave it out of the "
        "model.",
    ),
    "loops over the batch": (
        functional((4,), lambda x: layers.Lambda(lambda t: tf.map_fn(lambda a: a * 2, t), name="each")(x)),
        'Layer "each" (class "Lambda") has a loop that fills a list of tensors, and whose number of turns is not '
        f"known; {_WITHOUT_LISTS}",
    ),
    "shapes that depend on the data": (
        functional((4,), lambda x: Halving(name="halving")(x)),
        'Layer "halving" (class "Halving") returns another shape on each side of a branch ((None, 4) or (None, 1)); '
        "make both sides return the same shape, or write the layer without a branch.",
    ),
    "volumes of any size": (
        sequential((None, 4, 4, 2), lambda: layers.Conv3DTranspose(2, 2, name="volume")),
        'Layer "volume" (class "Conv3DTranspose") makes volumes of any size; '
        "give the input a fixed size, such as (8, 8, 8, 1).",
    ),
    "pictures moved by a matrix": (
        functional(
            (5, 6, 3), lambda x: layers.Lambda(lambda t: ops.image.affine_transform(t, np.ones(8)), name="moved")(x)
        ),
        'Layer "moved" (class "Lambda") uses the TensorFlow operation ImageProjectiveTransformV3, which TensorFlow.js '
        "does not have or answers wrongly; leave that step out of the model and do it in JavaScript, or write it with "
        "simpler keras.ops.",
    ),
    "code that needs more inputs than Keras remembers": (
        _of_two,
        'Layer "of_two" (class "OfTwo") cannot be called on its inputs (TypeError: missing a required argument: '
        "'second'); try model(inputs) in Keras, and wrap a model with code of its own: "
        "keras.Model(inputs, model(inputs)) with inputs = keras.Input(...).",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_expressed_is_refused_in_one_sentence(name: str) -> None:
    make, sentence = REFUSED[name]

    with pytest.raises(UnsupportedLayer) as refused:
        build_graph_model(make())

    assert str(refused.value) == sentence


def test_text_that_goes_through_a_model_is_refused() -> None:
    given = keras.Input((2,), dtype="string", name="words")

    with pytest.raises(UnsupportedLayer, match='has values of dtype string as "words"'):
        build_graph_model(keras.Model(given, given))


def test_complex_results_are_refused() -> None:
    spectrum = functional((8,), lambda x: layers.Lambda(tf.signal.rfft, name="spectrum", output_shape=(5,))(x))

    with pytest.raises(UnsupportedLayer, match='has values of dtype complex64 as "spectrum"'):
        build_graph_model(spectrum())


def test_a_model_that_never_saw_an_input_is_refused() -> None:
    with pytest.raises(ModelNotBuilt, match='Model "of_two" does not know its input shape yet; call it once on data'):
        build_graph_model(OfTwo())


def test_a_refused_model_is_left_as_it_was() -> None:
    model = REFUSED["text"][0]()
    before = [dict(vars(layer)) for layer in model.layers]

    with pytest.raises(UnsupportedLayer):
        build_graph_model(model)

    assert [layer.name for layer in model.layers] == ["words"]
    assert [vars(layer).keys() for layer in model.layers] == [known.keys() for known in before]
