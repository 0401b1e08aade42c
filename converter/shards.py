"""Arrays to the manifest and bytes of a TF.js weights group, and back; pure.

Format: `weightsManifest` of a TF.js model (tfjs-core 4.22, io/types.ts and io/io_utils.ts). All arrays follow each
other without gaps, little-endian, row-major, a bool as one byte, and are then cut into files of at most 4 MB regardless
of where an array ends.
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
Array = NDArray[Any]

_BYTES_OF = {"float32": "<f4", "int32": "<i4", "bool": "|b1", "float16": "<f2", "uint16": "<u2", "uint8": "|u1"}
"""How each dtype lies in a shard; the last three only as the stored form of a quantized weight."""

_OWN_DTYPES = ("float32", "int32", "bool")


def manifest_entries(arrays: Mapping[str, Array]) -> list[dict[str, Any]]:
    """Describe each array as TF.js does: name, shape, dtype. Raises ValueError for a dtype TF.js has no weights of."""
    return [_entry(name, array) for name, array in arrays.items()]


def _entry(name: str, array: Array) -> dict[str, Any]:
    if array.dtype.name not in _OWN_DTYPES:
        raise ValueError(f"weight {name} should be one of {', '.join(_OWN_DTYPES)}, but is {array.dtype.name}")
    return {"name": name, "shape": list(array.shape), "dtype": array.dtype.name}


def pack(arrays: Iterable[Array]) -> bytes:
    """Lay the arrays end to end as little-endian bytes. Raises ValueError for a dtype no shard can hold."""
    return b"".join(map(_bytes_of, arrays))


def _bytes_of(array: Array) -> bytes:
    if array.dtype.name not in _BYTES_OF:
        raise ValueError(f"an array of dtype {array.dtype.name} cannot be stored")
    return np.ascontiguousarray(array, dtype=_BYTES_OF[array.dtype.name]).tobytes()


def cut(packed: bytes, shard_size_bytes: int = SHARD_SIZE_BYTES) -> dict[str, bytes]:
    """Cut packed bytes into named shard files, in order; no bytes give no file."""
    starts = range(0, len(packed), shard_size_bytes)
    return {
        f"group1-shard{number}of{len(starts)}.bin": packed[start : start + shard_size_bytes]
        for number, start in enumerate(starts, start=1)
    }


def manifest(entries: Sequence[Mapping[str, Any]], shard_names: Sequence[str]) -> list[dict[str, Any]]:
    """Build the `weightsManifest` of a model with one group of weights."""
    return [{"paths": list(shard_names), "weights": [dict(entry) for entry in entries]}]


def unpack(entries: Sequence[Mapping[str, Any]], packed: bytes) -> dict[str, Array]:
    """Read arrays back as they are stored: a quantized one as float16, uint16 or uint8.

    Raises ValueError when the bytes do not fit exactly or a dtype is not known.
    """
    kinds = [np.dtype(_stored_as(entry)) for entry in entries]
    sizes = [prod(entry["shape"]) * kind.itemsize for entry, kind in zip(entries, kinds, strict=True)]
    if sum(sizes) != len(packed):
        raise ValueError(f"the manifest describes {sum(sizes)} bytes of weights, the shards have {len(packed)}")
    arrays, start = {}, 0
    for entry, kind, size in zip(entries, kinds, sizes, strict=True):
        flat = np.frombuffer(packed, dtype=kind, count=size // kind.itemsize, offset=start)
        arrays[entry["name"]] = flat.reshape(entry["shape"])
        start += size
    return arrays


def _stored_as(entry: Mapping[str, Any]) -> str:
    dtype = entry.get("quantization", entry)["dtype"]
    if dtype not in _BYTES_OF or entry["dtype"] not in _OWN_DTYPES:
        raise ValueError(f"weight {entry['name']} has an unknown dtype")
    return _BYTES_OF[dtype]


def sha256(packed: bytes) -> str:
    """Fingerprint of all shard bytes together, hexadecimal."""
    return hashlib.sha256(packed).hexdigest()
