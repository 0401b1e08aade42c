"""Archives, pictures and sets that were changed at random: each is used, in part too, or refused with a sentence."""

import io
import random
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from server.collecting.array_files import read_npz
from server.collecting.limits import SENT
from server.collecting.own_images import Wish, collect_pictures
from server.collecting.pictures import decode_picture, measure_picture
from server.collecting.refusals import UnusableImages, UnusablePicture
from server.collecting.writing import Place
from server.collecting.zip_archive import ZipArchive
from tests.picture_files import class_files, encoded, zip_bytes

ARCHIVES = 600
PICTURES = 3_000
SETS = 400
SIDE = 32
WHOLE = zip_bytes(class_files())
KINDS = {
    "colours": ("RGB", "PNG"),
    "a table of colours": ("P", "PNG"),
    "sixteen bits": ("I;16", "PNG"),
    "see-through": ("RGBA", "PNG"),
    "a photo": ("RGB", "JPEG"),
    "a print": ("CMYK", "JPEG"),
    "an animation": ("P", "GIF"),
    "a bitmap": ("RGB", "BMP"),
    "a picture of the web": ("RGB", "WEBP"),
}


def _changed(content: bytes, draw: random.Random, near: int) -> bytes:
    """Other bytes (half of the time close to a place that matters), or a piece lost, added or told twice."""
    changed = bytearray(content)
    place = draw.randrange(len(changed))
    match draw.randrange(5):
        case 0:
            for _ in range(draw.randrange(1, 20)):
                changed[draw.randrange(len(changed))] = draw.randrange(256)
        case 1:
            for _ in range(draw.randrange(1, 6)):
                changed[min(near + draw.randrange(60), len(changed) - 1)] = draw.choice([0, 1, 127, 128, 255])
        case 2:
            del changed[place : place + draw.randrange(1, 200)]
        case 3:
            changed[place:place] = draw.randbytes(draw.randrange(1, 100))
        case _:
            changed[place:place] = content[draw.randrange(len(content)) :][: draw.randrange(1, 400)]
    return bytes(changed)


def _collect(content: bytes, folder: Path) -> str:
    """The code of the refusal, or "used". Whatever else is raised is a fault."""
    folder.mkdir()
    path = folder / "sent.zip"
    path.write_bytes(content)
    try:
        archive = ZipArchive(path, SENT)
        try:
            collect_pictures(archive, SENT, Place(folder / "made", folder / "beside"), Wish("own"), lambda share: None)
        finally:
            archive.close()
    except UnusableImages as refusal:
        return refusal.code
    return "used"


def _decode(content: bytes) -> bool:
    try:
        measure_picture(content)
        square = decode_picture(content, SIDE)
    except UnusablePicture:
        return False
    assert square.pixels.shape == (SIDE, SIDE, 3)
    return True


def test_an_archive_that_was_changed_at_random_is_used_or_refused(tmp_path: Path) -> None:
    places = [WHOLE.index(b"PK\x01\x02"), WHOLE.rindex(b"PK\x05\x06")]
    ended = [
        _collect(_changed(WHOLE, random.Random(seed), places[seed % 2]), tmp_path / str(seed))
        for seed in range(ARCHIVES)
    ]

    assert {"used", "not_a_zip", "zip_bomb", "too_few_pictures"} <= set(ended)


@pytest.mark.parametrize(("mode", "kind"), KINDS.values(), ids=KINDS.keys())
def test_a_picture_that_was_changed_at_random_is_shown_or_left_out(mode: str, kind: str) -> None:
    whole = encoded(Image.effect_noise((40, 30), 60).convert(mode), kind)
    assert _decode(whole)

    shown = [_decode(_changed(whole, random.Random(seed), 0)) for seed in range(PICTURES // len(KINDS))]

    assert 0 < sum(shown) < len(shown)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_set_that_was_changed_at_random_is_read_or_refused(tmp_path: Path, save: Any) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (20, 6, 6), np.uint8)
    file, path = io.BytesIO(), tmp_path / "mnist.npz"
    save(file, x_train=pixels, y_train=pixels[:, 0, 0], x_test=pixels[:4], y_test=pixels[:4, 0, 0])
    whole, refused = file.getvalue(), 0
    for seed in range(SETS):
        path.write_bytes(_changed(whole, random.Random(seed), whole.index(b"PK\x01\x02")))
        try:
            read_npz(path)
        except UnusableImages as refusal:
            refused += refusal.code == "broken_file"

    assert 0 < refused < SETS
    # The byte that says which version of zip is needed.
    listed = whole.index(b"PK\x01\x02")
    path.write_bytes(whole[: listed + 6] + b"\xde" + whole[listed + 7 :])
    with pytest.raises(UnusableImages, match="damaged"):
        read_npz(path)


def test_a_file_without_a_name_is_no_file_of_a_zip(tmp_path: Path) -> None:
    content = WHOLE.replace(b"cats/00.png", b"\0ats/00.png")

    assert _collect(content, tmp_path / "nameless") == "not_a_zip"


def test_a_name_that_is_no_text_before_its_file_leaves_that_file_out(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in class_files().items():
            archive.writestr(name.replace("cats/00", "cats/é"), content)
    content = file.getvalue().replace("é".encode(), b"\xbf\xbf", 1)

    assert _collect(content, tmp_path / "unreadable") == "used"
