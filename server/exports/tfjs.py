"""A model as TensorFlow.js files, made and proved by the converter."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import keras

import converter


def tfjs_files(model: keras.Model, about: Mapping[str, object]) -> dict[str, bytes]:
    """`model.json`, its shards and `probe.json` by name; `about` is added to the model's own description."""
    with tempfile.TemporaryDirectory() as folder:
        out_dir = Path(folder) / "tfjs"
        converter.convert(model, out_dir, metadata=dict(about))
        return {path.name: path.read_bytes() for path in sorted(out_dir.iterdir())}
