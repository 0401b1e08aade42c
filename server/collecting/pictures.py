"""One picture of a stranger becomes a small square of bytes. The only home of Pillow; in the child process only."""

import io
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from server.collecting.limits import MAX_PICTURE_PIXELS
from server.collecting.refusals import UnusablePicture

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")
SUFFIXES = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".bmp", ".webp")
KINDS = "PNG, JPEG, GIF, BMP or WebP"

_SIXTEEN_BITS = ("I", "I;16", "I;16B", "I;16L", "I;16N")
_GREY = frozenset({"1", "L", "LA", "La", *_SIXTEEN_BITS})

Image.MAX_IMAGE_PIXELS = MAX_PICTURE_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Square:
    """Colours uint8 [side, side, 3], and whether they are all shades of grey."""

    pixels: npt.NDArray[np.uint8]
    is_grey: bool


def measure_picture(content: bytes) -> tuple[int, int]:
    """Width and height, without decoding. Raises UnusablePicture."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            width, height = picture.size
            return int(width), int(height)
    except Exception as error:
        raise _reason(error) from error


def decode_picture(content: bytes, side: int) -> Square:
    """The middle of a picture, the right way up, over white, made into a square of `side` pixels.

    Of an animation it is the first picture. Raises UnusablePicture.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            # Twice as large as wanted at least: a camera's photograph is not decoded in full to be thrown away.
            picture.draft(picture.mode, (2 * side, 2 * side))
            upright = ImageOps.exif_transpose(picture)
            is_grey = upright.mode in _GREY
            square = ImageOps.fit(_in_colour(upright), (side, side), Image.Resampling.BICUBIC)
    except Exception as error:  # libraries that read strangers' files fail in many ways; all mean the same here
        raise _reason(error) from error
    pixels: npt.NDArray[np.uint8] = np.asarray(square)
    return Square(pixels, is_grey or bool((pixels == pixels[:, :, :1]).all()))


def in_shades_of_grey(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Colours [side, side, 3] -> shades of grey [side, side, 1], as bright as the eye takes them."""
    return np.asarray(Image.fromarray(pixels).convert("L"))[:, :, None]


def _in_colour(picture: Image.Image) -> Image.Image:
    """In red, green and blue; what is transparent shows white paper."""
    if picture.mode in _SIXTEEN_BITS:
        values = np.asarray(picture).astype(np.uint32)
        return Image.fromarray((values >> 8).clip(0, 255).astype(np.uint8)).convert("RGB")
    if "transparency" in picture.info or picture.mode in ("RGBA", "LA", "La", "PA", "RGBa"):
        layered = picture.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(paper, layered).convert("RGB")
    return picture.convert("RGB")


def _reason(error: Exception) -> UnusablePicture:
    if isinstance(error, UnidentifiedImageError):
        return UnusablePicture(f"is no picture of a known kind ({KINDS}). Save it as PNG or JPEG, or leave it out.")
    if isinstance(error, (Image.DecompressionBombError, Image.DecompressionBombWarning)):
        most = f"{MAX_PICTURE_PIXELS / 1e6:.1f} million pixels"
        return UnusablePicture(f"has more than {most}. Make it smaller, or leave it out.")
    return UnusablePicture("is damaged and cannot be shown. Save it again from where it came, or leave it out.")
