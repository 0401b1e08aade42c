"""Archives of strangers: each way to be malformed gets its own sentence, before anything is unpacked."""

import io
import resource
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.collecting.limits import SENT, ArchiveLimits
from server.collecting.refusals import UnusableImages, UnusablePicture
from server.collecting.zip_archive import ZipArchive
from tests.picture_files import class_files, picture_bytes, zip_bytes

SMALL = ArchiveLimits(pictures=30, listed=40, entry_bytes=20_000, total_bytes=60_000, ratio_counts_from_bytes=10_000)


def _open(folder: Path, content: bytes, limits: ArchiveLimits = SENT) -> ZipArchive:
    path = folder / "sent.zip"
    path.write_bytes(content)
    return ZipArchive(path, limits)


def _with_info(name: str, content: bytes = b"x", *, mode: int = 0, flags: int = 0) -> bytes:
    """An archive of one file whose line in the list was changed."""
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(info, content)
        info.flag_bits |= flags
    return file.getvalue()


def _overlapping(copies: int = 200) -> bytes:
    """Many lines of the list that all name the same bytes: a small archive that reads back as a large one."""
    content = zip_bytes({"a.png": bytes(200_000)})
    at = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    line = content[at:end]
    listed = b"".join(line[:-5] + f"{number:03}.p"[:5].encode() for number in range(copies))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, copies, copies, len(listed), at, 0)
    return content[:at] + listed + tail


def _telling(count: int, content: bytes) -> bytes:
    """An archive whose end says another number of files."""
    at = content.rindex(b"PK\x05\x06")
    return content[: at + 8] + struct.pack("<HH", count, count) + content[at + 12 :]


MALFORMED = {
    "nothing": (b"", "not_a_zip"),
    "a text": (b"This is no archive. " * 100, "not_a_zip"),
    "a picture": (picture_bytes(), "not_a_zip"),
    "another kind of archive": (b"\x1f\x8b\x08" + bytes(500), "not_a_zip"),
    "cut in the middle": (zip_bytes(class_files())[:900], "not_a_zip"),
    "cut at its end": (zip_bytes(class_files())[:-5], "not_a_zip"),
    "a list that is longer than the file": (
        struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, 10**6, 0, 0),
        "not_a_zip",
    ),
    "only an end": (_telling(3, zip_bytes({})), "empty"),
    "no files": (zip_bytes({}), "empty"),
    "zeros": (zip_bytes({"a/x.png": bytes(5_000_000)}), "zip_bomb"),
    "files upon each other": (_overlapping(), "zip_bomb"),
    "an archive inside": (zip_bytes({**class_files(), "cats/more.zip": zip_bytes(class_files())}), "nested_archive"),
    "60,000 empty files": (zip_bytes(((f"{n}.png", b"") for n in range(60_000)), zipfile.ZIP_STORED), "too_many_files"),
    "an end that says 65,534 files": (_telling(65_534, zip_bytes(class_files())), "too_many_files"),
}


