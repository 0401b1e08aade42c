"""The figures as a table for a terminal: figure, target, measured, met."""

from collections.abc import Sequence

from tests.bench.figures import Figure

HEAD = ("", "figure", "target", "measured", "met")


def render(figures: Sequence[Figure]) -> str:
    """A line for each figure, in their numbers' order."""
    ordered = sorted(figures, key=lambda figure: (not figure.subject, int(figure.subject[1:] or 0)))
    rows = [HEAD, *(_row(figure) for figure in ordered)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def summary(figures: Sequence[Figure]) -> str:
    """How many targets were met, and which were not."""
    judged = [figure for figure in figures if figure.target]
    missed = [figure for figure in judged if not figure.is_met]
    lines = [f"Targets met: {len(judged) - len(missed)} of {len(judged)}."]
    return "\n".join(lines + [f"  missed: {' '.join(_row(figure))}" for figure in missed])


def _row(figure: Figure) -> tuple[str, ...]:
    target = f"{figure.target.relation} {figure.target.bound:g}" if figure.target else ""
    met = {True: "yes", False: "NO", None: ""}[figure.is_met]
    measured = f"{_number(figure.value)} {figure.unit}".strip()
    return figure.subject, figure.name, target, measured, met


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
