"""One rule per Keras layer: which arguments it may carry and which TF.js layers answer alike.

TF.js camel-cases every string value of a topology, so `log_softmax` arrives there as `logSoftmax`. Initializers,
regularizers and constraints are accepted from Keras, never looked at and never emitted: TF.js would apply
constraints to loaded weights again, and refuses to load classes it does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from converter.errors import InvalidConfiguration, UnsupportedLayer
from converter.model_config import Shape

SOURCE = -1
"""In `Piece.takes`: what the Keras layer itself takes, rather than an earlier piece."""

MAX_UNITS = 1_000_000


@dataclass(frozen=True)
class Piece:
    """One TF.js layer of the translation of one Keras layer.

    `takes` numbers the earlier pieces it reads (or SOURCE); `weights` are the names, in Keras' order of storing.
    """

    class_name: str
    config: Mapping[str, object] = field(default_factory=dict)
    takes: tuple[int, ...] = (SOURCE,)
    weights: tuple[tuple[str, tuple[int, ...]], ...] = ()


@dataclass(frozen=True)
class Argument:
    """Where an argument stands, for messages."""

    layer: str
    class_name: str
    name: str

    def refused(self, expected: str, received: object) -> InvalidConfiguration:
        """Build the error saying that this argument has a wrong value."""
        return InvalidConfiguration.of_argument(self.layer, self.name, expected, received)

    def unsupported(self, reason: str, supported: Mapping[str, object]) -> UnsupportedLayer:
        """Build the error saying that the layer asks for what cannot be expressed."""
        return UnsupportedLayer(self.layer, self.class_name, reason, supported)


Parser = Callable[[object, Argument], object]
Arguments = Mapping[str, object]


@dataclass(frozen=True)
class LayerRule:
    """What one Keras layer may say, and how it is said in TF.js.

    `parsers` check the arguments that matter; `ignored` do not change what a trained model answers; any other
    argument is refused. `translate` returns no piece at all for a layer that passes its input on.
    """

    parsers: Mapping[str, Parser]
    ignored: frozenset[str]
    translate: Callable[[Arguments, Shape], tuple[Piece, ...]]
    output_shape: Callable[[Arguments, Shape], Shape]
    needs_last_axis: bool = False


# ---- Activations ----------------------------------------------------------------------------------------------

_SAME_ACTIVATION = {
    "elu": "elu",
    "gelu": "gelu",  # both the exact form, by the error function
    "linear": "linear",
    "log_softmax": "log_softmax",
    "mish": "mish",
    "relu": "relu",
    "relu6": "relu6",
    "selu": "selu",
    "sigmoid": "sigmoid",
    "silu": "swish",
    "softmax": "softmax",
    "softplus": "softplus",
    "softsign": "softsign",
    "swish": "swish",
    "tanh": "tanh",
}

# TF.js' own hardSigmoid is the formula of Keras 2, clip(0.2 x + 0.5); Keras 3 has relu6(x + 3) / 6.
_HARD_SIGMOID = (
    Piece("Rescaling", {"scale": 1.0, "offset": 3.0}),
    Piece("ReLU", {"max_value": 6.0}, takes=(0,)),
    Piece("Rescaling", {"scale": 1 / 6, "offset": 0.0}, takes=(1,)),
)
_HARD_SILU = (*_HARD_SIGMOID, Piece("Multiply", takes=(SOURCE, 2)))

_REWRITTEN_ACTIVATION: Mapping[str, tuple[Piece, ...]] = {
    "hard_sigmoid": _HARD_SIGMOID,
    "hard_silu": _HARD_SILU,
    "hard_swish": _HARD_SILU,
    "leaky_relu": (Piece("LeakyReLU", {"alpha": 0.2}),),
}

ACTIVATIONS: Mapping[str, object] = {**_SAME_ACTIVATION, **_REWRITTEN_ACTIVATION}
"""Names of the Keras activations that can be converted."""


def _activation_name(value: object) -> str:
    if value is None:
        return "linear"
    if isinstance(value, Mapping):
        inner = value.get("config")
        return inner if isinstance(inner, str) else str(value.get("class_name"))
    return str(value)


def parse_activation(value: object, argument: Argument) -> object:
    """Take an activation Keras names by a string (or None for linear); refuse functions and layer objects."""
    name = _activation_name(value)
    is_plain = value is None or isinstance(value, str)
    if not is_plain or name not in ACTIVATIONS:
        reason = f"uses the activation {name[:80]!r}, which cannot be converted"
        raise argument.unsupported(reason, ACTIVATIONS)
    return name


def _activated(name: str) -> tuple[str, tuple[Piece, ...]]:
    """The activation a TF.js layer can carry itself, and the pieces that have to follow it."""
    if name in _SAME_ACTIVATION:
        return _SAME_ACTIVATION[name], ()
    return "linear", _REWRITTEN_ACTIVATION[name]


def _after(first: Piece, rest: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Let `rest` work on what `first` answers instead of on the source."""
    shifted = (Piece(p.class_name, p.config, tuple(i + 1 for i in p.takes)) for p in rest)
    return (first, *shifted)


# ---- Parsers of plain arguments -------------------------------------------------------------------------------


def parse_units(value: object, argument: Argument) -> object:
    """Take a whole number from 1 to MAX_UNITS."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_UNITS:
        raise argument.refused(f"a whole number from 1 to {MAX_UNITS}", value)
    return value


def parse_flag(value: object, argument: Argument) -> object:
    """Take true or false."""
    if not isinstance(value, bool):
        raise argument.refused("true or false", value)
    return value


def parse_rate(value: object, argument: Argument) -> object:
    """Take a number from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise argument.refused("a number from 0 to 1", value)
    return float(value)


