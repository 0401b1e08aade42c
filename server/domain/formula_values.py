"""Where a formula has a value: asked at the door, before any sample is drawn from it.

The samples themselves are made by NumPy (server/datasets/formula.py); this counts a few hundred places.
"""

import math
from collections.abc import Callable, Mapping
from functools import lru_cache

from server.domain.formula import Expression, Number, Variable, parse_formula

_LINE_PLACES = 200
_PLANE_PLACES = 15
"""Places along a line, and along each side of the plane; none of them is 0, where many laws have their gap."""


def value_at(expression: Expression, x1: float, x2: float = 0.0) -> float:
    """The value of a formula at one place; not-a-number where it has none."""
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, Variable):
        return x1 if expression.name == "x1" else x2
    values = [value_at(argument, x1, x2) for argument in expression.arguments]
    if any(map(math.isnan, values)):
        return math.nan
    try:
        return _OPERATIONS[expression.name](*values)
    except (ArithmeticError, ValueError):
        return math.nan


@lru_cache(maxsize=256)
def defined_share(formula: str, domain: tuple[float, float], *, is_plane: bool, most: float = math.inf) -> float:
    """The share of a domain, 0 to 1, where a readable formula has a value of at most that size."""
    expression = parse_formula(formula, is_plane=is_plane)
    along = _places(domain, _PLANE_PLACES if is_plane else _LINE_PLACES)
    across = along if is_plane else [0.0]
    sizes = [abs(value_at(expression, x1, x2)) for x1 in along for x2 in across]
    return sum(size <= most for size in sizes) / len(sizes)


def _places(domain: tuple[float, float], count: int) -> list[float]:
    low, high = domain
    # A little off the middle of each part: the middle of the middle one is 0.
    return [low + (high - low) * (part + 0.45) / count for part in range(count)]


def _power(base: float, exponent: float) -> float:
    power = base**exponent
    return math.nan if isinstance(power, complex) else float(power)


def _sign(value: float) -> float:
    return float((value > 0) - (value < 0))


_OPERATIONS: Mapping[str, Callable[..., float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "^": _power,
    "negative": lambda value: -value,
    "abs": abs,
    "cos": math.cos,
    "exp": math.exp,
    "log": math.log,
    "max": lambda *values: max(values),
    "min": lambda *values: min(values),
    "relu": lambda value: max(value, 0.0),
    "sign": _sign,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "step": lambda value: float(value >= 0),
    "tan": math.tan,
    "tanh": math.tanh,
}
