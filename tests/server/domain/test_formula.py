"""Formulas: what can be read and what it means, and a sentence for everything else."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import limits
from server.domain.formula import (
    FUNCTIONS,
    Expression,
    FormulaError,
    Number,
    Operation,
    Variable,
    parse_formula,
)
from server.domain.formula_values import value_at

PLACES = [(0.5, 2.0), (1.25, 0.75), (3.0, 1.5), (-2.5, 4.0)]

PYTHON: dict[str, Any] = {
    **{name: getattr(math, name) for name in ("pi", "e", "sin", "cos", "tan", "exp", "log", "sqrt", "tanh")},
    "abs": abs,
    "max": max,
    "min": min,
}

# A formula, and the same in Python's own arithmetic.
GOOD = [
    ("x", "x1"),
    ("x1", "x1"),
    ("y", "x2"),
    ("x2", "x2"),
    ("X", "x1"),
    ("7", "7"),
    ("0.25", "0.25"),
    (".5", "0.5"),
    ("3.", "3"),
    ("pi", "pi"),
    ("π x", "pi * x1"),
    ("e", "e"),
    ("e^x", "e ** x1"),
    ("x^3 + x^2 - x - 1", "x1**3 + x1**2 - x1 - 1"),
    ("x1 - x2 - 3", "x1 - x2 - 3"),
    ("x1 - (x2 - 3)", "x1 - (x2 - 3)"),
    ("12 / 4 / 3", "12 / 4 / 3"),
    ("12 / (4 / 3)", "12 / (4 / 3)"),
    ("2 + 3 * x", "2 + 3 * x1"),
    ("(2 + 3) * x", "(2 + 3) * x1"),
    ("2^3^2", "2**3**2"),
    ("(2^3)^2", "(2**3)**2"),
    ("-x^2", "-(x1**2)"),
    ("(-x)^2", "(-x1)**2"),
    ("2^-x", "2**-x1"),
    ("2^-x^2", "2**-(x1**2)"),
    ("-2^2", "-4"),
    ("--x", "x1"),
    ("+x - -x2", "x1 + x2"),
    ("2x", "2 * x1"),
    ("3(x + 1)", "3 * (x1 + 1)"),
    ("(x1 + 1)(x2 - 1)", "(x1 + 1) * (x2 - 1)"),
    ("2x^2", "2 * x1**2"),
    ("2 x y", "2 * x1 * x2"),
    ("x(x + 1)", "x1 * (x1 + 1)"),
    ("x^2x", "x1**2 * x1"),
    ("1/2x", "1 / 2 * x1"),
    ("1/(2x)", "1 / (2 * x1)"),
    ("-2x", "-2 * x1"),
    ("2 sin(x)", "2 * sin(x1)"),
    ("sin(x)cos(x)", "sin(x1) * cos(x1)"),
    ("sin(x)^2 + cos(x)^2", "sin(x1)**2 + cos(x1)**2"),
    ("SIN(X)", "sin(x1)"),
    ("tan(x)", "tan(x1)"),
    ("exp(-x^2)", "exp(-x1**2)"),
    ("log(abs(x))", "log(abs(x1))"),
    ("ln(y)", "log(x2)"),
    ("sqrt(x^2 + y^2)", "sqrt(x1**2 + x2**2)"),
    ("tanh(x / 2)", "tanh(x1 / 2)"),
    ("max(x, y)", "max(x1, x2)"),
    ("min(x, 0, y)", "min(x1, 0, x2)"),
    ("sign(x)", "(x1 > 0) - (x1 < 0)"),
    ("sign(0)", "0"),
    ("step(x)", "float(x1 >= 0)"),
    ("step(0)", "1"),
    ("relu(x)", "max(x1, 0)"),
    ("x ** 2", "x1**2"),
    ("x² + y³", "x1**2 + x2**3"),
    ("−x · 3 × y ÷ 2 – 1", "-x1 * 3 * x2 / 2 - 1"),
    ("\tx\n+ 1 ", "x1 + 1"),
    ("((((x))))", "x1"),
    ("x2 - 2 sin(x1)", "x2 - 2 * sin(x1)"),
    ("2e", "2 * e"),
    ("2 e - 3", "2 * e - 3"),
]


@pytest.mark.parametrize(("text", "python"), GOOD, ids=[text.strip() for text, _ in GOOD])
def test_a_formula_means_what_it_means_in_arithmetic(text: str, python: str) -> None:
    expression = parse_formula(text, is_plane=True)

    for x1, x2 in PLACES:
        expected = eval(python, {"__builtins__": {"float": float}}, {**PYTHON, "x1": x1, "x2": x2})
        assert value_at(expression, x1, x2) == pytest.approx(expected, rel=1e-12)


def test_an_expression_is_plain_frozen_data() -> None:
    expression = parse_formula("2x^2", is_plane=False)

    assert expression == Operation("*", (Number(2.0), Operation("^", (Variable("x1"), Number(2.0)))))
    with pytest.raises(AttributeError):
        expression.name = "/"  # type: ignore[misc, union-attr]


# ---- Sentences ------------------------------------------------------------------------------------------------

CURVE_NAMES = "x, pi, e, abs, cos, exp, log, relu, sign, sin, sqrt, step, tan, tanh, max, min"

BAD = [
    ("", 1, "formula_empty", "nothing is written; write a law such as x^2 - 1."),
    ("  ", 1, "formula_empty", "nothing is written; write a law such as x^2 - 1."),
    ("x+()", 4, "formula_expected", 'a number, x or ( was expected, but ")" was found.'),
    ("x +", 4, "formula_expected", "a number, x or ( was expected, but the formula ends there."),
    ("^x", 1, "formula_expected", 'a number, x or ( was expected, but "^" was found.'),
    ("x * / 2", 5, "formula_expected", 'a number, x or ( was expected, but "/" was found.'),
    ("x)", 2, "formula_expected", 'an operator such as + or * was expected, but ")" was found.'),
    ("2 3", 3, "formula_expected", 'an operator such as + or * was expected, but "3" was found.'),
    ("x 2", 3, "formula_expected", 'an operator such as + or * was expected, but "2" was found.'),
    ("1.2.3", 4, "formula_expected", 'an operator such as + or * was expected, but ".3" was found.'),
    (
        "1,5",
        2,
        "formula_expected",
        'an operator such as + or * was expected, but "," was found; numbers are written with a dot, as in 0.5.',
    ),
    (
        "2(x + 1",
        8,
        "formula_expected",
        "an operator or the ) for the ( at character 2 was expected, but the formula ends there.",
    ),
    ("sin x", 5, "formula_expected", '( after sin, as in sin(x), was expected, but "x" was found.'),
    ("sin", 4, "formula_expected", "( after sin, as in sin(x), was expected, but the formula ends there."),
    ("sin^2(x)", 4, "formula_expected", '( after sin, as in sin(x), was expected, but "^" was found.'),
    ("sin()", 5, "formula_expected", 'a number, x or ( was expected, but ")" was found.'),
    ("sin(x, 2)", 1, "formula_arguments", "sin takes one value, as in sin(x), but 2 came."),
    ("1 + max(x)", 5, "formula_arguments", "max takes two values or more, as in max(x, 0), but 1 came."),
    ("x2 + 1", 1, "formula_name", '"x2" is not known here; a curve has only x.'),
    ("y", 1, "formula_name", '"y" is not known here; a curve has only x.'),
    ("x1x2", 1, "formula_name", '"x1x2" is not known here; a curve has only x.'),
    ("2 + sinx", 5, "formula_name", '"sinx" is not known here; write sin(x).'),
    ("xx", 1, "formula_name", '"xx" is not known here; write x * x.'),
    ("2pix", 2, "formula_name", '"pix" is not known here; write pi * x.'),
    ("foo", 1, "formula_name", f'"foo" is not known here; known are {CURVE_NAMES}.'),
    ("x_1", 1, "formula_name", f'"x_1" is not known here; known are {CURVE_NAMES}.'),
    ("été", 1, "formula_name", f'"été" is not known here; known are {CURVE_NAMES}.'),
    (
        "y = x",
        3,
        "formula_character",
        '"=" has no meaning in a formula; write only what stands to its right, such as x^2 - 1.',
    ),
    ("[x]", 1, "formula_character", '"[" has no meaning in a formula; write round parentheses ( ).'),
    ("x & 1", 3, "formula_character", '"&" has no meaning in a formula; write numbers, names and + - * / ^ ( ).'),
    ("|x|", 1, "formula_character", '"|" has no meaning in a formula; write abs(x) for the size of x.'),
    ("x.real", 2, "formula_character", '"." has no meaning in a formula; write numbers, names and + - * / ^ ( ).'),
    ("2e3", 1, "formula_two_readings", '"2e3" can be read in two ways; write 2 * 10^3 or 2 * e * 3.'),
    ("x + 1.5e-3", 5, "formula_two_readings", '"1.5e-3" can be read in two ways; write 1.5 * 10^-3 or 1.5 * e - 3.'),
    ("2E+3", 1, "formula_two_readings", '"2E+3" can be read in two ways; write 2 * 10^3 or 2 * e + 3.'),
]


@pytest.mark.parametrize(("text", "position", "code", "sentence"), BAD, ids=[text for text, *_ in BAD])
def test_a_formula_that_cannot_be_read_says_where_and_what_was_expected(
    text: str, position: int, code: str, sentence: str
) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_formula(text, is_plane=False)

    assert str(caught.value) == f"At character {position}: {sentence}"
    assert (caught.value.position, caught.value.code) == (position, code)
    assert caught.value.expected


@pytest.mark.parametrize(
    ("text", "advice"), [("x1x2", "write x1 * x2"), ("xy", "write x * y"), ("siny", "write sin(y)")]
)
def test_names_that_run_into_each_other_are_told_apart(text: str, advice: str) -> None:
    with pytest.raises(FormulaError, match="is not known here") as caught:
        parse_formula(text, is_plane=True)

    assert caught.value.expected == advice


def test_the_plane_names_both_of_its_inputs() -> None:
    with pytest.raises(FormulaError, match=r"a number, x1, x2 or \( was expected"):
        parse_formula("x1 +", is_plane=True)


# ---- Bombs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(" * 100 + "x" + ")" * 100, id="parentheses"),
        pytest.param("-" * 199 + "x", id="signs"),
        pytest.param("^".join("9" * 100), id="powers"),
        pytest.param("sin(" * 40 + "x" + ")" * 40, id="functions"),
        pytest.param("2(" * 60 + "x" + ")" * 60, id="products"),
        pytest.param("x^-" * 60 + "1", id="powers and signs"),
    ],
)
def test_what_is_nested_too_deeply_is_refused(text: str) -> None:
    with pytest.raises(FormulaError, match="nested too deeply; at most 20 levels"):
        parse_formula(text, is_plane=False)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("+".join("x" * 100), id="a long sum"),
        pytest.param(" ".join("x" * 100), id="a long product"),
        pytest.param("-".join(["(x)"] * 50), id="a long difference"),
        pytest.param("x" + "²" * 199, id="squares of squares"),
        pytest.param("9" * 200, id="a long number"),
        pytest.param("9^9^9^9^9^9^9^9^9", id="a tower of powers"),
        pytest.param("exp(" * 19 + "x" + ")" * 19, id="a tower of exponentials"),
    ],
)
def test_a_long_formula_that_can_be_read_has_a_value_or_none_at_once(text: str) -> None:
    value = value_at(parse_formula(text, is_plane=False), 1.5)

    assert isinstance(value, float)


@given(st.text("xye12.+-*/^()², sincolgmaxpt=[]", max_size=limits.MAX_FORMULA_LENGTH), st.booleans())
def test_any_text_is_a_formula_or_gets_a_sentence(text: str, is_plane: bool) -> None:
    expression = _read(text, is_plane)
    if isinstance(expression, FormulaError):
        assert 1 <= expression.position <= len(text) + 1
        assert str(expression).endswith(".")
    else:
        assert isinstance(value_at(expression, 0.5, -1.5), float)


@given(st.text(max_size=60))
def test_no_character_can_break_the_reader(text: str) -> None:
    assert _read(text, is_plane=True)


def _read(text: str, is_plane: bool) -> Expression | FormulaError:
    try:
        return parse_formula(text, is_plane=is_plane)
    except FormulaError as error:
        return error


# ---- Round trip -----------------------------------------------------------------------------------------------


def _written(expression: Expression) -> str:
    """A formula with all of its parentheses."""
    if isinstance(expression, Number):
        return f"{expression.value:.10f}"
    if isinstance(expression, Variable):
        return expression.name
    arguments = [_written(argument) for argument in expression.arguments]
    if expression.name == "negative":
        return f"(-{arguments[0]})"
    if expression.name in FUNCTIONS:
        return f"{expression.name}({', '.join(arguments)})"
    return f"({arguments[0]} {expression.name} {arguments[1]})"


def expressions() -> st.SearchStrategy[Expression]:
    """Expressions of every operation, nested a little."""
    leaves = st.one_of(
        st.integers(0, 99).map(lambda value: Number(value / 4)), st.sampled_from([Variable("x1"), Variable("x2")])
    )
    return st.recursive(leaves, _operations, max_leaves=6)


def _operations(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    singles = ["negative", *(name for name, (fewest, _) in FUNCTIONS.items() if fewest == 1)]
    pairs = ["+", "-", "*", "/", "^", "max", "min"]
    return st.one_of(
        st.builds(Operation, st.sampled_from(singles), st.tuples(parts)),
        st.builds(Operation, st.sampled_from(pairs), st.tuples(parts, parts)),
    )


@given(expressions())
def test_what_is_written_with_all_parentheses_is_read_as_it_was_meant(expression: Expression) -> None:
    assert parse_formula(_written(expression), is_plane=True) == expression


@given(
    st.recursive(
        st.sampled_from(["x1", "x2", "2", "3.5"]),
        lambda part: st.tuples(part, st.sampled_from("+-*/^"), part).map("".join),
        max_leaves=8,
    )
)
def test_without_parentheses_the_order_is_that_of_python(text: str) -> None:
    expression = parse_formula(text, is_plane=True)
    try:
        expected = eval(text.replace("^", "**"), {"__builtins__": {}}, {"x1": 1.25, "x2": 0.75})
    except ArithmeticError:
        return

    assert value_at(expression, 1.25, 0.75) == pytest.approx(expected)
