"""The oldest libraries that are safe: those that are here are not older, and an installation asks for them."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest

from server.dependencies import FLOORS, parts_of, too_old

ROOT = Path(__file__).resolve().parents[2]
WANTED = (ROOT / "pyproject.toml").read_text("utf-8")
PINNED = (ROOT / ".ci/constraints.txt").read_text("utf-8")


def test_what_is_installed_here_is_not_too_old() -> None:
    assert too_old() == []


@pytest.mark.parametrize("name", FLOORS)
def test_an_older_one_is_told_with_what_to_do(name: str) -> None:
    floor = FLOORS[name]
    older = (*floor[:-1], floor[-1] - 1) if floor[-1] else (floor[0], floor[1] - 1, 99)

    def version_of(asked: str) -> str:
        return ".".join(map(str, older)) if asked == name else version(asked)

    (sentence,) = too_old(version_of)
    assert sentence.startswith(f"{name} {'.'.join(map(str, older))} is installed, but {'.'.join(map(str, floor))} is")
    assert f"pip install -U {name}" in sentence


@pytest.mark.parametrize("name", FLOORS)
def test_the_floor_itself_and_newer_ones_are_taken(name: str) -> None:
    floor = FLOORS[name]
    for taken in (floor, (floor[0], floor[1], floor[2] + 1), (floor[0], floor[1] + 1), (floor[0] + 1,)):
        assert too_old(lambda asked, taken=taken: ".".join(map(str, taken)) if asked == name else version(asked)) == []


@pytest.mark.parametrize("name", [*FLOORS, "keras"])
def test_an_installation_asks_for_the_floor_and_the_pinned_one_is_above_it(name: str) -> None:
    (floor,) = re.findall(rf'^  "{name}>=([\d.]+)', WANTED, re.MULTILINE)
    pinned = re.findall(rf"^{name}==(\S+)", PINNED, re.MULTILINE)

    assert parts_of(floor) == FLOORS.get(name, (3, 12))
    assert pinned
    assert all(parts_of(each) >= parts_of(floor) for each in pinned)


@pytest.mark.parametrize(
    ("text", "parts"),
    [("3.1.9", (3, 1, 9)), ("3.2.0rc1", (3, 2, 0)), ("2026.8", (2026, 8)), ("3.0.2.post1", (3, 0, 2))],
)
def test_a_version_is_its_first_numbers(text: str, parts: tuple[int, ...]) -> None:
    assert parts_of(text) == parts
