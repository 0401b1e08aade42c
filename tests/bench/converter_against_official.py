"""The converter against the official one (tensorflowjs), on the same models."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from converter.probe import TOLERANCE
from converter.tfjs_node import TfjsUnavailable, ask_tfjs, largest_difference
from converter.verify import read_json
from tests.bench.contender import ROOT, Contender, ratios
from tests.bench.convert_in_turn import MODELS, WAYS
from tests.bench.figures import Broken, Figure, PartReport, Target, median_figure
from tests.bench.options import Options
from tests.bench.processes import cpu_percent, look, usage

OURS, OFFICIAL_LAYERS, OFFICIAL_GRAPH = WAYS
COLD = "small file, cold start"
TARGETS = {COLD: Target("<", 5_000.0), "Dense 2-4-2-1": Target("<", 20.0), "MobileNetV2 96x96": Target("<", 2_000.0)}
TITLE = "The converter against the official one"

NOTES = (
    "Milliseconds of a conversion, medians, written to disk. `ours` also asks Keras for a probe and reads everything "
    "back. The official layers model is `save_keras_model`, the official graph model `model.export` and "
    "`convert_tf_saved_model`; of the small file, `tensorflowjs_converter` from .keras to a layers model. Libraries "
    "are loaded before the clock starts, except for the cold start, which is a whole process. `right` is 1 when the "
    "answers in TensorFlow.js are those of Keras, and 0 when they are not or the model cannot be loaded.",
)


def measure(options: Options) -> PartReport:
    """Compare both, live models and a file; without tensorflowjs only ours is measured."""
    ways = tuple(WAYS) if importlib.util.find_spec("tensorflowjs") else (OURS,)
    with tempfile.TemporaryDirectory() as scratch:
        figures = _cold_start(Path(scratch), ways, options)
        with ExitStack() as ends:
            contenders = [_contender(way) for way in ways]
            for contender in contenders:
                ends.callback(contender.close)
            for model in MODELS:
                options.say(f"converter: {model}")
                figures += _in_memory(model, contenders, Path(scratch), options)
    return PartReport(TITLE, NOTES, tuple(figures), subjects_across=True)


def _contender(way: str) -> Contender:
    return Contender(way, [sys.executable, "-m", "tests.bench.convert_in_turn", way], {})


def _folder(scratch: Path, subject: str, way: str) -> Path:
    # The official converter takes a space in a path for the end of it.
    return scratch / f"{subject}-{way}".replace(" ", "-").replace(",", "")


# ---- Live models ----------------------------------------------------------------------------------------------


def _in_memory(model: str, contenders: Sequence[Contender], scratch: Path, options: Options) -> list[Figure]:
    folders = {contender.name: _folder(scratch, model, contender.name) for contender in contenders}
    for contender in contenders:
        contender.ask({"model": model, "folder": str(folders[contender.name])})
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    begin = look(usage([contender.process for contender in contenders]))
    for _ in range(options.rounds):
        for contender in contenders:
            answer = contender.ask({"model": model, "folder": str(folders[contender.name])})
            times[contender.name].append(1000 * answer["seconds"])
    others = cpu_percent(begin, look(usage([contender.process for contender in contenders])))[-1]
    return [*_figures(model, times), *_right(model, folders), Figure(model, "CPU, others", "%", others)]


def _figures(subject: str, times: dict[str, list[float]]) -> list[Figure]:
    figures = [median_figure(subject, OURS, "ms", times[OURS], TARGETS[subject])]
    for way in (OFFICIAL_LAYERS, OFFICIAL_GRAPH):
        if way in times:
            figures.append(median_figure(subject, way, "ms", times[way]))
            figures.append(median_figure(subject, f"times {way}", "x", ratios(times[way], times[OURS])))
    return figures


def _right(subject: str, folders: dict[str, Path]) -> list[Figure]:
    """Whether TensorFlow.js answers each folder's model as Keras does: 1 or 0; nothing where there is no Node."""
    probe = folders[OURS] / "probe.json"
    for folder in folders.values():
        if not (folder / "probe.json").exists():
            shutil.copy(probe, folder)
    try:
        answers = ask_tfjs(list(folders.values()))
    except TfjsUnavailable:
        return []
    expected = read_json(probe)
    is_right = ["error" not in one and largest_difference(expected, one) <= TOLERANCE for one in answers]
    targets = {OURS: Target(">=", 1)}
    return [
        Figure(subject, f"right, {way}", "", float(right), target=targets.get(way))
        for way, right in zip(folders, is_right, strict=True)
    ]


# ---- A file ---------------------------------------------------------------------------------------------------


def _cold_start(scratch: Path, ways: Sequence[str], options: Options) -> list[Figure]:
    file = scratch / "small" / "model.keras"
    file.parent.mkdir()
    make = f"from tests.bench.convert_in_turn import make_dense; make_dense().save({str(file)!r})"
    _run([sys.executable, "-c", make])
    folders = {way: _folder(scratch, COLD, way) for way in ways if way != OFFICIAL_GRAPH}
    commands = {
        OURS: [sys.executable, "-m", "converter"],
        OFFICIAL_LAYERS: [
            *(sys.executable, "-m", "tensorflowjs.converters.converter"),
            *("--input_format=keras_keras", "--output_format=tfjs_layers_model"),
        ],
    }
    times: dict[str, list[float]] = {way: [] for way in folders}
    for number in range(options.rounds + 1):  # the first fills the caches of the disk
        options.say(f"converter: {COLD}, {number} of {options.rounds}")
        for way, folder in folders.items():
            shutil.rmtree(folder, ignore_errors=True)
            seconds = _run([*commands[way], str(file), str(folder)])
            times[way] += [1000 * seconds] if number else []
    return [*_figures(COLD, times), *_right(COLD, folders)]


def _run(command: Sequence[str]) -> float:
    """Seconds of a whole process. Raises Broken when it fails."""
    begun_s = time.perf_counter()
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Broken(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return time.perf_counter() - begun_s
