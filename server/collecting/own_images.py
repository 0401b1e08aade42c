"""Pictures in class folders become a collection: those that can be used, in squares of one size."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from server.collecting.entries import Contents, Entry, Source, refuse_size
from server.collecting.job import Colour
from server.collecting.labels import Labels, clean_path, label_by_folder
from server.collecting.limits import MOST_PROBLEMS, USUAL_SIDE, ArchiveLimits
from server.collecting.pictures import KINDS, SUFFIXES, Square, decode_picture, in_shades_of_grey, measure_picture
from server.collecting.refusals import UnusableImages, UnusablePicture
from server.collecting.writing import CollectionWriter, Place
from server.datasets.collections import Collection
from server.domain.limits import MAX_IMAGE_SIDE, MIN_CLASSES, MIN_IMAGE_SIDE, MIN_SAMPLES

Tell = Callable[[float], None]
"""Is told the share that is done, 0 to 1."""


@dataclass(frozen=True)
class Wish:
    """What the pictures shall become; no side: their own when all are small and of one size, else the usual one."""

    name: str
    side: int | None = None
    colour: Colour = "auto"
    classes: tuple[str, ...] | None = None
    """The only classes there may be; None: whichever there are."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What else is to be written down of them."""


@dataclass
class _Problems:
    """Files that are left out, by name; the first ones in full."""

    told: list[dict[str, str]] = field(default_factory=list)
    count: int = 0

    def add(self, path: str, reason: str) -> None:
        self.count += 1
        if len(self.told) < MOST_PROBLEMS:
            self.told.append({"file": clean_path(path), "message": f"{clean_path(path)} {reason}"})


class _Colourful(Exception):
    """A picture has colours where shades of grey were expected."""


def collect_pictures(source: Source, limits: ArchiveLimits, place: Place, wish: Wish, tell: Tell) -> None:
    """Write the collection. `tell(0)` says that the files are in order by what can be seen from outside.

    Raises UnusableImages, OSError.
    """
    problems = _Problems()
    labels = _in_known_order(_label(source.contents, problems), wish)
    refuse_size(source.contents.entries, limits)
    tell(0.0)
    entries = {entry.path: entry for entry in source.contents.entries}
    pictures = [(entries[each.path], each.label, each.is_test) for each in labels.pictures]
    side = wish.side or _own_side(source, [entry for entry, _, _ in pictures])
    work = _Work(source, pictures, labels, wish, side, tell)
    try:
        # Grey as long as every picture is: one with colours is soon found where there are any.
        work.write(place, 1 if wish.colour == "auto" else _channels(wish.colour), problems)
    except _Colourful:
        work.write(place, 3, problems)


def _channels(colour: Colour) -> int:
    return 1 if colour == "grey" else 3


def _label(contents: Contents, problems: _Problems) -> Labels:
    for path, reason in contents.problems:
        problems.add(path, reason)
    paths = []
    for entry in contents.entries:
        if entry.path.lower().endswith(SUFFIXES):
            paths.append(entry.path)
        else:
            problems.add(
                entry.path, f"is no picture of a known kind ({KINDS}). Save it as PNG or JPEG, or leave it out."
            )
    try:
        labels = label_by_folder(paths)
    except UnusableImages as error:
        raise UnusableImages(f"{error.message}{_first_of(problems)}", error.code) from None
    for path in labels.loose:
        problems.add(path, "lies in no class folder. Move it into the folder of its class.")
    return labels


def _first_of(problems: _Problems) -> str:
    return f" The first file that was left out: {problems.told[0]['message']}" if problems.told else ""


def _in_known_order(labels: Labels, wish: Wish) -> Labels:
    """Labels numbered as a known set numbers them; a folder may write its class with other signs or small letters."""
    if wish.classes is None:
        return labels
    places = {_plain(name): place for place, name in enumerate(wish.classes)}
    if {_plain(name) for name in labels.classes} != places.keys():
        raise UnusableImages(
            f"These are not the pictures of {wish.name}: its class folders are {', '.join(wish.classes)}, but "
            f"{', '.join(labels.classes[:12])} were found. Name the folders so.",
            "other_classes",
        )
    place_of = [places[_plain(name)] for name in labels.classes]
    pictures = tuple(replace(each, label=place_of[each.label]) for each in labels.pictures)
    return replace(labels, classes=wish.classes, pictures=pictures)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _own_side(source: Source, entries: list[Entry]) -> int:
    """The side of pictures that are all of one small size, else the usual one."""
    size: tuple[int, int] | None = None
    for entry in entries:
        try:
            found = measure_picture(source.read(entry))
        except UnusablePicture:
            continue
        if max(found) > USUAL_SIDE or (size is not None and found != size):
            return USUAL_SIDE
        size = found
    return min(max(min(size), MIN_IMAGE_SIDE), MAX_IMAGE_SIDE) if size else USUAL_SIDE


@dataclass(frozen=True)
class _Work:
    source: Source
    pictures: list[tuple[Entry, int, bool]]
    labels: Labels
    wish: Wish
    side: int
    tell: Tell

    def write(self, place: Place, channels: int, problems: _Problems) -> None:
        found = _Problems(list(problems.told), problems.count)
        shape = (self.side, self.side, channels)
        with CollectionWriter(place, shape) as writer:
            train_count = self._write_pictures(writer, channels, found)
            classes = writer.drop_empty_classes(self.labels.classes)
            _refuse_few(writer.count, classes, found)
            writer.finish(
                Collection(self.wish.name, shape, classes, train_count, writer.count - train_count),
                {"problems": found.told, "problem_count": found.count, **self.wish.more},
            )

    def _write_pictures(self, writer: CollectionWriter, channels: int, problems: _Problems) -> int:
        """Returns how many are of the training part: without given parts all of them."""
        train_count = 0
        for index, (entry, label, is_test) in enumerate(self.pictures):
            try:
                square = decode_picture(self.source.read(entry), self.side)
            except UnusablePicture as reason:
                problems.add(entry.path, str(reason))
            else:
                writer.add(self._pixels(square, channels)[None], [label])
                train_count += not (is_test and self.labels.is_given)
            self.tell((index + 1) / len(self.pictures))
        return train_count

    def _pixels(self, square: Square, channels: int) -> npt.NDArray[np.uint8]:
        if channels == 3:
            return square.pixels
        if square.is_grey:
            return square.pixels[:, :, :1]
        if self.wish.colour == "auto":
            raise _Colourful
        return in_shades_of_grey(square.pixels)


def _refuse_few(count: int, classes: tuple[str, ...], problems: _Problems) -> None:
    if count < MIN_SAMPLES:
        raise UnusableImages(
            f"These images cannot be used: only {count} pictures are left, but at least {MIN_SAMPLES} are expected, so "
            f"that some can be kept for testing. Add more pictures to the class folders.{_first_of(problems)}",
            "too_few_pictures",
        )
    if len(classes) < MIN_CLASSES:
        raise UnusableImages(
            f"These images cannot be used: only pictures of one class are left, {classes[0]!r}, but at least "
            f"{MIN_CLASSES} classes are expected. Mend the pictures of the others.{_first_of(problems)}",
            "one_class",
        )
