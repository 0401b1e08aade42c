"""Weights as they are written: float32, int32 or bool, and all of them numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from converter.errors import WeightMismatch, quoted

_WRITTEN_AS = {"f": np.float32, "i": np.int32, "u": np.int32, "b": np.bool_}
"""By NumPy's kind of dtype."""


def written_weights(arrays: Mapping[str, NDArray[np.generic]]) -> dict[str, NDArray[np.generic]]:
    """The arrays in the dtypes of TF.js. Raises WeightMismatch when one holds infinity or not-a-number."""
    return {name: _written(name, array) for name, array in arrays.items()}


def _written(name: str, array: NDArray[np.generic]) -> NDArray[np.generic]:
    with np.errstate(over="ignore"):  # too large a number is told below
        written = array.astype(_WRITTEN_AS.get(array.dtype.kind, np.float32), copy=False)
    if written.dtype == np.float32 and not np.isfinite(written).all():
        layer, _, weight = name.rpartition("/")
        raise WeightMismatch(
            f"The {weight} of layer {quoted(layer or weight)} contains infinity or not-a-number, "
            "so the model has no usable answer; take weights saved before the training diverged."
        )
    return written
