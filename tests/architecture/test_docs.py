"""The documentation names what there is: every setting, every route, every limit, with its value."""

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from server.config import Settings
from server.domain import limits

ROOT = Path(__file__).resolve().parents[2]
README = "README.md"
SETTINGS_PAGE = "docs/settings.md"
API_PAGE = "docs/api.md"
LIMITS = {name: value for name, value in vars(limits).items() if name.isupper()}
AUTOMATIC = {"HEAD", "OPTIONS"}


def _lines(page: str) -> list[str]:
    return (ROOT / page).read_text(encoding="utf-8").splitlines()


def _lines_with(page: str, word: str) -> list[str]:
    """Lines that have a word as a whole word."""
    return [line for line in _lines(page) if re.search(rf"(?<![\w/]){re.escape(word)}(?![\w/])", line)]


def _default(name: str) -> str | None:
    """The default as it is written down; None where it depends on the machine or means 'none'."""
    entry = next(entry for entry in fields(Settings) if entry.name == name)
    if entry.default is MISSING or entry.default is None:
        return None
    if isinstance(entry.default, tuple):
        return ",".join(entry.default)
    return f"{entry.default:g}" if isinstance(entry.default, float) else str(entry.default)


def _numbers(line: str) -> set[float]:
    """Numbers in a line, with or without commas or underscores between thousands."""
    found = re.findall(r"(?<![\w.])-?\d+(?:[,_]\d{3})*(?:\.\d+)?(?![\w])", line)
    return {float(re.sub("[,_]", "", number)) for number in found}


def _written_rule(rule: Rule) -> str:
    """`/api/runs/<run_id>/events` as `/api/runs/{run_id}/events`."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("| `most_epochs` | 100,000 |", {100_000.0}),
        ("at most 5_000 rows or 0.5", {5000.0, 0.5}),
        ("127.0.0.1 and x64", set()),
        ("from 20 to 5,000", {20.0, 5000.0}),
    ],
)
def test_the_measure_finds_numbers(line: str, numbers: set[float]) -> None:
    assert _numbers(line) >= numbers
    assert 64.0 not in _numbers(line)


@pytest.mark.parametrize("name", [entry.name for entry in fields(Settings)])
def test_a_setting_is_named_with_its_variable_and_its_default(name: str) -> None:
    lines = _lines_with(SETTINGS_PAGE, f"NEURAL_PLAYGROUND_{name.upper()}")
    assert lines, f"{SETTINGS_PAGE} does not name NEURAL_PLAYGROUND_{name.upper()}."

    default = _default(name)
    plain = [line.replace(",", "").replace("_", "") for line in lines]
    assert default is None or any(default in line for line in plain), f"{SETTINGS_PAGE} must say {default}."


@pytest.mark.parametrize("page", [README, SETTINGS_PAGE])
def test_no_setting_is_named_that_does_not_exist(page: str) -> None:
    named = set(re.findall(r"NEURAL_PLAYGROUND_([A-Z_]+[A-Z])", "\n".join(_lines(page))))

    assert named - {entry.name.upper() for entry in fields(Settings)} == set()


@pytest.mark.parametrize("page", [SETTINGS_PAGE, API_PAGE, "ARCHITECTURE.md", "docs/scale.md"])
def test_the_readme_shows_the_way_to(page: str) -> None:
    assert any(f"({page})" in line for line in _lines(README))
    assert _lines(page)


def test_every_route_is_named_with_its_methods(app: Flask) -> None:
    missing = []
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - AUTOMATIC:
            address = _written_rule(rule)
            if not any(f"{method} {address}`" in line for line in _lines(API_PAGE)):
                missing.append(f"`{method} {address}`")

    assert missing == [], f"{API_PAGE} does not name {missing}."


def test_no_route_is_named_that_does_not_exist(app: Flask) -> None:
    known = {f"{method} {_written_rule(rule)}" for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    named = re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^\s`?]*)", "\n".join(_lines(API_PAGE)))

    assert [route for route in named if route not in known] == []


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_named_with_its_value(name: str) -> None:
    """By its name in any writing: MAX_UNITS, `max_units`, Max units."""
    written = re.compile(name.replace("_", "[ _]"), re.IGNORECASE)
    lines = [line for line in _lines(API_PAGE) if written.search(line)]

    assert lines, f"{API_PAGE} does not name {name}."
    assert any(float(LIMITS[name]) in _numbers(line) for line in lines), f"{API_PAGE} must say {LIMITS[name]}."


def _pages() -> list[Path]:
    return sorted([ROOT / README, ROOT / "ARCHITECTURE.md", *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("page", _pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", _pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_test_that_is_named_whole_is_in_a_file_its_line_links(page: Path) -> None:
    for line in page.read_text(encoding="utf-8").splitlines():
        files = [page.parent / link for link in re.findall(r"\]\(([^)#\s]+\.py)\)", line)]
        code = "".join(file.read_text(encoding="utf-8") for file in files)
        named = re.findall(r"`((?:test|check)_\w+)`", line)
        assert [name for name in named if f"def {name}(" not in code] == []
