"""Arrays to bytes and back."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra import numpy as some_arrays

from converter.shards import SHARD_SIZE_BYTES, cut, manifest, manifest_entries, pack, sha256, unpack

DTYPES = some.sampled_from([np.dtype(np.float32), np.dtype(np.int32), np.dtype(np.bool_)])
ARRAYS = some_arrays.arrays(DTYPES, some_arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5))


@given(some.lists(ARRAYS, max_size=5), some.integers(1, 40))
def test_arrays_come_back_bit_for_bit(arrays: list[np.ndarray], shard_size_bytes: int) -> None:
    named = {f"layer_{number}/kernel": array for number, array in enumerate(arrays)}

    files = cut(pack(named.values()), shard_size_bytes)
    (group,) = manifest(manifest_entries(named), list(files))
    back = unpack(group["weights"], b"".join(files[name] for name in group["paths"]))

    assert list(back) == list(named)
    assert [entry["dtype"] for entry in group["weights"]] == [array.dtype.name for array in arrays]
    assert all(back[name].shape == array.shape for name, array in named.items())
    assert all(back[name].tobytes() == array.tobytes() for name, array in named.items())


@pytest.mark.parametrize(
    ("size_bytes", "names"),
    [
        (0, []),
        (1, ["group1-shard1of1.bin"]),
        (SHARD_SIZE_BYTES, ["group1-shard1of1.bin"]),
        (SHARD_SIZE_BYTES + 1, ["group1-shard1of2.bin", "group1-shard2of2.bin"]),
    ],
)
def test_shards_have_at_most_four_megabytes(size_bytes: int, names: list[str]) -> None:
    files = cut(bytes(size_bytes))

    assert list(files) == names
    assert all(len(content) <= SHARD_SIZE_BYTES for content in files.values())


def test_bytes_are_little_endian_and_row_major() -> None:
    numbers = np.array([[1, 2], [3, 4]], dtype=">f4", order="F")
    counts = np.array([1, -2], dtype=">i4")

    assert pack([numbers, counts]) == np.array([1, 2, 3, 4], "<f4").tobytes() + np.array([1, -2], "<i4").tobytes()


def test_a_truth_value_is_one_byte() -> None:
    assert pack([np.array([True, False])]) == b"\x01\x00"


@pytest.mark.parametrize("size_bytes", [0, 7, 12])
def test_bytes_that_do_not_fit_the_manifest_are_refused(size_bytes: int) -> None:
    with pytest.raises(ValueError, match="describes 8 bytes"):
        unpack([{"name": "a", "shape": [2], "dtype": "float32"}], bytes(size_bytes))


@pytest.mark.parametrize("array", [np.zeros(2), np.zeros(2, "int64"), np.zeros(2, "uint8")])
def test_a_weight_of_a_kind_tensorflow_js_does_not_have_is_refused(array: np.ndarray) -> None:
    with pytest.raises(ValueError, match="should be one of float32, int32, bool"):
        manifest_entries({"a": array})


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "a", "shape": [2], "dtype": "uint8"},
        {"name": "a", "shape": [2], "dtype": "float32", "quantization": {"dtype": "int8"}},
    ],
)
def test_an_entry_of_an_unknown_kind_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="unknown dtype"):
        unpack([entry], bytes(2))


def test_the_fingerprint_is_the_one_sha256_tools_print() -> None:
    assert sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
