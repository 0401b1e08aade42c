"""Arrays to bytes and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra import numpy as some_arrays

from converter.shards import SHARD_SIZE_BYTES, cut, manifest, pack, sha256, unpack

FLOATS = some_arrays.arrays(np.float32, some_arrays.array_shapes(min_dims=0, max_dims=3, max_side=5))


@given(some.lists(FLOATS, max_size=5), some.integers(1, 40))
def test_arrays_come_back_bit_for_bit(arrays: list[np.ndarray], shard_size_bytes: int) -> None:
    named = {f"layer_{number}/kernel": array for number, array in enumerate(arrays)}

    files = cut(pack(named.values()), shard_size_bytes)
    (group,) = manifest(named, list(files))
    back = unpack(group["weights"], b"".join(files[name] for name in group["paths"]))

    assert list(back) == list(named)
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
    array = np.array([[1, 2], [3, 4]], dtype=">f4", order="F")

    assert pack([array]) == np.array([1, 2, 3, 4], "<f4").tobytes()


@pytest.mark.parametrize("size_bytes", [0, 7, 12])
def test_bytes_that_do_not_fit_the_manifest_are_refused(size_bytes: int) -> None:
    with pytest.raises(ValueError, match="describes 8 bytes"):
        unpack([{"name": "a", "shape": [2], "dtype": "float32"}], bytes(size_bytes))


def test_the_fingerprint_is_the_one_sha256_tools_print() -> None:
    assert sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
