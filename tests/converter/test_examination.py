"""Every model sits the same examination: the real TensorFlow.js answers as Keras does, in Node and in a browser."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from playwright.sync_api import sync_playwright

from tests.browser.conftest import find_browser
from tests.converter.chromium_oracle import SOFTWARE_GRAPHICS, ask_chromium
from tests.converter.examination import NOT_BUILT, Paper, convert_all
from tests.converter.models.case import GRAPH, LAYERS, REFUSED
from tests.converter.models.table import MODELS
from tests.converter.tfjs_oracle import TOLERANCE, ask_tfjs, largest_difference, needs_tfjs

pytestmark = [needs_tfjs, pytest.mark.slow, pytest.mark.timeout(1500)]

CONVERTED = [name for name, case in MODELS.items() if case.way != REFUSED]
Answers = dict[str, dict[str, Any]]
NEWEST_KERAS = "3.15"
"""Which can build every model of the table."""


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Paper]:
    """Every model of the table, converted."""
    return convert_all(list(MODELS), tmp_path_factory.mktemp("examined"))


@pytest.fixture(scope="module")
def folders(papers: dict[str, Paper]) -> dict[str, Path]:
    """Where the converted ones are."""
    return {name: paper.folder for name, paper in papers.items() if paper.way in (LAYERS, GRAPH)}


@pytest.fixture(scope="module")
def in_node(folders: dict[str, Path]) -> Answers:
    """What TensorFlow.js answers in one process of Node."""
    return dict(zip(folders, ask_tfjs(*folders.values()), strict=True))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser that draws in software; skipped without one, but never where everything must be tested."""
    path = find_browser()
    if path is None and not os.environ.get("CI"):
        pytest.skip("There is no Chromium on PATH; name one in NEURAL_PLAYGROUND_BROWSER or use `make test`.")
    # In a thread of its own: other tests in a browser leave a running loop in this one.
    with ThreadPoolExecutor(1) as thread:
        playwright = thread.submit(lambda: sync_playwright().start()).result()
        browser = thread.submit(
            lambda: playwright.chromium.launch(executable_path=path, args=SOFTWARE_GRAPHICS)
        ).result()
        yield lambda backend, folders: thread.submit(ask_chromium, browser, backend, folders).result()
        thread.submit(browser.close).result()
        thread.submit(playwright.stop).result()


@pytest.fixture(scope="module")
def on_processor(chromium: Any, folders: dict[str, Path]) -> Answers:
    """What TensorFlow.js answers in a page, computing on the processor."""
    return dict(zip(folders, chromium("cpu", list(folders.values())), strict=True))


@pytest.fixture(scope="module")
def on_graphics(chromium: Any, folders: dict[str, Path]) -> Answers:
    """What TensorFlow.js answers in a page, computing with WebGL, as it does by default."""
    return dict(zip(folders, chromium("webgl", list(folders.values())), strict=True))


@pytest.mark.parametrize("name", MODELS)
def test_a_model_goes_the_way_the_table_says(name: str, papers: dict[str, Paper]) -> None:
    paper = papers[name]
    if paper.way == NOT_BUILT and not keras.__version__.startswith(NEWEST_KERAS):
        pytest.skip(f"Keras {keras.__version__} cannot build it: {paper.said}")

    assert paper.way == MODELS[name].way, paper.said


@pytest.mark.parametrize("name", [name for name, case in MODELS.items() if not case.live_only])
def test_a_file_is_converted_like_its_live_model(name: str, papers: dict[str, Paper]) -> None:
    assert papers[name].from_file == ""


@pytest.mark.parametrize("name", CONVERTED)
def test_node_answers_as_keras_does(name: str, folders: dict[str, Path], in_node: Answers) -> None:
    folder = _folder(name, folders)

    assert largest_difference(folder, in_node[name]) < TOLERANCE * MODELS[name].rough


@pytest.mark.browser
@pytest.mark.parametrize("name", CONVERTED)
def test_a_browser_answers_as_keras_does(name: str, folders: dict[str, Path], on_processor: Answers) -> None:
    folder = _folder(name, folders)

    assert largest_difference(folder, on_processor[name]) < TOLERANCE * MODELS[name].rough


@pytest.mark.browser
@pytest.mark.parametrize("name", [name for name in CONVERTED if MODELS[name].graphics != "no"])
def test_a_browser_answers_as_keras_does_with_webgl(name: str, folders: dict[str, Path], on_graphics: Answers) -> None:
    folder = _folder(name, folders)

    assert largest_difference(folder, on_graphics[name]) < TOLERANCE * _roughness_of_graphics(name)


def _folder(name: str, folders: dict[str, Path]) -> Path:
    if name not in folders:
        pytest.skip("It was not converted; the test of its way says why.")
    return folders[name]


def _roughness_of_graphics(name: str) -> float:
    return 10 if MODELS[name].graphics == "rough" else MODELS[name].rough


@pytest.mark.parametrize("name", CONVERTED)
def test_answers_are_neither_dead_nor_exploding(name: str, folders: dict[str, Path], papers: dict[str, Paper]) -> None:
    """Otherwise an agreement would prove nothing."""
    _folder(name, folders)

    for output in papers[name].outputs:
        assert np.median(np.abs(output)) < 1e3
        assert np.ptp(output, axis=0).max() > 1e-3


@pytest.mark.parametrize("name", CONVERTED)
def test_names_and_fingerprints_agree(name: str, folders: dict[str, Path], in_node: Answers) -> None:
    folder = _folder(name, folders)
    probe, model = (json.loads((folder / file).read_text(encoding="utf-8")) for file in ("probe.json", "model.json"))

    assert [tensor["name"] for tensor in probe["inputs"]] == in_node[name]["inputNames"]
    assert [tensor["name"] for tensor in probe["outputs"]] == in_node[name]["outputNames"]
    written = {entry["name"] for group in model["weightsManifest"] for entry in group["weights"]}
    assert written == set(in_node[name]["weights"])
    assert probe["weights_sha256"] == in_node[name]["metadata"]["weights_sha256"]


@pytest.mark.parametrize("name", [name for name, case in MODELS.items() if case.way == REFUSED])
def test_a_refusal_says_which_layer_why_and_what_to_do(name: str, papers: dict[str, Paper]) -> None:
    said = papers[name].said

    assert said.startswith("Layer ")
    assert MODELS[name].why in said
    assert MODELS[name].instead in said
    assert said.endswith(".")
    assert "\n" not in said
