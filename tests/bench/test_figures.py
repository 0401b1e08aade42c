"""Figures are judged by their targets, and shown with the verdict."""

import pytest

from tests.bench.figures import Figure, PartReport, Relation, Target, median_figure, percentile
from tests.bench.tables import cell, render, summary


@pytest.mark.parametrize(
    ("relation", "value", "is_met"),
    [
        (">=", 250.0, True),
        (">=", 249.9, False),
        ("<=", 1.3, True),
        ("<=", 1.31, False),
        ("<", 149.9, True),
        ("<", 150.0, False),
    ],
)
def test_a_target_is_met_up_to_its_bound(relation: Relation, value: float, is_met: bool) -> None:
    bound = {">=": 250.0, "<=": 1.3, "<": 150.0}[relation]
    assert Target(relation, bound).is_met(value) is is_met


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 10.0), (0.5, 25.0), (0.95, 38.5), (1.0, 40.0)], ids=["least", "p50", "p95", "most"]
)
def test_a_percentile_lies_between_the_samples_next_to_it(share: float, expected: float) -> None:
    assert percentile([40.0, 10.0, 30.0, 20.0], share) == pytest.approx(expected)


def test_a_percentile_of_one_sample_is_that_sample() -> None:
    assert percentile([7.0], 0.99) == 7.0


def test_a_figure_is_shown_with_its_target_and_the_verdict() -> None:
    target = Target(">=", 250)
    assert cell(median_figure("net", "times fit", "x", [300.0, 312.0, 500.0], target)) == "312 x (>= 250: met)"
    assert cell(median_figure("net", "times fit", "x", [9.0, 2.5, 1.0], target)) == "2.5 x (>= 250: MISSED)"


def test_a_table_has_a_row_for_each_subject_and_a_dash_where_nothing_was_measured() -> None:
    figures = (Figure("a", "time", "ms", 1.0), Figure("a", "ratio", "x", 2.0), Figure("b", "time", "ms", 3.0))
    lines = render(PartReport("Title", ("A note.",), figures)).splitlines()
    assert lines[:2] == ["Title", "====="]
    assert [line.split("  ")[0] for line in lines[-2:]] == ["a", "b"]
    assert lines[-1].endswith("-")


def test_the_summary_names_each_missed_target() -> None:
    missed = Figure("100 runs", "lateness p99", "ms", 300.0, (), Target("<", 250))
    met = Figure("30 runs", "lateness p99", "ms", 20.0, (), Target("<", 250))
    report = PartReport("Crowd", (), (missed, met))
    assert summary([report]).splitlines() == [
        "Targets met: 1 of 2.",
        "  missed: 100 runs, lateness p99: 300 ms (< 250: MISSED)",
    ]
