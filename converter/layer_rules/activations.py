"""Rules of activations: names that layers carry, and activations that are layers.

TF.js camel-cases every string value of a topology, so `log_softmax` arrives there as `logSoftmax`. Formulas are
those of keras.activations; where TF.js has none of that name, layers that follow compute it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import pi, sqrt
from typing import Any

from converter.layer_rules.rule import Answer, Emit, NotExpressible, Source, layer_rule
from converter.model_graph import Call, Shape

_SAME_NAME = {
    "celu": "elu",  # equal while alpha is 1
    "elu": "elu",
    "keras2_hard_sigmoid": "hard_sigmoid",  # in files of Keras 2; TF.js has kept its formula
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


# ---- Activations that take several layers ---------------------------------------------------------------------


def _hard_sigmoid(source: Source, emit: Emit) -> Source:
    # TF.js' own hardSigmoid is the formula of Keras 2, clip(0.2 x + 0.5); Keras 3 has relu6(x + 3) / 6.
    return scaled(emit, emit("ReLU", scaled(emit, source, 1.0, 3.0), max_value=6.0), 1 / 6)


def _hard_silu(source: Source, emit: Emit) -> Source:
    return emit("Multiply", source, _hard_sigmoid(source, emit))


def _hard_tanh(source: Source, emit: Emit) -> Source:
    return scaled(emit, emit("ReLU", scaled(emit, source, 1.0, 1.0), max_value=2.0), 1.0, -1.0)


def _sparse_sigmoid(source: Source, emit: Emit) -> Source:
    return scaled(emit, emit("ReLU", scaled(emit, source, 1.0, 1.0), max_value=2.0), 0.5)


def _log_sigmoid(source: Source, emit: Emit) -> Source:
    return scaled(emit, emit("Activation", scaled(emit, source, -1.0), activation="softplus"), -1.0)


def _leaky_relu(source: Source, emit: Emit) -> Source:
    return emit("LeakyReLU", source, alpha=0.2)


def _tanh_shrink(source: Source, emit: Emit) -> Source:
    return emit("Add", source, scaled(emit, emit("Activation", source, activation="tanh"), -1.0))


def _soft_shrink(source: Source, emit: Emit) -> Source:
    above = emit("ReLU", scaled(emit, source, 1.0, -0.5))
    below = emit("ReLU", scaled(emit, source, -1.0, -0.5))
    return emit("Add", above, scaled(emit, below, -1.0))


def _hard_shrink(source: Source, emit: Emit) -> Source:
    above = emit("ThresholdedReLU", source, theta=0.5)
    below = emit("ThresholdedReLU", scaled(emit, source, -1.0), theta=0.5)
    return emit("Add", above, scaled(emit, below, -1.0))


def gelu_by_tanh(source: Source, emit: Emit) -> Source:
    """Emit 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), the approximate gelu: TF.js cannot load it by name."""
    cubed = emit("Multiply", source, emit("Multiply", source, source))
    inside = scaled(emit, emit("Add", source, scaled(emit, cubed, 0.044715)), sqrt(2 / pi))
    return emit("Multiply", source, scaled(emit, emit("Activation", inside, activation="tanh"), 0.5, 0.5))


_IN_LAYERS: dict[str, Callable[[Source, Emit], Source]] = {
    "hard_shrink": _hard_shrink,
    "hard_sigmoid": _hard_sigmoid,
    "hard_silu": _hard_silu,
    "hard_swish": _hard_silu,
    "hard_tanh": _hard_tanh,
    "leaky_relu": _leaky_relu,
    "log_sigmoid": _log_sigmoid,
    "soft_shrink": _soft_shrink,
    "sparse_sigmoid": _sparse_sigmoid,
    "tanh_shrink": _tanh_shrink,
}

EXPRESSIBLE = frozenset({*_SAME_NAME, *_IN_LAYERS})
"""Names in keras.activations that TF.js' layers can compute."""


def scaled(emit: Emit, source: Source, scale: Any, offset: Any = 0.0) -> Source:
    """Emit source * scale + offset; numbers, or nested lists that broadcast."""
    return emit("Rescaling", source, scale=scale, offset=offset)


# ---- What a layer carries -------------------------------------------------------------------------------------


def carried(call: Call) -> str:
    """The activation the TF.js layer can carry itself, under its name there; linear if another layer has to follow."""
    return _SAME_NAME.get(_name(call), "linear")


def activated(call: Call, emit: Emit, source: Source) -> Source:
    """Let the activation of `call` follow on `source`, if the layer does not carry it itself."""
    inner, name = call.operation.inner.get("activation"), _name(call)
    if inner is not None:
        return emit.rule(inner, source, call.output.shape)
    return source if name in _SAME_NAME else by_name(name, source, emit)


def whole_activation(call: Call, emit: Emit, source: Source) -> Source:
    """Let the activation of `call` follow on `source` whatever it is, for a layer that carries none."""
    if "activation" in call.operation.inner or _name(call) not in _SAME_NAME:
        return activated(call, emit, source)
    return source if _name(call) == "linear" else by_name(_name(call), source, emit)


