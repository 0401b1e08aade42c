"""Every promise of the stream contract has a row in the documentation, and every test that a row names exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reliability.md"
PROMISES = [f"S{number}" for number in range(1, 31)] + ["S33"]
LINK = re.compile(r"\[([^\]]+)\]\(\.\./(tests/[^)]+)\)")


def _rows() -> dict[str, str]:
    """The lines of the table of streams, by the promise they are about."""
    section = PAGE.read_text(encoding="utf-8").partition("\n## Streams\n")[2].partition("\n## ")[0]
    cells = [line.split(" | ", 1) for line in section.splitlines() if line.startswith("| S")]
    return {first.strip("| "): rest for first, rest in cells}


def test_the_table_has_a_row_for_every_promise_and_no_other() -> None:
    assert list(_rows()) == PROMISES


@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_names_tests_that_exist(promise: str) -> None:
    links = LINK.findall(_rows()[promise])

    assert links
    for claim, path in links:
        content = (ROOT / path).read_text(encoding="utf-8")
        name = f"def test_{claim.replace(' ', '_')}(" if path.endswith(".py") else f'test("{claim}"'
        assert name in content, f"{path} has no test that {claim}"
