"""Archives come in whole or not at all, and of what is deleted nothing stays."""

import io
import os
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from server.storage.collections import CollectionFolders, CutOff

NAME = "0123456789abcdef0123"
NOW = datetime(2026, 3, 1, tzinfo=timezone.utc)


@pytest.fixture
def folders(tmp_path: Path) -> CollectionFolders:
    """An empty place."""
    made = CollectionFolders(tmp_path / "images")
    made.prepare(datetime.now(timezone.utc))
    return made


def _files(tmp_path: Path) -> list[str]:
    return sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())


def _put(folders: CollectionFolders, name: str = NAME) -> None:
    folders.folder(name).mkdir()
    (folders.folder(name) / "collection.json").write_text('{"name": "x"}')
    (folders.folder(name) / "pictures.npy").write_bytes(bytes(1000))


def test_an_archive_is_written_as_it_comes(folders: CollectionFolders) -> None:
    path = folders.receive(NAME, io.BytesIO(b"x" * 3_000_000), 3_000_000)

    assert path.read_bytes() == b"x" * 3_000_000
    assert folders.used_bytes() == 3_000_000
    folders.forget_archive(NAME)
    assert folders.used_bytes() == 0


@pytest.mark.parametrize("declared", [1, 999, 1001, 2000])
def test_of_an_archive_that_is_not_as_long_as_was_said_nothing_stays(
    folders: CollectionFolders, tmp_path: Path, declared: int
) -> None:
    with pytest.raises(CutOff):
        folders.receive(NAME, io.BytesIO(bytes(1000)), declared)
    assert _files(tmp_path) == []


class _Broken(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise ConnectionResetError


def test_of_an_archive_whose_connection_breaks_nothing_stays(folders: CollectionFolders, tmp_path: Path) -> None:
    with pytest.raises(ConnectionResetError):
        folders.receive(NAME, _Broken(), 1000)
    assert _files(tmp_path) == []


def test_what_a_server_before_was_in_the_middle_of_is_gone_and_all_else_stays(
    folders: CollectionFolders, tmp_path: Path
) -> None:
    _put(folders)
    (folders.sources / "mnist.npz").write_bytes(b"x")
    folders.receive("b" * 20, io.BytesIO(b"x"), 1)
    for left in (folders.growing("b" * 20), tmp_path / "images" / f"{NAME}.growing-before"):
        left.mkdir()
        (left / "pictures.npy").write_bytes(b"half")
    CollectionFolders(tmp_path / "images").prepare(datetime.now(timezone.utc))

    assert _files(tmp_path) == [
        f"images/{NAME}/collection.json",
        f"images/{NAME}/pictures.npy",
        "images/sources/mnist.npz",
    ]


def test_of_what_is_deleted_nothing_stays(folders: CollectionFolders, tmp_path: Path) -> None:
    _put(folders)
    folders.growing(NAME).mkdir()
    folders.receive(NAME, io.BytesIO(b"x"), 1)

    assert folders.delete(NAME)
    assert _files(tmp_path) == []
    assert folders.names() == []
    assert not folders.delete(NAME)


def test_collections_are_found_and_counted(folders: CollectionFolders) -> None:
    _put(folders)
    _put(folders, "mnist")
    folders.growing("x").mkdir()

    assert folders.names() == [NAME, "mnist"]
    assert folders.about("mnist") == {"name": "x"}
    assert folders.about("nothing") is None
    assert folders.used_bytes() == 2 * folders.used_bytes(NAME) == 2 * (1000 + len('{"name": "x"}'))


@pytest.mark.parametrize("broken", ["", "[1]", "{", "\udcff"])
def test_a_broken_note_is_no_collection(folders: CollectionFolders, broken: str) -> None:
    _put(folders)
    (folders.folder(NAME) / "collection.json").write_bytes(broken.encode("utf-8", "surrogateescape"))

    assert folders.about(NAME) is None


def test_it_is_noted_when_a_collection_was_asked_for(folders: CollectionFolders) -> None:
    _put(folders)
    folders.note_opened(NAME, NOW - timedelta(days=3))
    folders.note_opened("nothing", NOW)

    assert folders.opened_at(NAME) == (NOW - timedelta(days=3)).timestamp()
    assert folders.opened_at("nothing") is None


def test_what_the_command_line_is_adding_is_no_collection_and_stays_for_a_day(folders: CollectionFolders) -> None:
    fresh, old = folders.adding("mnist"), folders.adding("mnist")
    assert fresh != old
    for left in (fresh, old):
        left.mkdir()
        (left / "collection.json").write_text("{}")
    os.utime(old, (time.time() - 90_000,) * 2)
    assert folders.names() == []
    folders.prepare(datetime.now(timezone.utc))

    assert fresh.exists()
    assert not old.exists()


def test_two_may_delete_a_collection_at_once(folders: CollectionFolders, monkeypatch: pytest.MonkeyPatch) -> None:
    _put(folders)
    rename = Path.rename

    def rename_after_another(path: Path, target: Path) -> Path:
        rename(path, target.with_name("another"))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", rename_after_another)
    assert folders.delete(NAME)
    assert folders.about(NAME) is None


def test_what_the_server_keeps_for_itself_does_not_count(folders: CollectionFolders) -> None:
    _put(folders)
    before = folders.used_bytes()
    cache = folders.folder(NAME) / "embeddings-mobilenet_v2-35-96-whole-01234567"
    cache.mkdir()
    (cache / "a.rows.npy").write_bytes(bytes(5000))

    assert folders.used_bytes() == folders.used_bytes(NAME) == before
