"""Networks of keras.applications, with random weights and small pictures."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from tests.converter.models.case import Case, Probe, as_layers

_ROWS = 2


def _network(name: str, size: int, **options: Any) -> Callable[[], Any]:
    shape = (size, size, 3)
    return lambda: getattr(keras.applications, name)(weights=None, input_shape=shape, classes=10, **options)


def _pictures(size: int, low: float, high: float) -> Probe:
    def make(random: np.random.Generator) -> list[NDArray[Any]]:
        return [random.uniform(low, high, (_ROWS, size, size, 3)).astype("float32")]

    return make


def _application(name: str, size: int, scales: bool = False, **options: Any) -> dict[str, Case]:
    """One network; some scale pictures of 0 to 255 themselves."""
    low, high = (0, 255) if scales else (-1, 1)
    return {
        f"applications.{name}": Case(_network(name, size, **options), probe=_pictures(size, low, high), settles=True)
    }


APPLICATIONS = as_layers(
    _application("MobileNet", 64, alpha=0.25),
    _application("MobileNetV2", 64, alpha=0.5),
    _application("MobileNetV3Small", 64, scales=True),
    _application("EfficientNetB0", 64, scales=True),
    _application("ResNet50", 64),
    _application("DenseNet121", 64),
    _application("Xception", 75),
)
