"""The law of a data set as a person writes it: `x^3 + x^2 - x - 1` becomes a frozen expression, or a sentence.

    sum      = product { (+ | -) product }
    product  = signed { (* | /) signed | power }      two factors side by side are multiplied: 2x, 3(x + 1)
    signed   = (+ | -) signed | power
    power    = atom { ² | ³ } [ ^ signed ]            so 2^3^2 is 2^(3^2), and -x^2 is -(x^2)
    atom     = number | variable | constant | function ( sum { , sum } ) | ( sum )

`1/2x` is read from left to right, as (1/2)x. Nothing a person sends is ever run as a program: names are looked up in
the tables below.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import e, inf, pi
from typing import TypeAlias

from server.domain import limits

# ---- What a formula may say -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Number:
    """A number or a constant."""

    value: float


@dataclass(frozen=True)
class Variable:
    """`x1` or `x2`, whatever it was called in the text."""

    name: str


@dataclass(frozen=True)
class Operation:
    """An operator (`+ - * / ^`, `negative`) or a function, and what it is applied to."""

    name: str
    arguments: tuple["Expression", ...]


Expression: TypeAlias = Number | Variable | Operation

LINE_VARIABLES: Mapping[str, str] = {"x": "x1", "x1": "x1"}
"""The names of a formula over a line, and the input each one means."""

PLANE_VARIABLES: Mapping[str, str] = {"x1": "x1", "x2": "x2", "x": "x1", "y": "x2"}

CONSTANTS: Mapping[str, float] = {"pi": pi, "e": e}

FUNCTIONS: Mapping[str, tuple[float, float]] = {
    **dict.fromkeys(("abs", "cos", "exp", "log", "relu", "sign", "sin", "sqrt", "step", "tan", "tanh"), (1, 1)),
    **dict.fromkeys(("max", "min"), (2, inf)),
}
"""How few and how many arguments a function takes."""

_OTHER_NAMES = {"ln": "log", "π": "pi"}

_LONGEST_SPLIT = 20
"""Longer names are not looked into for known names one behind the other."""


class FormulaError(Exception):
    """A formula that cannot be read: where (characters are counted from 1), and in words what was expected."""

    def __init__(self, code: str, position: int, message: str, expected: str) -> None:
        super().__init__(f"At character {position}: {message}")
        self.code = code
        self.position = position
        self.expected = expected


@lru_cache(maxsize=256)
def parse_formula(text: str, *, is_plane: bool) -> Expression:
    """The expression that a text means, over the plane or over a line. Raises FormulaError."""
    variables = PLANE_VARIABLES if is_plane else LINE_VARIABLES
    return _Parser(_tokens(text), variables).parse()


# ---- Tokens ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Token:
    kind: str
    """`number`, `name`, `end`, or the sign itself: `+ - * / ^ ( ) ,`."""

    text: str
    position: int

    def __str__(self) -> str:
        return f'"{self.text}"'


_TOKEN = re.compile(r"(?P<number>\d+\.?\d*|\.\d+)|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|[-+*/^(),²³−–×·⋅÷])", re.ASCII)
_NAME = re.compile(r"[^\W\d]\w*")
_TWO_READINGS = re.compile(r"[eE][-+]?\d")
_SIGNS = {"**": "^", "−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/"}


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        token = _token_at(text, place)
        tokens.append(token)
        place += len(token.text)
    return [*tokens, _Token("end", "", len(text) + 1)]


def _token_at(text: str, place: int) -> _Token:
    match = _TOKEN.match(text, place) or _NAME.match(text, place)
    if match is None:
        raise _unknown_character(text[place], place + 1)
    found = match[0]
    kind = match.lastgroup or "name"
    if kind == "number" and (exponent := _TWO_READINGS.match(text, match.end())):
        raise _two_readings(found, exponent[0], place + 1)
    return _Token(_SIGNS.get(found, found) if kind == "sign" else kind, found, place + 1)


def _unknown_character(character: str, position: int) -> FormulaError:
    if character == "=":
        advice = "write only what stands to its right, such as x^2 - 1"
    elif character in "[]{}":
        advice = "write round parentheses ( )"
    elif character == "|":
        advice = "write abs(x) for the size of x"
    else:
        advice = "write numbers, names and + - * / ^ ( )"
    return FormulaError("formula_character", position, f'"{character}" has no meaning in a formula; {advice}.', advice)


def _two_readings(number: str, exponent: str, position: int) -> FormulaError:
    sign, digits = ("*", exponent[1:]) if exponent[1].isdigit() else (exponent[1], exponent[2:])
    expected = f"{number} * 10^{'-' if sign == '-' else ''}{digits} or {number} * e {sign} {digits}"
    message = f'"{number}{exponent}" can be read in two ways; write {expected}.'
    return FormulaError("formula_two_readings", position, message, expected)


# ---- Grammar --------------------------------------------------------------------------------------------------


class _Parser:
    """Walks along the tokens, each rule of the grammar a method."""

    def __init__(self, tokens: list[_Token], variables: Mapping[str, str]) -> None:
        self._tokens = tokens
        self._variables = variables
        self._place = 0
        self._depth = 0

    def parse(self) -> Expression:
        if self._next.kind == "end":
            example = "x1 - x2" if "x2" in self._variables else "x^2 - 1"
            raise FormulaError("formula_empty", 1, f"nothing is written; write a law such as {example}.", "a law")
        expression = self._sum()
        if self._next.kind != "end":
            raise self._unexpected("an operator such as + or *")
        return expression

    @property
    def _next(self) -> _Token:
        return self._tokens[self._place]

    def _take(self) -> _Token:
        token = self._next
        self._place += 1
        return token

    def _sum(self) -> Expression:
        expression = self._product()
        while self._next.kind in ("+", "-"):
            expression = Operation(self._take().kind, (expression, self._product()))
        return expression

    def _product(self) -> Expression:
        expression = self._signed()
        while True:
            if self._next.kind in ("*", "/"):
                expression = Operation(self._take().kind, (expression, self._signed()))
            elif self._next.kind in ("name", "("):
                expression = Operation("*", (expression, self._deeper(self._power)))
            else:
                return expression

    def _signed(self) -> Expression:
        return self._deeper(self._opposite if self._next.kind in ("+", "-") else self._power)

    def _deeper(self, rule: Callable[[], Expression]) -> Expression:
        """Every way back into a rule leads through here, so that no text can pile up calls without end."""
        self._depth += 1
        if self._depth > limits.MAX_FORMULA_DEPTH:
            expected = f"at most {limits.MAX_FORMULA_DEPTH} levels"
            message = f"parentheses, signs and powers are nested too deeply; {expected} are read."
            raise FormulaError("formula_too_deep", self._next.position, message, expected)
        expression = rule()
        self._depth -= 1
        return expression

    def _opposite(self) -> Expression:
        sign = self._take().kind
        expression = self._signed()
        return Operation("negative", (expression,)) if sign == "-" else expression

    def _power(self) -> Expression:
        expression = self._atom()
        while self._next.kind in ("²", "³"):
            expression = Operation("^", (expression, Number(2.0 if self._take().kind == "²" else 3.0)))
        if self._next.kind == "^":
            self._take()
            expression = Operation("^", (expression, self._signed()))
        return expression

    def _atom(self) -> Expression:
        if self._next.kind == "number":
            return Number(float(self._take().text))
        if self._next.kind == "name":
            return self._named(self._take())
        if self._next.kind == "(":
            opening = self._take()
            expression = self._sum()
            self._close(opening)
            return expression
        raise self._unexpected(f"a number, {self._listed_variables()} or (")

    def _named(self, token: _Token) -> Expression:
        name = _OTHER_NAMES.get(token.text.lower(), token.text.lower())
        if name in self._variables:
            return Variable(self._variables[name])
        if name in CONSTANTS:
            return Number(CONSTANTS[name])
        if name in FUNCTIONS:
            return self._call(name, token)
        raise self._unknown_name(token)

    def _call(self, name: str, token: _Token) -> Expression:
        if self._next.kind != "(":
            raise self._unexpected(f"( after {token.text}, as in {_example(name)},")
        opening = self._take()
        arguments = [self._sum()]
        while self._next.kind == ",":
            self._take()
            arguments.append(self._sum())
        self._close(opening)
        fewest, most = FUNCTIONS[name]
        if not fewest <= len(arguments) <= most:
            expected = "one value" if most == 1 else "two values or more"
            message = f"{token.text} takes {expected}, as in {_example(name)}, but {len(arguments)} came."
            raise FormulaError("formula_arguments", token.position, message, expected)
        return Operation(name, tuple(arguments))

    def _close(self, opening: _Token) -> None:
        if self._next.kind != ")":
            raise self._unexpected(f"an operator or the ) for the ( at character {opening.position}")
        self._take()

    # ---- Sentences --------------------------------------------------------------------------------------------

    def _unexpected(self, expected: str) -> FormulaError:
        token = self._next
        found = "the formula ends there" if token.kind == "end" else f"{token} was found"
        advice = "; numbers are written with a dot, as in 0.5" if token.kind == "," else ""
        message = f"{expected} was expected, but {found}{advice}."
        return FormulaError("formula_expected", token.position, message, expected.rstrip(","))

    def _unknown_name(self, token: _Token) -> FormulaError:
        parts = _split(token.text.lower()[:_LONGEST_SPLIT])
        is_of_plane = any(PLANE_VARIABLES.get(part, part) == "x2" for part in parts)
        if is_of_plane and "x2" not in self._variables:
            advice = f"a curve has only {self._listed_variables()}"
        elif parts and len(token.text) <= _LONGEST_SPLIT:
            advice = f"write {_written(parts)}"
        else:
            names = ", ".join([self._listed_variables(), *CONSTANTS, *FUNCTIONS])
            advice = f"known are {names}"
        return FormulaError("formula_name", token.position, f"{token} is not known here; {advice}.", advice)

    def _listed_variables(self) -> str:
        return "x1, x2" if "x2" in self._variables else "x"


def _split(name: str) -> list[str]:
    """A name as known names one behind the other, such as xy or sinx; empty where it is none."""
    for known in sorted([*PLANE_VARIABLES, *CONSTANTS, *FUNCTIONS], key=len, reverse=True):
        if name == known:
            return [known]
        if name.startswith(known) and (rest := _split(name[len(known) :])):
            return [known, *rest]
    return []


def _example(name: str) -> str:
    return f"{name}(x, 0)" if FUNCTIONS[name][0] == 2 else f"{name}(x)"


def _written(parts: list[str]) -> str:
    """`x * y`, `sin(x)`."""
    text = parts[-1]
    for part in reversed(parts[:-1]):
        text = f"{part}({text})" if part in FUNCTIONS else f"{part} * {text}"
    return text
