"""Folders name classes, with or without outer folders and parts."""

import pytest

from server.collecting.labels import clean_name, clean_path, label_by_folder
from server.collecting.refusals import UnusableImages


def test_a_picture_belongs_to_the_class_its_folder_is_named_after() -> None:
    labels = label_by_folder(["dogs/a.png", "cats/b.png", "cats/a.png"])

    assert labels.classes == ("cats", "dogs")
    assert [(each.path, each.label) for each in labels.pictures] == [
        ("cats/a.png", 0),
        ("cats/b.png", 0),
        ("dogs/a.png", 1),
    ]
    assert not labels.is_given


@pytest.mark.parametrize("outer", ["pets/", "school/pets/"])
def test_folders_that_hold_everything_are_no_classes(outer: str) -> None:
    assert label_by_folder([f"{outer}cats/a.png", f"{outer}dogs/a.png"]).classes == ("cats", "dogs")


@pytest.mark.parametrize("test_part", ["test", "Testing", "val", "valid", "Validation"])
@pytest.mark.parametrize("outer", ["", "pets/"])
def test_given_parts_are_kept_and_the_training_part_comes_first(test_part: str, outer: str) -> None:
    labels = label_by_folder([f"{outer}{test_part}/cats/a.png", f"{outer}train/cats/b.png", f"{outer}train/dogs/a.png"])

    assert labels.classes == ("cats", "dogs")
    assert [each.is_test for each in labels.pictures] == [False, False, True]
    assert labels.is_given


def test_validation_pictures_join_the_test_part() -> None:
    labels = label_by_folder([f"{part}/{name}/1.png" for part in ("train", "val", "test") for name in ("a", "b")])

    assert [each.is_test for each in labels.pictures] == [False] * 2 + [True] * 4


def test_one_part_alone_is_no_split() -> None:
    labels = label_by_folder(["train/cats/a.png", "train/dogs/a.png"])

    assert (labels.classes, labels.is_given) == (("cats", "dogs"), False)


def test_classes_may_be_named_after_parts_when_no_class_lies_in_them() -> None:
    assert label_by_folder(["test/a.png", "train/a.png"]).classes == ("test", "train")


def test_folders_in_a_class_belong_to_the_class() -> None:
    labels = label_by_folder(["cats/indoors/a.png", "cats/b.png", "dogs/a.png"])

    assert [each.label for each in labels.pictures] == [0, 0, 1]


def test_pictures_outside_of_class_folders_are_told() -> None:
    assert label_by_folder(["pets/cover.png", "pets/cats/a.png", "pets/dogs/a.png"]).loose == ("pets/cover.png",)


@pytest.mark.parametrize(
    ("paths", "code", "words"),
    [
        ([], "no_classes", "no picture was found"),
        (["a.png", "b.png"], "no_classes", "lie in no folder"),
        (["cats/a.png", "cats/b.png"], "one_class", "only one class, 'cats'"),
        ([f"{number}/a.png" for number in range(1_001)], "too_many_classes", "there are 1,001 classes"),
        ([f"{number}/a.png" for number in range(10_001)], "too_many_classes", "there are 10,001 classes"),
    ],
)
def test_a_number_of_classes_that_cannot_be_learned_gets_its_sentence(paths: list[str], code: str, words: str) -> None:
    with pytest.raises(UnusableImages, match=words) as refused:
        label_by_folder(paths)
    assert refused.value.code == code
    assert "expected" in refused.value.message


def test_a_thousand_classes_are_taken() -> None:
    assert len(label_by_folder([f"{number}/a.png" for number in range(1_000)]).classes) == 1_000


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("cats", "cats"),
        ("x\ny\x07", "xy"),
        ("\u202egpj.exe", "gpj.exe"),
        ("e\u0301cole", "\u00e9cole"),
        ("a" * 50, "a" * 40),
        (" \u200b ", "?"),
    ],
)
def test_the_name_of_a_class_can_be_shown_anywhere(name: str, shown: str) -> None:
    assert clean_name(name) == shown


def test_the_name_of_a_file_is_told_on_one_line_with_its_end() -> None:
    assert clean_path("cats/x\ny.png") == "cats/x?y.png"
    assert len(clean_path("a" * 300 + ".png")) == 120
    assert clean_path("a" * 300 + ".png").endswith(".png")
