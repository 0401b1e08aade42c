"""Models about how layers are put together: shared, nested, branched, named, and what goes in and out."""

from collections.abc import Callable
from random import Random
from typing import Any

import keras
from keras import Input, Model, Sequential
from keras.layers import (
    Activation,
    Add,
    AveragePooling2D,
    BatchNormalization,
    Concatenate,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    GroupNormalization,
    MaxPooling2D,
    UpSampling2D,
)

from tests.converter.models.case import PICTURE, Case, as_graphs, as_layers

# ---- Sequential models ----------------------------------------------------------------------------------------


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


def _no_weights() -> Any:
    return Sequential([Input((3,)), Activation("tanh")])


def _dropout_only() -> Any:
    return Sequential([Input((2,)), Dropout(0.3)])


def _wide_network() -> Any:
    return Sequential([Input((600,)), Dense(2000, activation="relu"), Dense(1500, activation="tanh"), Dense(1)])


def _digits_network() -> Any:
    """A network as a pupil builds it for the handwritten digits."""
    inner = [
        Conv2D(8, 3, activation="relu", padding="same", name="hidden_1"),
        BatchNormalization(momentum=0.9, name="hidden_2"),
        MaxPooling2D(2, name="hidden_3"),
        Conv2D(6, 2, activation="tanh", name="hidden_4"),
        AveragePooling2D(2, padding="same", name="hidden_5"),
        Dropout(0.2, name="hidden_6"),
        Flatten(name="hidden_7"),
        Dense(12, activation="sigmoid", name="hidden_8"),
        Dense(10, activation="softmax", name="output"),
    ]
    return Sequential([Input((8, 8, 1), name="features"), *inner])


def _normalized_row() -> Any:
    return Sequential([Input((2,)), Dense(5, activation="tanh"), BatchNormalization(), Dense(3, activation="softmax")])


# ---- Inputs and outputs ---------------------------------------------------------------------------------------


def _two_inputs() -> Any:
    a, b = Input((2,), name="a"), Input((2,), name="b")
    hidden = Dense(3, activation="tanh")
    return Model([b, a], [hidden(a), Dense(2)(hidden(b))])


def _dictionaries() -> Any:
    z, a = Input((2,), name="z"), Input((3,), name="a")
    return Model({"z": z, "a": a}, {"second": Dense(1)(a), "first": Dense(2)(z)})


def _dictionary_of_equal_shapes() -> Any:
    """Inputs that would be mixed up without a word: only their order tells them apart."""
    z, a = Input((2,), name="z"), Input((2,), name="a")
    return Model({"z": z, "a": a}, keras.layers.Subtract()([z, a]))


def _nested_structures() -> Any:
    z, (a, m) = Input((2,), name="z"), (Input((2,), name="a"), Input((2,), name="m"))
    return Model({"one": z, "two": [a, m]}, [Dense(1)(a), {"x": Dense(2)(z), "b": Dense(3)(m)}])


def _many_outputs() -> Any:
    """Names that sort otherwise than they are listed."""
    x = Input((3,), name="x")
    return Model(x, [Dense(2, activation="tanh", name=f"out_{number}")(x) for number in range(12)])


def _many_inputs() -> Any:
    inputs = [Input((2,), name=f"in_{number}") for number in range(12)]
    return Model(inputs, Dense(3)(Concatenate()(inputs)))


def _input_is_output() -> Any:
    x = Input((2,), name="x")
    return Model(x, [x, Dense(1)(x)])


def _only_an_input() -> Any:
    x, y = Input((2,), name="x"), Input((3,), name="y")
    return Model([x, y], [y, x])


def _same_output_twice() -> Any:
    x = Input((2,))
    y = Dense(2, activation="tanh")(x)
    return Model(x, [y, y, Dense(1)(y)])


def _unused_input() -> Any:
    x, unused = Input((2,), name="x"), Input((3,), name="unused")
    return Model([unused, x], Dense(2)(x))


