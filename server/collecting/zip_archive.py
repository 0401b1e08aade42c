"""A zip archive of a stranger, read under caps: nothing is ever unpacked onto the disk, and no name of it is used.

What the archive says of itself is looked at before anything is unpacked, and nothing of it is believed: while a file
is unpacked its bytes are counted again.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from server.collecting.entries import Contents, Entry, is_left_behind, refuse_archives
from server.collecting.labels import clean_path
from server.collecting.limits import ArchiveLimits
from server.collecting.refusals import UnusableImages, UnusablePicture

_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_LISTED_MARK = b"PK\x01\x02"
_LONGEST_COMMENT = 65_535
_LISTED_BYTES, _LOCAL_BYTES = 46, 30
_LONGEST_LISTED_BYTES = 400
"""On average, of the line of the list that tells one file: enough for names of 300 letters."""

_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED_LIST = (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error)
"""What `zipfile` raises over a list of files that is damaged, or tells of a kind of zip it does not know."""

_DAMAGED_FILE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
"""The same over one file while it is unpacked; ValueError over the name that stands before it."""

_ZIP_ADVICE = "Pack the folders of pictures into a zip file again, and send that."


class ZipArchive:
    """An open archive whose list of files was found in order."""

    def __init__(self, path: Path, limits: ArchiveLimits) -> None:
        """Raises UnusableImages: no zip file, damaged, too many files, a bomb, files that lie upon each other."""
        self._limits = limits
        self._left_bytes = limits.total_bytes
        self._counted: set[str] = set()
        with path.open("rb") as file:
            _refuse_long_list(file, limits)
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGED_LIST as error:
            raise _no_zip() from error
        try:
            _refuse_nameless(self._zip.infolist())
            files = [info for info in self._zip.infolist() if not info.is_dir()]
            _refuse_bombs(files, limits)
            self._infos, self._contents = _look_through(files)
            refuse_archives(iter(self._infos))
        except UnusableImages:
            self._zip.close()
            raise

    @property
    def contents(self) -> Contents:
        """What lies in it."""
        return self._contents

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def read(self, entry: Entry) -> bytes:
        """One file, unpacked. Raises UnusablePicture, and UnusableImages when all of them together are too large."""
        is_new = entry.path not in self._counted
        most = min(self._limits.entry_bytes, self._left_bytes) if is_new else self._limits.entry_bytes
        try:
            with self._zip.open(self._infos[entry.path]) as file:
                content = file.read(most + 1)
        except _DAMAGED_FILE as error:
            raise UnusablePicture("is damaged inside the zip file. Pack it again, or leave it out.") from error
        if is_new:  # a file that is read again, after its size was looked at, counts once
            self._counted.add(entry.path)
            self._left_bytes -= len(content)
        if self._left_bytes < 0:
            raise UnusableImages(
                f"This zip file cannot be used: unpacked it has more than {self._limits.total_bytes / 1e6:,.0f} MB. "
                "Make the pictures smaller or take fewer.",
                "too_large",
            )
        if len(content) > self._limits.entry_bytes:
            raise UnusablePicture(f"has more than {self._limits.entry_bytes / 1e6:g} MB. Make it smaller.")
        return content


def _refuse_long_list(file: BinaryIO, limits: ArchiveLimits) -> None:
    """Look at the end of the archive, which says how many files there are, before the list of them is read."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END.size - _LONGEST_COMMENT))
    tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise _no_zip()
    _, _, _, _, told, list_bytes, _, _ = _END.unpack_from(tail, at)
    end = size - len(tail) + at
    if list_bytes == 0:
        raise UnusableImages(
            f"This zip file is empty: no file lies in it, but folders with pictures are expected. {_ZIP_ADVICE}",
            "empty",
        )
    # 65,535 files and more are told elsewhere (zip64); the list itself is looked at then, as always.
    if list_bytes != 0xFFFFFFFF and list_bytes > end:
        raise _no_zip()
    most_bytes = limits.listed * _LONGEST_LISTED_BYTES
    list_bytes = min(list_bytes, end)
    file.seek(end - list_bytes)
    counted = file.read(list_bytes).count(_LISTED_MARK) if list_bytes <= most_bytes else limits.listed + 1
    if max(counted, told if told != 0xFFFF else 0) > limits.listed:
        raise UnusableImages(
            f"This zip file cannot be used: it lists {max(told, counted):,} files, but at most {limits.pictures:,} "
            "pictures are accepted. Take fewer pictures of each class.",
            "too_many_files",
        )


