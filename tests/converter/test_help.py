"""The help of the command line: every option is explained, there and in the README."""

import argparse

import pytest

from converter.__main__ import build_parser
from tests.converter.support_table import README

OPTIONS = [action for action in build_parser()._actions if not isinstance(action, argparse._HelpAction)]


def _names(action: argparse.Action) -> list[str]:
    return list(action.option_strings) or [str(action.metavar)]


@pytest.mark.parametrize("action", OPTIONS, ids=lambda action: _names(action)[0])
def test_every_option_is_explained(action: argparse.Action) -> None:
    said = build_parser().format_help()

    assert len((action.help or "").split()) > 3
    for choice in map(str, action.choices or ()):
        assert choice in said


@pytest.mark.parametrize("action", OPTIONS, ids=lambda action: _names(action)[0])
def test_every_option_stands_in_the_readme(action: argparse.Action) -> None:
    text = README.read_text(encoding="utf-8")

    for word in (*_names(action), *map(str, action.choices or ())):
        assert f"`{word}" in text or f" {word}`" in text, word


def test_the_help_says_how_it_ends_and_shows_examples() -> None:
    said = build_parser().format_help()

    assert "exit codes" in said
    assert said.count("python -m converter ") >= 3
    assert max(map(len, said.splitlines())) <= 130
