"""Labelled pictures from the command line: for whoever looks after a server, with progress."""

import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from server.collecting.job import Job
from server.collecting.process import Child
from server.config import Settings
from server.domain.errors import InvalidInput, NotFound
from server.domain.image_sets import IMAGE_SETS
from server.services.images import parse_wishes
from server.storage.collections import CollectionFolders

_BAR = 30


class ImagesTerminal:
    """What `neural-playground images` does; names go to `out`, all else to `told`. Every method raises PublicError."""

    def __init__(self, settings: Settings, out: TextIO = sys.stdout, told: TextIO = sys.stderr) -> None:
        self._folders = CollectionFolders(settings.images_dir)
        self._out = out
        self._told = told

    def add(self, source: Path, title: str, raw_side: str | None, raw_colour: str | None) -> None:
        """Make a collection of a zip file or a folder; says under which name runs find it."""
        if not source.exists():
            raise InvalidInput(
                f"{source} is not there; a zip file or a folder of class folders is expected.", "no_file"
            )
        wishes = parse_wishes(raw_side, raw_colour)
        name = secrets.token_hex(10)
        job = Job(
            "put_there",
            name,
            source.resolve(),
            self._folders.folder(name),
            self._folders.adding(name),
            wishes.side,
            wishes.colour,
            title[:80],
        )
        self._run(job)
        for problem in self._folders.about(name)["problems"]:  # type: ignore[index] # it has just been written
            self._say(f"Left out: {problem['message']}")
        self._say(self._summary(name))
        self._say('A specification names it so: "dataset": {"name": "own_images", "images": {"collection": ...}}')
        self._out.write(f"{name}\n")

    def prepare(self, name: str) -> None:
        """Make a known set from files in the data folder, else from the internet."""
        if name not in IMAGE_SETS:
            raise InvalidInput(f"The set must be {', '.join(IMAGE_SETS)}, but {name!r} was given.", "unknown_set")
        folder, growing = self._folders.folder(name), self._folders.adding(name)
        self._run(Job("named", name, self._folders.sources, folder, growing))
        self._say(self._summary(name))

    def list_all(self) -> None:
        """One line for each collection."""
        names = self._folders.names()
        for name in names:
            self._out.write(f"{self._summary(name)}\n")
        if not names:
            self._say("There are no images yet. 'neural-playground images prepare mnist' gets some.")

    def remove(self, name: str) -> None:
        """Remove a collection, a known set or own pictures."""
        if name not in self._folders.names():
            raise NotFound(f"There are no images of the name {name!r}; 'neural-playground images list' names them.")
        self._folders.delete(name)
        self._say(f"Removed {name}.")

    def _run(self, job: Job) -> None:
        self._folders.sources.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            Child(job).run(_bar(self._told))
        finally:
            self._say("")

    def _summary(self, name: str) -> str:
        about = self._folders.about(name) or {}
        shape = " x ".join(map(str, about["shape"]))
        parts = f"{about['train_count']:,} + {about['test_count']:,} pictures"
        size = f"{self._folders.used_bytes(name) / 1e6:,.1f} MB"
        return "  ".join(
            filter(None, (name, parts, shape, f"{len(about['classes'])} classes", size, about.get("title")))
        )

    def _say(self, sentence: str) -> None:
        self._told.write(f"{sentence}\n")


def _bar(told: TextIO) -> Callable[[float], None]:
    def tell(share: float) -> None:
        done = round(share * _BAR)
        told.write(f"\r[{'#' * done}{'.' * (_BAR - done)}] {share:4.0%}")
        told.flush()

    return tell
