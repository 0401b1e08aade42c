"""Names say what a file is about, and no file names a host that the page or the set-up could depend on."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE_FOLDERS = ("server", "converter", "static/js", "static/css", "templates", "tests", ".ci")
NAMELESS = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
# An address in quotes or brackets is one the browser may ask for; links in comments are not.
QUOTED_HOST = re.compile(r"""["'`(=]\s*(?:https?:|wss?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)""", re.IGNORECASE)
NAMESPACES = {"www.w3.org"}  # names of XML dialects, never fetched


def _files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _hosts(code: str) -> set[str]:
    return set(QUOTED_HOST.findall(code)) - NAMESPACES


def test_no_file_or_folder_has_a_name_without_a_noun() -> None:
    words = {_name(file): set(re.split(r"[/._-]", _name(file).lower())) for file in _files(*CODE_FOLDERS)}

    assert [name for name, parts in words.items() if parts & NAMELESS] == []


@pytest.mark.parametrize(
    ("code", "hosts"),
    [
        ('fetch("https://cdn.example.org/tf.js")', {"cdn.example.org"}),
        ("url(//fonts.example.org/inter.woff2)", {"fonts.example.org"}),
        ("<script src=//cdn.example.org/a.js>", {"cdn.example.org"}),
        ('createElementNS("http://www.w3.org/2000/svg")', set()),
        ("// see https://example.org", set()),
    ],
)
def test_the_measure_finds_addresses_a_browser_would_ask_for(code: str, hosts: set[str]) -> None:
    assert _hosts(code) == hosts


def test_the_page_depends_on_no_other_host() -> None:
    page = _files("static/js", "static/css", "templates")
    named = {_name(file): _hosts(file.read_text(encoding="utf-8")) for file in page}

    assert {name: hosts for name, hosts in named.items() if hosts} == {}


def test_the_locks_leave_the_choice_of_a_registry_to_the_machine() -> None:
    packages = json.loads((ROOT / "static/package-lock.json").read_text(encoding="utf-8"))["packages"]
    constraints = [ROOT / ".ci/constraints.txt", ROOT / ".ci/build-constraints.txt"]

    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [file.name for file in constraints if "://" in file.read_text(encoding="utf-8")] == []
