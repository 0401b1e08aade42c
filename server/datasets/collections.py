"""Pictures in the data folder, ready to be trained on: `images/<name>/` with three files, written whole or not at all.

`pictures.npy` uint8 [pictures, height, width, channels], `labels.npy` uint16 [pictures], `collection.json` what they
are. The pictures of the set's own training part come first.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from server.domain.errors import NotFound, Problem
from server.domain.limits import MIN_SAMPLES
from server.domain.spec import COLLECTED, DatasetSpec, RunSpec, all_samples, train_samples

PICTURES, LABELS, ABOUT = "pictures.npy", "labels.npy", "collection.json"


class MissingImages(NotFound):
    """The pictures of a data set are not in the data folder (any more)."""

    def __init__(self, name: str) -> None:
        own = "These pictures are not on this server any more. Send them again, then start a new run."
        known = f"The pictures of {name} are not on this server yet. Open the page for images and press Get."
        super().__init__(own if name not in COLLECTED else known, "images_missing")


@dataclass(frozen=True)
class Collection:
    """What a set of labelled pictures is; rows up to `train_count` are of its own training part."""

    name: str
    shape: tuple[int, int, int]
    classes: tuple[str, ...]
    train_count: int
    test_count: int

    @property
    def count(self) -> int:
        """All pictures."""
        return self.train_count + self.test_count

    def to_payload(self) -> dict[str, Any]:
        """Plain data, as `collection.json` holds it."""
        return {
            "name": self.name,
            "shape": list(self.shape),
            "classes": list(self.classes),
            "train_count": self.train_count,
            "test_count": self.test_count,
        }


@dataclass(frozen=True)
class Images:
    """The pictures uint8 [pictures, height, width, channels], read when they are asked for, and labels uint16."""

    pictures: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint16]


def collection_from(payload: dict[str, Any]) -> Collection:
    """The inverse of `to_payload`; names it does not know are ignored.

    Raises KeyError, TypeError or ValueError when it is broken.
    """
    height, width, channels = map(int, payload["shape"])
    return Collection(
        name=str(payload["name"]),
        shape=(height, width, channels),
        classes=tuple(map(str, payload["classes"])),
        train_count=int(payload["train_count"]),
        test_count=int(payload["test_count"]),
    )


_NAME = re.compile(r"[a-z0-9_]{1,32}", re.ASCII)


class Library:
    """The collections under one folder; None: there is none. What is no name of ours is the name of none."""

    def __init__(self, root: Path | None) -> None:
        self.root = root

    def find(self, name: str) -> Collection | None:
        """What a collection is; None when it is not there or broken."""
        if self.root is None or not _NAME.fullmatch(name):
            return None
        try:
            return collection_from(json.loads((self.root / name / ABOUT).read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def open(self, name: str) -> Images:
        """Its pictures and labels. Raises MissingImages."""
        if self.root is None or not _NAME.fullmatch(name):
            raise MissingImages(name)
        folder = self.root / name
        try:
            pictures = np.load(folder / PICTURES, mmap_mode="r", allow_pickle=False)
            return Images(pictures, np.load(folder / LABELS, allow_pickle=False))
        except (OSError, ValueError) as error:
            raise MissingImages(name) from error


def name_of(dataset: DatasetSpec) -> str:
    """The collection of a data set whose pictures lie in the data folder."""
    return dataset.images.collection if dataset.images else dataset.name


def complete_spec(raw_spec: object, library: Library) -> object:
    """A decoded spec in which only the collection of own images has to be named: the rest follows from it.

    What is not understood is left as it is: the parser says what is wrong.
    """
    raw_dataset = raw_spec.get("dataset") if isinstance(raw_spec, dict) else None
    raw_images = raw_dataset.get("images") if isinstance(raw_dataset, dict) else None
    name = raw_images.get("collection") if isinstance(raw_images, dict) else None
    collection = library.find(name) if isinstance(name, str) else None
    if collection is None:
        return raw_spec
    side, _, channels = collection.shape
    known = {"side": side, "channels": channels, "classes": len(collection.classes)}
    images = {**known, **raw_images}  # type: ignore[dict-item]
    dataset = {"samples": max(collection.count, MIN_SAMPLES), **raw_dataset, "images": images}  # type: ignore[dict-item]
    return {**raw_spec, "dataset": dataset}  # type: ignore[dict-item]


def find_image_problems(spec: RunSpec, library: Library) -> list[Problem]:
    """What a spec asks of pictures that are not there, or are others than it says."""
    dataset = spec.dataset
    if dataset.name not in COLLECTED:
        return []
    collection = library.find(name_of(dataset))
    if collection is None:
        message = MissingImages(name_of(dataset)).message
        field = "dataset.images.collection" if dataset.images else "dataset.name"
        return [Problem(field, "images_missing", message, "pictures that are on this server", name_of(dataset))]
    return [*_of_another_kind(dataset, collection), *_too_many(spec, collection)]


def _of_another_kind(dataset: DatasetSpec, collection: Collection) -> list[Problem]:
    own = dataset.images
    if own is None:
        return []
    side, _, channels = collection.shape
    known = {"side": side, "channels": channels, "classes": len(collection.classes)}
    problems = []
    for name, expected in known.items():
        received = getattr(own, name)
        if received != expected:
            message = f"dataset.images.{name} must be {expected}, but {received} was received: leave it out."
            problems.append(Problem(f"dataset.images.{name}", "other_images", message, str(expected), received))
    return problems


def _too_many(spec: RunSpec, collection: Collection) -> list[Problem]:
    """More samples than there are, in all or in one of the given parts."""
    wanted = spec.dataset.samples
    if wanted > collection.count:
        expected = f"at most {collection.count}"
        message = f"dataset.samples must be {expected}, but {wanted} was received: there are no more pictures here."
        return [Problem("dataset.samples", "less_than_equal", message, expected, wanted)]
    return _too_many_of_a_part(spec, collection) if spec.dataset.split == "given" else []


def _too_many_of_a_part(spec: RunSpec, collection: Collection) -> list[Problem]:
    train = train_samples(spec)
    val = all_samples(spec) - train
    if train <= collection.train_count and val <= collection.test_count:
        return []
    expected = f"at most {collection.train_count} training and {collection.test_count} test samples"
    message = (
        f"dataset.split given has {expected}, but samples and train_fraction ask for {train} and {val}; "
        "choose others, or split share."
    )
    return [Problem("dataset.split", "too_few_given", message, expected, [train, val])]


class PictureRows:
    """Some rows of a collection's pictures, read from the disk's cache when they are asked for.

    It is asked like an array: `rows[indices]` or `rows[start:end]` gives uint8 [rows, height, width, channels].
    """

    def __init__(self, pictures: npt.NDArray[np.uint8], rows: npt.NDArray[np.int64]) -> None:
        self._pictures = pictures
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def shape(self) -> tuple[int, ...]:
        """As an array's."""
        return len(self._rows), *self._pictures.shape[1:]

    @property
    def dtype(self) -> np.dtype[np.uint8]:
        """As an array's."""
        return self._pictures.dtype

    def __getitem__(self, chosen: slice | npt.NDArray[np.integer[Any]] | Sequence[int]) -> npt.NDArray[np.uint8]:
        rows: npt.NDArray[np.uint8] = np.asarray(self._pictures[self._rows[chosen]])
        return rows
