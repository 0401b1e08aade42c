"""Functions of single numbers: what TensorFlow.js lacks, written with what it has."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

_SMALLEST_INTEGER = np.iinfo(np.int32).min

_HIDDEN = -1e18

Inputs = list[tf.Tensor]


def _erfc(_: tf.Operation, inputs: Inputs) -> Any:
    return 1.0 - tf.math.erf(inputs[0])


def _softsign(_: tf.Operation, inputs: Inputs) -> Any:
    return inputs[0] / (1.0 + tf.abs(inputs[0]))


def _bitcast(operation: tf.Operation, inputs: Inputs) -> Any:
    """Keep the sign bit of a float, all that Keras asks a bit pattern for (`signbit`, and through it `argmax`)."""
    uses = operation.outputs[0].consumers()
    if inputs[0].dtype != tf.float32 or not all(use.type == "BitwiseAnd" for use in uses):
        return None
    negative = tf.logical_or(inputs[0] < 0.0, 1.0 / inputs[0] < 0.0)  # 1 / -0.0 is minus infinity
    return tf.where(negative, _SMALLEST_INTEGER, 0)


def _bitwise_and(_: tf.Operation, inputs: Inputs) -> Any:
    for bits, mask in (inputs, reversed(inputs)):
        constant = tf.get_static_value(mask)
        if constant is not None and np.all(constant == _SMALLEST_INTEGER):
            return tf.where(bits < 0, _SMALLEST_INTEGER, 0)
    return None


def _floor_div(_: tf.Operation, inputs: Inputs) -> Any:
    """TensorFlow.js returns integers for floats here, and divides those differently further on."""
    return tf.floor(inputs[0] / inputs[1]) if inputs[0].dtype == tf.float32 else None


def _truncate_div(_: tf.Operation, inputs: Inputs) -> Any:
    sign = tf.sign(inputs[0]) * tf.sign(inputs[1])
    return sign * (tf.abs(inputs[0]) // tf.abs(inputs[1]))


def _truncate_mod(operation: tf.Operation, inputs: Inputs) -> Any:
    if inputs[0].dtype == tf.float32:
        quotient = inputs[0] / inputs[1]
        return inputs[0] - inputs[1] * (tf.sign(quotient) * tf.floor(tf.abs(quotient)))
    return inputs[0] - inputs[1] * _truncate_div(operation, inputs)


def _logical_xor(_: tf.Operation, inputs: Inputs) -> Any:
    return tf.logical_and(tf.logical_or(*inputs), tf.logical_not(tf.logical_and(*inputs)))


def _zero_where_first_is_zero(result: Any) -> Any:
    def rule(_: tf.Operation, inputs: Inputs) -> Any:
        first, second = inputs
        zero = tf.equal(first, 0.0)
        return tf.where(zero, 0.0, result(first, tf.where(zero, 1.0, second)))

    return rule


def _mul_no_nan(_: tf.Operation, inputs: Inputs) -> Any:
    return tf.where(tf.equal(inputs[1], 0.0), 0.0, inputs[0] * inputs[1])


def _reciprocal(_: tf.Operation, inputs: Inputs) -> Any:
    return tf.math.reciprocal(inputs[0])


def _rounded_to_even(_: tf.Operation, inputs: Inputs) -> Any:
    return tf.round(inputs[0])


def _select(operation: tf.Operation, inputs: Inputs) -> Any:
    """The old Select spreads a condition of one axis over the first axis of the others, not over the last."""
    condition, first, second = inputs
    added = len(operation.inputs[1].shape) - len(condition.shape)
    if added:
        condition = tf.reshape(condition, tf.concat([tf.shape(condition), tf.ones([added], tf.int32)], axis=0))
    return tf.where(condition, first, second)


def _softmax(operation: tf.Operation, inputs: Inputs) -> Any:
    """Lift what a mask hides: in WebGL the search for the largest number begins above it, and a row may have no other.

    Nothing at -1e18 is seen beside anything else, and a row of nothing else stays as even as it is in TensorFlow.
    """
    if not _may_be_masked(operation.inputs[0].op):
        return None
    return tf.nn.softmax(tf.maximum(inputs[0], _HIDDEN))


def _may_be_masked(operation: tf.Operation, depth: int = 8) -> bool:
    """Whether a selection, or a constant of minus almost infinity, is among what an operation is made from."""
    if operation.type in ("Select", "SelectV2"):
        return True
    if operation.type == "Const":
        value = tf.get_static_value(operation.outputs[0])
        return bool(value is not None and value.dtype.kind == "f" and value.size and value.min() < _HIDDEN)
    return depth > 0 and any(_may_be_masked(source.op, depth - 1) for source in operation.inputs)


def _clip_by_value(_: tf.Operation, inputs: Inputs) -> Any:
    """Limits that are tensors, and integers, need the general form."""
    limits = [tf.get_static_value(limit) for limit in inputs[1:]]
    if inputs[0].dtype == tf.float32 and all(limit is not None and np.ndim(limit) == 0 for limit in limits):
        return None
    return tf.maximum(tf.minimum(inputs[0], inputs[2]), inputs[1])


def _same(_: tf.Operation, inputs: Inputs) -> Any:
    return tf.identity(inputs[0])


RULES: dict[str, Any] = {
    "Erfc": _erfc,
    "Softsign": _softsign,
    "Bitcast": _bitcast,
    "BitwiseAnd": _bitwise_and,
    "FloorDiv": _floor_div,
    "TruncateDiv": _truncate_div,
    "TruncateMod": _truncate_mod,
    "Mod": _truncate_mod,
    "LogicalXor": _logical_xor,
    "Xlogy": _zero_where_first_is_zero(lambda first, second: first * tf.math.log(second)),
    "Xlog1py": _zero_where_first_is_zero(lambda first, second: first * tf.math.log1p(second)),
    "Xdivy": _zero_where_first_is_zero(lambda first, second: first / second),
    "MulNoNan": _mul_no_nan,
    "Inv": _reciprocal,
    "Rint": _rounded_to_even,
    "Select": _select,
    "Softmax": _softmax,
    "ClipByValue": _clip_by_value,
    "EnsureShape": _same,
    "CheckNumerics": _same,
    "PreventGradient": _same,
}
