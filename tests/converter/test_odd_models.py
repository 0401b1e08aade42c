"""Odd models: those the layers of TF.js can express answer in TF.js as in Keras, the others are refused as layers."""

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import converter
from converter.errors import UnsupportedLayer
from tests.converter.tfjs_oracle import TOLERANCE, ask_tfjs, largest_difference, needs_tfjs

pytestmark = pytest.mark.filterwarnings("ignore")  # Keras' own, about the form of inputs

Make = Callable[[Any], Any]


def _chain(shape: tuple[int | None, ...], *make: Callable[[Any], Any], dtype: str = "float32") -> Make:
    """A Sequential model of layers that are made once Keras is there."""
    return lambda keras: keras.Sequential([keras.Input(shape, dtype=dtype), *(one(keras.layers) for one in make)])


def _joined(keras: Any) -> Any:
    whole, truth, others = keras.Input((2,), dtype="int32"), keras.Input((2,), dtype="bool"), keras.Input((3,))
    return keras.Model([whole, truth, others], keras.layers.Concatenate()([whole, truth, others]))


def _time_distributed_twice(keras: Any) -> Any:
    inner = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4, "leaky_relu"), keras.layers.Dense(4)])
    first, second = keras.layers.TimeDistributed(inner), keras.layers.TimeDistributed(inner)
    short, long = keras.Input((3, 4)), keras.Input((5, 4))
    return keras.Model([short, long], [first(short), first(long), second(first(short))])


def _time_distributed_inside(keras: Any) -> Any:
    def read() -> Any:
        layers = [keras.Input((4,)), keras.layers.Dense(4, name="a", activation="relu"), keras.layers.Dense(4)]
        return keras.layers.TimeDistributed(keras.layers.TimeDistributed(keras.Sequential(layers), name="steps"))

    x = keras.Input((2, 3, 4))
    return keras.Model(x, read()(read()(x)))


def _ordered(keras: Any) -> Any:
    own = OrderedDict((name, keras.Input((3,), name=name)) for name in ("b", "a"))
    inner = keras.Model(own, keras.layers.Subtract()([own["b"], own["a"]]))
    x, y = keras.Input((3,)), keras.Input((3,))
    return keras.Model([x, y], inner(OrderedDict([("b", x), ("a", y)])))


def _by_names(keras: Any) -> Any:
    own = [keras.Input((3,), name=name) for name in ("b", "a")]
    inner = keras.Model(own, keras.layers.Subtract()(own))
    x, y = keras.Input((3,)), keras.Input((3,))
    return keras.Model([x, y], inner({"a": y, "b": x}))


def _named_inputs_and_slopes(keras: Any) -> Any:
    x = {name: keras.Input((3,), name=name) for name in ("b", "a")}
    dense = keras.layers.Dense(4, activation=keras.layers.PReLU())
    return keras.Model(x, dense(keras.layers.Subtract()([x["b"], x["a"]])))


def _operations(keras: Any) -> Any:
    x = keras.Input((4, 3))
    return keras.Model(x, x + np.arange(12, dtype="f4").reshape(1, 4, 3))


def _mixed_sum(keras: Any) -> Any:
    policy, x = "mixed_float16", keras.Input((3,))
    made = keras.layers.Dense(4, dtype=policy)(x) + keras.layers.Dense(4, dtype=policy)(x)
    return keras.Model(x, keras.layers.Activation("linear")(made))


EXPRESSIBLE: dict[str, Make] = {
    "whole numbers, normalized": _chain(
        (3,), lambda k: k.Normalization(mean=[1, 2, 3], variance=[4, 5, 6]), dtype="int32"
    ),
    "whole numbers, batch-normalized": _chain((3,), lambda k: k.BatchNormalization(), dtype="int32"),
    "whole numbers, tanh": _chain((3,), lambda k: k.Activation("tanh"), dtype="uint8"),
    "whole numbers through a dropped layer": _chain(
        (4, 4, 3), lambda k: k.RandomFlip(), lambda k: k.BatchNormalization(), dtype="uint8"
    ),
    "numbers of three kinds joined": _joined,
    "a TimeDistributed model on two lengths": _time_distributed_twice,
    "TimeDistributed in TimeDistributed, equal names": _time_distributed_inside,
    "an inner model called with an ordered dictionary": _ordered,
    "an inner model called by names": _by_names,
    "an activation with weights, inputs by names": _named_inputs_and_slopes,
    "Dense as the activation of Dense": _chain((3,), lambda k: k.Dense(4, activation=k.Dense(4))),
    "slopes shared along a negative axis": _chain((4, 5, 3), lambda k: k.PReLU(shared_axes=[-1])),
    "LayerNormalization along axes out of order": _chain((4, 5, 3), lambda k: k.LayerNormalization(axis=[-1, 1])),
    "a number made flat": _chain((1,), lambda k: k.Reshape(()), lambda k: k.Flatten(), lambda k: k.Dense(2)),
    "a constant with an axis for the batch": _operations,
    "half precision in between": _mixed_sum,
    "spectral norm around several layers": _chain(
        (6, 6, 3), lambda k: k.SpectralNormalization(k.Conv2D(4, 3, activation="leaky_relu"))
    ),
    "a name TensorFlow.js does not take, inside Bidirectional": _chain(
        (5, 3), lambda k: k.Bidirectional(k.LSTM(2, name="my lstm"))
    ),
    "a mask kept by a layer TensorFlow.js loses it in": _chain(
        (6, 3), lambda k: k.Masking(), lambda k: k.Rescaling(0.2), lambda k: k.LSTM(2)
    ),
}


