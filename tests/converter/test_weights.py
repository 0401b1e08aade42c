"""Names, places and shapes of weights."""

from pathlib import Path

import h5py
import keras
import numpy as np
import pytest

from converter.errors import WeightMismatch
from converter.keras_config import parse_model
from converter.model_config import WeightSpec
from converter.weights import collect_weights, stored_groups, weights_count
from tests.converter.models import MODELS

KERNEL = WeightSpec(("dense",), "kernel", 0, "dense/kernel", (2, 1))


def test_weights_come_under_their_new_names_in_order() -> None:
    bias = WeightSpec(("dense",), "bias", 1, "dense/bias", (1,))
    arrays = {KERNEL: np.ones((2, 1), "f8"), bias: np.zeros(1)}

    collected = collect_weights(arrays, arrays.__getitem__)

    assert list(collected) == ["dense/kernel", "dense/bias"]
    assert {array.dtype for array in collected.values()} == {np.dtype("float32")}
    assert weights_count(arrays) == 3


@pytest.mark.parametrize(
    "array", [np.ones((1, 2)), np.ones(2), np.full((2, 1), np.inf), np.full((2, 1), np.nan)], ids=repr
)
def test_weights_that_do_not_fit_are_refused(array: np.ndarray) -> None:
    with pytest.raises(WeightMismatch, match="dense"):
        collect_weights([KERNEL], lambda _: array)


@pytest.mark.parametrize("name", ["nested models", "odd names", "dropout, regularizers, constraints", "dictionaries"])
def test_layers_are_found_where_keras_stores_them(name: str, tmp_path: Path) -> None:
    model = MODELS[name]()
    model.save_weights(tmp_path / "model.weights.h5")
    config = parse_model({"class_name": type(model).__name__, "config": model.get_config()})

    with h5py.File(tmp_path / "model.weights.h5") as store:
        stored = {group: store[group].attrs.get("name") for _, group in stored_groups(config)}

    assert stored == {group: path[-1] for path, group in stored_groups(config)}
    assert keras.__version__.startswith("3.")
