"""Open a .keras file: its configuration and named arrays, by zip, JSON and HDF5 only.

A model file may be written by anyone. Nothing in it is executed, unpacked to disk or followed: entries are read into
memory under a cap, HDF5 links other than plain ones are refused, and an array is read only after its shape was found
equal to what the configuration asks for.
"""

from __future__ import annotations

import io
import json
import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import h5py
import numpy as np
from numpy.typing import NDArray

from converter.errors import InvalidConfiguration, UnreadableArchive, WeightMismatch, quoted
from converter.model_config import WeightSpec

MAX_ENTRIES = 100
MAX_DIRECTORY_SIZE_BYTES = 100_000
MAX_CONFIG_SIZE_BYTES = 1_000_000
MAX_METADATA_SIZE_BYTES = 64_000
MAX_WEIGHTS_COUNT = 20_000_000

_HDF5_OVERHEAD_BYTES = 4_000_000
_END_RECORD, _END_RECORD_SIZE, _MAX_COMMENT = b"PK\x05\x06", 22, 65_535
_ZIP64_LOCATOR, _ZIP64_LOCATOR_SIZE = b"PK\x06\x07", 20
_HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
# What zipfile and its decompressors raise of a file that is damaged, encrypted, cut or packed by an unknown method.
# Named one by one, so that a fault of ours is not taken for one of the file.
_BAD_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
_REPAIR = "save the model with Keras 3 as model.keras and try again"


@dataclass(frozen=True)
class KerasArchive:
    """An open .keras file: its raw configuration, not yet checked, and the Keras version that wrote it."""

    raw_config: object
    keras_version: str
    file: zipfile.ZipFile

    def read_arrays(
        self, specs: Sequence[WeightSpec], groups: Mapping[tuple[str, ...], str]
    ) -> dict[WeightSpec, NDArray[np.generic]]:
        """Read the arrays of `specs`; `groups` says in which HDF5 group each layer keeps them.

        Raises WeightMismatch for a missing or differently shaped array, UnreadableArchive for anything odd.
        """
        count = sum(int(np.prod(spec.shape, dtype=object)) for spec in specs)
        if count > MAX_WEIGHTS_COUNT:
            raise InvalidConfiguration(
                f"The model has {count} weights, but a file may have at most {MAX_WEIGHTS_COUNT}; use a smaller model."
            )
        if not specs:
            return {}
        # A trained file holds the optimizer's memory too, up to a few times the weights.
        cap = count * 4 * 8 + _HDF5_OVERHEAD_BYTES
        content = _read_entry(self.file, "model.weights.h5", cap)
        try:
            with h5py.File(io.BytesIO(content), "r") as store:
                return {spec: _read_array(store, groups[spec.path], spec) for spec in specs}
        except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
            raise UnreadableArchive(f"The weights in the file are damaged; {_REPAIR}.") from error


@contextmanager
def open_archive(path: str | os.PathLike[str]) -> Iterator[KerasArchive]:
    """Open a .keras file and read its configuration; raises UnreadableArchive."""
    with _open_file(path) as stream:
        _refuse_crowded_directory(stream, path)
        try:
            archive = zipfile.ZipFile(stream)
        except _BAD_ARCHIVE as error:
            raise UnreadableArchive(_not_an_archive(path)) from error
        with archive:
            raw_config = _read_json(archive, "config.json", MAX_CONFIG_SIZE_BYTES)
            yield KerasArchive(raw_config, _keras_version(archive), archive)


def _open_file(path: str | os.PathLike[str]) -> BinaryIO:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # a device has no end, a pipe may have no beginning
            raise UnreadableArchive(_not_an_archive(path))
        return open(path, "rb")  # noqa: SIM115 - the caller closes it
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise UnreadableArchive(f"Cannot read {quoted(os.fspath(path))}: {reason}; check the path.") from error


def _not_an_archive(path: str | os.PathLike[str], head: bytes = b"") -> str:
    kind = "an older HDF5 file, not a .keras file" if head.startswith(_HDF5_SIGNATURE) else "not a .keras file"
    return f"{quoted(os.fspath(path))} is {kind}; {_REPAIR}."


# ---- Zip ------------------------------------------------------------------------------------------------------


