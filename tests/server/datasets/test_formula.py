"""Formulas over arrays, against the values of one place after the other."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.datasets.formula import law_of
from server.domain.formula import FUNCTIONS, FormulaError, parse_formula
from server.domain.formula_values import value_at

PLACES = np.array([[0.5, 2.0], [-1.25, 0.75], [3.0, -1.5], [0.0, 0.0], [-6.0, 6.0], [1.0, 1.0]])


def _assert_agrees(text: str) -> None:
    """Where there is a value at one place, the array has it there."""
    values = law_of(text, is_plane=True)(*PLACES.T)
    expression = parse_formula(text, is_plane=True)

    assert values.shape == (len(PLACES),)
    assert values.dtype == np.float64
    for value, (x1, x2) in zip(values, PLACES, strict=True):
        expected = value_at(expression, float(x1), float(x2))
        assert math.isnan(expected) or value == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_the_same_values_for_many_places_as_for_one(name: str) -> None:
    _assert_agrees(f"{name}(x1, x2, 0.5)" if FUNCTIONS[name][1] > 1 else f"{name}(x1 - x2)")


@pytest.mark.parametrize("text", ["x1 + x2", "x1 - x2", "x1 * x2", "x1 / x2", "x1 ^ x2", "-x1", "7", "pi", "x^2 - 2 y"])
def test_an_operation_has_the_same_values_for_many_places_as_for_one(text: str) -> None:
    _assert_agrees(text)


_PARTS = st.sampled_from(["x1", "x2", "2", "0.5", "(x1 - 1)", "sin(x2)", "abs(x1)", "max(x1, x2)", "-x2", "3 x1"])


@given(st.lists(st.tuples(_PARTS, st.sampled_from("+-*/^")), max_size=6), _PARTS)
def test_any_formula_has_the_same_values_for_many_places_as_for_one(parts: list[tuple[str, str]], last: str) -> None:
    _assert_agrees(" ".join(f"{part} {operator}" for part, operator in parts) + last)


@pytest.mark.parametrize("text", ["1/0", "log(0 x)", "sqrt(-1)", "9^9^9^9", "tan(pi/2)/0", "exp(exp(exp(10)))"])
def test_where_there_is_no_value_nothing_warns(text: str) -> None:
    assert not np.isfinite(law_of(text, is_plane=False)(np.ones(3), np.zeros(3))).any()


def test_what_cannot_be_read_makes_no_law() -> None:
    with pytest.raises(FormulaError):
        law_of("x2", is_plane=False)
