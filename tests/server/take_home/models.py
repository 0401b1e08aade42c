"""TensorFlow.js files as small as they get, for tests of what is made around them."""

import json
from pathlib import Path
from typing import Any

from server.datasets.collections import Library
from server.take_home.about import About, about_network
from tests.builders import make_spec

PICTURES: dict[str, Any] = {"dataset": {"name": "digits", "samples": 100}, "layers": [{"kind": "flatten"}]}


def make_about(classes: tuple[str, ...] | None = None, **changes: Any) -> About:
    """What is known of a network; `classes` are its names in place of the usual ones."""
    about = about_network("r1", make_spec(**changes), 3, Library(None))
    return about if classes is None else About(about.run_id, about.spec, about.epoch, classes)


def make_files(rows: int = 6) -> dict[str, bytes]:
    """`model.json`, two shards and `probe.json` with so many rows of two numbers."""
    model = {
        "format": "layers-model",
        "modelTopology": {},
        "weightsManifest": [{"paths": ["group1-shard1of2.bin", "group1-shard2of2.bin"], "weights": []}],
    }
    probe = {
        "inputs": [{"shape": [rows, 2], "dtype": "float32", "data": list(range(2 * rows))}],
        "outputs": [{"shape": [rows, 1], "dtype": "float32", "data": list(range(rows))}],
        "tolerance": 1e-4,
    }
    return {
        "model.json": json.dumps(model).encode(),
        "probe.json": json.dumps(probe).encode(),
        "group1-shard1of2.bin": b"first ",
        "group1-shard2of2.bin": b"second",
    }


def write_collection(root: Path, name: str, payload: dict[str, Any]) -> None:
    """A collection of which only the description is there."""
    (root / name).mkdir(parents=True)
    (root / name / "collection.json").write_text(json.dumps(payload), encoding="utf-8")
