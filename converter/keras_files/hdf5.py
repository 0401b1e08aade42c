"""Arrays and attributes of an HDF5 file, read without following anything that leads out of it.

HDF5 knows links to other files, storage in other files, arrays put together from other files, and shapes that take
any amount of memory. All of them are refused before anything is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import h5py
import ml_dtypes
import numpy as np
from numpy.typing import NDArray

from converter.errors import UnreadableArchive, WeightMismatch, quoted
from converter.keras_files.archive import REPAIR

Shape = tuple[int, ...]

MAX_CHUNK_COUNT = 2**24
MAX_ATTRIBUTE_VALUES = 100_000
MAX_ATTRIBUTE_SIZE_BYTES = 16_000_000

# bfloat16 is unknown to HDF5: its two bytes are stored as they are.
_BFLOAT16_STORED = np.dtype("V2")

# What h5py raises of a damaged file, named one by one.
_DAMAGED = (
    AttributeError,
    IndexError,
    KeyError,
    MemoryError,
    OSError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
)


@contextmanager
def open_store(stream: BinaryIO) -> Iterator[h5py.File]:
    """Open the HDF5 file in `stream`; raises UnreadableArchive."""
    with damage_refused():
        store = h5py.File(stream, "r")
    try:
        yield store
    finally:
        with damage_refused():
            store.close()


@contextmanager
def damage_refused() -> Iterator[None]:
    """Turn what h5py raises of a damaged file into UnreadableArchive."""
    try:
        yield
    except _DAMAGED as error:
        raise UnreadableArchive(f"The weights in the file are damaged; {REPAIR}.") from error


@damage_refused()
def read_array(store: h5py.Group, path: str, shape: Shape, what: str) -> NDArray[np.generic]:
    """Read the array at `path` if it has this shape; `what` names it in messages.

    Raises WeightMismatch for a missing or differently shaped array, UnreadableArchive for anything odd.
    """
    dataset = find(store, path, what)
    if not isinstance(dataset, h5py.Dataset):
        raise UnreadableArchive(f"The {what} is not an array; {REPAIR}.")
    _refuse_indirect_storage(dataset, what)
    if dataset.shape != shape:
        raise WeightMismatch(
            f"The {what} should have the shape {list(shape)} by the configuration, but the file has "
            f"{list(dataset.shape or ())}; {REPAIR}."
        )
    array: NDArray[np.generic] = dataset[()]
    return np.asarray(array).view(ml_dtypes.bfloat16) if dataset.dtype == _BFLOAT16_STORED else np.asarray(array)


@damage_refused()
def find(store: h5py.Group, path: str, what: str) -> Any:
    """Walk to an object by hard links only; soft and external links are refused without being resolved."""
    here: Any = store
    for name in path.split("/"):
        links = here.id.links if isinstance(here, h5py.Group) else None
        if links is None or not links.exists(name.encode()):
            raise WeightMismatch(f"The file has no {what}; {REPAIR}.")
        if links.get_info(name.encode()).type != h5py.h5l.TYPE_HARD:
            raise UnreadableArchive(f"The {what} is a link elsewhere; {REPAIR}.")
        here = here[name]
    return here


def _refuse_indirect_storage(dataset: h5py.Dataset, what: str) -> None:
    """Keras writes plain arrays of numbers; anything else can read other files or unpack to any size."""
    created = dataset.id.get_create_plist()
    plain_layouts = (h5py.h5d.CONTIGUOUS, h5py.h5d.COMPACT, h5py.h5d.CHUNKED)
    is_numeric = dataset.dtype.kind in "fiub" or dataset.dtype == _BFLOAT16_STORED
    is_plain = created.get_layout() in plain_layouts and created.get_nfilters() == 0
    if created.get_external_count() > 0 or not is_plain or not is_numeric or dataset.dtype.subdtype is not None:
        raise UnreadableArchive(f"The {what} is not stored as a plain array of numbers; {REPAIR}.")
    if dataset.dtype.itemsize > 8 or _has_large_chunks(created):
        raise UnreadableArchive(f"The {what} is stored in pieces that are too large; {REPAIR}.")


def _has_large_chunks(created: Any) -> bool:
    is_chunked = bool(created.get_layout() == h5py.h5d.CHUNKED)
    return is_chunked and math.prod(created.get_chunk()) > MAX_CHUNK_COUNT


# ---- Attributes -----------------------------------------------------------------------------------------------


@damage_refused()
def read_text(place: h5py.Group | h5py.Dataset, name: str) -> str | None:
    """Read an attribute that is one text; None if there is no such attribute."""
    texts = _read_texts(place, name)
    if texts is None:
        return None
    if len(texts) != 1:
        raise UnreadableArchive(f"The attribute {quoted(name)} in the file is not a text; {REPAIR}.")
    return texts[0]


@damage_refused()
def read_names(place: h5py.Group, name: str) -> list[str]:
    """Read a list of names; Keras cuts a long one into attributes with numbers behind their name."""
    names = _read_texts(place, name)
    if names is not None:
        return names
    collected: list[str] = []
    for number in range(MAX_ATTRIBUTE_VALUES):
        part = _read_texts(place, f"{name}{number}")
        if part is None or len(collected) > MAX_ATTRIBUTE_VALUES:
            break
        collected += part
    return collected


def _read_texts(place: h5py.Group | h5py.Dataset, name: str) -> list[str] | None:
    if name not in place.attrs:
        return None
    attribute = place.attrs.get_id(name)
    is_text = attribute.get_type().get_class() == h5py.h5t.STRING
    count = math.prod(attribute.shape)
    if not is_text or count > MAX_ATTRIBUTE_VALUES or count * attribute.dtype.itemsize > MAX_ATTRIBUTE_SIZE_BYTES:
        raise UnreadableArchive(f"The attribute {quoted(name)} in the file is not a text; {REPAIR}.")
    value = place.attrs[name]
    return [_decoded(item, name) for item in np.atleast_1d(np.asarray(value, dtype=object)).ravel()]


def _decoded(value: object, name: str) -> str:
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError as error:
            raise UnreadableArchive(f"The attribute {quoted(name)} in the file is not a text; {REPAIR}.") from error
    return str(value)
