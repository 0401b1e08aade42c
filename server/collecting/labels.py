"""From the names of files to classes: a picture belongs to the class that its folder is named after. Pure."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from server.collecting.limits import MOST_NAME_LENGTH, MOST_PATH_LENGTH
from server.collecting.refusals import UnusableImages
from server.domain.limits import MAX_IMAGE_CLASSES, MIN_CLASSES

_TRAINING = frozenset({"train", "training"})
_TESTING = frozenset({"test", "testing", "val", "valid", "validation"})
_UNREADABLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


@dataclass(frozen=True)
class Labelled:
    """One file and what its folders say: the index of its class, and whether it is of the given test part."""

    path: str
    label: int
    is_test: bool


@dataclass(frozen=True)
class Labels:
    """All pictures, training part first, both in order of their names; `loose` lie in no class folder.

    `is_given` says whether there is a training and a test part.
    """

    classes: tuple[str, ...]
    pictures: tuple[Labelled, ...]
    loose: tuple[str, ...]
    is_given: bool


def label_by_folder(paths: Iterable[str]) -> Labels:
    """Read classes and parts from paths with `/`. Raises UnusableImages: no picture, one class, too many classes."""
    split = sorted((tuple(path.split("/")), path) for path in paths)
    names = _without_outer_folders([parts[:-1] for parts, _ in split])
    has_parts = _are_parts(names)
    place = 1 if has_parts else 0
    loose = [path for (_, path), folders in zip(split, names, strict=True) if len(folders) <= place]
    found = [
        (clean_name(folders[place]), has_parts and folders[0].lower() in _TESTING, path)
        for (_, path), folders in zip(split, names, strict=True)
        if len(folders) > place
    ]
    classes = tuple(sorted({name for name, _, _ in found}))
    _refuse_number(classes, has_loose=bool(loose))
    places = {name: index for index, name in enumerate(classes)}
    pictures = sorted(
        (Labelled(path, places[name], is_test) for name, is_test, path in found), key=lambda each: each.is_test
    )
    parts = {each.is_test for each in pictures}
    return Labels(classes, tuple(pictures), tuple(loose), is_given=len(parts) == 2)


@cache
def clean_name(name: str) -> str:
    """A name that can be shown: no control characters, none that turn the direction of writing, not long."""
    plain = unicodedata.normalize("NFC", name)
    shown = "".join(letter for letter in plain if unicodedata.category(letter) not in _UNREADABLE).strip()
    return shown[:MOST_NAME_LENGTH] or "?"


def clean_path(path: str) -> str:
    """The name of a file as it is told, its end in full."""
    shown = "".join("?" if unicodedata.category(letter) in _UNREADABLE else letter for letter in path)
    return shown if len(shown) <= MOST_PATH_LENGTH else f"…{shown[1 - MOST_PATH_LENGTH :]}"


def _without_outer_folders(folders: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Take away folders that hold everything, as long as some picture lies deeper than in one folder."""
    rest = list(folders)
    while len({each[:1] for each in rest}) == 1 and max(map(len, rest)) >= 2:
        rest = [each[1:] for each in rest]
    return rest


def _are_parts(folders: Sequence[tuple[str, ...]]) -> bool:
    """Whether the first folders are named after parts, and classes lie in them."""
    first = {each[0].lower() for each in folders if each}
    return bool(first) and first <= _TRAINING | _TESTING and any(len(each) >= 2 for each in folders)


def _refuse_number(classes: Sequence[str], *, has_loose: bool) -> None:
    count = len(classes)
    advice = "Make one folder for each class, put its pictures into it, and pack the folders into one zip file."
    if count == 0:
        what = "its pictures lie in no folder" if has_loose else "no picture was found in it"
        raise UnusableImages(
            f"These images cannot be used: {what}, but folders named after {MIN_CLASSES} to {MAX_IMAGE_CLASSES:,} "
            f"classes are expected. {advice}",
            "no_classes",
        )
    if count < MIN_CLASSES:
        raise UnusableImages(
            f"These images cannot be used: there is only one class, {classes[0]!r}, but {MIN_CLASSES} to "
            f"{MAX_IMAGE_CLASSES:,} are expected, as a network learns to tell classes apart. {advice}",
            "one_class",
        )
    if count > MAX_IMAGE_CLASSES:
        raise UnusableImages(
            f"These images cannot be used: there are {count:,} classes, but {MIN_CLASSES} to {MAX_IMAGE_CLASSES:,} are "
            f"expected. A class is a folder with pictures: put pictures of the same kind into the same folder.",
            "too_many_classes",
        )
