"""One layer of a TF.js layers model as a Keras layer that computes the same.

Most classes and arguments have the same names on both sides, because TF.js took them from Keras 2; the tables below say
which, and the functions what has changed since. What an argument means when it is left out is what TF.js makes of it
(tfjs-layers 4.22). Importing this file imports Keras.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import keras

from converter.errors import InvalidConfiguration, UnsupportedLayer, quoted

Config = Mapping[str, Any]
ModelBuilder = Callable[[Config], Any]
"""Builds the model inside a layer from its entry: class_name, config."""

_CONV = ("filters", "kernel_size", "strides", "padding", "data_format", "use_bias", "activation")
_POOL = ("pool_size", "strides", "padding")
_CELL = ("units", "use_bias", "activation", "dropout", "recurrent_dropout")
_GATED_CELL = (*_CELL, "recurrent_activation")
_SEQUENCE = ("return_sequences", "return_state", "go_backwards", "stateful")

_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "Activation": ("activation",),
    "Add": (),
    "AlphaDropout": ("rate", "noise_shape"),
    "Average": (),
    "AveragePooling1D": _POOL,
    "AveragePooling2D": (*_POOL, "data_format"),
    "AveragePooling3D": (*_POOL, "data_format"),
    "BatchNormalization": ("axis", "momentum", "epsilon", "center", "scale"),
    "Concatenate": ("axis",),
    "Conv1D": (*_CONV, "dilation_rate"),
    "Conv2D": (*_CONV, "dilation_rate"),
    "Conv3D": (*_CONV, "dilation_rate"),
    "Conv2DTranspose": _CONV,
    "Conv3DTranspose": _CONV,
    "ConvLSTM2D": (
        *(name for name in (*_GATED_CELL, *_SEQUENCE) if name != "units"),
        *("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate"),
    ),
    "Cropping2D": ("cropping", "data_format"),
    "Dense": ("units", "use_bias", "activation"),
    "DepthwiseConv2D": (*(name for name in _CONV if name != "filters"), "depth_multiplier"),
    "Dot": ("axes", "normalize"),
    "Dropout": ("rate", "noise_shape"),
    "ELU": ("alpha",),
    "Embedding": ("input_dim", "output_dim", "mask_zero"),
    "Flatten": ("data_format",),
    "GaussianDropout": ("rate",),
    "GaussianNoise": ("stddev",),
    "GlobalAveragePooling1D": (),
    "GlobalAveragePooling2D": ("data_format",),
    "GlobalMaxPooling1D": (),
    "GlobalMaxPooling2D": ("data_format",),
    "GRU": (*_GATED_CELL, *_SEQUENCE),
    "GRUCell": _GATED_CELL,
    "LayerNormalization": ("axis", "epsilon", "center", "scale"),
    "LSTM": (*_GATED_CELL, *_SEQUENCE),
    "LSTMCell": _GATED_CELL,
    "Masking": ("mask_value",),
    "MaxPooling1D": _POOL,
    "MaxPooling2D": (*_POOL, "data_format"),
    "MaxPooling3D": (*_POOL, "data_format"),
    "Maximum": (),
    "Minimum": (),
    "Multiply": (),
    "Permute": ("dims",),
    "PReLU": ("shared_axes",),
    "ReLU": ("max_value",),
    "RepeatVector": ("n",),
    "Rescaling": ("scale", "offset"),
    "Reshape": ("target_shape",),
    "SeparableConv2D": (*_CONV, "dilation_rate", "depth_multiplier"),
    "SimpleRNN": (*_CELL, *_SEQUENCE),
    "SimpleRNNCell": _CELL,
    "Softmax": ("axis",),
    "SpatialDropout1D": ("rate",),
    "UpSampling2D": ("size", "data_format", "interpolation"),
    "ZeroPadding2D": ("padding", "data_format"),
}
"""Class -> arguments that mean the same to TF.js and to Keras; what is not listed, TF.js ignores or does not have."""

_WORDS = frozenset(["data_format", "interpolation", "padding"])
"""Arguments whose strings may come in camel case."""

_DEFAULTS: dict[str, Config] = {
    "Bidirectional": {"merge_mode": "concat"},
    "ConvLSTM2D": {"activation": "tanh", "recurrent_activation": "hard_sigmoid"},
    "GRU": {"activation": "tanh", "recurrent_activation": "hard_sigmoid"},
    "GRUCell": {"activation": "tanh", "recurrent_activation": "hard_sigmoid"},
    "LeakyReLU": {"alpha": 0.3},
    "LSTM": {"activation": "tanh", "recurrent_activation": "hard_sigmoid"},
    "LSTMCell": {"activation": "tanh", "recurrent_activation": "hard_sigmoid"},
    "SimpleRNN": {"activation": "tanh"},
    "SimpleRNNCell": {"activation": "tanh"},
    "Softmax": {"axis": 1},
}
"""Where TF.js' own default is not the one of Keras, and for activations: also where null is given."""