def _refuse_nameless(listed: list[zipfile.ZipInfo]) -> None:
    """No program for zip files makes a file without a name, and `zipfile` cannot tell whether it is a folder."""
    if not all(info.filename for info in listed):
        raise _no_zip()


def _refuse_bombs(files: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    for info in files:
        is_large = info.file_size > limits.ratio_counts_from_bytes
        if is_large and info.file_size > limits.ratio * max(info.compress_size, 1):
            raise UnusableImages(
                f"This zip file cannot be used: {clean_path(info.filename)!r} would grow from {info.compress_size:,} "
                f"to {info.file_size:,} bytes, and no picture grows more than {limits.ratio} times. {_ZIP_ADVICE}",
                "zip_bomb",
            )
    total = sum(info.file_size for info in files)
    if total > limits.total_bytes:
        raise UnusableImages(
            f"This zip file cannot be used: unpacked it has {total / 1e6:,.0f} MB, but at most "
            f"{limits.total_bytes / 1e6:,.0f} MB are accepted. Make the pictures smaller or take fewer.",
            "too_large",
        )
    _refuse_overlaps(files)


def _refuse_overlaps(files: list[zipfile.ZipInfo]) -> None:
    """Files that share their bytes: a small archive reads back as a large one, each file honest by itself."""
    end = 0
    for info in sorted(files, key=lambda each: each.header_offset):
        if info.header_offset < end:
            raise UnusableImages(
                f"This zip file cannot be used: {clean_path(info.filename)!r} lies upon another file in it, which no "
                f"program for zip files does. {_ZIP_ADVICE}",
                "zip_bomb",
            )
        end = info.header_offset + _LOCAL_BYTES + len(info.orig_filename) + info.compress_size


def _look_through(files: list[zipfile.ZipInfo]) -> tuple[dict[str, zipfile.ZipInfo], Contents]:
    infos: dict[str, zipfile.ZipInfo] = {}
    problems = []
    for info, path in _in_sight(files):
        reason = "has the same name as another file. Name it otherwise." if path in infos else _why_not(info, path)
        if reason:
            problems.append((clean_path(info.orig_filename), reason))
        else:
            infos[path] = info
    entries = tuple(Entry(path, info.file_size) for path, info in infos.items())
    return infos, Contents(entries, tuple(problems))


def _in_sight(files: list[zipfile.ZipInfo]) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """Each file with its path; some programs for Windows write `\\` between folders."""
    for info in files:
        path = info.orig_filename.replace("\\", "/").removeprefix("./")
        if not is_left_behind(path):
            yield info, path


def _why_not(info: zipfile.ZipInfo, path: str) -> str | None:
    parts = path.split("/")
    if ".." in parts or "" in parts or "." in parts or ":" in parts[0] or "\0" in path:
        return "has a name that leads out of the zip file. Pack it again without such a name."
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "is a link or a device, not a file. Put the picture itself into the folder."
    if info.flag_bits & _ENCRYPTED:
        return "is locked with a password. Pack it again without one."
    if info.compress_type not in _METHODS:
        return "is packed in a way that is not known here. Pack it again as a plain zip file."
    return None


def _no_zip() -> UnusableImages:
    return UnusableImages(
        f"This is no zip file, or it was cut off on its way: its list of files cannot be read. {_ZIP_ADVICE}",
        "not_a_zip",
    )
