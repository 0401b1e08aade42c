"""The table that a soak prints."""

from tests.bench.figures import Figure
from tests.soak.table import render, summary
from tests.soak.targets import at_most, none, percent

FIGURES = [
    none("R10", "streams that heard no goodbye", 1, 50),
    at_most("R2", "worker to socket", 34.567, 100, "ms"),
    Figure("R4", "all else", "%", 12.0),
    percent("R15", "routes with a row", 20, 20),
]


def test_a_figure_stands_with_its_target_in_the_order_of_the_numbers() -> None:
    lines = render(FIGURES).splitlines()

    assert [line.split()[0] for line in lines[2:]] == ["R2", "R4", "R10", "R15"]
    assert lines[2].split()[-5:] == ["<=", "100", "34.6", "ms", "yes"]
    assert lines[3].split() == ["R4", "all", "else", "12", "%"]
    assert lines[4].split()[-6:] == ["<=", "0", "1", "of", "50", "NO"]


def test_what_was_missed_is_said_again() -> None:
    said = summary(FIGURES)

    assert said.startswith("Targets met: 2 of 3.\n  missed: R10 streams that heard no goodbye")
    assert "worker to socket" not in said
