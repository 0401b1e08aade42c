"""The colours of tokens.css can be told apart: text from what it stands on, the lines of controls from the card."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOKENS = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
RULE = re.compile(r'(?P<selector>:root(?:\[data-palette="[a-z-]+"\])?) \{(?P<body>.*?)\n\}', re.DOTALL)
COLOUR = re.compile(r"--([a-z0-9-]+): var\(--when-light, (#[0-9a-f]{6})\) var\(--when-dark, (#[0-9a-f]{6})\);")
SCHEMES = ("light", "dark")
PALETTES = ("", "purple-green", "black-white")

TEXT = [
    *((ink, ground) for ink in ("ink", "second-ink") for ground in ("paper", "card", "sunken")),
    *((ink, "card") for ink in ("accent", "good", "bad", "training", "test", "pin-0", "pin-1", "pin-2", "pin-3")),
    ("ink", "accent-soft"),
    ("second-ink", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("good", "good-soft"),
    ("bad", "bad-soft"),
    ("paper", "ink"),
]
LINES = [
    ("control-line", "card"),
    ("accent", "card"),
    ("accent", "paper"),
    ("tile-line", "card"),
    ("training", "card"),
    ("test", "card"),
    ("negative", "card"),
    ("positive", "card"),
]


def _colours(scheme: str, palette: str = "") -> dict[str, str]:
    """The colours of one scheme, with those of a palette over them."""
    found: dict[str, str] = {}
    for rule in RULE.finditer(TOKENS):
        if rule["selector"] in (":root", f':root[data-palette="{palette}"]'):
            found |= {name: pair[SCHEMES.index(scheme)] for name, *pair in COLOUR.findall(rule["body"])}
    return found


def _luminance(colour: str) -> float:
    """The relative luminance as WCAG defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(colours: dict[str, str], pair: tuple[str, str]) -> float:
    low, high = sorted(_luminance(colours[name]) for name in pair)
    return (high + 0.05) / (low + 0.05)


def _too_weak(colours: dict[str, str], pairs: list[tuple[str, str]], least: float) -> dict[str, float]:
    contrasts = {f"{ink} on {ground}": _contrast(colours, (ink, ground)) for ink, ground in pairs}
    return {pair: round(contrast, 2) for pair, contrast in contrasts.items() if contrast < least}


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert _contrast({"a": "#000000", "b": "#ffffff"}, ("a", "b")) == pytest.approx(21)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_can_be_read(scheme: str) -> None:
    assert _too_weak(_colours(scheme), TEXT, 4.5) == {}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("palette", PALETTES)
def test_every_line_that_means_something_can_be_seen(scheme: str, palette: str) -> None:
    assert _too_weak(_colours(scheme, palette), LINES, 3) == {}


@pytest.mark.parametrize("field", ["select", ".formula__text", ".number-field", ".help__search"])
def test_a_field_is_seen_by_its_whole_line(field: str) -> None:
    # A button is known by its word, even with a fainter line; a field that is typed in or opened only by its line.
    rules = [rule for file in (ROOT / "static/css").rglob("*.css") for rule in _rules_of(field, file)]

    assert any("1px solid var(--control-line)" in rule for rule in rules)
    assert [rule for rule in rules if "color-mix" in rule] == []


def _rules_of(selector: str, file: Path) -> list[str]:
    return re.findall(
        rf"^{re.escape(selector)} \{{(.*?)\}}", file.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
