"""Weights as they are written."""

import numpy as np
import pytest

from converter.errors import WeightMismatch
from converter.weights import written_weights


@pytest.mark.parametrize(
    ("given", "written"),
    [("float64", "float32"), ("float16", "float32"), ("float32", "float32"), ("int64", "int32"), ("bool", "bool")],
)
def test_every_dtype_becomes_one_that_tensorflow_js_has(given: str, written: str) -> None:
    arrays = written_weights({"dense/kernel": np.ones((2, 3), given)})

    assert arrays["dense/kernel"].dtype == written
    assert np.array_equal(arrays["dense/kernel"], np.ones((2, 3)))


def test_the_order_is_kept() -> None:
    assert list(written_weights({name: np.zeros(1) for name in "bca"})) == ["b", "c", "a"]


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 1e300])
def test_what_is_no_number_in_float32_is_refused_by_name(number: float) -> None:
    with pytest.raises(WeightMismatch, match='kernel of layer "dense" contains infinity'):
        written_weights({"dense/kernel": np.array([1.0, number])})
