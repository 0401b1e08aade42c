"""MNIST, Fashion-MNIST and CIFAR-10 from files that somebody put into the data folder."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from server.collecting.array_files import read_cifar_binary, read_npz
from server.collecting.idx_files import Part, broken, has_idx_files, read_idx_part
from server.collecting.limits import PUT_THERE
from server.collecting.own_images import Tell, Wish, collect_pictures
from server.collecting.picture_folder import PictureFolder
from server.collecting.writing import CollectionWriter, Place
from server.collecting.zip_archive import ZipArchive
from server.datasets.collections import Collection
from server.domain.image_sets import IMAGE_SETS
from server.domain.spec import DatasetName

_SPELLINGS: dict[DatasetName, tuple[str, ...]] = {
    "mnist": ("mnist",),
    "fashion_mnist": ("fashion_mnist", "fashion-mnist"),
    "cifar10": ("cifar10", "cifar-10", "cifar10-images", "cifar-10-images"),
}
"""Names that a folder or a file of a set may have."""

_CIFAR_BINARY = "cifar-10-binary.tar.gz"

Prepare = Callable[[Place, Tell], None]


def find_files(name: DatasetName, sources: Path) -> Prepare | None:
    """How to make the collection from what lies in the folder `sources`; None when nothing of this set is there."""
    for spelling in _SPELLINGS[name]:
        if (folder := sources / spelling).is_dir() and (found := _in_folder(name, folder)):
            return found
        if (file := sources / f"{spelling}.npz").is_file():
            return _npz(name, file)
        if (file := sources / f"{spelling}.zip").is_file():
            return _zip(name, file)
    binary = sources / _CIFAR_BINARY
    return _cifar_binary(binary) if name == "cifar10" and binary.is_file() else None


def write_parts(name: DatasetName, place: Place, train: Part | None, test: Part | None, tell: Tell) -> None:
    """Write the parts that are there. Raises UnusableImages when they are not pictures of this set, OSError."""
    known = IMAGE_SETS[name]
    counts = []
    tell(0.5)
    with CollectionWriter(place, known.shape) as writer:
        for part in (train, test):
            if part is not None:
                _refuse_strange(name, part, place.folder)
                writer.add(*part)
            counts.append(0 if part is None else len(part[1]))
        tell(0.9)
        writer.finish(Collection(name, known.shape, known.classes, *counts), {})
    tell(1.0)


def _refuse_strange(name: DatasetName, part: Part, folder: Path) -> None:
    known, (pictures, labels) = IMAGE_SETS[name], part
    if pictures.shape[1:] != known.shape or (labels.size and int(np.max(labels)) >= len(known.classes)):
        shape = " x ".join(map(str, pictures.shape[1:]))
        expected = " x ".join(map(str, known.shape))
        raise broken(
            folder.parent / "sources" / name,
            f"its pictures are {shape} with labels up to {int(np.max(labels))}, but those of {known.title} are "
            f"{expected} with labels up to {len(known.classes) - 1}",
        )


def _in_folder(name: DatasetName, folder: Path) -> Prepare | None:
    if has_idx_files(folder):
        return lambda place, tell: write_parts(
            name, place, read_idx_part(folder, "train"), read_idx_part(folder, "test"), tell
        )
    if files := sorted(folder.glob("*.npz")):
        return _npz(name, files[0])
    if files := sorted(folder.glob("*.zip")):
        return _zip(name, files[0])
    if name == "cifar10" and (folder / _CIFAR_BINARY).is_file():
        return _cifar_binary(folder / _CIFAR_BINARY)
    if any(child.is_dir() for child in folder.iterdir()):
        return lambda place, tell: collect_pictures(
            PictureFolder(folder, PUT_THERE), PUT_THERE, place, _wish(name), tell
        )
    return None


def _npz(name: DatasetName, file: Path) -> Prepare:
    return lambda place, tell: write_parts(name, place, *read_npz(file), tell)


def _cifar_binary(file: Path) -> Prepare:
    return lambda place, tell: write_parts("cifar10", place, *read_cifar_binary(file), tell)


def _zip(name: DatasetName, file: Path) -> Prepare:
    def prepare(place: Place, tell: Tell) -> None:
        archive = ZipArchive(file, PUT_THERE)
        try:
            collect_pictures(archive, PUT_THERE, place, _wish(name), tell)
        finally:
            archive.close()

    return prepare


def _wish(name: DatasetName) -> Wish:
    known = IMAGE_SETS[name]
    return Wish(name, known.shape[0], "grey" if known.shape[2] == 1 else "rgb", known.classes)
