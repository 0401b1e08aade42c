"""What cannot be converted is refused in one sentence that a student understands, and nothing is written."""

import re
import warnings
from pathlib import Path
from typing import Any

import pytest

import converter
from tests.converter.models.refusals import REFUSALS, Refusal


def _source(refusal: Refusal, folder: Path) -> Any:
    model = refusal.build()
    if not refusal.through_a_file:
        return model
    model.save(folder / "model.keras")
    return folder / "model.keras"


@pytest.mark.parametrize("name", REFUSALS)
def test_the_sentence_names_the_layer_the_reason_and_a_way_out(name: str, tmp_path: Path) -> None:
    refusal = REFUSALS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source = _source(refusal, tmp_path)

        with pytest.raises(converter.InputRefused) as caught:
            converter.convert(source, tmp_path / "out", format=refusal.format)

    # Keras numbers what has no name of its own, and goes on counting from test to test.
    said = re.sub(r'^(Layer "true_divide)_\d+"', r'\1"', str(caught.value))
    assert said == refusal.sentence
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", REFUSALS)
def test_a_sentence_can_be_read_aloud(name: str) -> None:
    sentence = REFUSALS[name].sentence

    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 300


@pytest.mark.parametrize("name", [name for name, refusal in REFUSALS.items() if refusal.sentence.startswith("Layer")])
def test_a_refused_layer_is_named_with_its_class_and_a_way_out(name: str) -> None:
    sentence = REFUSALS[name].sentence

    assert '(class "' in sentence
    assert "; " in sentence