def parse_nothing(value: object, argument: Argument) -> object:
    """Take null or false only: an extra this converter does not know how to honour."""
    if value is not None and value is not False:
        raise argument.refused("null (this extra cannot be converted)", value)
    return None


def parse_dtype_policy(value: object, argument: Argument) -> object:
    """Take float32, as a name or as the object Keras writes for a dtype policy."""
    name = value
    if isinstance(value, Mapping) and value.get("class_name") == "DTypePolicy":
        policy = value.get("config")
        name = policy.get("name") if isinstance(policy, Mapping) else value
    if name is not None and name != "float32":
        raise argument.refused("float32, the precision of TensorFlow.js", name)
    return "float32"


def parse_batch_shape(value: object, argument: Argument) -> object:
    """Take a list of sizes, batch axis first, null for unknown ones; returns a Shape of rank 2 or more."""
    expected = "a list of at least two sizes, each null or a whole number from 1 to 1000000"
    if not isinstance(value, (list, tuple)) or not 2 <= len(value) <= 8:
        raise argument.refused(expected, value)
    for size in value:
        if size is not None and (type(size) is not int or not 1 <= size <= MAX_UNITS):
            raise argument.refused(expected, value)
    return tuple(value)


# ---- Rules ----------------------------------------------------------------------------------------------------


def _same_shape(_arguments: Arguments, shape: Shape) -> Shape:
    return shape


def _dense_shape(arguments: Arguments, shape: Shape) -> Shape:
    units = arguments["units"]
    assert isinstance(units, int)
    return (*shape[:-1], units)


def _translate_dense(arguments: Arguments, shape: Shape) -> tuple[Piece, ...]:
    inputs, units = shape[-1], _dense_shape(arguments, shape)[-1]
    assert inputs is not None  # see `needs_last_axis`
    assert units is not None
    activation, rest = _activated(str(arguments["activation"]))
    use_bias = bool(arguments["use_bias"])
    config = {"units": units, "activation": activation, "use_bias": use_bias}
    kernel = ("kernel", (inputs, units))
    weights = (kernel, ("bias", (units,))) if use_bias else (kernel,)
    return _after(Piece("Dense", config, weights=weights), rest)


def _translate_activation(arguments: Arguments, _shape: Shape) -> tuple[Piece, ...]:
    activation, rest = _activated(str(arguments["activation"]))
    return rest or (Piece("Activation", {"activation": activation}),)


def _translate_dropout(arguments: Arguments, _shape: Shape) -> tuple[Piece, ...]:
    return (Piece("Dropout", {"rate": arguments["rate"]}),)


def _translate_input(_arguments: Arguments, shape: Shape) -> tuple[Piece, ...]:
    return (Piece("InputLayer", {"batch_input_shape": [None, *shape[1:]], "dtype": "float32"}, takes=()),)


_COMMON: Mapping[str, Parser] = {"dtype": parse_dtype_policy}
_COMMON_IGNORED = frozenset({"name", "trainable", "activity_regularizer"})
_DENSE_IGNORED = {
    f"{weight}_{what}" for weight in ("kernel", "bias") for what in ("initializer", "regularizer", "constraint")
}

RULES: Mapping[str, LayerRule] = {
    "Activation": LayerRule(
        {**_COMMON, "activation": parse_activation}, _COMMON_IGNORED, _translate_activation, _same_shape
    ),
    "Dense": LayerRule(
        {
            **_COMMON,
            "units": parse_units,
            "activation": parse_activation,
            "use_bias": parse_flag,
            "lora_rank": parse_nothing,
            "quantization_config": parse_nothing,
        },
        _COMMON_IGNORED | _DENSE_IGNORED | {"lora_alpha"},
        _translate_dense,
        _dense_shape,
        needs_last_axis=True,
    ),
    "Dropout": LayerRule(
        {**_COMMON, "rate": parse_rate},
        # How units are dropped while training; a trained model drops none.
        _COMMON_IGNORED | {"seed", "noise_shape"},
        _translate_dropout,
        _same_shape,
    ),
    "InputLayer": LayerRule(
        {
            **_COMMON,
            "batch_shape": parse_batch_shape,
            "sparse": parse_nothing,
            "ragged": parse_nothing,
            "optional": parse_nothing,
        },
        _COMMON_IGNORED,
        _translate_input,
        _same_shape,
    ),
}

DEFAULTS: Mapping[str, Mapping[str, object]] = {
    "Activation": {},
    "Dense": {"activation": "linear", "use_bias": True},
    "Dropout": {},
    "InputLayer": {},
}
"""Arguments that may be left out of a configuration, with Keras' default."""

SUPPORTED = (*RULES, "Functional", "Sequential")
"""Class names that can be converted; the last two are inlined."""


def check_arguments(layer: str, class_name: str, raw_config: Mapping[str, object]) -> Arguments:
    """Parse the arguments of one layer; raises UnsupportedLayer or InvalidConfiguration."""
    rule = RULES.get(class_name)
    if rule is None:
        raise UnsupportedLayer(layer, class_name, "cannot be converted", SUPPORTED)
    unknown = sorted(set(raw_config) - set(rule.parsers) - rule.ignored)
    if unknown:
        raise InvalidConfiguration.of_argument(layer, unknown[0], "left out (it is not known)", raw_config[unknown[0]])
    given = {**DEFAULTS[class_name], **raw_config}
    required = ("units", "activation", "rate", "batch_shape")
    for name in required:
        if name in rule.parsers and name not in given:
            raise InvalidConfiguration.of_argument(layer, name, "given", None)
    return {
        name: parse(given[name], Argument(layer, class_name, name))
        for name, parse in rule.parsers.items()
        if name in given
    }
