"""A table of Keras models the converter has to carry over: each is made by a function without arguments."""

from collections.abc import Callable
from random import Random
from typing import Any

import keras
from keras import Input, Model, Sequential
from keras.layers import Activation, Dense, Dropout

from converter.activations import ACTIVATIONS
from tests.converter.picture_models import PICTURE_MODELS


def _with_input_layer() -> Any:
    return Sequential([Input((2,)), Dense(4, activation="tanh"), Dense(2, activation="tanh"), Dense(1)])


def _built_by_shape() -> Any:
    model = Sequential([Dense(4, activation="relu"), Dense(3, activation="softmax")])
    model.build((None, 5))
    return model


def _built_by_data() -> Any:
    model = Sequential([Dense(4, activation="relu"), Dense(1)])
    model(keras.ops.zeros((3, 2)))
    return model


def _dropout_and_regularizers() -> Any:
    hidden = Dense(
        8, activation="relu", kernel_regularizer="l2", kernel_constraint="max_norm", activity_regularizer="l1"
    )
    return Sequential([Input((2,)), Dropout(0.1), hidden, Dropout(0.5, noise_shape=(None, 1), seed=3), Dense(1)])


def _separate_activations() -> Any:
    return Sequential([Input((2,)), Dense(4), Activation("relu"), Dense(3), Activation("softmax")])


def _no_bias() -> Any:
    return Sequential([Input((3,)), Dense(4, use_bias=False, activation="elu"), Dense(2, use_bias=False)])


def _no_weights() -> Any:
    return Sequential([Input((3,)), Activation("tanh")])


def _input_is_output() -> Any:
    x = Input((2,), name="x")
    return Model(x, [x, Dense(1)(x)])


def _dropout_only() -> Any:
    return Sequential([Input((2,)), Dropout(0.3)])


def _higher_rank() -> Any:
    return Sequential([Input((4, 3)), Dense(5, activation="softmax"), Dense(2)])


def _unknown_sizes() -> Any:
    return Sequential([Input((None, None, 3)), Dense(5, activation="tanh"), Dense(2)])


def _fixed_batch() -> Any:
    return Sequential([Input(batch_shape=(4, 2)), Dense(3, activation="tanh"), Dense(1)])


def _wide_network() -> Any:
    return Sequential([Input((600,)), Dense(2000, activation="relu"), Dense(1500, activation="tanh"), Dense(1)])


def _two_inputs() -> Any:
    a, b = Input((2,), name="a"), Input((2,), name="b")
    hidden = Dense(3, activation="tanh")
    return Model([b, a], [hidden(a), Dense(2)(hidden(b))])


def _dictionaries() -> Any:
    z, a = Input((2,), name="z"), Input((3,), name="a")
    return Model({"z": z, "a": a}, {"second": Dense(1)(a), "first": Dense(2)(z)})


def _shared_layer_out_of_order() -> Any:
    """TF.js numbers the calls of A in the order they become possible: not the order in which Keras lists them."""
    x = Input((2,), name="x")
    a, b, c = (Dense(2, activation="tanh", name=name) for name in "abc")
    b0 = b(x)
    b1 = b(c(b0))
    a0 = a(b1)
    a1 = a(x)
    return Model(x, [a0, a1, b1, b0])


def _layer_on_its_own_answer() -> Any:
    x, y = Input((2,), name="x"), Input((2,), name="y")
    a, b = Dense(2, activation="tanh", name="a"), Dense(2, activation="relu", name="b")
    return Model([x, y], [b(a(a(a(x)))), b(y), a(b(y))])


def _same_output_twice() -> Any:
    x = Input((2,))
    y = Dense(2, activation="tanh")(x)
    return Model(x, [y, y, Dense(1)(y)])


def _nested_models() -> Any:
    inner = Sequential([Dense(3, activation="relu", name="d"), Activation("gelu", name="g")], name="inner")
    x, y = Input((2,)), Input((2,))
    p, q = Input((3,)), Input((3,))
    shared = Dense(2, name="d")
    pair = Model([p, q], [shared(q), shared(p), Dense(1, activation="hard_sigmoid", name="e")(p)], name="pair")
    first, second, third = pair([inner(x), inner(y)])
    last = pair([inner(y), inner(x)])
    return Model([x, y], [second, first, third, *last])


def _nested_first() -> Any:
    inner = Sequential([Input((2,)), Dense(3, activation="tanh")])
    return Sequential([inner, Dense(1)])


def _odd_names() -> Any:
    names = ["a b", "größe", "_x", "b a", 'quo"te', "<script>", "constructor", "__proto__"]
    names += ["日本", "a_b", "1kernel", "toString", "x" * 300, "a\nb"]
    layers = [Dense(2, activation="tanh", name=name) for name in names]
    return Sequential([Input((2,), name="in put"), *layers], name="mödel <script>")


def _random_graph(seed: int) -> Callable[[], Any]:
    """Few layers called many times on anything made before, so that calls become possible out of order."""

    def make() -> Any:
        random = Random(seed)
        layers = [Dense(2, activation="tanh", name=f"d{number}") for number in range(5)]
        tensors = [Input((2,), name="x"), Input((2,), name="y")]
        inputs = tensors[:]
        for _ in range(15):
            tensors.append(random.choice(layers)(random.choice(tensors)))
        return Model(inputs, random.sample(tensors[2:], 6) + [Dense(1)(tensor) for tensor in inputs])

    return make


MODELS: dict[str, Callable[[], Any]] = {
    "with an input layer": _with_input_layer,
    "built by a shape": _built_by_shape,
    "built by data": _built_by_data,
    "dropout, regularizers, constraints": _dropout_and_regularizers,
    "separate activations": _separate_activations,
    "no bias": _no_bias,
    "no weights": _no_weights,
    "input is output": _input_is_output,
    "dropout only": _dropout_only,
    "higher rank": _higher_rank,
    "unknown sizes": _unknown_sizes,
    "fixed batch": _fixed_batch,
    "several shards": _wide_network,
    "two inputs, shared layer": _two_inputs,
    "dictionaries": _dictionaries,
    "shared layers out of order": _shared_layer_out_of_order,
    "layer on its own answer": _layer_on_its_own_answer,
    "same output twice": _same_output_twice,
    "nested models": _nested_models,
    "nested model first": _nested_first,
    "odd names": _odd_names,
    **PICTURE_MODELS,
}


def _dense_with(activation: str) -> Callable[[], Any]:
    return lambda: Sequential([Input((3,)), Dense(5, activation=activation), Dense(2)])


def _separate(activation: str) -> Callable[[], Any]:
    return lambda: Sequential([Input((3,)), Activation(activation)])


for _name in sorted(ACTIVATIONS):
    MODELS[f"dense {_name}"] = _dense_with(_name)
    MODELS[f"activation {_name}"] = _separate(_name)

for _seed in range(10):
    MODELS[f"random graph {_seed}"] = _random_graph(_seed)