@needs_tfjs
def test_odd_models_answer_in_tensorflow_js_as_in_keras(tmp_path: Path) -> None:
    import keras

    folders = [tmp_path / str(number) for number in range(len(EXPRESSIBLE))]
    for folder, make in zip(folders, EXPRESSIBLE.values(), strict=True):
        model = make(keras)
        _shake(model)
        converter.convert(model, folder, format="layers")

    answers = zip(EXPRESSIBLE, folders, ask_tfjs(*folders), strict=True)
    differences = {name: largest_difference(folder, answer) for name, folder, answer in answers}

    assert {name: one for name, one in differences.items() if one > TOLERANCE} == {}


def _shake(model: Any) -> None:
    """Give every weight a value of its own: what is all ones or zeros hides an order that is wrong."""
    random = np.random.default_rng(3)
    for variable in model.trainable_weights:
        variable.assign(random.normal(size=variable.shape).astype("f4") / 2)


def _sequential_with_code(keras: Any) -> Any:
    class Twice(keras.Sequential):  # type: ignore[misc]
        def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
            return super().call(inputs) * 2

    return Twice([keras.Input((3,)), keras.layers.Dense(2)])


def _activation_of_that_name(keras: Any) -> Any:
    def relu(x: Any) -> Any:
        return keras.ops.relu(x) * 2

    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation=relu)])


def _masked_then(*between: Callable[[Any], Any]) -> Make:
    return _chain((6, 3), lambda k: k.Masking(), *between, lambda k: k.LSTM(2))


def _masked_and_given_states(keras: Any) -> Any:
    x, state = keras.Input((6, 3)), keras.Input((4,))
    masked = keras.layers.Masking()(x)
    return keras.Model([x, state], keras.layers.SimpleRNN(4)(masked, initial_state=state))


def _another_sequence_of_steps(keras: Any) -> Any:
    x, pictures = keras.Input((4, 3)), keras.Input((4, 6, 3))
    read = keras.layers.LSTM(2)(keras.layers.Masking()(x))
    return keras.Model([x, pictures], [read, keras.layers.TimeDistributed(keras.layers.LSTM(2))(pictures)])


def _mask_of_others(keras: Any) -> Any:
    ids = keras.Input((6,), dtype="int32")
    made = keras.layers.Embedding(7, 3)(ids)
    return keras.Model(ids, keras.layers.LSTM(2)(made, mask=keras.ops.not_equal(ids, 3)))


def _mask_inside_time_distributed(keras: Any) -> Any:
    inner = _chain((3,), lambda k: k.Embedding(5, 3, mask_zero=True), lambda k: k.LSTM(2))(keras)
    return _chain((2, 3), lambda k: k.TimeDistributed(inner), dtype="int32")(keras)


def _cast_by_the_inner_model(keras: Any) -> Any:
    own = keras.Input((4,), dtype="int32")
    x = keras.Input((4,))
    return keras.Model(x, keras.Model(own, keras.layers.Rescaling(2.0)(own))(x))


def _no_serialization(keras: Any) -> Any:
    from functools import partial

    slope = partial(keras.activations.leaky_relu, negative_slope=0.3)
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation=slope)])


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(_activation_of_that_name, "activation relu of your own", id="an own function called relu"),
        pytest.param(
            lambda keras: _chain((3,), lambda k: k.Dense(2, activation=keras.ops.gelu))(keras),
            "activation gelu of keras.ops",
            id="the gelu of keras.ops, which is another",
        ),
        pytest.param(_sequential_with_code, "code of its own", id="a Sequential model with code"),
        pytest.param(_no_serialization, "cannot say what it is made of", id="an activation without a name"),
        pytest.param(_chain((3,), lambda k: k.ReLU(float("inf"))), "the number inf", id="infinity"),
        pytest.param(_masked_then(lambda k: k.Conv1D(3, 2)), "mixes up masks", id="a mask lost on the way"),
        pytest.param(_masked_then(lambda k: k.Activation("hard_silu")), "mixes up masks", id="a mask in a product"),
        pytest.param(_masked_then(lambda k: k.Reshape((6, 3))), "mixes up masks", id="a mask through Reshape"),
        pytest.param(_masked_and_given_states, "mixes up masks", id="a mask Keras leaves out for states"),
        pytest.param(_another_sequence_of_steps, "mixes up masks", id="a mask beside TimeDistributed"),
        pytest.param(_mask_of_others, "mixes up masks", id="a mask by another number"),
        pytest.param(_mask_inside_time_distributed, "skips masked steps", id="a mask inside TimeDistributed"),
        pytest.param(_cast_by_the_inner_model, "other inputs than it was made for", id="an inner model that casts"),
        pytest.param(
            _chain((8, 8, 3), lambda k: k.Pipeline([k.CenterCrop(4, 4), k.ZeroPadding2D(2)])),
            "changes the size of pictures in between",
            id="a pipeline that crops and pads",
        ),
        pytest.param(
            _chain((3,), lambda k: k.LayerNormalization(), dtype="int32"), "dtype of its input", id="whole answers"
        ),
    ],
)  # fmt: skip
def test_odd_models_that_layers_cannot_express_are_refused_as_layers(make: Make, said: str, tmp_path: Path) -> None:
    import keras

    with pytest.raises(UnsupportedLayer, match=said):
        converter.convert(make(keras), tmp_path / "out", format="layers")

    assert not (tmp_path / "out").exists()