def _in_graphs(inner: Callable[[], Any]) -> Callable[[], Any]:
    """The same model with a layer at its first output that only graph models know."""

    def build() -> Any:
        model = inner()
        first, *rest = keras.tree.flatten(model.outputs)
        return Model(model.inputs, [keras.ops.erf(first), *rest])

    return build


# ---- Shared layers --------------------------------------------------------------------------------------------


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


def _shared_rewritten_layer() -> Any:
    """Layers that take several layers of TF.js, called twice, on inputs of two shapes."""
    x, y = Input((3,), name="x"), Input((4, 3), name="y")
    hard, group = Dense(3, activation="hard_sigmoid"), Conv2D(4, 2, groups=2)
    p, q = Input((5, 5, 2), name="p"), Input((4, 6, 2), name="q")
    return Model([x, y, p, q], [hard(hard(x)), hard(y), group(p), group(q)])


def _partly_used_layer() -> Any:
    """A layer of which one call leads nowhere."""
    x, y = Input((2,), name="x"), Input((2,), name="y")
    shared = Dense(2, activation="tanh")
    shared(y)
    return Model([x, y], Dense(1)(shared(x)))


def _random_graph(seed: int) -> Callable[[], Any]:
    """Few layers called many times on anything made before, so that calls become possible out of order."""

    def build() -> Any:
        random = Random(seed)
        shared = [Dense(2, activation="tanh", name=f"d{number}") for number in range(5)]
        tensors = [Input((2,), name="x"), Input((2,), name="y")]
        inputs = tensors[:]
        for _ in range(15):
            tensors.append(random.choice(shared)(random.choice(tensors)))
        return Model(inputs, random.sample(tensors[2:], 6) + [Dense(1)(tensor) for tensor in inputs])

    return build


# ---- Models inside models -------------------------------------------------------------------------------------


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


def _same_names_inside() -> Any:
    """Legal in Keras; TF.js takes two layers of one name for one."""
    x = Input((3,), name="x")
    twins = [
        Sequential([Input((3,)), Dense(3, activation="tanh", name="d"), BatchNormalization(name="n")], name=name)
        for name in ("left", "right")
    ]
    return Model(x, Concatenate()([twin(x) for twin in twins]))


def _nested_deeply() -> Any:
    inner = Sequential([Input((3,)), Dense(3, activation="tanh", name="d")], name="inner")
    middle = Sequential([Input((3,)), inner, Dense(3, name="d")], name="inner_of_outer")
    x = Input((3,))
    return Model(x, [middle(inner(x)), inner(middle(x))])


def _nested_dictionary() -> Any:
    b, a = Input((2,), name="b"), Input((2,), name="a")
    inner = Model({"b": b, "a": a}, keras.layers.Subtract()([b, a]), name="difference")
    x, y = Input((2,), name="x"), Input((2,), name="y")
    return Model([x, y], Dense(2)(inner({"a": x, "b": y})))


def _nested_pictures() -> Any:
    inner = Sequential([Conv2D(4, 3), BatchNormalization(), MaxPooling2D()], name="inner")
    x = Input((8, 8, 1))
    return Model(x, Dense(2)(Flatten()(inner(x))))


def _nested_with_group_normalization() -> Any:
    inner = Sequential([Input((6,)), Dense(4, name="d"), GroupNormalization(2)], name="inner")
    x, y = Input((6,), name="x"), Input((6,), name="y")
    return Model([x, y], [inner(y), inner(x)])


# ---- Branches -------------------------------------------------------------------------------------------------


def _residual() -> Any:
    x = Input(PICTURE)
    first = Conv2D(4, 3, padding="same", activation="relu")(x)
    second = BatchNormalization()(Conv2D(4, 3, padding="same")(first))
    added = Activation("relu")(Add()([first, second]))
    return Model(x, Dense(3)(GlobalAveragePooling2D()(added)))


def _dense_block() -> Any:
    x = Input(PICTURE)
    tensors = [x]
    for _ in range(3):
        joined = Concatenate()(tensors) if len(tensors) > 1 else x
        tensors.append(Conv2D(2, 3, padding="same", activation="elu")(joined))
    return Model(x, GlobalAveragePooling2D()(Concatenate()(tensors)))


