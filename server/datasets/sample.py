"""What every data set is made as, before it is shared out for training and testing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Points [samples, 2] or pictures [samples, height, width, channels], and their labels [samples].

    A place on a line is a point whose x2 is 0. A label is the index of a class (0, 1, ...), or a number: of about -1
    to 1, but that of a formula may be larger.
    """

    inputs: Array
    labels: Array


Maker: TypeAlias = Callable[[int, float, np.random.Generator, np.random.Generator], Sample]
"""(count, noise from 0 to 0.5, generator of the base sample, generator of the disturbance) -> Sample"""

Law: TypeAlias = Callable[[Array, Array], Array]
"""(x1, x2) -> the values of a formula, of the same shape; not-a-number or infinite where it has none"""
