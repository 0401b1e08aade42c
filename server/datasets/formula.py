"""A formula over whole arrays, each operation a function of NumPy's."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np

from server.datasets.sample import Array, Law
from server.domain.formula import Expression, Number, Variable, parse_formula


def law_of(formula: str, *, is_plane: bool) -> Law:
    """(x1, x2) -> the values of a readable formula; not-a-number or infinite where it has none."""
    expression = parse_formula(formula, is_plane=is_plane)

    def law(x1: Array, x2: Array) -> Array:
        with np.errstate(all="ignore"):
            values = _values(expression, {"x1": x1, "x2": x2})
        return np.broadcast_to(values, x1.shape).astype(float)

    return law


def _values(expression: Expression, inputs: Mapping[str, Array]) -> Any:
    if isinstance(expression, Number):
        return np.float64(expression.value)
    if isinstance(expression, Variable):
        return inputs[expression.name]
    return _OPERATIONS[expression.name](*(_values(argument, inputs) for argument in expression.arguments))


_OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
    "negative": np.negative,
    "abs": np.abs,
    "cos": np.cos,
    "exp": np.exp,
    "log": np.log,
    "max": lambda *values: reduce(np.maximum, values),
    "min": lambda *values: reduce(np.minimum, values),
    "relu": lambda value: np.maximum(value, 0),
    "sign": np.sign,
    "sin": np.sin,
    "sqrt": np.sqrt,
    "step": lambda value: np.heaviside(value, 1.0),
    "tan": np.tan,
    "tanh": np.tanh,
}
