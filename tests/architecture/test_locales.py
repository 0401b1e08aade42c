"""Every language says the same things: same keys, same placeholders, nothing empty."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

LOCALES = Path(__file__).resolve().parents[2] / "static" / "locales"
REFERENCE = "en.json"
PLACEHOLDER = re.compile(r"\{\{?\s*(\w+)")

Texts = dict[str, str]


def _flat(value: Any, key: str = "") -> Texts:
    """Return nested texts as one level with dotted keys."""
    if isinstance(value, dict):
        parts = [_flat(child, f"{key}.{name}" if key else name) for name, child in value.items()]
        return {name: text for part in parts for name, text in part.items()}
    return {key: value}


def _load_texts(name: str) -> Texts:
    return _flat(json.loads((LOCALES / name).read_text(encoding="utf-8")))


def _placeholders(texts: Texts) -> dict[str, set[str]]:
    return {key: set(PLACEHOLDER.findall(text)) for key, text in texts.items()}


def _translations() -> list[str]:
    return sorted(file.name for file in LOCALES.glob("*.json") if file.name != REFERENCE)


def test_there_is_an_english_and_a_french_page() -> None:
    assert (LOCALES / REFERENCE).is_file()
    assert "fr.json" in _translations()


@pytest.mark.parametrize("name", _translations())
def test_a_translation_has_the_keys_of_the_english_page(name: str) -> None:
    assert set(_load_texts(name)) == set(_load_texts(REFERENCE))


@pytest.mark.parametrize("name", _translations())
def test_a_translation_fills_in_the_same_values(name: str) -> None:
    assert _placeholders(_load_texts(name)) == _placeholders(_load_texts(REFERENCE))


@pytest.mark.parametrize("name", [REFERENCE, *_translations()])
def test_no_text_is_empty(name: str) -> None:
    assert [key for key, text in _load_texts(name).items() if not isinstance(text, str) or not text.strip()] == []
