"""A folder of pictures, brought by whoever looks after the server."""

import os
from collections.abc import Iterator
from pathlib import Path

from server.collecting.entries import Contents, Entry, is_left_behind
from server.collecting.labels import clean_path
from server.collecting.limits import ArchiveLimits
from server.collecting.refusals import UnusableImages, UnusablePicture


class PictureFolder:
    """All files below a folder; links inside it are not followed."""

    def __init__(self, path: Path, limits: ArchiveLimits) -> None:
        """Raises UnusableImages: too many files."""
        self._path = path
        self._limits = limits
        entries: list[Entry] = []
        problems: list[tuple[str, str]] = []
        for file in _files_below(path):
            name = file.relative_to(path).as_posix()
            if len(entries) + len(problems) >= limits.listed:
                raise UnusableImages(
                    f"The folder {path} cannot be used: it has more than {limits.listed:,} files. Take fewer.",
                    "too_many_files",
                )
            if file.is_symlink():
                problems.append((clean_path(name), "is a link, not a file. Put the picture itself into the folder."))
            elif not is_left_behind(name):
                entries.append(Entry(name, file.stat().st_size))
        self._contents = Contents(tuple(entries), tuple(problems))

    @property
    def contents(self) -> Contents:
        """What lies in it."""
        return self._contents

    def read(self, entry: Entry) -> bytes:
        """One file. Raises UnusablePicture."""
        try:
            with (self._path / entry.path).open("rb") as file:
                content = file.read(self._limits.entry_bytes + 1)
        except OSError as error:
            raise UnusablePicture("cannot be read. Make it readable for the server.") from error
        if len(content) > self._limits.entry_bytes:
            raise UnusablePicture(f"has more than {self._limits.entry_bytes / 1e6:g} MB. Make it smaller.")
        return content

    def close(self) -> None:
        """There is nothing to let go of."""


def _files_below(path: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(path):
        folders.sort()
        yield from (Path(folder, file) for file in sorted(files))
