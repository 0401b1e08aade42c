"""Every language says the same things: same keys, same placeholders, nothing empty."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ROOT / "static" / "locales"
REFERENCE = "en.json"
PLACEHOLDER = re.compile(r"\{\{?\s*(\w+)")

QUOTED = re.compile(r"""["'`]([\w.-]+)["'`]""")
ASKED_FOR = re.compile(r"""\bt\(\s*["'`]([\w.-]+)["'`]|data-i18n[\w-]*="([\w.-]+)\"""")
BUILT = re.compile(r"`([\w.-]*(?:\$\{[^{}`]*(?:\{[^{}`]*\}[^{}`]*)*\}[\w.-]*)+)`")
NAMED = re.compile(r"""\bnamed\((?:\w+, )?"([\w.]+)\"""")
PLURAL = re.compile(r"\.(zero|one|two|few|many|other)$")

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


def _source() -> str:
    """All that may ask for a text: the page's code, its templates, the examples."""
    static, templates = ROOT / "static", ROOT / "templates"
    files = [*static.glob("js/**/*.js"), *static.glob("presets/presets.json"), *templates.glob("**/*.html")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _patterns(source: str) -> list[re.Pattern[str]]:
    """Keys that are put together: of `run.${status}` any with that beginning. Without any word it says nothing."""
    built = [re.sub(r"\$\{.*?\}+", "${}", text).split("${}") for text in BUILT.findall(source)]
    words = [parts for parts in built if any(re.search(r"[a-z]{2}", part) for part in parts)]
    jinja = [re.split(r"\{\{.*?\}\}", text) for text in re.findall(r'data-i18n[\w-]*="([\w.-]+\{\{[^"]*)"', source)]
    named = [[f"{prefix}.", ""] for prefix in NAMED.findall(source)]
    return [re.compile(".*".join(map(re.escape, parts))) for parts in [*words, *jinja, *named]]


def test_every_text_is_asked_for() -> None:
    source = _source()
    quoted, patterns = set(QUOTED.findall(source)), _patterns(source)
    keys = {PLURAL.sub("", key) for key in _load_texts(REFERENCE)}

    assert sorted(key for key in keys - quoted if not any(each.fullmatch(key) for each in patterns)) == []


def test_every_text_that_is_asked_for_is_there() -> None:
    keys = {PLURAL.sub("", key) for key in _load_texts(REFERENCE)}
    asked = {plain or attribute for plain, attribute in ASKED_FOR.findall(_source())}

    assert sorted(asked - keys - set(_load_texts(REFERENCE))) == []


def _refusal_codes() -> set[str]:
    """The second argument of every `UnusableImages(...)` that is written out."""
    trees = [ast.parse(file.read_text("utf-8")) for file in (ROOT / "server" / "collecting").glob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) == 2]
    named = [call.args[1] for call in calls if getattr(call.func, "id", "") == "UnusableImages"]
    return {code.value for code in named if isinstance(code, ast.Constant)}


def test_every_reason_why_images_cannot_be_used_is_told_in_every_language() -> None:
    codes = _refusal_codes()

    assert len(codes) >= 12
    assert {f"images.refusal.{code}" for code in codes} - set(_load_texts(REFERENCE)) == set()
