"""Pictures of all kinds become squares; what is none, or too much of one, does not."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from server.collecting.pictures import Square, decode_picture, in_shades_of_grey, measure_picture
from server.collecting.refusals import UnusablePicture
from tests.picture_files import RED, encoded, picture_bytes


def _colors(square: Square) -> set[tuple[int, ...]]:
    return {tuple(int(value) for value in pixel) for pixel in square.pixels.reshape(-1, 3)}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_a_picture_of_each_kind_is_read(kind: str) -> None:
    square = decode_picture(picture_bytes(RED, kind=kind), 8)

    assert square.pixels.shape == (8, 8, 3)
    assert square.pixels.dtype == np.uint8
    assert np.abs(square.pixels.astype(int) - RED).max() <= 5
    assert not square.is_grey


def test_the_middle_of_a_picture_is_taken() -> None:
    wide = Image.new("RGB", (30, 10), RED)
    wide.paste((0, 255, 0), (10, 0, 20, 10))

    assert _colors(decode_picture(encoded(wide), 10)) == {(0, 255, 0)}


def test_a_small_picture_of_the_right_size_keeps_every_pixel() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)

    assert (decode_picture(encoded(Image.fromarray(pixels)), 16).pixels == pixels).all()


def test_a_camera_that_was_turned_shows_the_right_way_up() -> None:
    upright = Image.new("RGB", (16, 16), "black")
    upright.paste("white", (0, 0, 16, 8))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter, clockwise, to show it
    lying = encoded(upright.rotate(90), "PNG", exif=exif)

    pixels = decode_picture(lying, 16).pixels
    assert pixels[0].min() == 255
    assert pixels[-1].max() == 0


@pytest.mark.parametrize(
    "content",
    [
        picture_bytes((255, 0, 0, 0), mode="RGBA"),
        picture_bytes((0, 0), mode="LA"),
        encoded(Image.new("P", (9, 9), 0), "GIF", transparency=0),
    ],
    ids=["colours", "grey", "palette"],
)
def test_what_is_transparent_shows_white_paper(content: bytes) -> None:
    assert _colors(decode_picture(content, 8)) == {(255, 255, 255)}


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_shades_of_grey_are_known_as_such(mode: str) -> None:
    assert decode_picture(picture_bytes(1 if mode == "1" else (90, 255)[: len(mode)], mode=mode), 8).is_grey


def test_colours_that_are_all_grey_are_grey() -> None:
    assert decode_picture(picture_bytes((70, 70, 70)), 8).is_grey


def test_sixteen_bits_become_eight() -> None:
    deep = Image.fromarray(np.full((9, 9), 0x80FF, np.uint16))

    assert _colors(decode_picture(encoded(deep), 8)) == {(0x80, 0x80, 0x80)}


def test_red_green_and_blue_become_shades_as_bright_as_they_look() -> None:
    pixels = np.zeros((1, 3, 3), np.uint8)
    pixels[0] = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]

    assert in_shades_of_grey(pixels).reshape(-1).tolist() == [76, 150, 29]


def test_a_large_photograph_is_made_small() -> None:
    assert decode_picture(picture_bytes(RED, (3_000, 2_000), "JPEG"), 64).pixels.shape == (64, 64, 3)


def test_of_an_animation_the_first_picture_is_taken_whatever_its_length() -> None:
    file = io.BytesIO()
    frames = [Image.new("P", (8, 8), number % 200) for number in range(1, 500)]
    Image.new("RGB", (8, 8), RED).save(file, "GIF", save_all=True, append_images=frames)

    assert _colors(decode_picture(file.getvalue(), 8)) == {RED}


def test_a_size_is_measured_without_decoding() -> None:
    assert measure_picture(picture_bytes(size=(31, 17))) == (31, 17)
    with pytest.raises(UnusablePicture, match="no picture of a known kind"):
        measure_picture(b"x")


def _png_that_says(width: int, height: int) -> bytes:
    """The beginning of a picture that says how large it is, and one empty piece of data."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


BAD = {
    "text": (b"hello", "no picture of a known kind"),
    "nothing": (b"", "no picture of a known kind"),
    "a drawing in SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "no picture of a known kind"),
    "a kind that is not on the list": (picture_bytes(kind="TIFF"), "no picture of a known kind"),
    "a program in PostScript": (picture_bytes(kind="EPS"), "no picture of a known kind"),
    "a cut photograph": (picture_bytes(size=(200, 200), kind="JPEG")[:-400], "damaged"),
    "a cut PNG": (encoded(Image.effect_noise((64, 64), 80))[:-900], "damaged"),
    "a PNG with a wrong byte": (picture_bytes()[:-20] + b"\0" + picture_bytes()[-19:], "damaged"),
    "50,000 x 50,000 pixels": (_png_that_says(50_000, 50_000), "16.7 million pixels"),
    "a little too many pixels": (_png_that_says(4_100, 4_100), "16.7 million pixels"),
    "no pixels": (_png_that_says(0, 8), "no picture of a known kind"),
}


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
def test_what_cannot_be_used_says_why_and_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(UnusablePicture, match=words) as reason:
        decode_picture(content, 8)
    assert str(reason.value).endswith("or leave it out.")


def test_a_picture_that_is_a_page_too_is_made_anew_without_the_page() -> None:
    both = picture_bytes(kind="GIF") + b"<html><script>alert(1)</script></html>"

    assert decode_picture(both, 8).pixels.tobytes() == bytes(RED) * 64
