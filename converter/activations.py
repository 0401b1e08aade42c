"""Activations: which TF.js layer answers like one of Keras'.

TF.js camel-cases every string value of a topology, so `log_softmax` arrives there as `logSoftmax`.
"""

from __future__ import annotations

from collections.abc import Mapping

from converter.arguments import Argument
from converter.pieces import SOURCE, Piece

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


def parse_activation(value: object, argument: Argument) -> object:
    """Take an activation Keras names by a string (or None for linear); refuse functions and layer objects."""
    name = _activation_name(value)
    is_plain = value is None or isinstance(value, str)
    if not is_plain or name not in ACTIVATIONS:
        reason = f"uses the activation {name[:80]!r}, which cannot be converted"
        raise argument.unsupported(reason, ACTIVATIONS)
    return name


def activated(name: str) -> tuple[str, tuple[Piece, ...]]:
    """The activation a TF.js layer can carry itself, and the pieces that have to follow it."""
    if name in _SAME_ACTIVATION:
        return _SAME_ACTIVATION[name], ()
    return "linear", _REWRITTEN_ACTIVATION[name]


def _activation_name(value: object) -> str:
    if value is None:
        return "linear"
    if isinstance(value, Mapping):
        inner = value.get("config")
        return inner if isinstance(inner, str) else str(value.get("class_name"))
    return str(value)
