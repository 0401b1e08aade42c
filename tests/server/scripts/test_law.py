"""A law as NumPy source has the values of the law itself."""

import numpy as np
import pytest

from server.datasets.formula import law_of
from server.scripts.law import law_source

FORMULAS = [
    "x^3 + x^2 - x - 1",
    "-x^2",
    "2^3^2 + 0x",
    "1/0 + x",
    "(0 - 8)^(1/3) + x",
    "max(x, 1, 2) - min(x, -1)",
    "relu(x) * step(x) / sign(x)",
    "sin(pi x) + cos(e) + tan(x/2)",
    "sqrt(x) + log(x) + exp(-x) + abs(x) + tanh(x)",
    "3",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_source_of_a_law_has_its_values(formula: str) -> None:
    x1, x2 = np.linspace(-3, 3, 13), np.linspace(2, -2, 13)
    names: dict[str, object] = {"np": np}
    exec(law_source(formula, is_plane=False), names)  # noqa: S102 - our own source, which is what is tested

    np.testing.assert_allclose(names["law"](x1, x2), law_of(formula, is_plane=False)(x1, x2))  # type: ignore[operator]


def test_a_law_of_the_plane_knows_both_inputs() -> None:
    assert "x1 * x2 / 10.0" in law_source("x * y / 10", is_plane=True)
