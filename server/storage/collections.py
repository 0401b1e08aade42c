"""The folder of pictures: collections, archives on their way in, and files that the server's keeper has put there."""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

_ABOUT = "collection.json"
_SOURCES = "sources"
_INCOMING = "incoming"
_GROWING = ".growing"
_ADDING = "-adding"
_CACHE = "embeddings-"
"""Files of ours beside the pictures begin so, or lie in folders that do: what a pretrained network said of them."""

_LEFT_BEHIND_S = 86_400.0
"""No command line takes so long to add pictures."""

_PIECE_BYTES = 1 << 20
_PRIVATE = 0o700


class CutOff(Exception):
    """An archive ended before its declared length, or was longer."""


class CollectionFolders:
    """`images/` of the data folder; names of collections are ours."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def sources(self) -> Path:
        """Where the server's keeper puts files of known sets."""
        return self._root / _SOURCES

    def prepare(self, now: datetime) -> None:
        """Make the folders, and remove what a server before was in the middle of. Raises OSError."""
        self.sources.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
        shutil.rmtree(self._root / _INCOMING, ignore_errors=True)
        for left in self._root.glob(f"*{_GROWING}*"):
            shutil.rmtree(left, ignore_errors=True)
        for left in self._root.glob(f".*{_ADDING}*"):
            with suppress(OSError):
                if now.timestamp() - left.stat().st_mtime > _LEFT_BEHIND_S:
                    shutil.rmtree(left)

    def folder(self, name: str) -> Path:
        """Where a collection lies."""
        return self._root / name

    def growing(self, name: str) -> Path:
        """Where it grows until it is whole."""
        return self._root / f"{name}{_GROWING}"

    def adding(self, name: str) -> Path:
        """The same for the command line, another each time: a server that starts meanwhile leaves it alone."""
        return self._root / f".{name}{_ADDING}-{secrets.token_hex(4)}"

    def archive(self, name: str) -> Path:
        """Where the archive lies that it is made of, until it is made."""
        return self._root / _INCOMING / f"{name}.zip"

    def receive(self, name: str, stream: BinaryIO, declared_bytes: int) -> Path:
        """Write an archive as it comes, no byte beyond what was declared; all of it or nothing stays.

        Raises CutOff, OSError.
        """
        path = self.archive(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
        try:
            with path.open("xb") as file:
                left = declared_bytes
                while left and (piece := stream.read(min(_PIECE_BYTES, left))):
                    left -= file.write(piece)
            if left or stream.read(1):
                raise CutOff
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    def forget_archive(self, name: str) -> None:
        """The archive is not needed any more."""
        self.archive(name).unlink(missing_ok=True)

    def about(self, name: str) -> dict[str, Any] | None:
        """What is written down of a collection; None when it is not there."""
        try:
            read = json.loads((self.folder(name) / _ABOUT).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return read if isinstance(read, dict) else None

    def delete(self, name: str) -> bool:
        """Remove everything of a collection, its archive too. Returns whether there was something."""
        folders = [self.folder(name), self.growing(name), *self._root.glob(f"{name}{_GROWING}*")]
        was_there = any(folder.exists() for folder in folders) or self.archive(name).exists()
        # The name goes first, in one step: nobody finds half of it.
        gone = self._root / f"{name}{_GROWING}-deleted-{secrets.token_hex(4)}"
        with suppress(FileNotFoundError):  # it was not there, or somebody else deletes it, too
            self.folder(name).rename(gone)
        for folder in [*folders, gone]:
            shutil.rmtree(folder, ignore_errors=True)
        self.forget_archive(name)
        return was_there

    def note_opened(self, name: str, now: datetime) -> None:
        """Somebody has asked for a collection; one that is gone is passed over."""
        try:
            os.utime(self.folder(name) / _ABOUT, (now.timestamp(), now.timestamp()))
        except OSError:
            return

    def opened_at(self, name: str) -> float | None:
        """When somebody asked for it last, in seconds since 1970; None when it is gone."""
        try:
            return (self.folder(name) / _ABOUT).stat().st_mtime
        except OSError:
            return None

    def names(self) -> list[str]:
        """All collections."""
        found = (path.parent.name for path in self._root.glob(f"*/{_ABOUT}"))
        return sorted(name for name in found if _GROWING not in name and not name.startswith("."))

    def used_bytes(self, name: str | None = None) -> int:
        """What collections and archives on their way take, or one collection.

        Not what the keeper has put there, nor what the server keeps for itself beside the pictures: nobody who is
        asked to delete something could do so with these.
        """
        if name is not None:
            return sum(_sizes(self.folder(name)))
        collections = sum(size for each in self.names() for size in _sizes(self.folder(each)))
        growing = (size for folder in self._root.glob(f"*{_GROWING}*") for size in _sizes(folder))
        return collections + sum(growing) + self.incoming_bytes()

    def incoming_bytes(self) -> int:
        """What archives on their way take; they are gone when collections are made of them."""
        return sum(_sizes(self._root / _INCOMING))

    def free_bytes(self) -> int:
        """What is left on the disk."""
        return shutil.disk_usage(self._root if self._root.exists() else self._root.parent).free


def _sizes(folder: Path) -> Iterator[int]:
    for path in folder.rglob("*"):
        if any(part.startswith(_CACHE) for part in path.relative_to(folder).parts):
            continue
        try:
            yield path.stat().st_size if path.is_file() else 0
        except OSError:  # it has just been removed
            continue
