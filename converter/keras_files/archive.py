"""A model file, opened by zip, JSON and HDF5 only: a .keras archive.

A model file may be written by anyone. Nothing in it is executed, unpacked to disk or followed: an entry is read into
memory under a cap, or looked at where it lies in the file.
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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from converter.errors import UnreadableArchive, quoted

MAX_ENTRIES = 100
MAX_DIRECTORY_SIZE_BYTES = 100_000
MAX_CONFIG_SIZE_BYTES = 3_000_000
MAX_CONFIG_CONTAINERS = 100_000
MAX_METADATA_SIZE_BYTES = 64_000
MAX_WEIGHTS_SIZE_BYTES = 1_000_000_000
MAX_RATIO = 100
"""How many times larger an entry may be than what is stored of it, if it is larger than a megabyte."""

HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
REPAIR = "save the model with Keras 3 as model.keras and try again"

_END_RECORD, _END_RECORD_SIZE, _MAX_COMMENT = b"PK\x05\x06", 22, 65_535
_ZIP64_LOCATOR, _ZIP64_LOCATOR_SIZE = b"PK\x06\x07", 20
_LOCAL_HEADER_SIZE = 30
_CHUNK_SIZE = 1_000_000
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


@contextmanager
def open_regular(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file for reading; raises UnreadableArchive unless it is a regular one."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # a device has no end, a pipe may have no beginning
            raise UnreadableArchive(not_a_model_file(path))
        stream = open(path, "rb")  # noqa: SIM115 - closed below
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be opened"
        raise UnreadableArchive(f"Cannot read {quoted(os.fspath(path))}: {reason}; check the path.") from error
    with stream:
        yield stream


def not_a_model_file(path: str | os.PathLike[str]) -> str:
    """Say that a file is no model file."""
    return f"{quoted(os.fspath(path))} is not a model file of Keras (.keras or .h5); {REPAIR}."


# ---- Zip ------------------------------------------------------------------------------------------------------


@contextmanager
def open_zip(stream: BinaryIO, path: str | os.PathLike[str]) -> Iterator[zipfile.ZipFile]:
    """Open the zip file in `stream`; raises UnreadableArchive for one that is none, is crowded, or overlaps itself."""
    _refuse_crowded_directory(stream, path)
    try:
        archive = zipfile.ZipFile(stream)
    except _BAD_ARCHIVE as error:
        raise UnreadableArchive(not_a_model_file(path)) from error
    with archive:
        _refuse_overlaps(archive, stream)
        yield archive


def _refuse_crowded_directory(stream: BinaryIO, path: str | os.PathLike[str]) -> None:
    """Look at the end record alone: opening a zip file costs time and memory for every entry it claims."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _END_RECORD_SIZE - _MAX_COMMENT - _ZIP64_LOCATOR_SIZE))
    tail = stream.read()
    end = tail.rfind(_END_RECORD)
    if end < 0 or len(tail) - end < _END_RECORD_SIZE:
        raise UnreadableArchive(not_a_model_file(path))
    entries = int.from_bytes(tail[end + 10 : end + 12], "little")
    directory_size = int.from_bytes(tail[end + 12 : end + 16], "little")
    before = tail[max(0, end - _ZIP64_LOCATOR_SIZE) : end]
    if before.startswith(_ZIP64_LOCATOR) or entries > MAX_ENTRIES or directory_size > MAX_DIRECTORY_SIZE_BYTES:
        raise UnreadableArchive(
            f"{quoted(os.fspath(path))} holds more than the few files of a .keras file (at most {MAX_ENTRIES}); "
            f"{REPAIR}."
        )


def _refuse_overlaps(archive: zipfile.ZipFile, stream: BinaryIO) -> None:
    """Entries that share bytes unpack to far more than the file holds."""
    end_before = 0
    for entry in sorted(archive.infolist(), key=lambda one: one.header_offset):
        _refuse_odd_entry(entry)
        if entry.header_offset < end_before or entry.compress_size < 0:
            raise UnreadableArchive(f"The files inside the model file overlap each other; {REPAIR}.")
        end_before = entry.header_offset + _LOCAL_HEADER_SIZE + entry.compress_size
    if end_before > stream.seek(0, os.SEEK_END):
        raise UnreadableArchive(f"The model file is cut off; {REPAIR}.")


def _refuse_odd_entry(entry: zipfile.ZipInfo) -> None:
    """Nothing is ever unpacked, but a name that leads out of a folder, or a link, is not what Keras writes."""
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    if is_link or entry.filename.startswith("/") or "\\" in entry.filename or ".." in entry.filename.split("/"):
        raise UnreadableArchive(f"The model file holds {quoted(entry.filename)}, which leads out of it; {REPAIR}.")


