"""Models that cannot be converted, each with the exact sentence a student reads: which layer, why, what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import Input, Model, Sequential, layers, ops

from tests.converter.models.core import Doubled, Subclassed


@dataclass(frozen=True)
class Refusal:
    """How to build the model, the sentence, and how it was asked for: `through_a_file`, in this `format`."""

    build: Callable[[], Any]
    sentence: str
    through_a_file: bool = False
    format: str = "auto"


def _double(x: Any) -> Any:
    return x * 2


def _of(*inner: Callable[[], Any], shape: tuple[int | None, ...] = (6, 4), dtype: str = "float32") -> Any:
    return lambda: Sequential([Input(shape, dtype=dtype, name="x"), *(make() for make in inner)])


def _drawn(x: Any) -> Any:
    return x + keras.random.normal((16, 4))


class Sampling(layers.Layer):
    """The middle of a variational autoencoder: a random place near the mean."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.seeds = keras.random.SeedGenerator(3)

    def call(self, x: Any) -> Any:
        return x + keras.random.normal(ops.shape(x), seed=self.seeds)


def _sampled() -> Any:
    x = Input((4,), name="x")
    return Model(x, layers.Dense(2, name="decoder")(Sampling(name="sampling")(x)))


def _inverted() -> Any:
    x = Input((3, 3), name="x")
    return Model(x, ops.inv(x + 4 * np.eye(3, dtype="float32")), name="inverse")


def _stateful() -> Any:
    x = Input(batch_shape=(2, 6, 4), name="x")
    return Model(x, layers.GRU(3, stateful=True, name="memory")(x))


def _quantized() -> Any:
    model = _of(lambda: layers.Dense(3, name="dense"), shape=(4,))()
    model.quantize("int8")
    return model


def _words() -> Any:
    vectorize = layers.TextVectorization(vocabulary=["cat", "dog"], output_sequence_length=4, name="words")
    return Sequential([Input((1,), dtype="string", name="x"), vectorize, layers.Embedding(4, 3)])


def _crossed() -> Any:
    x, y = Input((1,), dtype="int32", name="x"), Input((1,), dtype="int32", name="y")
    return Model([x, y], layers.HashedCrossing(5, name="cross")((x, y)))


def _not_built() -> Any:
    return Sequential([layers.Dense(3)], name="network")


def _custom() -> Any:
    return _of(lambda: layers.Dense(3), lambda: Doubled(name="twice"), shape=(4,))()


def _subclassed() -> Any:
    model = Subclassed()
    model(np.zeros((1, 5), "float32"))
    return model


def _divided() -> Any:
    x, y = Input((4,), name="x"), Input((4,), name="y")
    return Model([x, y], x / y)


