"""Rules of the layers that make one tensor of several."""

from __future__ import annotations

from converter.layer_rules.activations import scaled
from converter.layer_rules.rule import Answer, Emit, NotExpressible, layer_rule
from converter.model_graph import Call


@layer_rule("Add", "Average", "Maximum", "Minimum", "Multiply")
def merge(call: Call, emit: Emit) -> Answer:
    """The same; the merging of one tensor is that tensor."""
    if len(call.inputs) == 1:
        return call.input
    if call.operation.class_name not in ("Maximum", "Minimum"):
        _refuse_overflow(call)
    return emit(call.operation.class_name, *call.inputs)


def _refuse_overflow(call: Call) -> None:
    dtypes = {tensor.dtype for tensor in call.inputs}
    if dtypes <= {"bool", "int8", "int16", "uint8", "uint16"}:
        raise NotExpressible(f"computes with numbers of the dtype {call.input.dtype}, which start over when too large")


@layer_rule("Subtract")
def subtract(call: Call, emit: Emit) -> Answer:
    """The sum of the first and the negative second."""
    _refuse_overflow(call)
    first, second = call.inputs
    return emit("Add", first, scaled(emit, second, -1.0))


@layer_rule("Concatenate", reads=["axis"])
def concatenate(call: Call, emit: Emit) -> Answer:
    """The same; TF.js takes any negative axis for the last one."""
    if len(call.inputs) == 1:
        return call.input
    axis = call.config["axis"] % len(call.input.shape)
    if axis == 0:
        raise NotExpressible("concatenates along the axis of the batch")
    return emit("Concatenate", *call.inputs, axis=axis)


@layer_rule("Dot", reads=["axes", "normalize"])
def dot(call: Call, emit: Emit) -> Answer:
    """The same, for tensors of up to three axes."""
    ranks = [len(tensor.shape) for tensor in call.inputs]
    if max(ranks) > 3:
        raise NotExpressible("takes tensors of more than three axes")
    _refuse_overflow(call)
    axes = call.config["axes"]
    pair = [axes, axes] if isinstance(axes, int) else list(axes)
    counted = [axis % rank for axis, rank in zip(pair, ranks, strict=True)]
    if 0 in counted:
        raise NotExpressible("works along the axis of the batch")
    return emit("Dot", *call.inputs, axes=counted, normalize=call.config["normalize"])
