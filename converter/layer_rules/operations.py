"""Rules of functions: what `x + y`, `2 * x` and `keras.ops.relu(x)` become in a functional model."""

from __future__ import annotations

from typing import Any

import numpy as np

from converter.layer_rules.activations import by_name, gelu_by_tanh, scaled, softmax_along
from converter.layer_rules.reshaping import reshaped
from converter.layer_rules.rule import Answer, Emit, NotExpressible, layer_rule, no_rule
from converter.model_graph import Call, Shape, Tensor

no_rule("is a comparison or selection, which TensorFlow.js layers do not know", "ops.GetItem", "ops.Where")

_FLOATS = ("float32", "float64")

_CLASS_NAMES = {"ops.Add": "Add", "ops.Maximum": "Maximum", "ops.Minimum": "Minimum", "ops.Multiply": "Multiply"}

_ACTIVATIONS = {
    "ops.Celu": "celu",
    "ops.Elu": "elu",
    "ops.HardShrink": "hard_shrink",
    "ops.HardSigmoid": "hard_sigmoid",
    "ops.HardSilu": "hard_silu",
    "ops.HardTanh": "hard_tanh",
    "ops.LogSigmoid": "log_sigmoid",
    "ops.Mish": "mish",
    "ops.Relu": "relu",
    "ops.Relu6": "relu6",
    "ops.Selu": "selu",
    "ops.Sigmoid": "sigmoid",
    "ops.Silu": "silu",
    "ops.SoftShrink": "soft_shrink",
    "ops.Softplus": "softplus",
    "ops.Softsign": "softsign",
    "ops.SparseSigmoid": "sparse_sigmoid",
    "ops.Tanh": "tanh",
    "ops.TanhShrink": "tanh_shrink",
}


# ---- Arithmetic -----------------------------------------------------------------------------------------------


def _operands(call: Call) -> tuple[Any, Any]:
    first, second, *_ = (*call.arguments.values(), None, None)
    return first, second


def _is_spread(tensor: Tensor, answer: Shape) -> bool:
    return tensor.shape != answer


def _refuse_other_shape(call: Call) -> None:
    for value in _operands(call):
        if isinstance(value, Tensor) and (len(value.shape) != len(call.output.shape) or value.dtype not in _FLOATS):
            raise NotExpressible("works on tensors of different ranks or of whole numbers")


def _constant(value: Any, call: Call) -> Any:
    """A constant as TF.js' Rescaling takes it. Raises NotExpressible if it makes the answer larger than its input."""
    array = np.asarray(value, dtype=np.float64)
    while array.ndim and array.ndim >= len(call.output.shape) and array.shape[0] == 1:
        array = array[0]
    if array.ndim >= len(call.output.shape) or any(
        isinstance(tensor, Tensor) and _is_spread(tensor, call.output.shape) for tensor in _operands(call)
    ):
        raise NotExpressible("spreads its input over a larger constant")
    return array.tolist()


@layer_rule(*_CLASS_NAMES, takes=["x2"])
def arithmetic(call: Call, emit: Emit) -> Answer:
    """Of two tensors the layer of that name; of a tensor and a constant a Rescaling."""
    _refuse_other_shape(call)
    first, second = _operands(call)
    class_name = _CLASS_NAMES[call.operation.class_name]
    if isinstance(first, Tensor) and isinstance(second, Tensor):
        return emit(class_name, first, second)
    tensor, other = (first, second) if isinstance(first, Tensor) else (second, first)
    constant = _constant(other, call)
    if class_name == "Add":
        return scaled(emit, tensor, 1.0, constant)
    if class_name == "Multiply":
        return scaled(emit, tensor, constant)
    raise NotExpressible("compares with a constant")


@layer_rule("ops.Subtract", takes=["x2"])
def subtract(call: Call, emit: Emit) -> Answer:
    """A sum with what is negative."""
    _refuse_other_shape(call)
    first, second = _operands(call)
    if isinstance(first, Tensor) and isinstance(second, Tensor):
        return emit("Add", first, scaled(emit, second, -1.0))
    if isinstance(first, Tensor):
        return scaled(emit, first, 1.0, (-np.asarray(_constant(second, call))).tolist())
    return scaled(emit, second, -1.0, _constant(first, call))


@layer_rule("ops.Divide", "ops.TrueDivide", takes=["x2"])
def divide(call: Call, emit: Emit) -> Answer:
    """By a constant only."""
    _refuse_other_shape(call)
    first, second = _operands(call)
    if isinstance(second, Tensor):
        raise NotExpressible("divides by a tensor, which TensorFlow.js layers do not")
    return scaled(emit, first, (1 / np.asarray(_constant(second, call))).tolist())


