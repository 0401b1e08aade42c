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

    A label is the index of a class (0, 1, ...), or a number of about -1 to 1.
    """

    inputs: Array
    labels: Array


Maker: TypeAlias = Callable[[int, float, np.random.Generator, np.random.Generator], Sample]
"""(count, noise from 0 to 0.5, generator of the base sample, generator of the disturbance) -> Sample"""
