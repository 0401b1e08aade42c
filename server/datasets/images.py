"""Pictures from disk. Where they come from is said in files/README.md."""

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from server.datasets.sample import Sample

_FILES = Path(__file__).with_name("files")
_DIGITS_WHITE = 16.0


def digits(count: int, noise: float, base: np.random.Generator, disturb: np.random.Generator) -> Sample:
    """Handwritten digits, 8 x 8 numbers from 0 to 1 each, class = digit; noise replaces a share of the pixels.

    The base generator draws which of the 1,797 pictures, none of them twice.
    """
    images, labels = _load_digits()
    chosen = base.permutation(len(images))[:count]
    pictures = images[chosen, :, :, None] / _DIGITS_WHITE
    is_replaced = disturb.uniform(size=pictures.shape) < noise
    return Sample(np.where(is_replaced, disturb.uniform(size=pictures.shape), pictures), labels[chosen].astype(float))


@cache
def _load_digits() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Images [1797, 8, 8] with numbers from 0 to 16, and labels [1797]."""
    with np.load(_FILES / "digits.npz", allow_pickle=False) as file:
        return file["images"], file["labels"]
