"""The seven inputs that can be computed from a point of the plane.

The page computes the same ones for its pictures; tests/contract/features.json is read by the tests of both.
"""

from collections.abc import Callable, Sequence

import numpy as np

from server.datasets.sample import Array
from server.domain.spec import FeatureName

_FORMULAS: dict[FeatureName, Callable[[Array, Array], Array]] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1_squared": lambda x1, x2: x1 * x1,
    "x2_squared": lambda x1, x2: x2 * x2,
    "x1x2": lambda x1, x2: x1 * x2,
    "sin_x1": lambda x1, x2: np.sin(x1),
    "sin_x2": lambda x1, x2: np.sin(x2),
}


def compute_features(points: Array, names: Sequence[FeatureName]) -> Array:
    """Points [samples, 2] -> features [samples, len(names)], in the order of the names."""
    x1, x2 = points.T
    return np.column_stack([_FORMULAS[name](x1, x2) for name in names])
