"""The law of a data set as NumPy source."""

import ast
from math import e, pi

from server.domain.formula import Expression, Number, Operation, Variable, parse_formula

_OPERATORS: dict[str, type[ast.operator]] = {
    "+": ast.Add,
    "-": ast.Sub,
    "*": ast.Mult,
    "/": ast.Div,
    "^": ast.Pow,
}
_FUNCTIONS = {
    "max": "np.maximum",
    "min": "np.minimum",
    "relu": "np.maximum",
    "step": "np.heaviside",
}
"""Where NumPy's name is another one; relu and step have one more argument there."""

_MORE_ARGUMENTS = {"relu": 0.0, "step": 1.0}


def law_source(formula: str, *, is_plane: bool) -> str:
    """A function `law(x1, x2)`: the values of a readable formula, of the shape of x1."""
    expression = ast.unparse(_node(parse_formula(formula, is_plane=is_plane)))
    return (
        f'def law(x1, x2):\n    """{formula.replace(chr(92), "")}"""\n'
        '    with np.errstate(all="ignore"):\n'
        f"        return np.broadcast_to({expression}, x1.shape).astype(float)"
    )


def _node(expression: Expression) -> ast.expr:
    if isinstance(expression, Number):
        return _number(expression.value)
    if isinstance(expression, Variable):
        return ast.Name(expression.name)
    arguments = [_node(argument) for argument in expression.arguments]
    if not any(_has_variable(argument) for argument in expression.arguments):
        # Plain Python numbers raise where NumPy's have no value: 1 / 0.
        arguments[0] = _call("np.float64", [arguments[0]])
    return _applied(expression, arguments)


def _applied(expression: Operation, arguments: list[ast.expr]) -> ast.expr:
    name = expression.name
    if name == "negative":
        return ast.UnaryOp(ast.USub(), arguments[0])
    if name in _OPERATORS:
        return ast.BinOp(arguments[0], _OPERATORS[name](), arguments[1])
    if name in ("max", "min"):
        return _folded(_FUNCTIONS[name], arguments)
    more = [_number(_MORE_ARGUMENTS[name])] if name in _MORE_ARGUMENTS else []
    return _call(_FUNCTIONS.get(name, f"np.{name}"), [*arguments, *more])


def _folded(function: str, arguments: list[ast.expr]) -> ast.expr:
    """NumPy's take two arguments only."""
    whole = arguments[0]
    for argument in arguments[1:]:
        whole = _call(function, [whole, argument])
    return whole


def _number(value: float) -> ast.expr:
    if value in (pi, e):
        return ast.Name("np.pi" if value == pi else "np.e")
    return ast.Constant(value)


def _call(function: str, arguments: list[ast.expr]) -> ast.expr:
    return ast.Call(ast.Name(function), arguments, [])


def _has_variable(expression: Expression) -> bool:
    if isinstance(expression, Operation):
        return any(_has_variable(argument) for argument in expression.arguments)
    return isinstance(expression, Variable)
