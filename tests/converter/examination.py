"""The examination: every model of the table converted, live and from a file, on all processors."""

from __future__ import annotations

import json
import multiprocessing
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import converter
from converter import keras_files, keras_model
from tests.converter.models.case import GRAPH, REFUSED, Case
from tests.converter.models.table import MODELS
from tests.converter.models.weights import settle_normalization, spread_weights

SEED = 11
NOT_BUILT = "not built"


@dataclass(frozen=True)
class Paper:
    """What became of one model: the way it took, where its files are, or why it was refused.

    `from_file` says what was wrong with the way by a saved file, or nothing.
    """

    way: str
    folder: Path
    said: str = ""
    from_file: str = ""

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
    """Convert a model as a student would, live and by way of a file."""
    try:
        model, inputs = prepared_model(case)
    except Exception as error:  # older versions of Keras cannot build every model
        return Paper(NOT_BUILT, folder, f"{type(error).__name__}: {error}")
    way, said = _converted(model, folder, inputs)
    from_file = "" if case.live_only or way != case.way or way == REFUSED else _compared(model, folder, inputs, way)
    return Paper(way, folder, said, from_file)


def _converted(model_or_path: object, folder: Path, inputs: list[NDArray[Any]] | None) -> tuple[str, str]:
    """The way it took, and what was said; what crashes is told like a refusal, so that the other models go on."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            report = converter.convert(model_or_path, folder, probe_inputs=_alone(inputs))
    except converter.InputRefused as refusal:
        return REFUSED, str(refusal)
    except Exception as error:
        return "crashed", f"{type(error).__name__}: {error}"
    return report.format, report.reason or ""


def _compared(model: Any, live: Path, inputs: list[NDArray[Any]] | None, way: str) -> str:
    """What is different when the model comes from a file: the files of a layers model, the answers of another."""
    path, folder = live.with_suffix(".keras"), live.with_suffix(".from_file")
    model.save(path)
    if way == GRAPH:  # whose conversion takes long, and begins with the live model in any case
        return _answers_compared(model, path, live)
    from_file, said = _converted(path, folder, inputs)
    if from_file != way:
        return f"from a file it is {from_file}. {said}"
    differing = [file.name for file in live.iterdir() if file.read_bytes() != (folder / file.name).read_bytes()]
    return f"from a file, {', '.join(differing)} differ" if differing else ""


def _answers_compared(model: Any, path: Path, live: Path) -> str:
    asked = json.loads((live / "probe.json").read_text(encoding="utf-8"))["inputs"]
    inputs = [np.array(tensor["data"], tensor["dtype"]).reshape(tensor["shape"]) for tensor in asked]
    try:
        opened = keras_files.open_model(path).model
    except converter.InputRefused as refusal:
        return f"from a file it is refused. {refusal}"
    pairs = zip(*(keras_model.answer(one, inputs) for one in (model, opened)), strict=True)
    return "" if all(np.array_equal(*pair) for pair in pairs) else "from a file it answers otherwise"


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