@layer_rule("ops.Negative")
def negative(call: Call, emit: Emit) -> Answer:
    """Times -1."""
    _refuse_other_shape(call)
    return scaled(emit, call.input, -1.0)


@layer_rule("ops.Square")
def square(call: Call, emit: Emit) -> Answer:
    """Times itself."""
    _refuse_other_shape(call)
    return emit("Multiply", call.input, call.input)


# ---- Activations ----------------------------------------------------------------------------------------------


@layer_rule(*_ACTIVATIONS)
def activation(call: Call, emit: Emit) -> Answer:
    """The activation of that name, with Keras' own numbers."""
    return by_name(_ACTIVATIONS[call.operation.class_name], call.input, emit)


@layer_rule("ops.Gelu", reads=["approximate"])
def gelu(call: Call, emit: Emit) -> Answer:
    """The exact form by its name, the approximate one written out."""
    if call.config.get("approximate", True):
        return gelu_by_tanh(call.input, emit)
    return by_name("gelu", call.input, emit)


@layer_rule("ops.LeakyRelu", reads=["negative_slope"])
def leaky_relu(call: Call, emit: Emit) -> Answer:
    """A layer of its own in TF.js."""
    return emit("LeakyReLU", call.input, alpha=call.config["negative_slope"])


@layer_rule("ops.Softmax", reads=["axis"])
def softmax(call: Call, emit: Emit) -> Answer:
    """Along one axis or several."""
    if call.config["axis"] is None:
        raise NotExpressible("has axis=None")
    return softmax_along(call.config["axis"], call.input, call.input.shape, emit)


@layer_rule("ops.LogSoftmax", reads=["axis"])
def log_softmax(call: Call, emit: Emit) -> Answer:
    """Along the last axis only."""
    axis = call.config["axis"]
    if axis is None or axis % len(call.input.shape) != len(call.input.shape) - 1:
        raise NotExpressible(f"has axis={axis}")
    return by_name("log_softmax", call.input, emit)


# ---- Shapes ---------------------------------------------------------------------------------------------------


def _refuse_other_batch(call: Call, is_kept: bool) -> None:
    if not is_kept:
        raise NotExpressible("changes the axis of the batch, which TensorFlow.js layers do not")


@layer_rule("ops.Reshape", reads=["newshape"])
def reshape(call: Call, emit: Emit) -> Answer:
    """Reshape, while each sample stays one sample."""
    newshape = call.config["newshape"]
    rows = newshape[0] if isinstance(newshape, (list, tuple)) and newshape else None
    _refuse_other_batch(call, rows in (-1, None) and call.output.shape[0] is None)
    _refuse_other_batch(call, _sample_size(call.input.shape) == _sample_size(call.output.shape))
    return reshaped(emit, call.input, call.output.shape)


def _sample_size(shape: Shape) -> int | None:
    return None if None in shape[1:] else int(np.prod([size or 0 for size in shape[1:]], dtype=np.int64))


@layer_rule("ops.Transpose", reads=["axes"])
def transpose(call: Call, emit: Emit) -> Answer:
    """Permute, while the batch stays in front."""
    axes = call.config["axes"]
    places = [axis % len(call.input.shape) for axis in axes] if axes is not None else [-1]
    _refuse_other_batch(call, places[0] == 0)
    return emit("Permute", call.input, dims=places[1:])


@layer_rule("ops.ExpandDims", "ops.Squeeze", reads=["axis"])
def add_or_drop_axis(call: Call, emit: Emit) -> Answer:
    """Reshape, while the batch stays in front."""
    _refuse_other_batch(call, call.output.shape[:1] == call.input.shape[:1] and len(call.output.shape) > 1)
    axes = np.atleast_1d(call.config["axis"] if call.config["axis"] is not None else 1)
    rank = max(len(call.input.shape), len(call.output.shape))
    _refuse_other_batch(call, all(int(axis) % rank != 0 for axis in axes))
    return reshaped(emit, call.input, call.output.shape)


@layer_rule("ops.Concatenate", reads=["axis"])
def concatenate(call: Call, emit: Emit) -> Answer:
    """Along any axis but the batch."""
    axis = call.config["axis"] % len(call.output.shape) if call.config["axis"] is not None else 0
    _refuse_other_batch(call, axis != 0)
    return emit("Concatenate", *call.inputs, axis=axis)
