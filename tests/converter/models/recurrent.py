"""Models about layers that go along sequences step by step."""

from collections.abc import Iterator
from typing import Any

import keras
from keras import Input, Model, layers

from tests.converter.models.case import (
    FILM,
    SEQUENCE,
    Case,
    about,
    as_graphs,
    as_layers,
    as_refusals,
    layer,
    one,
)

_PLAIN = ("SimpleRNN", "LSTM")


def _options(class_name: str, **always: Any) -> Iterator[Case]:
    """Every option that changes the answer of a recurrent layer."""
    for options in (
        {},
        {"return_sequences": True},
        {"return_state": True},
        {"return_sequences": True, "return_state": True},
        {"go_backwards": True},
        {"go_backwards": True, "return_sequences": True},
        {"unroll": True},
        {"use_bias": False},
        {"activation": "relu"},
        {"activation": "linear"},
        {"activation": "gelu", "return_sequences": True},
        {"dropout": 0.3, "recurrent_dropout": 0.3},
    ):
        yield one(layer(class_name, 3, **always, **options), SEQUENCE)


def _with_states(class_name: str, **options: Any) -> Case:
    """States that come from another input."""

    def build() -> Any:
        x = Input(SEQUENCE, name="x")
        states = [Input((3,), name=f"state_{number}") for number in range(2 if class_name == "LSTM" else 1)]
        made = getattr(layers, class_name)(3, return_sequences=True, return_state=True, **options)
        return Model([x, *states], made(x, initial_state=states))

    return about(
        class_name, ", ".join(["initial_state", *(f"{name}={value}" for name, value in options.items())]), build
    )


def _stateful(class_name: str, **options: Any) -> Case:
    def build() -> Any:
        x = Input(batch_shape=(2, *SEQUENCE))
        return Model(x, getattr(layers, class_name)(3, stateful=True, **options)(x))

    option = ", ".join(["stateful=True", *(f"{name}={value}" for name, value in options.items())])
    return about(
        class_name,
        option,
        build,
        why="remembers its state between calls",
        instead="build the layer with stateful=False",
    )


PLAIN = {
    **as_layers(
        *(case for name in _PLAIN for case in _options(name)),
        *_options("GRU", reset_after=False),
        *(one(layer(name, 3), (None, 4), note="unknown length") for name in _PLAIN),
        one(layer("GRU", 3, reset_after=False), (None, 4), note="unknown length"),
        one(layer("LSTM", 3, recurrent_activation="tanh"), SEQUENCE),
        one(layer("GRU", 3, reset_after=False, recurrent_activation="softsign"), SEQUENCE),
        one(layer("LSTM", 3, unit_forget_bias=False), SEQUENCE),
        *(_with_states(name) for name in _PLAIN),
        _with_states("GRU", reset_after=False),
        *(_stateful(name) for name in _PLAIN),
        _stateful("GRU", reset_after=False),
    ),
    **as_graphs(
        *(
            one(layer("GRU", 3, **options), SEQUENCE)
            for options in (
                {},
                {"return_sequences": True},
                {"return_state": True},
                {"go_backwards": True},
                {"use_bias": False},
                {"activation": "relu", "recurrent_activation": "hard_sigmoid"},
            )
        ),
        _with_states("GRU"),
        one(layer("GRU", 3), (None, 4), note="unknown length"),
        one(layer("LSTM", 3, recurrent_activation="hard_sigmoid"), SEQUENCE),
        one(layer("LSTM", 3, activation="hard_tanh"), SEQUENCE),
        one(layer("SimpleRNN", 3, activation="leaky_relu"), SEQUENCE),
    ),
    **as_refusals(_stateful("GRU")),
}

# ---- Cells ----------------------------------------------------------------------------------------------------

_TWO_CELLS = [layer("LSTMCell", 3), layer("LSTMCell", 2)]


def _stack(note: str, **options: Any) -> Case:
    def build() -> Any:
        x = Input(SEQUENCE)
        cells = layers.StackedRNNCells([recipe.make() for recipe in _TWO_CELLS])
        return Model(x, keras.tree.flatten(layers.RNN(cells, **options)(x)))

    return about("StackedRNNCells", note, build)


def _bare_cell(class_name: str) -> Case:
    """A cell called by hand, once."""

    def build() -> Any:
        x = Input((4,), name="x")
        states = [Input((3,), name=f"state_{number}") for number in range(2 if class_name == "LSTMCell" else 1)]
        output, _ = getattr(layers, class_name)(3)(x, states)
        return Model([x, *states], output)

    return about(class_name, "called by hand", build)


