"""A collection is written beside its place and takes it in one step: whole or not at all."""

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from server.datasets.collections import ABOUT, LABELS, PICTURES, Collection
from server.domain.events import to_json


@dataclass(frozen=True)
class Place:
    """Where a collection shall lie, and the folder beside it in which it grows; the same disk holds both."""

    folder: Path
    beside: Path


class CollectionWriter:
    """Takes pictures one by one or many at once; on `finish` they take their place, on an error they are gone."""

    def __init__(self, place: Place, shape: tuple[int, int, int]) -> None:
        self._place = place
        self._shape = shape
        self._labels: list[int] = []
        self._pictures: BinaryIO | None = None

    def __enter__(self) -> "CollectionWriter":
        self._place.beside.mkdir(parents=True, mode=0o700)
        self._pictures = (self._place.beside / PICTURES).open("wb")
        self._write_header()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._pictures:
            self._pictures.close()
        if kind is not None:
            shutil.rmtree(self._place.beside, ignore_errors=True)

    @property
    def count(self) -> int:
        """Pictures so far."""
        return len(self._labels)

    def add(self, pictures: npt.NDArray[np.uint8], labels: Iterable[int]) -> None:
        """Pictures [count, height, width, channels] and the index of the class of each."""
        assert self._pictures is not None
        assert pictures.shape[1:] == self._shape
        self._pictures.write(np.ascontiguousarray(pictures).tobytes())
        self._labels.extend(int(label) for label in labels)

    def drop_empty_classes(self, classes: tuple[str, ...]) -> tuple[str, ...]:
        """The classes that have pictures; labels are numbered anew by them."""
        left = sorted(set(self._labels))
        place_of = {label: place for place, label in enumerate(left)}
        self._labels = [place_of[label] for label in self._labels]
        return tuple(classes[label] for label in left)

    def finish(self, collection: Collection, more: Mapping[str, Any]) -> None:
        """Write what they are, and put all of it in its place. Raises OSError."""
        assert self._pictures is not None
        assert collection.count == self.count
        self._pictures.seek(0)
        self._write_header()
        _close_safely(self._pictures)
        counts = np.bincount(np.array(self._labels, np.int64), minlength=len(collection.classes))
        with (self._place.beside / LABELS).open("wb") as file:
            np.save(file, np.array(self._labels, np.uint16), allow_pickle=False)
            _close_safely(file)
        with (self._place.beside / ABOUT).open("wb") as file:
            about = {**collection.to_payload(), "class_counts": counts.tolist(), **more}
            file.write(to_json(about).encode())
            _close_safely(file)
        _take_place(self._place)

    def _write_header(self) -> None:
        """NumPy leaves room for the number of rows to grow, so the header can be written anew when it is known."""
        assert self._pictures is not None
        header = {"descr": "|u1", "fortran_order": False, "shape": (self.count, *self._shape)}
        np.lib.format.write_array_header_1_0(self._pictures, header)  # type: ignore[no-untyped-call]


def write_collection(
    place: Place,
    collection: Collection,
    parts: Iterable[tuple[npt.NDArray[np.uint8], npt.NDArray[np.integer[Any]]]],
    more: Mapping[str, Any],
) -> None:
    """Write pictures and labels that are in memory, the training part first. Raises OSError."""
    with CollectionWriter(place, collection.shape) as writer:
        for pictures, labels in parts:
            writer.add(pictures, labels)
        writer.finish(collection, more)


def _close_safely(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()


def _take_place(place: Place) -> None:
    """A collection that was there before makes room first, and comes back should the new one not get in."""
    before = place.beside.with_name(f"{place.beside.name}-before")
    if place.folder.exists():
        place.folder.rename(before)
    try:
        place.beside.rename(place.folder)
    except OSError:
        if before.exists():
            before.rename(place.folder)
        raise
    shutil.rmtree(before, ignore_errors=True)
