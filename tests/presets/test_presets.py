"""What the examples say happens does happen: each is trained by the real engine to its end."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.presets.preset_runs import PRESETS, PRESETS_FILE, Ended, run_preset

ROOT = Path(__file__).parents[2]
PICTURES: dict[str, Any] = json.loads(PRESETS_FILE.with_name("pictures.json").read_text(encoding="utf-8"))


def _holds(claim: dict[str, Any], ended: Ended) -> bool:
    """Whether one claim of an example came true. A claim this does not know is an error of the file."""
    if "reason_code" in claim:
        return bool(ended.reason_code == claim["reason_code"])
    if "metric" in claim:
        return _holds_of_metric(claim, ended)
    assert ended.gradients is not None
    layers = ended.gradients["layers"]
    if "dead_units" in claim:
        return bool(layers[claim["layer"]]["dead_units"] >= claim["dead_units"])
    return bool(layers[0]["gradient_norm"] <= claim["first_gradient_at_most_times_last"] * layers[-1]["gradient_norm"])


def _holds_of_metric(claim: dict[str, Any], ended: Ended) -> bool:
    value = ended.last(claim["metric"])
    bounds = {
        "at_least": lambda bound: value >= bound,
        "at_most": lambda bound: value <= bound,
        "at_least_times_loss": lambda bound: value >= bound * ended.last("loss"),
        "at_most_times_loss": lambda bound: value <= bound * ended.last("loss"),
    }
    (name,) = claim.keys() - {"metric"}
    return bool(bounds[name](claim[name]))


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset["name"])
def test_an_example_does_what_it_says(preset: dict[str, Any]) -> None:
    ended = run_preset(preset["name"])

    assert preset["claims"]
    assert [claim for claim in preset["claims"] if not _holds(claim, ended)] == [], ended.columns


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_example_says_what_it_is_what_to_see_and_what_to_try_next(language: str) -> None:
    texts = json.loads((ROOT / f"static/locales/{language}.json").read_text(encoding="utf-8"))
    wanted = {f"preset.{preset['name']}.{part}" for preset in PRESETS for part in ("title", "text", "look", "next")}

    assert wanted - texts.keys() == set()


def test_there_are_examples_that_work_and_examples_that_fail() -> None:
    verdicts = [preset["verdict"] for preset in PRESETS]

    assert len({preset["name"] for preset in PRESETS}) == len(PRESETS) >= 14
    assert set(verdicts) == {"works", "fails"}
    assert min(verdicts.count("works"), verdicts.count("fails")) >= 6


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset["name"])
def test_every_example_has_a_picture(preset: dict[str, Any]) -> None:
    picture = PICTURES[preset["name"]]
    if picture["kind"] == "curve":
        assert len(picture["answers"]) == len(picture["truth"]) > 1
    else:
        assert len(base64.b64decode(picture["cells"])) == picture["size"] ** 2