class _Slow(layers.Layer):
    """A cell somebody wrote."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.state_size = self.output_size = units

    def build(self, shape: tuple[int | None, ...]) -> None:
        self.kernel = self.add_weight(shape=(shape[-1], self.state_size), name="kernel")

    def call(self, x: Any, states: Any) -> Any:
        state = 0.5 * states[0] + keras.ops.matmul(x, self.kernel)
        return state, [state]


def _slow() -> Any:
    return keras.Sequential([Input(SEQUENCE), layers.RNN(_Slow(3))])


CELLS = {
    **as_layers(
        one(layer("RNN", layer("SimpleRNNCell", 3)), SEQUENCE, note="of a SimpleRNNCell"),
        one(layer("RNN", layer("LSTMCell", 3), return_sequences=True), SEQUENCE, note="of an LSTMCell"),
        one(layer("RNN", layer("LSTMCell", 3), return_state=True), SEQUENCE, note="of an LSTMCell"),
        one(layer("RNN", layer("GRUCell", 3, reset_after=False)), SEQUENCE, note="of a GRUCell without reset_after"),
        one(layer("RNN", _TWO_CELLS), SEQUENCE, note="of a list of cells"),
        _stack("return_sequences=True", return_sequences=True),
        _stack("go_backwards=True", go_backwards=True),
    ),
    **as_graphs(
        one(layer("RNN", layer("GRUCell", 3)), SEQUENCE, note="of a GRUCell"),
        _stack("return_state=True", return_state=True),
        about("RNN", "of a cell of one's own", _slow, live_only=True),
        *(_bare_cell(name) for name in ("SimpleRNNCell", "LSTMCell", "GRUCell")),
    ),
}

# ---- Both directions ------------------------------------------------------------------------------------------


def _unlike_backwards() -> Any:
    forward, backward = layers.LSTM(3, return_sequences=True), layers.GRU(2, return_sequences=True, go_backwards=True)
    return keras.Sequential([Input(SEQUENCE), layers.Bidirectional(forward, backward_layer=backward)])


def _like_backwards() -> Any:
    forward, backward = layers.LSTM(3, name="there"), layers.LSTM(3, go_backwards=True, name="back")
    return keras.Sequential([Input(SEQUENCE), layers.Bidirectional(forward, backward_layer=backward)])


def _both_with_states() -> Any:
    x, states = Input(SEQUENCE), [Input((3,), name=f"state_{number}") for number in range(4)]
    return Model([x, *states], layers.Bidirectional(layers.LSTM(3))(x, initial_state=states))


BIDIRECTIONAL = {
    **as_layers(
        *(
            one(layer("Bidirectional", layer("LSTM", 3, return_sequences=True), merge_mode=mode), SEQUENCE)
            for mode in ("concat", "sum", "mul", "ave", None)
        ),
        one(layer("Bidirectional", layer("SimpleRNN", 3)), SEQUENCE, note="of SimpleRNN"),
        one(layer("Bidirectional", layer("GRU", 3, reset_after=False)), SEQUENCE, note="of GRU without reset_after"),
        one(layer("Bidirectional", layer("LSTM", 3, return_state=True)), SEQUENCE, note="return_state=True"),
        one(layer("Bidirectional", layer("LSTM", 3)), (None, 4), note="unknown length"),
        about("Bidirectional", "a backward_layer like the forward one", _like_backwards),
    ),
    **as_graphs(
        one(layer("Bidirectional", layer("GRU", 3)), SEQUENCE, note="of GRU"),
        one(layer("Bidirectional", layer("GRU", 3, return_sequences=True), merge_mode="sum"), SEQUENCE, note="of GRU"),
        about("Bidirectional", "a backward_layer unlike the forward one", _unlike_backwards),
        about("Bidirectional", "initial_state", _both_with_states),
    ),
}

# ---- Each step on its own, films ------------------------------------------------------------------------------


def _timed_model() -> Any:
    inner = keras.Sequential([Input((6, 5, 2)), layers.Conv2D(3, 2, activation="relu"), layers.Flatten()], name="frame")
    return keras.Sequential([Input(FILM), layers.TimeDistributed(inner), layers.LSTM(3)])


def _timed_functional() -> Any:
    x = Input((4,))
    hidden = layers.Dense(4, activation="hard_sigmoid")(x)
    inner = Model(x, layers.Add()([x, hidden]), name="step")
    return keras.Sequential([Input(SEQUENCE), layers.TimeDistributed(inner)])


TIME_DISTRIBUTED = {
    **as_layers(
        one(layer("TimeDistributed", layer("Dense", 3, activation="relu")), SEQUENCE, note="of Dense"),
        one(layer("TimeDistributed", layer("Dense", 3, activation="hard_sigmoid")), SEQUENCE, note="of two layers"),
        one(layer("TimeDistributed", layer("Conv2D", 3, 2)), FILM, note="of Conv2D"),
        one(layer("TimeDistributed", layer("BatchNormalization")), FILM, note="of BatchNormalization"),
        one(layer("TimeDistributed", layer("Flatten")), FILM, note="of Flatten"),
        one(layer("TimeDistributed", layer("Dropout", 0.5)), SEQUENCE, note="of Dropout"),
        one(layer("TimeDistributed", layer("Embedding", 9, 3)), (4, 5), dtype="int32", note="of Embedding"),
        one(layer("TimeDistributed", layer("LSTM", 3)), (3, 5, 4), note="of LSTM"),
        one(
            layer("TimeDistributed", layer("TimeDistributed", layer("Dense", 3))), (3, 5, 4), note="of TimeDistributed"
        ),
        one(layer("TimeDistributed", layer("Dense", 3)), (None, 4), note="unknown length"),
        about("TimeDistributed", "of a model", _timed_model),
        about("TimeDistributed", "of a model with branches", _timed_functional),
    ),
    **as_graphs(
        one(layer("TimeDistributed", layer("GRU", 3)), (3, 5, 4), note="of GRU"),
        one(layer("TimeDistributed", layer("GroupNormalization", 2)), SEQUENCE, note="of GroupNormalization"),
    ),
}

FILMS = {
    **as_layers(
        one(layer("ConvLSTM2D", 2, 2), FILM),
        one(layer("ConvLSTM2D", 2, 2, padding="same", return_sequences=True), FILM),
        one(layer("ConvLSTM2D", 2, 3, strides=2, padding="same", use_bias=False), FILM),
        one(layer("ConvLSTM2D", 2, 2, dilation_rate=2, return_state=True), FILM),
        one(layer("ConvLSTM2D", 2, 2, recurrent_activation="tanh"), FILM),
    ),
    **as_graphs(
        one(layer("ConvLSTM2D", 2, 2, data_format="channels_first"), (3, 2, 6, 5)),
        one(layer("ConvLSTM2D", 2, 2, recurrent_activation="hard_sigmoid"), FILM),
        one(layer("ConvLSTM2D", 2, 2, go_backwards=True, activation="relu"), FILM),
        one(layer("ConvLSTM1D", 2, 2), (3, 6, 2)),
        one(layer("ConvLSTM1D", 2, 3, padding="same", return_sequences=True, strides=2), (3, 6, 2)),
        one(layer("ConvLSTM3D", 2, 2), (2, 3, 4, 3, 2)),
        one(layer("ConvLSTM3D", 2, 2, padding="same", return_sequences=True), (2, 3, 4, 3, 2)),
    ),
}

# ---- Whole models ---------------------------------------------------------------------------------------------


def _stacked(class_name: str, **options: Any) -> Any:
    def build() -> Any:
        made = [getattr(layers, class_name)(4, return_sequences=last < 2, **options) for last in range(3)]
        return keras.Sequential([Input(SEQUENCE), *made, layers.Dense(2)])

    return build


def _translator(class_name: str) -> Any:
    """An encoder whose states begin the decoder."""

    def build() -> Any:
        source, target = Input((6, 4), name="source"), Input((5, 3), name="target")
        make = getattr(layers, class_name)
        _, *states = make(4, return_state=True, name="encoder")(source)
        spoken, *_ = make(4, return_sequences=True, return_state=True, name="decoder")(target, initial_state=states)
        return Model([source, target], layers.Dense(3, activation="softmax")(spoken))

    return build


def _repeated() -> Any:
    inner = [layers.LSTM(4), layers.RepeatVector(5), layers.LSTM(4, return_sequences=True)]
    return keras.Sequential([Input(SEQUENCE), *inner, layers.TimeDistributed(layers.Dense(3))])


STACKS = {
    **as_layers(
        {
            "stack of SimpleRNN": Case(_stacked("SimpleRNN")),
            "stack of LSTM": Case(_stacked("LSTM")),
            "stack of GRU without reset_after": Case(_stacked("GRU", reset_after=False)),
            "seq2seq of LSTM, states handed over": Case(_translator("LSTM")),
            "seq2seq of SimpleRNN, states handed over": Case(_translator("SimpleRNN")),
            "encoder, RepeatVector, decoder": Case(_repeated),
        }
    ),
    **as_graphs(
        {
            "stack of GRU": Case(_stacked("GRU")),
            "seq2seq of GRU, states handed over": Case(_translator("GRU")),
        }
    ),
}

RECURRENT = {**PLAIN, **CELLS, **BIDIRECTIONAL, **TIME_DISTRIBUTED, **FILMS, **STACKS}
