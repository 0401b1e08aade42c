"""Tables for a terminal: a row for each subject and a column for each of its figures, or the other way round."""

from collections.abc import Sequence
from textwrap import wrap

from tests.bench.figures import Figure, PartReport

WIDTH = 118


def render(report: PartReport) -> str:
    """The title, the notes and the table of a part."""
    heading = f"{report.title}\n{'=' * len(report.title)}"
    notes = "\n".join("\n".join(wrap(note, WIDTH)) for note in report.notes)
    if report.skipped_because:
        return f"{heading}\nSkipped: {report.skipped_because}\n"
    return "\n".join(part for part in (heading, notes, "", _table(report)) if part or part == "") + "\n"


def summary(reports: Sequence[PartReport]) -> str:
    """How many targets were met, and each one that was missed."""
    judged = [figure for report in reports for figure in report.figures if figure.target]
    missed = [figure for figure in judged if not figure.is_met]
    lines = [f"Targets met: {len(judged) - len(missed)} of {len(judged)}."]
    lines += [f"  missed: {figure.subject}, {figure.name}: {cell(figure)}" for figure in missed]
    return "\n".join(lines)


def cell(figure: Figure) -> str:
    """A figure as it stands in a table: `312 x (>= 250: met)`."""
    number = f"{_number(figure.value)} {figure.unit}".rstrip()
    if figure.target is None:
        return number
    verdict = "met" if figure.is_met else "MISSED"
    return f"{number} ({figure.target.relation} {figure.target.bound:g}: {verdict})"


def _number(value: float) -> str:
    """Three significant digits, and all digits before the point."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _table(report: PartReport) -> str:
    subjects = list(dict.fromkeys(figure.subject for figure in report.figures))
    names = list(dict.fromkeys(figure.name for figure in report.figures))
    cells = {(figure.subject, figure.name): cell(figure) for figure in report.figures}
    if report.subjects_across:
        rows = [[name, *(cells.get((subject, name), "-") for subject in subjects)] for name in names]
        return _aligned([["", *subjects], *rows])
    rows = [[subject, *(cells.get((subject, name), "-") for name in names)] for subject in subjects]
    return _aligned([["", *names], *rows])


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
