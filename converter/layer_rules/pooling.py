"""Rules of pooling."""

from __future__ import annotations

from typing import Any

from converter.layer_rules.reshaping import permuted, reshaped
from converter.layer_rules.rule import Answer, Emit, Source, layer_rule, no_rule
from converter.model_graph import Call

no_rule(
    "pools to a size that depends on its input, which TensorFlow.js layers do not",
    *(f"Adaptive{kind}Pooling{rank}D" for kind in ("Average", "Max") for rank in (1, 2, 3)),
)


def _format(call: Call) -> str:
    return str(call.config.get("data_format") or "channels_last")


def _window(call: Call) -> dict[str, Any]:
    size = call.config["pool_size"]
    return {"pool_size": size, "strides": call.config["strides"] or size, "padding": call.config["padding"]}


@layer_rule("AveragePooling1D", "MaxPooling1D", reads=["pool_size", "strides", "padding", "data_format"])
def pooling_1d(call: Call, emit: Emit) -> Answer:
    """The same; TF.js knows sequences with channels last only."""
    is_first = _format(call) == "channels_first"
    source: Source = permuted(emit, call.input, [2, 1]) if is_first else call.input
    place = emit(call.operation.class_name, source, **_window(call))
    return permuted(emit, place, [2, 1]) if is_first else place


@layer_rule(
    *("AveragePooling2D", "AveragePooling3D", "MaxPooling2D", "MaxPooling3D"),
    reads=["pool_size", "strides", "padding", "data_format"],
)
def pooling(call: Call, emit: Emit) -> Answer:
    """The same."""
    return emit(call.operation.class_name, call.input, **_window(call), data_format=_format(call))


@layer_rule("GlobalAveragePooling1D", "GlobalMaxPooling1D", reads=["data_format", "keepdims"])
def global_pooling_1d(call: Call, emit: Emit) -> Answer:
    """The same, without the axis that TF.js always drops."""
    is_first = _format(call) == "channels_first"
    source: Source = permuted(emit, call.input, [2, 1]) if is_first else call.input
    return _kept(call, emit, emit(call.operation.class_name, source))


@layer_rule("GlobalAveragePooling2D", "GlobalMaxPooling2D", reads=["data_format", "keepdims"])
def global_pooling_2d(call: Call, emit: Emit) -> Answer:
    """The same, without the axes that TF.js always drops."""
    return _kept(call, emit, emit(call.operation.class_name, call.input, data_format=_format(call)))


@layer_rule("GlobalAveragePooling3D", "GlobalMaxPooling3D", reads=["data_format", "keepdims"])
def global_pooling_3d(call: Call, emit: Emit) -> Answer:
    """A volume as a sequence: TF.js pools no whole volumes."""
    source: Source = call.input
    is_first = _format(call) == "channels_first"
    channels = call.input.shape[1] if is_first else call.input.shape[-1]
    if is_first:
        source = permuted(emit, source, [2, 3, 4, 1])
    sequence = reshaped(emit, source, (None, _product(call), channels))
    return _kept(call, emit, emit(call.operation.class_name.replace("3D", "1D"), sequence))


def _product(call: Call) -> int | None:
    sizes = call.input.shape[2:] if _format(call) == "channels_first" else call.input.shape[1:-1]
    total = 1
    for size in sizes:
        if size is None:
            return None
        total *= size
    return total


def _kept(call: Call, emit: Emit, place: Source) -> Source:
    return reshaped(emit, place, call.output.shape) if call.config.get("keepdims") else place
