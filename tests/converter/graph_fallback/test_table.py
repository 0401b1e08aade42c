"""Every model of the tables answers in TensorFlow.js, and in TensorFlow, as it does in Keras."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from converter.graph_fallback import evaluate
from tests.converter.graph_fallback import layer_cases, model_cases, operation_cases, recurrent_cases
from tests.converter.graph_fallback.cases import Asked, Table, asked, write
from tests.converter.tfjs_oracle import TOLERANCE, ask_tfjs, largest_difference, needs_tfjs

TABLES: Mapping[str, Table] = {
    "recurrent": recurrent_cases.RECURRENT,
    "any length": recurrent_cases.OF_ANY_LENGTH,
    "activations": layer_cases.ACTIVATIONS,
    "attention": layer_cases.ATTENTION,
    "normalization": layer_cases.NORMALIZATION,
    "convolutions": layer_cases.CONVOLUTIONS,
    "pictures": layer_cases.PICTURES,
    "preprocessing": layer_cases.PREPROCESSING,
    "elementwise": operation_cases.ELEMENTWISE,
    "structure": operation_cases.STRUCTURE,
    "contractions": operation_cases.CONTRACTIONS,
    "spectra": operation_cases.SPECTRA,
    "loops": operation_cases.LOOPS,
    "numbers": operation_cases.NUMBERS,
    "models": model_cases.MODELS,
}
CASES = {f"{family}: {name}": make for family, table in TABLES.items() for name, make in table.items()}


@pytest.fixture(scope="module")
def questions() -> dict[str, Asked]:
    """All models, translated once."""
    return {name: asked(make) for name, make in CASES.items()}


@pytest.fixture(scope="module")
def answers(questions: dict[str, Asked], tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Any]]:
    """What TensorFlow.js says to all of them, from one process."""
    folder = tmp_path_factory.mktemp("table")
    written = [write(folder / str(number), question) for number, question in enumerate(questions.values())]
    return dict(zip(questions, zip(written, ask_tfjs(*written), strict=True), strict=True))


@needs_tfjs
@pytest.mark.parametrize("name", CASES)
def test_tensorflow_js_answers_as_keras_does(name: str, answers: dict[str, tuple[Path, Any]]) -> None:
    folder, answer = answers[name]

    assert largest_difference(folder, answer) < TOLERANCE


@pytest.mark.parametrize("name", CASES)
def test_the_written_graph_run_by_tensorflow_answers_as_keras_does(name: str, questions: dict[str, Asked]) -> None:
    question = questions[name]

    made = evaluate(question.graph_model, question.graph_model.arrays, question.inputs)

    for ours, expected in zip(made, question.outputs, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", CASES)
def test_only_loops_without_an_end_need_to_be_waited_for(name: str, questions: dict[str, Asked]) -> None:
    waited_for = name.startswith("any length") or name in ("loops: while_loop that the data ends", "loops: nonzero")

    assert questions[name].graph_model.is_async is waited_for
