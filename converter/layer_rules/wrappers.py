"""Rules of layers around other layers."""

from __future__ import annotations

import re
from typing import Any

from converter.layer_rules.recurrent import outputs_of, recurrent_config, recurrent_weights
from converter.layer_rules.rule import Answer, Emit, NotExpressible, Weights, layer_rule
from converter.model_graph import Call, Operation

_MERGE_MODES = ("ave", "concat", "mul", "sum", None)

# What the two directions of a Bidirectional layer never share.
_DIRECTION = frozenset({"go_backwards", "name"})


@layer_rule("TimeDistributed", reads=["layer"])
def time_distributed(call: Call, emit: Emit) -> Answer:
    """The same around the translation of the layer inside; a small model where that takes several layers."""
    if "mask" in call.extras:
        raise NotExpressible("is called with a mask")
    layer = call.operation.inner["layer"]
    step, answer = (_without_time(shape) for shape in (call.input.shape, call.output.shape))
    inner = emit.inner(layer, step, answer)
    written = {"class_name": inner.class_name, "config": inner.config}
    return emit("TimeDistributed", call.input, weights=inner.weights, layer=written)


def _without_time(shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
    return (shape[0], *shape[2:])


@layer_rule("Bidirectional", reads=["layer", "backward_layer", "merge_mode"], takes=["initial_state"])
def bidirectional(call: Call, emit: Emit) -> Answer:
    """The same; TF.js makes the backward layer from the forward one."""
    forward, backward = (call.operation.inner[f"{role}_layer"] for role in ("forward", "backward"))
    _refuse_unequal(forward, backward)
    if call.extras.get("initial_state") is not None:
        raise NotExpressible("is called with states to begin with")
    if call.config["merge_mode"] not in _MERGE_MODES:
        raise NotExpressible(f"has merge_mode={call.config['merge_mode']}")
    written = {"class_name": forward.class_name, "config": {"name": _inner_name(forward), **recurrent_config(forward)}}
    place = emit(
        "Bidirectional",
        call.input,
        weights=_weights_of_both(forward, backward),
        layer=written,
        merge_mode=call.config["merge_mode"],
    )
    return outputs_of(place, call)


def _refuse_unequal(forward: Operation, backward: Operation) -> None:
    if forward.class_name not in ("GRU", "LSTM", "SimpleRNN"):
        raise NotExpressible(f"wraps a layer of class {forward.class_name}")
    if forward.config.get("go_backwards"):
        raise NotExpressible("has a forward layer that goes backwards")
    if forward.class_name != backward.class_name or _answering(forward) != _answering(backward):
        raise NotExpressible("has a backward_layer that differs from its forward layer")


def _answering(operation: Operation) -> dict[str, Any]:
    names = operation.config.keys() - _DIRECTION
    endings = ("_initializer", "_regularizer", "_constraint")
    return {name: operation.config[name] for name in names if not name.endswith(endings)}


def _inner_name(forward: Operation) -> str:
    """Its name, which is part of the names of its weights; or that of its class where TF.js would not take it."""
    return forward.name if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", forward.name) else forward.class_name.lower()


def _weights_of_both(forward: Operation, backward: Operation) -> Weights:
    return {
        f"{direction}_{_inner_name(forward)}/{name}": array
        for direction, operation in (("forward", forward), ("backward", backward))
        for name, array in recurrent_weights(operation).items()
    }


@layer_rule("SpectralNormalization", reads=["layer", "power_iterations"])
def spectral_normalization(call: Call, emit: Emit) -> Answer:
    """The layer inside with its stored kernel: the norm is taken while training only."""
    if "float" not in call.input.dtype:
        raise NotExpressible(f"answers in the dtype of its input, {call.input.dtype}")
    return emit.rule(call.operation.inner["layer"], call.input, call.input.shape, call.output.shape)