_ACTIVATIONS = frozenset(
    [
        *("elu", "gelu", "linear", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid", "softmax"),
        *("softplus", "softsign", "swish", "tanh"),
    ]
)
"""Those that are the same function under the same name; `gelu` is the exact one on both sides."""


@keras.saving.register_keras_serializable(package="tfjs", name="hard_sigmoid")  # type: ignore[untyped-decorator]
def hard_sigmoid_of_tfjs(x: Any) -> Any:
    """clip(0.2 x + 0.5, 0, 1): the formula of Keras 2, which TF.js kept; Keras 3 computes relu6(x + 3) / 6."""
    return keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)


@dataclass(frozen=True)
class LayerMaker:
    """Makes Keras layers from entries of a TF.js topology: `class_name` and `config`.

    `is_bare` leaves out what only training needs, and starts weights as zeros, which is faster; they are set anyway.
    """

    build_model: ModelBuilder
    is_bare: bool = False

    def make(self, entry: Config) -> Any:
        """Make one layer. Raises UnsupportedLayer for a class, InvalidConfiguration for arguments Keras refuses."""
        class_name, config = str(entry["class_name"]), snake_keys(entry["config"])
        if class_name in ("Functional", "Model", "Sequential"):
            return self.build_model(entry)
        make = _MAKERS.get(class_name, _make_same)
        name = str(config.get("name", class_name))
        try:
            layer = make(self, class_name, {**_DEFAULTS.get(class_name, {}), **config})
        except (TypeError, ValueError, KeyError) as error:
            reason = " ".join(str(error).split())[:200]
            raise InvalidConfiguration(f"Layer {quoted(name)} of class {quoted(class_name)}: {reason}") from error
        layer.trainable = bool(config.get("trainable", True))
        return layer

    def arguments(self, class_name: str, config: Config, names: Iterable[str]) -> dict[str, Any]:
        """The arguments for Keras: the named ones, the layer's name, and what training needs."""
        given = {name: _plain(name, config[name]) for name in names if config.get(name) is not None}
        given |= {name: self._activation(class_name, config, name) for name in names if name.endswith("activation")}
        if "name" in config:
            given["name"] = str(config["name"])
        return {"dtype": "float32", **given, **self._for_training(class_name, config)}

    def _activation(self, class_name: str, config: Config, role: str) -> Any:
        name = _snake(str(config.get(role) or _DEFAULTS.get(class_name, {}).get(role, "linear")))
        if name == "hard_sigmoid":
            return hard_sigmoid_of_tfjs
        if name not in _ACTIVATIONS:
            raise UnsupportedLayer(str(config.get("name", class_name)), class_name, f"has {role}={quoted(name)}")
        return name

    def _for_training(self, class_name: str, config: Config) -> dict[str, Any]:
        known = [name for name in _parameters(class_name) if name.endswith(tuple(_KINDS))]
        if self.is_bare:
            return {name: "zeros" for name in known if name.endswith("_initializer")}
        return {name: _trained_with(name, config[name]) for name in known if isinstance(config.get(name), Mapping)}


_KINDS = {
    "_initializer": keras.initializers,
    "_regularizer": keras.regularizers,
    "_constraint": keras.constraints,
}
_OTHER_NAMES = {"LeCunNormal": "LecunNormal", "LeCunUniform": "LecunUniform", "L1L2": "L1L2"}


def _parameters(class_name: str) -> tuple[str, ...]:
    code = getattr(keras.layers, class_name).__init__.__code__
    return tuple(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])


