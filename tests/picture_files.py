"""Pictures and archives as bytes, made in the test."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from PIL import Image

Colour = tuple[int, int, int]
RED: Colour = (255, 0, 0)


def picture_bytes(
    color: Any = RED, size: tuple[int, int] = (12, 10), kind: str = "PNG", mode: str = "RGB", **more: Any
) -> bytes:
    """A picture of one colour."""
    return encoded(Image.new(mode, size, color), kind, **more)


def encoded(picture: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    """A picture as a file."""
    file = io.BytesIO()
    picture.save(file, kind, **more)
    return file.getvalue()


def zip_bytes(
    files: Mapping[str, bytes] | Iterable[tuple[str, bytes]], compression: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """An archive of files by their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(name, content)
    return file.getvalue()


def class_files(classes: Iterable[str] = ("cats", "dogs"), each: int = 12, **picture: Any) -> dict[str, bytes]:
    """Pictures in class folders; every one of a class has the same colours."""
    return {
        f"{name}/{number:02}.png": picture_bytes((40 * place % 256, 90, number), **picture)
        for place, name in enumerate(classes)
        for number in range(each)
    }
