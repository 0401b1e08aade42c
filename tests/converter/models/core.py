"""Models about the layers most models are made of: dense layers, tables of vectors, inputs of every kind."""

from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy as np
from keras import Input, Model, layers

from tests.converter.models.case import (
    PICTURE,
    ROW,
    SEQUENCE,
    Case,
    about,
    as_graphs,
    as_layers,
    as_refusals,
    layer,
    one,
    sequential,
)

# ---- Dense ----------------------------------------------------------------------------------------------------


def _with_lora() -> Any:
    model = keras.Sequential([Input(ROW), layers.Dense(4), layers.Dense(2)])
    model.layers[0].enable_lora(2)
    return model


def _quantized() -> Any:
    model = keras.Sequential([Input(ROW), layers.Dense(4, activation="relu"), layers.Dense(2)])
    model.quantize("int8")
    return model


def _adapted_dense() -> Any:
    inner = layers.Dense(4, kernel_regularizer="l2", kernel_constraint="max_norm", activity_regularizer="l1")
    return keras.Sequential([Input(ROW), inner, layers.Dense(2, bias_constraint=keras.constraints.NonNeg())])


DENSE = {
    **as_layers(
        one(layer("Dense", 4), ROW),
        one(layer("Dense", 4, use_bias=False), ROW),
        one(layer("Dense", 4, activation=layer("LeakyReLU", negative_slope=0.3)), ROW),
        one(layer("Dense", 4, activation=layer("PReLU")), ROW, live_only=True),
        one(layer("Dense", 4, activation=layer("Softmax", axis=1)), SEQUENCE),
        one(layer("Dense", 4, activation="tanh"), SEQUENCE, note="on sequences"),
        one(layer("Dense", 4), PICTURE, note="on pictures"),
        one(layer("Dense", 4), (None, None, 3), note="unknown sizes"),
        about("Dense", "LoRA", _with_lora),
        about("Dense", "regularizers and constraints", _adapted_dense),
        one(layer("Dense", 4, dtype="mixed_float16"), ROW, rough=30),
        one(layer("Dense", 4, dtype="float64"), ROW),
    ),
    **as_refusals(
        about(
            "Dense",
            "int8",
            _quantized,
            why="is quantized to int8 by Keras",
            instead="convert the model as it was before model.quantize()",
        )
    ),
}

EINSUM_DENSE = {
    **as_layers(
        one(layer("EinsumDense", "ab,bc->ac", 4, bias_axes="c"), ROW, note="ab,bc->ac"),
        one(layer("EinsumDense", "...x,xy->...y", 4, activation="relu"), SEQUENCE, note="...x,xy->...y"),
        one(layer("EinsumDense", "abc,cde->abde", (None, 2, 3), bias_axes="de"), SEQUENCE, note="abc,cde->abde"),
        one(layer("EinsumDense", "abde,def->abf", (None, 4)), (6, 2, 3), note="abde,def->abf"),
    ),
    **as_graphs(
        one(layer("EinsumDense", "abc,bd->adc", (3, 4)), SEQUENCE, note="abc,bd->adc"),
        one(layer("EinsumDense", "abc,cde->abde", (6, 2, 3), bias_axes="d"), SEQUENCE, note="bias along one new axis"),
        one(layer("EinsumDense", "abc,cd->adb", (3, 6), bias_axes="d"), SEQUENCE, note="abc,cd->adb"),
    ),
}


# ---- Tables of vectors ----------------------------------------------------------------------------------------


def _embedding_of_columns() -> Any:
    ids = Input((3,), dtype="int32", name="ids")
    return Model(ids, layers.Flatten()(layers.Embedding(7, 3)(ids)))


EMBEDDING = {
    **as_layers(
        one(layer("Embedding", 9, 3), (6,), dtype="int32"),
        one(layer("Embedding", 9, 3), (6,), note="ids as floats"),
        one(layer("Embedding", 9, 3), (4, 5), dtype="int32", note="ids of two axes"),
        one(layer("Embedding", 9, 3), (None,), dtype="int32", note="unknown length"),
        one(layer("Embedding", 9, 3, mask_zero=True), (6,), dtype="int32", note="nobody takes the mask"),
        one(layer("Embedding", 9, 3, lora_rank=2), (6,), dtype="int32"),
        one(layer("Embedding", 9, 3, embeddings_constraint="unit_norm"), (6,), dtype="int32"),
        about("Embedding", "then Flatten", _embedding_of_columns),
    ),
    **as_graphs(
        one(layer("ReversibleEmbedding", 9, 3), (6,), dtype="int32"),
        one(layer("ReversibleEmbedding", 9, 4), SEQUENCE, call={"reverse": True}),
        one(
            layer("ReversibleEmbedding", 9, 4, tie_weights=False, logit_soft_cap=2.0), SEQUENCE, call={"reverse": True}
        ),
    ),
}