REFUSALS: dict[str, Refusal] = {
    "not a model": Refusal(lambda: [1, 2], 'Expected a Keras 3 model or the path of a file, received "list".'),
    "model that is not built": Refusal(
        _not_built,
        'Model "network" does not know its input shape yet; start it with keras.Input(shape=...) or '
        "call it once on data before converting it.",
    ),
    "text": Refusal(
        _words,
        'Layer "words" (class "TextVectorization") works on text (StringLower), which a graph model '
        "cannot; turn text into numbers in JavaScript, before the model, and feed the numbers.",
    ),
    "lookup of text": Refusal(
        _of(lambda: layers.StringLookup(vocabulary=["a"], name="lookup"), shape=(1,), dtype="string"),
        'Layer "lookup" (class "StringLookup") works on text (LookupTableFindV2), which a graph model '
        "cannot; turn text into numbers in JavaScript, before the model, and feed the numbers.",
    ),
    "hashing": Refusal(
        _of(lambda: layers.Hashing(5, name="hash"), shape=(1,), dtype="int32"),
        'Layer "hash" (class "Hashing") works on text (AsString), which a graph model cannot; turn text '
        "into numbers in JavaScript, before the model, and feed the numbers.",
    ),
    "hashed crossing": Refusal(
        _crossed,
        'Layer "cross" (class "HashedCrossing") uses the TensorFlow operation SparseCross, which '
        "TensorFlow.js does not have or answers wrongly; leave that step out of the model and do it in "
        "JavaScript, or write it with simpler keras.ops.",
    ),
    "state kept between calls": Refusal(
        _stateful,
        'Layer "memory" (class "GRU") remembers its state between calls (stateful=True), which a graph '
        "model cannot; build the layer with stateful=False, or pass the state in and out "
        "(return_state=True).",
    ),
    "random numbers": Refusal(
        _sampled,
        'Layer "sampling" (class "Sampling") draws random numbers whenever the model answers; leave the '
        "random part out of the model that is converted, such as a VAE's sampling: use its mean.",
    ),
    "random numbers without a layer": Refusal(
        _of(lambda: layers.Lambda(_drawn, name="noise"), shape=(4,)),
        'Layer "noise" (class "Lambda") draws random numbers whenever the model answers; leave the '
        "random part out of the model that is converted, such as a VAE's sampling: use its mean.",
    ),
    "linear algebra": Refusal(
        _inverted,
        'Layer "inverse" (class "Functional") uses the TensorFlow operation MatrixInverse, which '
        "TensorFlow.js does not have or answers wrongly; compute that with fixed matrices before "
        "converting, or leave it out of the model.",
    ),
    "quantized by Keras": Refusal(
        _quantized,
        'Layer "dense" (class "Dense") is quantized to int8 by Keras; convert the model as it was '
        "before model.quantize(), with --quantize for small files.",
    ),
    "layers asked for, GRU": Refusal(
        _of(lambda: layers.GRU(3, name="gru")),
        'Layer "gru" (class "GRU") has reset_after=True, which TensorFlow.js layers do not know; make '
        "it with reset_after=False and train it again.",
        format="layers",
    ),
    "layers asked for, attention": Refusal(
        lambda: (lambda x: Model(x, layers.MultiHeadAttention(2, 3, name="attend")(x, x)))(Input((6, 4))),
        'Layer "attend" (class "MultiHeadAttention") has no counterpart among the layers of '
        "TensorFlow.js; leave --format layers out to get a graph model.",
        format="layers",
    ),
    "layers asked for, bilinear": Refusal(
        _of(lambda: layers.UpSampling2D(interpolation="bilinear", name="grow"), shape=(4, 4, 3)),
        'Layer "grow" (class "UpSampling2D") has interpolation=bilinear, which TensorFlow.js layers do '
        "at other points; leave --format layers out to get a graph model.",
        format="layers",
    ),
    "layers asked for, activation": Refusal(
        _of(lambda: layers.Dense(3, activation="exponential", name="dense")),
        'Layer "dense" (class "Dense") uses the activation exponential, which TensorFlow.js layers do '
        "not know; leave --format layers out to get a graph model.",
        format="layers",
    ),
    "layers asked for, quotient": Refusal(
        _divided,
        'Layer "true_divide" (class "ops.TrueDivide") divides by a tensor, which TensorFlow.js layers '
        "do not; leave --format layers out to get a graph model.",
        format="layers",
    ),
    "layers asked for, group normalization": Refusal(
        _of(lambda: layers.GroupNormalization(2, name="groups")),
        'Layer "groups" (class "GroupNormalization") normalizes in a way TensorFlow.js layers do not; '
        "leave --format layers out to get a graph model.",
        format="layers",
    ),
    "layers asked for, a class of one's own": Refusal(
        _custom,
        'Layer "twice" (class "examination>Doubled") is a custom class; leave --format layers out to '
        "get a graph model.",
        format="layers",
    ),
    "layers asked for, subclassed": Refusal(
        _subclassed,
        'Layer "subclassed" (class "tests.converter.models.core>Subclassed") has code of its own '
        "instead of being a Sequential or functional model; call its layers directly.",
        format="layers",
    ),
    "file with a Lambda": Refusal(
        _of(lambda: layers.Lambda(_double, name="double")),
        'Layer "double" (class "Lambda") can hold code of its author, which is never run; use a '
        "function of keras.ops, or a layer, or give --trusted if the file is your own.",
        through_a_file=True,
    ),
    "file with a class of one's own": Refusal(
        _custom,
        'Layer "twice" (class "examination>Doubled") is a custom class, whose code is not in the file '
        "and would not be run; use layers of Keras itself, or convert the model where its code is: "
        "converter.convert(model, ...).",
        through_a_file=True,
    ),
    "file of a subclassed model": Refusal(
        _subclassed,
        'Layer "model" (class "Subclassed") is a custom class, whose code is not in the file and would '
        "not be run; use layers of Keras itself, or convert the model where its code is: "
        "converter.convert(model, ...).",
        through_a_file=True,
    ),
    "file with text": Refusal(
        _words,
        'Layer "x" (class "InputLayer") takes texts, which cannot be converted; feed the model with numbers.',
        through_a_file=True,
    ),
}
