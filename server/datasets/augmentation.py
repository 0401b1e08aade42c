"""Training pictures changed at random: shifted, turned, enlarged, mirrored and speckled, anew in each epoch.

What comes in from beyond the edge is the pixel at the edge, so that a digit gets no neighbour. Shifts and mirrors alone
move whole pixels, which costs next to nothing; turning and enlarging mixes four neighbours (bilinear interpolation).
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from server.datasets.splits import as_inputs
from server.domain.spec import AugmentationSpec

Floats: TypeAlias = npt.NDArray[np.float32]
Pictures: TypeAlias = npt.NDArray[np.float32] | npt.NDArray[np.uint8]

_AUGMENTATION = 3
"""One stream of random numbers per purpose; training/seeding.py has the others."""


def augmentation_stream(seed: int, *place: int) -> np.random.Generator:
    """What the pictures of one place are changed by, whatever was drawn before; a batch's place is its step."""
    return np.random.default_rng([seed, _AUGMENTATION, *place])


def augmented(pictures: Pictures, wish: AugmentationSpec, stream: np.random.Generator) -> Floats:
    """Pictures [samples, height, width, channels] as they are trained on, float32 from 0 to 1; a new array.

    All that is drawn for a picture is drawn whether it is wished or not, so that one slider more or less does not
    change what the others do.
    """
    draws = stream.random((5, len(pictures)), np.float32)
    is_mirrored = (draws[0] < 0.5) & wish.flip
    down, right, turn, size = 2 * draws[1:] - 1
    height, width = pictures.shape[1:3]
    down, right = down * np.float32(wish.shift * height), right * np.float32(wish.shift * width)
    if wish.rotate or wish.zoom:
        turns, sizes = np.radians(turn * np.float32(wish.rotate)), 1 + size * np.float32(wish.zoom)
        inputs = _turned(as_inputs(pictures), _ways_back(turns, sizes, is_mirrored), down, right)
    else:
        inputs = as_inputs(_moved(pictures, np.rint(down), np.rint(right), is_mirrored))
    return _speckled(inputs, wish.noise, stream) if wish.noise else inputs


def _moved(pictures: Pictures, down: Floats, right: Floats, is_mirrored: npt.NDArray[np.bool_]) -> Pictures:
    """Each picture by its own number of whole pixels."""
    count, height, width, channels = pictures.shape
    rows = np.arange(height, dtype=np.int32) - down.astype(np.int32)[:, None]
    columns = np.arange(width, dtype=np.int32) - right.astype(np.int32)[:, None]
    np.clip(rows, 0, height - 1, out=rows)
    np.clip(columns, 0, width - 1, out=columns)
    columns = np.where(is_mirrored[:, None], width - 1 - columns, columns)
    rows += np.arange(count, dtype=np.int32)[:, None] * height
    places = (rows * width)[:, :, None] + columns[:, None, :]
    moved: Pictures = np.take(pictures.reshape(-1, channels), places, axis=0)
    return moved


def _ways_back(turns: Floats, sizes: Floats, is_mirrored: npt.NDArray[np.bool_]) -> Floats:
    """From a pixel of the new picture to where it comes from in the old one; float32 [2, 2, samples]."""
    along, across = np.cos(turns) / sizes, np.sin(turns) / sizes
    mirror = np.where(is_mirrored, np.float32(-1), np.float32(1))
    return np.array([[mirror * along, mirror * across], [-across, along]], np.float32)


def _turned(pictures: Floats, ways_back: Floats, down: Floats, right: Floats) -> Floats:
    """Each picture turned and enlarged around its middle, then shifted; between the pixels by their distances."""
    count, height, width, channels = pictures.shape
    middle_row, middle_column = np.float32((height - 1) / 2), np.float32((width - 1) / 2)
    rows = np.arange(height, dtype=np.float32) - middle_row - down[:, None]
    columns = np.arange(width, dtype=np.float32) - middle_column - right[:, None]
    left, share_right = _split(_mixed(ways_back[0], columns, rows, middle_column), width)
    top, share_down = _split(_mixed(ways_back[1], columns, rows, middle_row), height)
    first = np.arange(0, count * height * width, height * width)
    places = first[:, None, None] + top * width + left
    corners = places, places + 1, places + width, places + width + 1
    turned = np.empty_like(pictures)
    # Channel by channel: numbers of four channels and a share for all of them take NumPy ten times as long.
    for channel in range(channels):
        pixels = np.ascontiguousarray(pictures[..., channel]).ravel()
        above = _between(pixels, corners[0], corners[1], share_right)
        beneath = _between(pixels, corners[2], corners[3], share_right)
        beneath -= above
        beneath *= share_down
        np.add(above, beneath, out=turned[..., channel])
    return turned


def _mixed(way_back: Floats, columns: Floats, rows: Floats, middle: np.float32) -> Floats:
    """One coordinate of where each pixel comes from; [samples, height, width]."""
    from_columns = way_back[0][:, None] * columns + middle
    from_rows = way_back[1][:, None] * rows
    mixed: Floats = from_rows[:, :, None] + from_columns[:, None, :]
    return mixed


def _split(coordinate: Floats, size: int) -> tuple[npt.NDArray[np.intp], Floats]:
    """The last pixel before a coordinate that has another one behind it, and how far it is from there, from 0 to 1."""
    np.clip(coordinate, 0, size - 1, out=coordinate)
    whole = np.minimum(coordinate.astype(np.intp), size - 2)
    coordinate -= whole
    return whole, coordinate


def _between(pixels: Floats, places: npt.NDArray[np.intp], neighbours: npt.NDArray[np.intp], share: Floats) -> Floats:
    here, there = np.take(pixels, places), np.take(pixels, neighbours)
    there -= here
    there *= share
    there += here
    return there


def _speckled(inputs: Floats, noise: float, stream: np.random.Generator) -> Floats:
    """Normal noise on each pixel and channel; what would be darker than black is black."""
    speckled: Floats = stream.standard_normal(inputs.shape, np.float32)  # type: ignore[assignment]
    np.multiply(speckled, np.float32(noise), out=speckled)
    np.add(speckled, inputs, out=speckled)
    np.clip(speckled, 0, 1, out=speckled)
    return speckled