def _inception() -> Any:
    x = Input(PICTURE)
    pooled = Conv2D(2, 1)(MaxPooling2D(3, strides=1, padding="same")(x))
    branches = [Conv2D(2, 1)(x), Conv2D(2, 3, padding="same")(x), Conv2D(2, 5, padding="same")(x), pooled]
    return Model(x, Flatten()(Concatenate()(branches)))


def _u_net() -> Any:
    x = Input((16, 16, 1), name="picture")
    down, kept = x, []
    for filters in (4, 8):
        down = Conv2D(filters, 3, padding="same", activation="relu")(down)
        kept.append(down)
        down = MaxPooling2D()(down)
    up = Conv2D(12, 3, padding="same", activation="relu")(down)
    for filters, skipped in ((8, kept[1]), (4, kept[0])):
        grown = Conv2DTranspose(filters, 2, strides=2)(up) if filters == 8 else Conv2D(4, 1)(UpSampling2D()(up))
        up = Conv2D(filters, 3, padding="same", activation="relu")(Concatenate()([grown, skipped]))
    return Model(x, Conv2D(2, 1, activation="softmax")(up))


def _squeeze_and_excite() -> Any:
    x = Input(PICTURE)
    features = Conv2D(4, 3, padding="same", activation="silu")(x)
    weights = GlobalAveragePooling2D(keepdims=True)(features)
    gates = Conv2D(4, 1, activation="hard_sigmoid")(Conv2D(2, 1, activation="relu")(weights))
    return Model(x, Flatten()(keras.layers.Multiply()([features, gates])))


def _wide_and_deep() -> Any:
    ids, numbers = Input((1,), dtype="int32", name="ids"), Input((4,), name="numbers")
    vectors = Flatten()(keras.layers.Embedding(9, 3)(ids))
    joined = Concatenate()([vectors, keras.layers.Normalization(mean=1.0, variance=2.0)(numbers)])
    deep = Dense(3, activation="relu")(Dense(8, activation="relu")(joined))
    return Model([ids, numbers], Dense(1, activation="sigmoid")(Concatenate()([deep, numbers])))


def _autoencoder() -> Any:
    encoder = Sequential([Input((6,)), Dense(4, activation="relu"), Dense(2)], name="encoder")
    decoder = Sequential([Input((2,)), Dense(4, activation="relu"), Dense(6, activation="sigmoid")], name="decoder")
    x = Input((6,))
    code = encoder(x)
    return Model(x, [decoder(code), code])


# ---- Names ----------------------------------------------------------------------------------------------------

_ODD_NAMES = (
    *("a b", "größe", "_x", "b a", 'quo"te', "<script>", "constructor", "__proto__", "日本", "a_b", "1kernel"),
    *("toString", "x" * 150, "a\nb", "valueOf", "a.b", "b-a", "kernel", "hasOwnProperty"),
)


def _odd_names() -> Any:
    x = Input((2,), name="in put")
    return Model(x, Concatenate()([Dense(1, name=name)(x) for name in _ODD_NAMES]), name="mödel <script>")


def _odd_names_in_and_out() -> Any:
    names = ("constructor", "__proto__", "naïve café", "_private", "x y")
    inputs = [Input((2,), name=name) for name in names]
    return Model(inputs, [Dense(2, name=f"{name} 出")(x) for name, x in zip(names, inputs, strict=True)], name="ü")


def _names_that_collide() -> Any:
    """Different in Keras, alike once the letters TF.js does not take are replaced."""
    x = Input((2,), name="a b")
    return Model(x, [Dense(2, name=name)(x) for name in ("a-b", "a_b", "a+b", "a?b")])


def _names_with_a_digit_in_front() -> Any:
    """TF.js takes weights whose name begins with a digit for numbered ones."""
    return Sequential([Input((2,)), Dense(3, name="0"), Dense(3, name="1e3"), BatchNormalization(name="2kernel")])