def _refuse_crowded_directory(stream: BinaryIO, path: str | os.PathLike[str]) -> None:
    """Look at the end record alone: opening a zip file costs time and memory for every entry it claims."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _END_RECORD_SIZE - _MAX_COMMENT - _ZIP64_LOCATOR_SIZE))
    tail = stream.read()
    end = tail.rfind(_END_RECORD)
    if end < 0 or len(tail) - end < _END_RECORD_SIZE:
        stream.seek(0)
        raise UnreadableArchive(_not_an_archive(path, stream.read(len(_HDF5_SIGNATURE))))
    entries = int.from_bytes(tail[end + 10 : end + 12], "little")
    directory_size = int.from_bytes(tail[end + 12 : end + 16], "little")
    before = tail[max(0, end - _ZIP64_LOCATOR_SIZE) : end]
    if before.startswith(_ZIP64_LOCATOR) or entries > MAX_ENTRIES or directory_size > MAX_DIRECTORY_SIZE_BYTES:
        raise UnreadableArchive(
            f"{quoted(os.fspath(path))} holds more than the few files of a .keras file (at most {MAX_ENTRIES}); "
            f"{_REPAIR}."
        )


def _read_entry(archive: zipfile.ZipFile, name: str, cap: int) -> bytes:
    """Read one entry, never more than `cap` bytes whatever its header claims."""
    if archive.namelist().count(name) != 1:
        raise UnreadableArchive(f"The file has no {name} (or several), so it is not a .keras file; {_REPAIR}.")
    try:
        with archive.open(name) as entry:
            content = entry.read(cap + 1)
    except _BAD_ARCHIVE as error:
        raise UnreadableArchive(f"The {name} in the file is damaged; {_REPAIR}.") from error
    if len(content) > cap:
        raise UnreadableArchive(f"The {name} in the file is larger than {cap} bytes, more than the model can need.")
    return content


# ---- JSON -----------------------------------------------------------------------------------------------------


def _read_json(archive: zipfile.ZipFile, name: str, cap: int) -> object:
    def refuse_constant(constant: str) -> object:
        raise ValueError(f"{constant} is not JSON")

    content = _read_entry(archive, name, cap)
    try:
        parsed: object = json.loads(content, parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        raise UnreadableArchive(f"The {name} in the file is not valid JSON; {_REPAIR}.") from error
    return parsed


def _keras_version(archive: zipfile.ZipFile) -> str:
    metadata = _read_json(archive, "metadata.json", MAX_METADATA_SIZE_BYTES)
    version = metadata.get("keras_version") if isinstance(metadata, Mapping) else None
    if not isinstance(version, str) or not re.fullmatch(r"\d+\.\d+[0-9A-Za-z.+-]{0,40}", version):
        raise UnreadableArchive(f"The file does not say which Keras wrote it; {_REPAIR}.")
    if int(version.partition(".")[0]) != 3:
        raise UnreadableArchive(f"The file was written by Keras {version}, but Keras 3 is needed; {_REPAIR}.")
    return version


# ---- HDF5 -----------------------------------------------------------------------------------------------------


def _read_array(store: h5py.File, group: str, spec: WeightSpec) -> NDArray[np.generic]:
    dataset = _follow_plain_links(store, f"{group}/{spec.position}", spec)
    if not isinstance(dataset, h5py.Dataset):
        raise UnreadableArchive(f"The {spec.name} of layer {quoted(spec.path[-1])} is not an array; {_REPAIR}.")
    _refuse_indirect_storage(dataset, spec)
    if dataset.shape != spec.shape:
        raise WeightMismatch(
            f"The {spec.name} of layer {quoted(spec.path[-1])} should have the shape {list(spec.shape)} by the "
            f"configuration, but the file has {list(dataset.shape or ())}; {_REPAIR}."
        )
    array: NDArray[np.generic] = dataset[()]
    return array


def _follow_plain_links(store: h5py.File, path: str, spec: WeightSpec) -> object:
    """Walk to an object by hard links only; soft and external links are refused without being resolved."""
    here: object = store
    for name in path.split("/"):
        if not isinstance(here, h5py.Group):
            break
        links = here.id.links
        if not links.exists(name.encode()):
            raise WeightMismatch(f"The file has no {spec.name} for layer {quoted(spec.path[-1])}; {_REPAIR}.")
        if links.get_info(name.encode()).type != h5py.h5l.TYPE_HARD:
            raise UnreadableArchive(f"The weights of layer {quoted(spec.path[-1])} are a link elsewhere; {_REPAIR}.")
        here = here[name]
    return here


def _refuse_indirect_storage(dataset: h5py.Dataset, spec: WeightSpec) -> None:
    """Keras writes plain float32 arrays; anything else can read other files or unpack to any size."""
    layout = dataset.id.get_create_plist().get_layout()
    plain_layouts = (h5py.h5d.CONTIGUOUS, h5py.h5d.COMPACT)
    is_external = dataset.id.get_create_plist().get_external_count() > 0
    if is_external or layout not in plain_layouts or dataset.dtype.newbyteorder("<") != np.dtype("<f4"):
        raise UnreadableArchive(
            f"The {spec.name} of layer {quoted(spec.path[-1])} is not stored as a plain float32 array; {_REPAIR}."
        )