def _trained_with(name: str, entry: Config) -> Any:
    """An initializer, regularizer or constraint. Raises ValueError for a class Keras does not have."""
    module = next(module for ending, module in _KINDS.items() if name.endswith(ending))
    class_name = str(entry["class_name"])
    kind = getattr(module, _OTHER_NAMES.get(class_name, class_name), None)
    if not isinstance(kind, type):
        raise ValueError(f"{name} has the unknown class {quoted(class_name)}")
    config = {key: _snake(value) if isinstance(value, str) else value for key, value in entry["config"].items()}
    return kind(**config)


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return _snake(value) if name in _WORDS else value
    return value


def _snake(text: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", text).lower()


def snake_keys(config: Config) -> dict[str, Any]:
    """The configuration with its own keys as Python writes them; values stay as they are."""
    return {_snake(key): value for key, value in config.items()}


# ---- Classes --------------------------------------------------------------------------------------------------


def _make_same(maker: LayerMaker, class_name: str, config: Config) -> Any:
    if class_name not in _ARGUMENTS:
        reason = "has no counterpart in Keras that computes the same"
        raise UnsupportedLayer(str(config.get("name", class_name)), class_name, reason, _CLASSES)
    return getattr(keras.layers, class_name)(**maker.arguments(class_name, config, _ARGUMENTS[class_name]))


def _make_leaky_relu(maker: LayerMaker, class_name: str, config: Config) -> Any:
    return keras.layers.LeakyReLU(negative_slope=config["alpha"], **maker.arguments(class_name, config, ()))


def _make_thresholded_relu(maker: LayerMaker, _: str, config: Config) -> Any:
    return keras.layers.ReLU(threshold=config.get("theta", 1.0), **maker.arguments("ReLU", config, ()))


def _make_up_sampling(maker: LayerMaker, class_name: str, config: Config) -> Any:
    if config.get("interpolation", "nearest") != "nearest":
        reason = "enlarges with interpolation=bilinear, for which TF.js and Keras take other points"
        raise UnsupportedLayer(str(config["name"]), class_name, reason)
    return _make_same(maker, class_name, config)


def _make_concatenate(maker: LayerMaker, class_name: str, config: Config) -> Any:
    # TF.js takes every negative axis for the last.
    axis = config.get("axis", -1)
    return _make_same(maker, class_name, {**config, "axis": -1 if axis < 0 else axis})


def _make_gru(maker: LayerMaker, class_name: str, config: Config) -> Any:
    arguments = maker.arguments(class_name, config, _ARGUMENTS[class_name])
    return getattr(keras.layers, class_name)(reset_after=False, **arguments)


def _make_rnn(maker: LayerMaker, class_name: str, config: Config) -> Any:
    cell = maker.make(config["cell"])
    return keras.layers.RNN(cell, **maker.arguments(class_name, config, _SEQUENCE))


def _make_stacked_cells(maker: LayerMaker, class_name: str, config: Config) -> Any:
    cells = [maker.make(cell) for cell in config["cells"]]
    return keras.layers.StackedRNNCells(cells, **maker.arguments(class_name, config, ()))


def _make_bidirectional(maker: LayerMaker, class_name: str, config: Config) -> Any:
    layer = maker.make(config["layer"])
    return keras.layers.Bidirectional(layer, merge_mode=config["merge_mode"], **maker.arguments(class_name, config, ()))


def _make_time_distributed(maker: LayerMaker, class_name: str, config: Config) -> Any:
    layer = maker.make(config["layer"])
    return keras.layers.TimeDistributed(layer, **maker.arguments(class_name, config, ()))


_MAKERS: dict[str, Callable[[LayerMaker, str, Config], Any]] = {
    "Bidirectional": _make_bidirectional,
    "Concatenate": _make_concatenate,
    "GRU": _make_gru,
    "GRUCell": _make_gru,
    "LeakyReLU": _make_leaky_relu,
    "RNN": _make_rnn,
    "StackedRNNCells": _make_stacked_cells,
    "ThresholdedReLU": _make_thresholded_relu,
    "TimeDistributed": _make_time_distributed,
    "UpSampling2D": _make_up_sampling,
}

_CLASSES = tuple(sorted({*_ARGUMENTS, *_MAKERS}))
"""All classes there are, for messages."""
