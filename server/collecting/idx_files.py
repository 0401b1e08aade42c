"""IDX files, the form in which MNIST and Fashion-MNIST are given away: `train-images-idx3-ubyte.gz` and its like."""

import gzip
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from server.collecting.limits import PUT_THERE
from server.collecting.refusals import UnusableImages

Part = tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]
"""Pictures [count, height, width, 1] and labels [count]."""

_PARTS = {"train": "train", "test": "t10k"}
_KINDS = {"images": 3, "labels": 1}
_BYTES = 0x08
_MOST_SIDE = 256


def idx_file(folder: Path, part: str, kind: str) -> Path | None:
    """The file of one part, `train` or `test`, by the names it is known by; None when it is not there."""
    name, dimensions = _PARTS[part], _KINDS[kind]
    writings = (f"{name}-{kind}-idx{dimensions}-ubyte", f"{name}-{kind}.idx{dimensions}-ubyte")
    paths = (folder / f"{writing}{suffix}" for suffix in (".gz", "") for writing in writings)
    return next((path for path in paths if path.is_file()), None)


def has_idx_files(folder: Path) -> bool:
    """Whether one of the parts lies there."""
    return any(idx_file(folder, part, kind) for part in _PARTS for kind in _KINDS)


def read_idx_part(folder: Path, part: str) -> Part | None:
    """Pictures and labels of a part; None when neither is there. Raises UnusableImages."""
    images, labels = idx_file(folder, part, "images"), idx_file(folder, part, "labels")
    if images is None and labels is None:
        return None
    if images is None or labels is None:
        there, kind = (labels, "images") if images is None else (images, "labels")
        raise UnusableImages(
            f"{there} is there, but the file of its {kind} is not: {_PARTS[part]}-{kind}-idx{_KINDS[kind]}-ubyte.gz. "
            "Put both into the folder, then press Get again.",
            "broken_file",
        )
    pictures, names = _read(images, 3), _read(labels, 1)
    if len(pictures) != len(names):
        raise UnusableImages(
            f"{images} has {len(pictures):,} pictures, but {labels} has {len(names):,} labels, so they do not "
            "belong together. Put both files of one set into the folder, then press Get again.",
            "broken_file",
        )
    return pictures[..., None], names


def _read(path: Path, dimensions: int) -> npt.NDArray[np.uint8]:
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            return _read_array(path, file, dimensions)  # type: ignore[arg-type] # both are read in the same way
    except (OSError, EOFError, zlib.error, struct.error) as error:
        raise broken(path, "it is damaged or cut off") from error


def _read_array(path: Path, file: BinaryIO, dimensions: int) -> npt.NDArray[np.uint8]:
    zeros, kind, found = struct.unpack(">HBB", file.read(4))
    if (zeros, kind, found) != (0, _BYTES, dimensions):
        raise broken(path, f"it is no IDX file of bytes with {dimensions} dimensions")
    shape = struct.unpack(f">{dimensions}I", file.read(4 * dimensions))
    if shape[0] > PUT_THERE.pictures or any(not 0 < side <= _MOST_SIDE for side in shape[1:]):
        raise broken(path, f"it says that its numbers lie in {' x '.join(map(str, shape))}")
    count = int(np.prod(shape))
    content = file.read(count)
    if len(content) < count:
        raise broken(path, f"it says {count:,} numbers, but has {len(content):,}")
    return np.frombuffer(content, np.uint8).reshape(shape)


def broken(path: Path, why: str) -> UnusableImages:
    """A file of a known set that cannot be used."""
    return UnusableImages(
        f"{path} cannot be used: {why}. Put the file there again, or take it away to fetch the set from the internet, "
        "then press Get again.",
        "broken_file",
    )
