"""Fixtures of the converter's tests: a small real Keras model, live and saved."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def small_model() -> Any:
    """A 2-4-2-1 network with Keras' own random weights."""
    import keras

    return keras.Sequential(
        [
            keras.Input((2,), name="features"),
            keras.layers.Dense(4, activation="tanh", name="hidden_1"),
            keras.layers.Dense(2, activation="tanh", name="hidden_2"),
            keras.layers.Dense(1, activation="sigmoid", name="output"),
        ]
    )


@pytest.fixture
def small_file(small_model: Any, tmp_path: Path) -> Path:
    """The same network as a .keras file."""
    path = tmp_path / "small.keras"
    small_model.save(path)
    return path
