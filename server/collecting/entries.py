"""What lies in an archive or a folder, by name and size, to be read one file at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from server.collecting.limits import ArchiveLimits
from server.collecting.refusals import UnusableImages


@dataclass(frozen=True)
class Entry:
    """One file: `path` has `/` between folders and leads nowhere; `bytes` as it says of itself."""

    path: str
    bytes: int


@dataclass(frozen=True)
class Contents:
    """The files that may be read, and why others may not, by name."""

    entries: tuple[Entry, ...]
    problems: tuple[tuple[str, str], ...]


class Source(Protocol):
    """An archive or a folder."""

    @property
    def contents(self) -> Contents:
        """What lies there."""

    def read(self, entry: Entry) -> bytes:
        """One file. Raises UnusablePicture."""

    def close(self) -> None:
        """Let go of it."""


_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".jar")
_LEFT_BEHIND = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


def is_archive(path: str) -> bool:
    """Whether a file is an archive by its name."""
    return path.lower().endswith(_ARCHIVES)


def is_left_behind(path: str) -> bool:
    """Whether a system has left a file beside the pictures that no person sees."""
    parts = [part for part in path.split("/") if part not in (".", "..")]
    return any(part.startswith(".") or part.lower() in _LEFT_BEHIND for part in parts)


def refuse_archives(paths: Iterator[str]) -> None:
    """Raises UnusableImages when one of the files is an archive itself."""
    for path in paths:
        if is_archive(path):
            raise UnusableImages(
                f"These images cannot be used: there is another archive among them, {path!r}, and archives inside "
                "archives are not opened. Unpack it, and pack its folders with the others.",
                "nested_archive",
            )


def refuse_size(entries: tuple[Entry, ...], limits: ArchiveLimits) -> None:
    """Raises UnusableImages when there are too many pictures, or too much of them."""
    if len(entries) > limits.pictures:
        raise UnusableImages(
            f"These images cannot be used: there are {len(entries):,} files, but at most {limits.pictures:,} are "
            "accepted. Take fewer pictures of each class.",
            "too_many_files",
        )
    total = sum(entry.bytes for entry in entries)
    if total > limits.total_bytes:
        raise UnusableImages(
            f"These images cannot be used: unpacked they have {total / 1e6:,.0f} MB, but at most "
            f"{limits.total_bytes / 1e6:,.0f} MB are accepted. Make the pictures smaller or take fewer.",
            "too_large",
        )