# ---- Inputs ---------------------------------------------------------------------------------------------------


def _cast_dense(dtype: str) -> Case:
    def build() -> Any:
        x = Input((5,), dtype=dtype)
        return Model(x, layers.Dense(3)(keras.ops.cast(x, "float32")))

    return about("InputLayer", f"dtype={dtype}", build)


def _typed(dtype: str) -> Case:
    return about("InputLayer", f"dtype={dtype}", sequential(ROW, layer("Dense", 3), dtype=dtype))


def _fixed_batch() -> Any:
    return keras.Sequential([Input(batch_shape=(4, 2)), layers.Dense(3, activation="tanh"), layers.Dense(1)])


def _numbers_alone() -> Any:
    x = Input((), name="x")
    return Model(x, layers.Dense(2)(keras.ops.expand_dims(x, -1)))


def _sparse() -> Any:
    x = Input((5,), sparse=True)
    return Model(x, layers.Dense(2)(x))


def _optional() -> Any:
    x, y = Input((3,)), Input((3,), optional=True, name="y")
    return Model([x, y], layers.Dense(2)(x + y))


def _text() -> Any:
    x = Input((1,), dtype="string", name="words")
    return Model(x, layers.StringLookup(vocabulary=["cat", "dog"], output_mode="one_hot")(x))


INPUTS = {
    **as_layers(
        about("InputLayer", "batch_shape=(4, 2)", _fixed_batch),
        *(_typed(dtype) for dtype in ("float16", "float64", "bfloat16")),
    ),
    **as_graphs(
        *(_cast_dense(dtype) for dtype in ("int32", "int64", "uint8", "bool")),
        about("InputLayer", "one number for each sample", _numbers_alone),
    ),
}


# ---- Others ---------------------------------------------------------------------------------------------------


def _double(x: Any) -> Any:
    return x * 2 + keras.ops.sin(x)


def _lambda() -> Any:
    return keras.Sequential([Input(ROW), layers.Dense(3), layers.Lambda(_double)])


@keras.saving.register_keras_serializable(package="examination")
class Doubled(layers.Layer):
    """A layer somebody wrote: its answer times a weight."""

    def build(self, shape: tuple[int | None, ...]) -> None:
        self.factor = self.add_weight(shape=(shape[-1],), name="factor")

    def call(self, x: Any) -> Any:
        return x * self.factor * 2


class Subclassed(keras.Model):
    """A model with code of its own."""

    def __init__(self) -> None:
        super().__init__(name="subclassed")
        self.first, self.second = layers.Dense(4, activation="relu"), layers.Dense(2)

    def call(self, x: Any) -> Any:
        return self.second(self.first(x)) + keras.ops.sum(x, axis=-1, keepdims=True)


_EXPORTED = TemporaryDirectory(prefix="examination-")


def _saved_by_tensorflow() -> Any:
    keras.Sequential([Input(ROW), layers.Dense(3)]).export(_EXPORTED.name, verbose=False)
    x = Input(ROW)
    return Model(x, layers.TFSMLayer(_EXPORTED.name, call_endpoint="serve")(x))


def _custom() -> Any:
    return keras.Sequential([Input(ROW), layers.Dense(3), Doubled()])


def _subclassed() -> Any:
    model = Subclassed()
    model(np.zeros((1, 5), "float32"))
    return model


def _wrapped_subclassed() -> Any:
    x = Input(ROW)
    return Model(x, layers.Dense(2)(Subclassed()(x)))


OTHERS = {
    **as_layers(
        one(layer("Identity"), ROW),
        one(layer("Masking"), SEQUENCE, note="nobody takes the mask"),
    ),
    **as_graphs(
        about("Lambda", "", _lambda, live_only=True),
        about("TFSMLayer", "", _saved_by_tensorflow, live_only=True),
        about("Layer", "a class of one's own", _custom, live_only=True),
        {
            "subclassed model": Case(_subclassed, live_only=True),
            "subclassed model inside a functional one": Case(_wrapped_subclassed, live_only=True),
        },
    ),
    **as_refusals(about("InputLayer", "dtype=string", _text, why="works on text", instead="in JavaScript")),
}

CORE = {**DENSE, **EINSUM_DENSE, **EMBEDDING, **INPUTS, **OTHERS}
