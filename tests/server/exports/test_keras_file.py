"""The .keras file opens in plain Keras and answers the same."""

from pathlib import Path

import keras
import numpy as np

from server.exports.keras_file import keras_file
from server.training.build import build_model
from tests.recipes import make_recipe


def test_keras_loads_the_file_and_predicts_the_same(tmp_path: Path) -> None:
    model = build_model(make_recipe()[0])
    path = tmp_path / "model.keras"
    path.write_bytes(keras_file(model))
    loaded = keras.models.load_model(path)
    points = np.linspace(-6, 6, 20, dtype=np.float32).reshape(10, 2)
    assert np.array_equal(loaded(points), model(points))