def _two_convolutions_of_one_name_each() -> Any:
    """Keras stores them in folders named by class and count, whatever they are called."""
    inner = [
        Conv2D(3, 2, name="b"),
        BatchNormalization(name="z"),
        Conv2D(2, 2, name="a"),
        BatchNormalization(name="y"),
    ]
    return Sequential([Input((8, 8, 1)), *inner, Flatten(), Dense(1)])


GRAPHS = {
    **as_layers(
        {
            "built by data": Case(_built_by_data),
            "built by a shape": Case(_built_by_shape),
            "with an input layer": Case(_with_input_layer),
            "no weights": Case(_no_weights),
            "dropout only": Case(_dropout_only),
            "several shards": Case(_wide_network),
            "digits": Case(_digits_network),
            "normalized row": Case(_normalized_row),
            "two inputs, shared layer": Case(_two_inputs),
            "dictionaries": Case(_dictionaries),
            "dictionary of inputs of equal shapes": Case(_dictionary_of_equal_shapes),
            "structures inside structures": Case(_nested_structures),
            "twelve outputs": Case(_many_outputs),
            "twelve inputs": Case(_many_inputs),
            "input is output": Case(_input_is_output),
            "inputs only": Case(_only_an_input),
            "same output twice": Case(_same_output_twice),
            "unused input": Case(_unused_input),
            "shared layers out of order": Case(_shared_layer_out_of_order),
            "layer on its own answer": Case(_layer_on_its_own_answer),
            "shared layers that take several": Case(_shared_rewritten_layer),
            "shared layer with a call that leads nowhere": Case(_partly_used_layer),
            **{f"random graph {seed}": Case(_random_graph(seed)) for seed in range(10)},
            "nested models": Case(_nested_models),
            "nested model first": Case(_nested_first),
            "nested models with the same names inside": Case(_same_names_inside),
            "nested deeply and shared": Case(_nested_deeply),
            "nested model with a dictionary": Case(_nested_dictionary),
            "nested pictures": Case(_nested_pictures),
            "residual": Case(_residual),
            "dense block": Case(_dense_block),
            "inception": Case(_inception),
            "U-Net": Case(_u_net),
            "squeeze and excite": Case(_squeeze_and_excite),
            "wide and deep": Case(_wide_and_deep),
            "autoencoder": Case(_autoencoder),
            "odd names": Case(_odd_names),
            "odd names of inputs and outputs": Case(_odd_names_in_and_out),
            "names that collide": Case(_names_that_collide),
            "names that begin with a digit": Case(_names_with_a_digit_in_front),
            "names in another order": Case(_two_convolutions_of_one_name_each),
        }
    ),
    **as_graphs(
        {
            "graph of two inputs, shared layer": Case(_in_graphs(_two_inputs)),
            "graph of dictionaries": Case(_in_graphs(_dictionaries)),
            "graph of inputs of equal shapes": Case(_in_graphs(_dictionary_of_equal_shapes)),
            "graph of twelve outputs": Case(_in_graphs(_many_outputs)),
            "graph of twelve inputs": Case(_in_graphs(_many_inputs)),
            "graph with an input that is output": Case(_in_graphs(_input_is_output)),
            "graph with the same output twice": Case(_in_graphs(_same_output_twice)),
            "graph with an unused input": Case(_in_graphs(_unused_input)),
            "graph of shared layers out of order": Case(_in_graphs(_shared_layer_out_of_order)),
            "graph of nested models": Case(_in_graphs(_nested_models)),
            "graph of nested models with the same names inside": Case(_in_graphs(_same_names_inside)),
            "graph of a nested model with GroupNormalization": Case(_nested_with_group_normalization),
            "graph of odd names": Case(_in_graphs(_odd_names)),
            "graph of odd names of inputs and outputs": Case(_in_graphs(_odd_names_in_and_out)),
            "graph of names that collide": Case(_in_graphs(_names_that_collide)),
            "graph of a U-Net": Case(_in_graphs(_u_net)),
        }
    ),
}
