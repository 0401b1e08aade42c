"""Class folders become a collection; what cannot be used is left out by name."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from server.collecting.limits import PUT_THERE, SENT
from server.collecting.own_images import Wish, collect_pictures
from server.collecting.picture_folder import PictureFolder
from server.collecting.refusals import UnusableImages
from server.collecting.writing import Place
from server.collecting.zip_archive import ZipArchive
from server.datasets.collections import Images, Library
from tests.picture_files import class_files, picture_bytes, zip_bytes


def _collect(folder: Path, files: dict[str, bytes], wish: Wish = Wish("pets")) -> dict[str, Any]:  # noqa: B008
    (folder / "sent.zip").write_bytes(zip_bytes(files))
    archive = ZipArchive(folder / "sent.zip", SENT)
    try:
        collect_pictures(archive, SENT, _place(folder), wish, lambda share: None)
    finally:
        archive.close()
    read: dict[str, Any] = json.loads((folder / "pets/collection.json").read_text())
    return read


def _place(folder: Path) -> Place:
    return Place(folder / "pets", folder / "pets.growing")


def _images(folder: Path) -> Images:
    return Library(folder).open("pets")


def test_pictures_are_squares_with_the_class_of_their_folder(tmp_path: Path) -> None:
    about = _collect(tmp_path, class_files(size=(100, 90)))

    assert (about["shape"], about["classes"], about["class_counts"]) == ([64, 64, 3], ["cats", "dogs"], [12, 12])
    assert (about["train_count"], about["test_count"]) == (24, 0)
    assert _images(tmp_path).pictures[3, 5, 6].tolist() == [0, 90, 3]
    assert _images(tmp_path).labels.tolist() == [0] * 12 + [1] * 12


@pytest.mark.parametrize(
    ("size", "wish", "side"),
    [
        ((32, 32), Wish("pets"), 32),
        ((28, 20), Wish("pets"), 20),
        ((4, 4), Wish("pets"), 8),
        ((65, 20), Wish("pets"), 64),
        ((32, 32), Wish("pets", 48), 48),
    ],
)
def test_pictures_that_are_all_small_keep_their_size_unless_another_is_wished(
    tmp_path: Path, size: tuple[int, int], wish: Wish, side: int
) -> None:
    assert _collect(tmp_path, class_files(size=size), wish)["shape"] == [side, side, 3]


def test_small_pictures_of_many_sizes_get_the_usual_one(tmp_path: Path) -> None:
    assert _collect(tmp_path, class_files() | {"cats/x.png": picture_bytes(size=(13, 13))})["shape"] == [64, 64, 3]


GREY = {f"{name}/{n}.png": picture_bytes(10 * n, mode="L") for name in "ab" for n in range(12)}


@pytest.mark.parametrize(
    ("files", "colour", "channels"),
    [
        (GREY, "auto", 1),
        (GREY, "rgb", 3),
        (class_files(), "auto", 3),
        (class_files(), "grey", 1),
        (GREY | {"b/last.png": picture_bytes((9, 200, 9))}, "auto", 3),
    ],
)
def test_pictures_are_grey_when_all_are_or_when_it_is_wished(
    tmp_path: Path, files: dict[str, bytes], colour: Any, channels: int
) -> None:
    about = _collect(tmp_path, files, Wish("pets", colour=colour))

    assert about["shape"][2] == channels
    assert about["problem_count"] == 0
    assert sum(about["class_counts"]) == len(files) == len(_images(tmp_path).pictures)


def test_given_parts_keep_their_pictures_apart(tmp_path: Path) -> None:
    files = {f"train/{name}": content for name, content in class_files().items()}
    files |= {f"valid/{name}": content for name, content in class_files(each=3).items()}
    about = _collect(tmp_path, files)

    assert (about["train_count"], about["test_count"]) == (24, 6)
    assert _images(tmp_path).labels.tolist() == [0] * 12 + [1] * 12 + [0] * 3 + [1] * 3


def test_files_that_cannot_be_used_are_told_by_name_and_left_out(tmp_path: Path) -> None:
    bad = {
        "cats/broken.jpg": picture_bytes(kind="JPEG", size=(90, 90))[:-200],
        "cats/text.png": b"hello",
        "cats/notes.txt": b"hello",
        "cover.png": picture_bytes(),
        "../up/evil.png": picture_bytes(),
    }
    about = _collect(tmp_path, class_files() | bad)

    assert about["class_counts"] == [12, 12]
    assert {problem["file"] for problem in about["problems"]} == bad.keys()
    assert all(problem["message"].startswith(problem["file"]) for problem in about["problems"])
    assert about["problem_count"] == len(bad)


def test_of_many_problems_the_first_are_told_in_full_and_all_are_counted(tmp_path: Path) -> None:
    about = _collect(tmp_path, class_files() | {f"cats/{n}.txt": b"" for n in range(250)})

    assert (len(about["problems"]), about["problem_count"]) == (200, 250)


def test_a_class_whose_pictures_are_all_bad_is_no_class(tmp_path: Path) -> None:
    about = _collect(tmp_path, class_files(("cats", "dogs")) | {"cows/a.png": b"x"})

    assert about["classes"] == ["cats", "dogs"]


@pytest.mark.parametrize(
    ("files", "code", "words"),
    [
        (class_files(each=9), "too_few_pictures", "only 18 pictures are left"),
        (class_files(("cats",), 25), "one_class", "only one class, 'cats'"),
        (class_files(("cats",), 25) | {"dogs/a.png": b"x"}, "one_class", "only pictures of one class are left"),
        ({f"{n:05}/a.png": b"" for n in range(10_001)}, "too_many_classes", "10,001 classes"),
        ({f"{n % 2}/{n}.png": b"" for n in range(5_001)}, "too_many_files", "5,001 files, but at most 5,000"),
        ({"readme.txt": b"hello"}, "no_classes", "The first file that was left out: readme.txt is no picture"),
        ({"../a/x.png": b"x"}, "no_classes", "has a name that leads out of the zip file"),
        (dict.fromkeys((f"{n % 2}/{n}.png" for n in range(40)), b"not a picture"), "too_few_pictures", "is no picture"),
    ],
)
def test_what_cannot_be_a_collection_gets_its_sentence_and_leaves_nothing(
    tmp_path: Path, files: dict[str, bytes], code: str, words: str
) -> None:
    with pytest.raises(UnusableImages, match=words) as refused:
        _collect(tmp_path, files)
    assert refused.value.code == code
    assert [path.name for path in tmp_path.iterdir()] == ["sent.zip"]


def test_the_share_that_is_done_grows_from_nothing_to_all(tmp_path: Path) -> None:
    for name, content in class_files().items():
        (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / name).write_bytes(content)
    shares: list[float] = []
    collect_pictures(
        PictureFolder(tmp_path / "source", PUT_THERE), PUT_THERE, _place(tmp_path), Wish("pets"), shares.append
    )

    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert shares == sorted(shares)
    assert len(_images(tmp_path).pictures) == 24


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "source/cats").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(picture_bytes())
    (tmp_path / "source/cats/link.png").symlink_to(tmp_path / "secret.png")
    contents = PictureFolder(tmp_path / "source", PUT_THERE).contents

    assert contents.entries == ()
    assert "is a link" in contents.problems[0][1]


def test_the_same_archive_makes_the_same_collection(tmp_path: Path) -> None:
    files = class_files()
    _collect(tmp_path, files)
    first = np.array(_images(tmp_path).pictures)
    _collect(tmp_path, dict(reversed(files.items())))

    assert (first == _images(tmp_path).pictures).all()