def _find(archive: zipfile.ZipFile, name: str, cap: int) -> zipfile.ZipInfo:
    found = [entry for entry in archive.infolist() if entry.filename == name]
    if len(found) != 1:
        raise UnreadableArchive(f"The file has no {name} (or several), so it is not a .keras file; {REPAIR}.")
    entry = found[0]
    if entry.file_size > cap:
        raise UnreadableArchive(f"The {name} in the file is larger than {cap} bytes; use a smaller model.")
    if entry.file_size > 1_000_000 and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
        raise UnreadableArchive(f"The {name} in the file unpacks to far more than is stored of it; {REPAIR}.")
    return entry


def read_entry(archive: zipfile.ZipFile, name: str, cap: int) -> bytes:
    """Read one entry, never more than `cap` bytes whatever its header claims; raises UnreadableArchive."""
    entry = _find(archive, name, cap)
    try:
        with archive.open(entry) as stream:
            content = stream.read(cap + 1)
    except _BAD_ARCHIVE as error:
        raise UnreadableArchive(f"The {name} in the file is damaged; {REPAIR}.") from error
    if len(content) > cap:
        raise UnreadableArchive(f"The {name} in the file is larger than {cap} bytes; {REPAIR}.")
    return content


@contextmanager
def open_entry(archive: zipfile.ZipFile, name: str) -> Iterator[BinaryIO]:
    """Open one entry for reading here and there: where it lies if it is stored as it is, else from memory.

    Its checksum is compared first, a chunk at a time. Raises UnreadableArchive.
    """
    entry = _find(archive, name, MAX_WEIGHTS_SIZE_BYTES)
    if entry.compress_type != zipfile.ZIP_STORED or archive.fp is None:
        yield io.BytesIO(read_entry(archive, name, entry.file_size))
        return
    try:
        with archive.open(entry) as checked:
            while checked.read(_CHUNK_SIZE):
                pass
    except _BAD_ARCHIVE as error:
        raise UnreadableArchive(f"The {name} in the file is damaged; {REPAIR}.") from error
    stream = cast(BinaryIO, archive.fp)
    yield cast(BinaryIO, io.BufferedReader(_Window(stream, _start_of(stream, entry), entry.file_size), 65_536))


def _start_of(stream: BinaryIO, entry: zipfile.ZipInfo) -> int:
    """Where the bytes of an entry begin: behind a header whose last two parts have any length."""
    stream.seek(entry.header_offset)
    header = stream.read(_LOCAL_HEADER_SIZE)
    lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    return entry.header_offset + _LOCAL_HEADER_SIZE + lengths


class _Window(io.RawIOBase):
    """A part of a file, as a file: zipfile can go back in an entry only by reading all of it again."""

    def __init__(self, stream: BinaryIO, start: int, size: int) -> None:
        self._stream, self._start, self._size, self._position = stream, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        left = max(0, self._size - self._position)
        self._stream.seek(self._start + self._position)
        content = self._stream.read(min(len(buffer), left))
        buffer[: len(content)] = content
        self._position += len(content)
        return len(content)


# ---- JSON -----------------------------------------------------------------------------------------------------


def parse_json(content: bytes, name: str) -> object:
    """Parse JSON without the constants that are none; raises UnreadableArchive."""

    def refuse_constant(constant: str) -> object:
        raise ValueError(f"{constant} is not JSON")

    if content.count(b"[") + content.count(b"{") > MAX_CONFIG_CONTAINERS:
        raise UnreadableArchive(f"The {name} in the file holds too many parts; use a smaller model.")
    try:
        parsed: object = json.loads(content, parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        raise UnreadableArchive(f"The {name} in the file is not valid JSON; {REPAIR}.") from error
    return parsed


def read_configuration(archive: zipfile.ZipFile) -> object:
    """Read config.json, not checked yet."""
    return parse_json(read_entry(archive, "config.json", MAX_CONFIG_SIZE_BYTES), "config.json")


def read_keras_version(archive: zipfile.ZipFile) -> str:
    """Read which Keras wrote a .keras file; raises UnreadableArchive unless it was Keras 3."""
    metadata = parse_json(read_entry(archive, "metadata.json", MAX_METADATA_SIZE_BYTES), "metadata.json")
    version = metadata.get("keras_version") if isinstance(metadata, Mapping) else None
    if not is_version(version):
        raise UnreadableArchive(f"The file does not say which Keras wrote it; {REPAIR}.")
    if int(str(version).partition(".")[0]) != 3:
        raise UnreadableArchive(
            f"The file was written by Keras {version}, but a .keras file has to be of Keras 3; save the model there as "
            "model.h5, or with Keras 3 as model.keras."
        )
    return str(version)


def is_version(version: object) -> bool:
    """Say whether this is a version such as 3.15.1."""
    return isinstance(version, str) and re.fullmatch(r"\d{1,3}\.\d+[0-9A-Za-z.+-]{0,40}", version) is not None