def by_name(name: str, source: Source, emit: Emit) -> Source:
    """Emit an activation as layers of its own. Raises NotExpressible for one that TF.js' layers do not know."""
    if name in _SAME_NAME:
        return emit("Activation", source, activation=_SAME_NAME[name])
    if name not in _IN_LAYERS:
        raise NotExpressible(f"uses the activation {name}, which TensorFlow.js layers do not know")
    return _IN_LAYERS[name](source, emit)


def refuse_inner_activation(name: object, role: str) -> str:
    """The TF.js name of an activation inside a recurrent cell, where no layer can follow."""
    known = _SAME_NAME.get(_name_of(name))
    if known is None:
        raise NotExpressible(f"uses {role}={_name_of(name)}, which TensorFlow.js layers do not know inside a cell")
    return known


def _name(call: Call) -> str:
    if "activation" in call.operation.inner:
        return "(a layer)"
    return _name_of(call.config.get("activation"))


def _name_of(value: object) -> str:
    if isinstance(value, Mapping):  # how Keras writes a function that is not one of its own
        value = value.get("config")
    return "linear" if value is None else str(value)


# ---- Layers ---------------------------------------------------------------------------------------------------


@layer_rule("Activation", reads=["activation"])
def activation(call: Call, emit: Emit) -> Answer:
    """Carry the activation, or let layers compute it."""
    if "activation" in call.operation.inner:
        return activated(call, emit, call.input)
    return by_name(_name(call), call.input, emit)


@layer_rule("ReLU", reads=["max_value", "negative_slope", "threshold"])
def relu(call: Call, emit: Emit) -> Answer:
    """TF.js knows only `max_value` here; a slope alone or a threshold alone have layers of their own."""
    top, slope, threshold = (call.config.get(name) for name in ("max_value", "negative_slope", "threshold"))
    slope, threshold = float(slope or 0), float(threshold or 0)
    capped: dict[str, Any] = {} if top is None else {"max_value": float(top)}
    if not slope and not threshold:
        return emit("ReLU", call.input, **capped)
    if top is None and not threshold:
        return emit("LeakyReLU", call.input, alpha=slope)
    if top is None and not slope and threshold > 0:
        return emit("ThresholdedReLU", call.input, theta=threshold)
    if not threshold:
        below = emit("ReLU", scaled(emit, call.input, -1.0))
        return emit("Add", emit("ReLU", call.input, **capped), scaled(emit, below, -slope))
    raise NotExpressible("combines max_value, negative_slope and threshold, which TensorFlow.js layers do not know")


@layer_rule("LeakyReLU", reads=["negative_slope"])
def leaky_relu(call: Call, emit: Emit) -> Answer:
    """TF.js calls the slope alpha."""
    return emit("LeakyReLU", call.input, alpha=call.config["negative_slope"])


@layer_rule("ELU", reads=["alpha"])
def elu(call: Call, emit: Emit) -> Answer:
    """TF.js knows alpha=1 only; of another, the part below zero is stretched."""
    alpha = call.config.get("alpha", 1.0)
    curve = emit("ELU", call.input, alpha=1.0)
    if alpha == 1:
        return curve
    straight = scaled(emit, emit("ReLU", call.input), 1.0 - alpha)
    return emit("Add", scaled(emit, curve, alpha), straight)


@layer_rule("PReLU", reads=["shared_axes"])
def prelu(call: Call, emit: Emit) -> Answer:
    """The slopes are weights."""
    slopes = call.weights["alpha"]
    axes = [axis + 1 for axis, size in enumerate(slopes.shape) if size == 1 != call.input.shape[axis + 1]]
    shared: dict[str, Any] = {"shared_axes": axes} if axes else {}
    return emit("PReLU", call.input, weights={"alpha": slopes}, **shared)


@layer_rule("Softmax", reads=["axis"])
def softmax(call: Call, emit: Emit) -> Answer:
    """TF.js' default axis is 1; a single axis that is not the last it refuses."""
    if "mask" in call.extras:
        raise NotExpressible("is called with a mask")
    return softmax_along(call.config["axis"], call.input, call.input.shape, emit)


def softmax_along(axis: Any, source: Source, shape: Shape, emit: Emit) -> Source:
    """Emit softmax along one axis or several."""
    axes = [axis] if isinstance(axis, int) else list(axis)
    places = sorted(one % len(shape) for one in axes)
    if 0 in places:
        raise NotExpressible("works along the axis of the batch")
    if len(places) > 1:
        return emit("Softmax", source, axis=places)
    if places[0] == len(shape) - 1:
        return emit("Softmax", source, axis=-1)
    turned, back = to_the_end(places[0], len(shape))
    return emit("Permute", emit("Softmax", emit("Permute", source, dims=turned), axis=-1), dims=back)


def to_the_end(axis: int, rank: int) -> tuple[list[int], list[int]]:
    """The `dims` of a Permute that turns an axis to the end, and of the one that turns it back."""
    others = [place for place in range(1, rank) if place != axis]
    there = [*others, axis]
    return there, [there.index(place) + 1 for place in range(1, rank)]
