"""The examination: every model of the table converted, then asked in the real TensorFlow.js, in Node and in a browser."""

from __future__ import annotations

import json
import multiprocessing
import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

import converter
from tests.converter.models.case import REFUSED, Case
from tests.converter.models.table import MODELS
from tests.converter.models.weights import settle_normalization, spread_weights

SEED = 11


@dataclass(frozen=True)
class Paper:
    """What became of one model: the way it took, where its files are, or why it was refused."""

    way: str
    folder: Path
    said: str = ""
    seconds: float = 0.0

    @property
    def outputs(self) -> list[NDArray[np.float64]]:
        """Keras' answers in probe.json."""
        written = json.loads((self.folder / "probe.json").read_text(encoding="utf-8"))["outputs"]
        return [np.array(tensor["data"], dtype=np.float64).reshape(tensor["shape"]) for tensor in written]


def prepared_model(case: Case) -> tuple[Any, list[NDArray[Any]] | None]:
    """The model with its weights spread, and the inputs of its probe if it has some of its own."""
    model = case.build()
    spread_weights(model)
    inputs = case.probe(np.random.default_rng(SEED)) if case.probe else None
    if case.settles:
        settle_normalization(model, inputs)
    return model, inputs


def convert_one(case: Case, folder: Path) -> Paper:
    """Convert a model as a student would; what is refused says why, and what crashes is told like it."""
    started = perf_counter()
    way, said = "crashed", ""
    try:
        model, inputs = prepared_model(case)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            report = converter.convert(model, folder, probe_inputs=_alone(inputs))
        way, said = report.format, report.reason or ""
    except converter.InputRefused as refusal:
        way, said = REFUSED, str(refusal)
    except Exception as error:  # its own test tells of it; the other models go on
        said = f"{type(error).__name__}: {error}"
    keras.backend.clear_session()
    return Paper(way, folder, said, perf_counter() - started)


def _alone(inputs: list[NDArray[Any]] | None) -> Any:
    return inputs[0] if inputs is not None and len(inputs) == 1 else inputs


def convert_all(names: Sequence[str], root: Path) -> dict[str, Paper]:
    """Convert every model into a folder of its own, on all processors."""
    tasks = [(name, root / str(number)) for number, name in enumerate(names)]
    with multiprocessing.get_context("spawn").Pool(min(4, os.cpu_count() or 1)) as pool:
        return dict(pool.imap_unordered(_convert_task, tasks, chunksize=10))


def _convert_task(task: tuple[str, Path]) -> tuple[str, Paper]:
    name, folder = task
    return name, convert_one(MODELS[name], folder)


def written(papers: Mapping[str, Paper]) -> dict[str, Path]:
    """The folders of all models that were converted."""
    return {name: paper.folder for name, paper in papers.items() if (paper.folder / "model.json").exists()}


def failures(papers: Mapping[str, Paper], cases: Mapping[str, Case]) -> Iterable[str]:
    """A line for each model that went another way than the table says."""
    for name, paper in papers.items():
        if paper.way != cases[name].way:
            yield f"{name}: {paper.way} instead of {cases[name].way}. {paper.said}"
