"""The `.keras` file of a model."""

import tempfile
from pathlib import Path

import keras


def keras_file(model: keras.Model) -> bytes:
    """The bytes of the file that `keras.models.load_model` reads."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return path.read_bytes()