@pytest.mark.parametrize(("content", "code"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_archive_gets_its_sentence(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(UnusableImages) as refused:
        _open(tmp_path, content)
    assert refused.value.code == code
    assert refused.value.message.endswith(".")
    assert [path.name for path in tmp_path.iterdir()] == ["sent.zip"]


def test_an_end_that_says_fewer_files_than_there_are_hides_none(tmp_path: Path) -> None:
    with pytest.raises(UnusableImages) as refused:
        _open(tmp_path, _telling(1, zip_bytes(((f"{n}.png", b"") for n in range(50)), zipfile.ZIP_STORED)), SMALL)
    assert refused.value.code == "too_many_files"


def test_all_files_together_have_a_limit(tmp_path: Path) -> None:
    many = {f"a/{number}.png": bytes([number]) * 9_000 for number in range(7)}

    with pytest.raises(UnusableImages, match="at most 0 MB are accepted") as refused:
        _open(tmp_path, zip_bytes(many), SMALL)
    assert refused.value.code == "too_large"


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[ZipArchive]:
    """One good picture among names that lead elsewhere and things that are no files."""
    names = ["../up.png", "a/../../up.png", "/etc/x.png", "..\\win.png", "C:\\x.png", "a//b.png", "a/./b.png"]
    files = [(name, picture_bytes()) for name in names]
    archive = _open(
        tmp_path, zip_bytes([*files, ("cats/good.png", picture_bytes()), ("__MACOSX/cats/._good.png", b"x")])
    )
    yield archive
    archive.close()


def test_names_that_lead_elsewhere_are_left_out_and_told(hostile: ZipArchive, tmp_path: Path) -> None:
    assert [entry.path for entry in hostile.contents.entries] == ["cats/good.png"]
    assert hostile.read(hostile.contents.entries[0]) == picture_bytes()
    assert len(hostile.contents.problems) == 7
    assert all("leads out of the zip file" in reason for _, reason in hostile.contents.problems)
    assert [path.name for path in tmp_path.iterdir()] == ["sent.zip"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(_with_info("a/x.png", b"/etc/passwd", mode=stat.S_IFLNK | 0o777), "a link or a device", id="link"),
        pytest.param(_with_info("a/x.png", mode=stat.S_IFCHR | 0o600), "a link or a device", id="device"),
        pytest.param(_with_info("a/x.png", flags=1), "locked with a password", id="password"),
        pytest.param(zip_bytes({"a/x.png": b"x"}, zipfile.ZIP_LZMA), "packed in a way", id="another packing"),
    ],
)
def test_what_is_no_plain_file_is_left_out_and_told(tmp_path: Path, content: bytes, words: str) -> None:
    archive = _open(tmp_path, content)

    assert archive.contents.entries == ()
    assert words in archive.contents.problems[0][1]
    archive.close()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_files_with_one_name_the_second_is_told(tmp_path: Path) -> None:
    archive = _open(tmp_path, zip_bytes([("a/x.png", b"1"), ("a/x.png", b"2")]))

    assert archive.read(archive.contents.entries[0]) == b"1"
    assert "same name" in archive.contents.problems[0][1]
    archive.close()


def test_backslashes_of_old_programs_are_folders(tmp_path: Path) -> None:
    archive = _open(tmp_path, zip_bytes({"cats\\a.png": b"x"}))

    assert [entry.path for entry in archive.contents.entries] == ["cats/a.png"]
    archive.close()


def test_a_file_with_another_length_than_it_says_is_told(tmp_path: Path) -> None:
    content = bytearray(zip_bytes({"a/x.png": b"0123456789" * 50}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 5)
    archive = _open(tmp_path, bytes(content))

    with pytest.raises(UnusablePicture, match="damaged inside the zip file"):
        archive.read(archive.contents.entries[0])
    archive.close()


def test_one_file_is_counted_while_it_is_unpacked(tmp_path: Path) -> None:
    limits = ArchiveLimits(pictures=30, listed=40, entry_bytes=10, total_bytes=100)
    archive = _open(tmp_path, zip_bytes({f"a/{size}.png": b"x" * size for size in (10, 11)}), limits)
    fits, does_not = archive.contents.entries

    assert archive.read(fits) == b"x" * 10
    with pytest.raises(UnusablePicture, match="more than 1e-05 MB"):
        archive.read(does_not)
    archive.close()


def test_all_files_are_counted_while_they_are_unpacked_and_each_of_them_once(tmp_path: Path) -> None:
    archive = _open(tmp_path, zip_bytes({f"a/{number}.png": b"x" * 10 for number in range(9)}), SMALL)
    archive._left_bytes = 85  # as if the list had said less than there is
    first, *others = archive.contents.entries
    for entry in [first] * 20 + others[:-1]:
        assert archive.read(entry) == b"x" * 10
    with pytest.raises(UnusableImages, match="unpacked it has more than"):
        archive.read(others[-1])
    archive.close()


def test_a_bomb_costs_little_memory(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name in ("zeros", "files upon each other", "60,000 empty files"):
        with pytest.raises(UnusableImages):
            _open(tmp_path, MALFORMED[name][0])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
