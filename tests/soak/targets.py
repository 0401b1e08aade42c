"""Figures with the target of docs/figures.md that they are judged by."""

from tests.bench.figures import Figure, Target


def at_most(number: str, name: str, value: float, bound: float, unit: str = "") -> Figure:
    """A figure that is met up to a bound."""
    return Figure(number, name, unit, value, (), Target("<=", bound))


def none(number: str, name: str, value: float, of: int | None = None) -> Figure:
    """Something that must not happen even once, out of so many."""
    return at_most(number, name, value, 0, "" if of is None else f"of {of}")


def percent(number: str, name: str, good: int, of: int) -> Figure:
    """All must be good."""
    return Figure(number, f"{name}, of {of}", "%", 100 * good / of, (), Target(">=", 100))
