"""Weights in two bytes or one instead of four, as TF.js reads them.

`float16` keeps about three digits of each number. `uint16` and `uint8` store, for each weight, 65,536 or 256 evenly
spaced numbers between its smallest and its largest: `stored * scale + min`, rounded to the nearest, so that a number
moves by at most half of `scale`; if zero lies between, zero is one of them (tensorflowjs 4.22, quantization.py; read
back by `decodeWeight` in tfjs-core, io/io_utils.ts).

What would not survive stays as it is: whole numbers and truth values are never touched; an empty weight and a single
number without axes have nothing to gain; infinity and not-a-number have no place on a scale; and a vector of positive
numbers is left alone when one of them would move by more than a tenth, because it is something that is divided by, such
as variances.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from converter import shards, tfjs_package
from converter.shards import Array, Float32Array

KINDS = ("none", "float16", "uint16", "uint8")

MAX_CHANGE = 0.1
"""Largest relative change of a number that is divided by, or of the largest number of any weight."""

_LEVELS: dict[str, type] = {"uint16": np.uint16, "uint8": np.uint8}

_Stored = tuple[Array, dict[str, Any]]
"""A weight as it is stored, and the entry `quantization` of its manifest; empty for one that is not quantized."""


@dataclass(frozen=True)
class Quantized:
    """All weights of a model as they are stored: `arrays` by name in order, and their entries in the manifest."""

    kind: str
    entries: tuple[Mapping[str, Any], ...]
    arrays: Mapping[str, Array]

    def packed(self) -> bytes:
        """The content of all shards together."""
        return shards.pack(self.arrays.values())

    def manifest(self, shard_names: Sequence[str]) -> list[dict[str, Any]]:
        """The `weightsManifest` of model.json."""
        return shards.manifest(self.entries, shard_names)

    def values(self) -> dict[str, Array]:
        """The numbers TF.js computes with: float32, int32 and bool arrays by name."""
        return dequantize(self.entries, self.arrays)


def quantize(arrays: Mapping[str, Array], kind: str = "none") -> Quantized:
    """Store weights (float32, int32, bool) as `kind`: none, float16, uint16 or uint8.

    Raises ValueError for another kind, and for arrays of other dtypes.
    """
    if kind not in KINDS:
        raise ValueError(f"the kind of quantization should be one of {', '.join(KINDS)}, but is {kind!r}")
    stored: dict[str, Array] = {}
    entries = []
    for entry, (name, array) in zip(shards.manifest_entries(arrays), arrays.items(), strict=True):
        stored[name], quantization = (array, {}) if kind == "none" else _stored(array, kind)
        entries.append({**entry, "quantization": quantization} if quantization else entry)
    return Quantized(kind, tuple(entries), stored)


def dequantize(entries: Sequence[Mapping[str, Any]], arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Compute what TF.js makes of stored weights: in double precision, rounded to float32 at the end."""
    return {entry["name"]: _value(arrays[entry["name"]], entry.get("quantization")) for entry in entries}


def _value(array: Array, quantization: Mapping[str, Any] | None) -> Array:
    if quantization is None:
        return array
    if quantization["dtype"] == "float16":
        return array.astype(np.float32)
    with np.errstate(over="ignore"):  # whoever stores it looks at that
        return (array * float(quantization["scale"]) + float(quantization["min"])).astype(np.float32)


# ---- One weight -----------------------------------------------------------------------------------------------


def _stored(array: Array, kind: str) -> _Stored:
    if array.dtype != np.float32 or array.ndim == 0 or array.size == 0 or not np.isfinite(array).all():
        return array, {}
    stored, quantization = _as_half(array) if kind == "float16" else _as_levels(array, kind)
    return (stored, quantization) if _survives(array, _value(stored, quantization)) else (array, {})


def _survives(array: Float32Array, value: Float32Array) -> bool:
    if not np.isfinite(value).all():
        return False
    # In double precision: the difference of two finite float32 numbers may be none.
    moved, sizes = np.abs(array.astype(np.float64) - value), np.abs(array.astype(np.float64))
    is_divisor = array.ndim < 2 and bool((array > 0).all())
    return bool((moved <= MAX_CHANGE * sizes).all()) if is_divisor else bool(moved.max() <= MAX_CHANGE * sizes.max())


def _as_half(array: Float32Array) -> _Stored:
    with np.errstate(over="ignore"):
        return array.astype(np.float16), {"dtype": "float16"}


def _as_levels(array: Float32Array, kind: str) -> _Stored:
    levels, about = _quantizer()(array, _LEVELS[kind])
    return np.asarray(levels), {"dtype": kind, "min": float(about["min"]), "scale": float(about["scale"])}


_Quantizer = Callable[[Float32Array, type], tuple[Array, Mapping[str, Any]]]


def _quantizer() -> _Quantizer:
    """Quantize as tensorflowjs does; it is not installed on every machine (there is none for Linux on ARM)."""
    try:
        return cast(_Quantizer, tfjs_package.load_submodule("quantization").quantize_weights)
    except ModuleNotFoundError:
        return quantize_to_levels


def quantize_to_levels(array: Float32Array, levels: type) -> tuple[Array, dict[str, float]]:
    """Give each number the nearest of evenly spaced levels: the same answer as tensorflowjs, to the last bit.

    `levels` is np.uint8 or np.uint16. Returns the number of each level, and `scale` and `min` to undo it.
    """
    lowest, highest = float(array.min()), float(array.max())
    if lowest == highest:
        return np.zeros(array.shape, levels), {"min": lowest, "scale": 1.0}
    last = int(np.iinfo(cast(Any, levels)).max)
    scale = (highest - lowest) / last
    if lowest <= 0 <= highest:  # shift the levels until one of them is zero
        lowest = -float(np.round(-lowest / scale)) * scale
        highest = last * scale + lowest
    numbers: NDArray[np.float64] = np.clip(array.astype(np.float64), lowest, highest)
    return np.round((numbers - lowest) / scale).astype(levels), {"min": lowest, "scale": scale}
