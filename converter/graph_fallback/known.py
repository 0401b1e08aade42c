"""Values that are certain before any data comes, even where they are made from shapes that are only partly known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

_Numbers = NDArray[np.float64]
_MOST_NUMBERS = 64

_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "AddV2": np.add,
    "Sub": np.subtract,
    "Mul": np.multiply,
    "RealDiv": np.divide,
    "FloorDiv": np.floor_divide,
    "FloorMod": np.mod,
    "Minimum": np.minimum,
    "Maximum": np.maximum,
    "Floor": np.floor,
    "Identity": np.asarray,
    "Pack": lambda *values: np.stack(values),
    "ConcatV2": lambda *values: np.concatenate(values[:-1]),
    "GatherV2": lambda values, places, _: values[places.astype(int)],
    "Prod": lambda values, _: np.prod(values),
}
_COMPARISONS: dict[str, Callable[..., Any]] = {
    "Equal": np.equal,
    "NotEqual": np.not_equal,
    "Less": np.less,
    "LessEqual": np.less_equal,
    "Greater": np.greater,
    "GreaterEqual": np.greater_equal,
    "LogicalAnd": np.logical_and,
    "LogicalOr": np.logical_or,
    "LogicalNot": np.logical_not,
}


def is_made_from_shapes(tensor: tf.Tensor) -> bool:
    """Say whether a tensor could be certain though it is no constant: a small one, made by what shapes go through."""
    return _is_computed(tensor.op) and _is_small(tensor)


def known(tensor: tf.Tensor) -> NDArray[np.generic] | None:
    """Give the value of a small tensor if it is certain, else None."""
    constant = tf.get_static_value(tensor)
    if constant is not None:
        return np.asarray(constant)
    numbers = _numbers(tensor)
    if numbers is None or np.isnan(numbers).any():
        return None
    return np.asarray(numbers, dtype=tensor.dtype.as_numpy_dtype)


def _numbers(tensor: tf.Tensor) -> _Numbers | None:
    """Compute backwards; NaN stands for a size that is not known. None where something else than shapes is needed."""
    constant = tf.get_static_value(tensor)
    if constant is not None:
        return np.asarray(constant, np.float64) if np.size(constant) <= _MOST_NUMBERS else None
    operation = tensor.op
    if not _is_small(tensor):
        return None
    if operation.type == "Shape":
        shape = operation.inputs[0].shape
        return None if shape.rank is None else np.array([np.nan if s is None else s for s in shape], np.float64)
    inputs = [_numbers(given) for given in operation.inputs] if _is_computed(operation) else [None]
    if any(value is None for value in inputs):
        return None
    return _computed(operation, inputs)


def _is_small(tensor: tf.Tensor) -> bool:
    return bool(tensor.shape.is_fully_defined() and tensor.shape.num_elements() <= _MOST_NUMBERS)


def _is_computed(operation: tf.Operation) -> bool:
    return operation.type in {*_FUNCTIONS, *_COMPARISONS, "Cast", "StridedSlice"}


def _computed(operation: tf.Operation, inputs: list[Any]) -> _Numbers | None:
    kind = operation.type
    if kind == "Cast":
        whole = operation.outputs[0].dtype.is_integer
        return np.trunc(inputs[0]) if whole else np.asarray(inputs[0])
    if kind == "StridedSlice":
        return _sliced(operation, inputs)
    if kind in _COMPARISONS:
        if any(np.isnan(value).any() for value in inputs):
            return np.array(np.nan)
        return np.asarray(_COMPARISONS[kind](*inputs), np.float64)
    return np.asarray(_FUNCTIONS[kind](*inputs), np.float64)


def _sliced(operation: tf.Operation, inputs: list[Any]) -> _Numbers | None:
    """Slice a vector, as shapes are."""
    values, begin, end, stride = inputs
    if values.ndim != 1 or operation.get_attr("ellipsis_mask") or operation.get_attr("new_axis_mask"):
        return None
    start, step = int(begin[0]), int(stride[0])
    if operation.get_attr("shrink_axis_mask"):
        return np.asarray(values[start])
    first = None if operation.get_attr("begin_mask") else start
    return np.asarray(values[first : None if operation.get_attr("end_mask") else int(end[0]) : step])


def is_certain(tensor: tf.Tensor) -> bool | None:
    """Give the truth of a condition if it is certain, else None."""
    value = known(tensor)
    return None if value is None else bool(value)
