"""Make a picture of the page small: 256 colours are enough for it, and a third of the bytes."""

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

COLOURS = 256
Bytes = NDArray[np.uint8]


def shrink(path: Path) -> None:
    """Write the PNG again with a palette."""
    import tensorflow as tf  # reads PNG; loaded late, because it takes seconds

    pixels: Bytes = tf.io.decode_png(path.read_bytes(), channels=3).numpy()
    colours, where, counts = _colours_of(pixels)
    boxes = _boxes(colours, counts)
    palette = np.array([np.average(colours[box], axis=0, weights=counts[box]) for box in boxes]).round()
    number = np.empty(len(colours), np.uint8)
    for at, box in enumerate(boxes):
        number[box] = at
    path.write_bytes(_png(number[where].reshape(pixels.shape[:2]), palette.astype(np.uint8)))


def _colours_of(pixels: Bytes) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    packed = pixels.reshape(-1, 3).astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    unique, where, counts = np.unique(packed, return_inverse=True, return_counts=True)
    return np.stack([unique >> 16, unique >> 8 & 255, unique & 255], axis=1), where, counts


def _boxes(colours: NDArray[Any], counts: NDArray[Any]) -> list[NDArray[Any]]:
    """Groups of like colours: the one in which most is lost is cut in two, until there are enough."""
    boxes = [np.arange(len(colours))]
    losses = [_loss(colours, counts, boxes[0])]
    while len(boxes) < min(COLOURS, len(colours)):
        at = int(np.argmax(losses))
        for half in _halves(colours, counts, boxes.pop(at)):
            boxes.append(half)
            losses.append(_loss(colours, counts, half))
        losses.pop(at)
    return boxes


def _loss(colours: NDArray[Any], counts: NDArray[Any], box: NDArray[Any]) -> float:
    """Spread of a group; rare colours weigh in too, so that a thin line keeps its own."""
    return float(np.ptp(colours[box].astype(float), axis=0).max() * counts[box].sum() ** 0.4)


def _halves(colours: NDArray[Any], counts: NDArray[Any], box: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    values = colours[box]
    channel = values[:, int(np.argmax(np.ptp(values.astype(int), axis=0)))].astype(float)
    cut = np.average(channel, weights=counts[box] ** 0.5)
    is_low = channel <= min(cut, channel.max() - 0.5)
    return box[is_low], box[~is_low]


def _png(numbers: Bytes, palette: Bytes) -> bytes:
    height, width = numbers.shape
    rows = np.hstack([np.zeros((height, 1), np.uint8), numbers]).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
