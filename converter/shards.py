"""Arrays to the manifest and bytes of a TF.js weights group, and back; pure.

Format: `weightsManifest` of a TF.js layers model. All arrays follow each other without gaps, float32, little-endian,
row-major, and are then cut into files of at most 4 MB regardless of where an array ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHARD_SIZE_BYTES = 4 * 1024 * 1024

Float32Array = NDArray[np.float32]


def manifest_entries(arrays: Mapping[str, Float32Array]) -> list[dict[str, Any]]:
    """Describe each array as TF.js does: name, shape, dtype."""
    return [{"name": name, "shape": list(array.shape), "dtype": "float32"} for name, array in arrays.items()]


def pack(arrays: Iterable[Float32Array]) -> bytes:
    """Lay the arrays end to end as float32 little-endian bytes."""
    return b"".join(np.ascontiguousarray(array, dtype="<f4").tobytes() for array in arrays)


def cut(packed: bytes, shard_size_bytes: int = SHARD_SIZE_BYTES) -> dict[str, bytes]:
    """Cut packed bytes into named shard files, in order; no bytes give no file."""
    starts = range(0, len(packed), shard_size_bytes)
    return {
        f"group1-shard{number}of{len(starts)}.bin": packed[start : start + shard_size_bytes]
        for number, start in enumerate(starts, start=1)
    }


def manifest(arrays: Mapping[str, Float32Array], shard_names: Sequence[str]) -> list[dict[str, Any]]:
    """Build the `weightsManifest` of a model with one group of weights."""
    return [{"paths": list(shard_names), "weights": manifest_entries(arrays)}]


def unpack(entries: Sequence[Mapping[str, Any]], packed: bytes) -> dict[str, Float32Array]:
    """Read arrays back from their manifest entries; raises ValueError when the bytes do not fit exactly."""
    sizes = [prod(entry["shape"]) * 4 for entry in entries]
    if sum(sizes) != len(packed):
        raise ValueError(f"the manifest describes {sum(sizes)} bytes of weights, the shards have {len(packed)}")
    arrays, start = {}, 0
    for entry, size in zip(entries, sizes, strict=True):
        flat = np.frombuffer(packed, dtype="<f4", count=size // 4, offset=start)
        arrays[entry["name"]] = flat.reshape(entry["shape"])
        start += size
    return arrays


def sha256(packed: bytes) -> str:
    """Fingerprint of all shard bytes together, hexadecimal."""
    return hashlib.sha256(packed).hexdigest()
