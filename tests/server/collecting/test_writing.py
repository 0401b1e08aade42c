"""A collection is there whole or not at all."""

import json
from pathlib import Path

import numpy as np
import pytest

from server.collecting.writing import CollectionWriter, Place
from server.datasets.collections import Collection, Library

SHAPE = (4, 4, 1)
TWO = Collection("pets", SHAPE, ("cats", "dogs"), 3, 2)


def _place(folder: Path) -> Place:
    return Place(folder / "pets", folder / "pets.growing")


def _pictures(count: int, first: int = 0) -> np.ndarray:
    return (np.arange(count * 16).reshape(count, *SHAPE) + first).astype(np.uint8)


def _write(folder: Path, first: int = 0) -> None:
    with CollectionWriter(_place(folder), SHAPE) as writer:
        writer.add(_pictures(3, first), [0, 1, 1])
        writer.add(_pictures(2, first), [1, 0])
        writer.finish(TWO, {"problems": []})


def test_what_was_written_is_read_by_the_library(tmp_path: Path) -> None:
    _write(tmp_path)
    library = Library(tmp_path)
    images = library.open("pets")

    assert library.find("pets") == TWO
    assert (images.pictures == np.concatenate([_pictures(3), _pictures(2)])).all()
    assert images.labels.tolist() == [0, 1, 1, 1, 0]
    assert images.labels.dtype == np.uint16
    assert json.loads((tmp_path / "pets/collection.json").read_text())["class_counts"] == [2, 3]
    assert [path.name for path in tmp_path.iterdir()] == ["pets"]


def test_a_new_collection_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    _write(tmp_path)
    _write(tmp_path, first=9)

    assert Library(tmp_path).open("pets").pictures[0, 0, 0, 0] == 9
    assert [path.name for path in tmp_path.iterdir()] == ["pets"]


def test_until_it_is_whole_nothing_is_there_and_after_an_error_nothing_is_left(tmp_path: Path) -> None:
    def fail_in_the_middle() -> None:
        with CollectionWriter(_place(tmp_path), SHAPE) as writer:
            writer.add(_pictures(3), [0, 1, 1])
            assert Library(tmp_path).find("pets") is None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_in_the_middle()
    assert list(tmp_path.iterdir()) == []


def test_an_error_leaves_the_collection_before_as_it_was(tmp_path: Path) -> None:
    _write(tmp_path)
    with pytest.raises(ZeroDivisionError), CollectionWriter(_place(tmp_path), SHAPE):
        raise ZeroDivisionError
    assert Library(tmp_path).find("pets") == TWO


def test_classes_without_a_picture_are_left_out(tmp_path: Path) -> None:
    with CollectionWriter(_place(tmp_path), SHAPE) as writer:
        writer.add(_pictures(3), [0, 2, 2])
        classes = writer.drop_empty_classes(("cats", "cows", "dogs"))
        writer.finish(Collection("pets", SHAPE, classes, 3, 0), {})

    assert classes == ("cats", "dogs")
    assert Library(tmp_path).open("pets").labels.tolist() == [0, 1, 1]
