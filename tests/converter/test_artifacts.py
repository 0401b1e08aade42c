"""Folders are written whole or not at all."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from converter.artifacts import refuse_unusable_output, write_whole
from converter.errors import UnusableOutput

FILES = {"model.json": b"{}", "probe.json": b"{}", "group1-shard1of1.bin": b"1234"}


def _accept(_: Path) -> None:
    """Accept whatever was staged."""


def _contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("place", ["out", "deep/er/out", "with space/ö"])
def test_all_files_are_written_and_nothing_else(place: str, tmp_path: Path) -> None:
    write_whole(tmp_path / place, FILES, _accept)

    assert _contents(tmp_path / place) == FILES
    assert [path.name for path in (tmp_path / place).parent.iterdir()] == [Path(place).name]


def test_the_folder_can_be_read_by_others_as_any_new_folder(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    write_whole(tmp_path / "out", FILES, _accept)

    assert (tmp_path / "out").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_folder_with_other_files_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(UnusableOutput, match=r"thesis\.txt"):
        write_whole(tmp_path, FILES, _accept)

    assert _contents(tmp_path) == {"thesis.txt": b"years of work"}


@pytest.mark.parametrize("kind", ["file", "link", "dangling link", "folder named as ours"])
def test_what_is_not_a_folder_of_ours_is_refused(kind: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    if kind == "file":
        out.write_bytes(b"")
    elif kind == "folder named as ours":
        (out / "model.json").mkdir(parents=True)
    else:
        (tmp_path / "elsewhere").mkdir(exist_ok=kind == "link")
        out.symlink_to(tmp_path / ("elsewhere" if kind == "link" else "nowhere"))

    with pytest.raises(UnusableOutput):
        refuse_unusable_output(out)


@pytest.mark.parametrize("place", ["file/out", "x" * 300], ids=["inside a file", "name too long"])
def test_a_folder_that_cannot_be_made_is_refused(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(UnusableOutput, match="name another folder"):
        write_whole(tmp_path / place, FILES, _accept)

    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_refused_check_leaves_nothing(tmp_path: Path) -> None:
    def refuse(_: Path) -> None:
        raise ValueError("not good enough")

    with pytest.raises(ValueError, match="not good enough"):
        write_whole(tmp_path / "out", FILES, refuse)

    assert list(tmp_path.iterdir()) == []


def test_a_reader_sees_one_version_or_the_other(tmp_path: Path) -> None:
    out = tmp_path / "out"
    versions = [{name: bytes([number]) * 1000 for name in FILES} for number in range(2)]
    write_whole(out, versions[0], _accept)
    stop = threading.Event()

    def write() -> None:
        for number in range(200):
            write_whole(out, versions[number % 2], _accept)
        stop.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    while not stop.is_set():
        try:
            seen.add((out / "model.json").read_bytes())
        except FileNotFoundError:
            continue
    writer.join()

    assert seen <= {version["model.json"] for version in versions}


def test_many_conversions_into_one_folder_at_once_leave_one_of_them_whole(tmp_path: Path) -> None:
    def write(number: int) -> None:
        content = str(number).encode()
        for _ in range(10):
            write_whole(tmp_path / "out", {"model.json": content, "probe.json": content}, lambda _staged: None)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))

    (model, probe) = sorted((tmp_path / "out").iterdir())
    assert model.read_bytes() == probe.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
