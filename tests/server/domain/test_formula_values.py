"""Where a formula has a value, and which."""

import math

import pytest

from server.domain.formula import parse_formula
from server.domain.formula_values import defined_share, value_at


@pytest.mark.parametrize(
    "text", ["1/0", "log(0)", "log(-1)", "sqrt(-1)", "(-8)^0.5", "0^-1", "exp(1000)", "10^400", "max(sqrt(-1), 2)"]
)
def test_where_a_formula_has_no_value_it_is_not_a_number(text: str) -> None:
    assert math.isnan(value_at(parse_formula(text, is_plane=False), 1.0))


@pytest.mark.parametrize(
    ("text", "is_plane", "most", "share"),
    [
        ("x", False, math.inf, 1.0),
        ("1/x", False, 1000.0, 1.0),
        ("sqrt(x)", False, 1000.0, 0.5),
        ("sqrt(x1)", True, 1000.0, 0.5),
        ("log(-x^2)", False, math.inf, 0.0),
        ("600x", False, 1000.0, 5 / 6),
        ("600x", False, math.inf, 1.0),
    ],
)
def test_the_share_of_a_domain_that_has_values(text: str, is_plane: bool, most: float, share: float) -> None:
    assert defined_share(text, (-2.0, 2.0), is_plane=is_plane, most=most) == pytest.approx(share, abs=0.04)
