"""Pictures from the command line: exit codes, progress, and names on standard output alone."""

from pathlib import Path

import numpy as np
import pytest

from server.__main__ import main
from server.datasets.collections import Library
from tests.picture_files import class_files, zip_bytes

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log would go on into the output of this test, which is closed after it."""
    monkeypatch.setattr("server.__main__.configure_log", lambda kind: None)


def _images(folder: Path, *arguments: str) -> int:
    return main(["images", *arguments, "--data-dir", str(folder)])


def _put_mnist(folder: Path) -> None:
    (folder / "images/sources").mkdir(parents=True)
    part = np.zeros((30, 28, 28), np.uint8), np.zeros(30, np.uint8)
    np.savez(folder / "images/sources/mnist.npz", x_train=part[0], y_train=part[1], x_test=part[0], y_test=part[1])


def test_a_zip_file_is_added_listed_and_removed(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "pets.zip").write_bytes(zip_bytes(class_files() | {"cats/x.txt": b"hello"}))
    assert _images(tmp_path, "add", str(tmp_path / "pets.zip"), "--name", "Our pets", "--size", "16") == 0
    added = capsys.readouterr()
    name = added.out.strip()

    found = Library(tmp_path / "images").find(name)
    assert found is not None
    assert (found.shape, found.count) == ((16, 16, 3), 24)
    assert "100%" in added.err
    assert "Left out: cats/x.txt is no picture" in added.err

    assert _images(tmp_path, "list") == 0
    listed = capsys.readouterr().out
    assert name in listed
    assert "Our pets" in listed
    assert _images(tmp_path, "remove", name) == 0
    assert _images(tmp_path, "list") == 0
    assert capsys.readouterr().out == ""
    assert [path for path in (tmp_path / "images").rglob("*") if path.is_file()] == []


def test_a_known_set_is_prepared_from_the_data_folder(tmp_path: Path, capsys: Output) -> None:
    _put_mnist(tmp_path)
    assert _images(tmp_path, "prepare", "mnist") == 0

    assert "30 + 30 pictures  28 x 28 x 1  10 classes" in capsys.readouterr().err
    assert Library(tmp_path / "images").find("mnist") is not None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add", "/no/such/file.zip"], "is not there"),
        (["add", "{file}"], "This is no zip file"),
        (["add", "{file}", "--size", "4"], "size must be 8 to 128"),
        (["add", "{file}", "--colour", "blue"], "colour must be"),
        (["prepare", "imagenet"], "The set must be mnist, fashion_mnist, cifar10"),
        (["remove", "../secret"], "There are no images of the name"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, capsys: Output, arguments: list[str], words: str
) -> None:
    (tmp_path / "file.zip").write_bytes(b"nonsense")
    code = _images(tmp_path, *(argument.format(file=tmp_path / "file.zip") for argument in arguments))

    told = capsys.readouterr()
    assert (code, told.out) == (2, "")
    assert words in told.err
    assert [path for path in (tmp_path / "images").rglob("*") if path.is_file()] == []
