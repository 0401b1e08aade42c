"""Activations that meant something else in Keras 2; importing this file imports Keras."""

from __future__ import annotations

from typing import Any

import keras


def keras2_hard_sigmoid(x: Any) -> Any:
    """The `hard_sigmoid` of Keras 2: 0.2 x + 0.5, kept between 0 and 1; that of Keras 3 is steeper by a sixth."""
    return keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)


FUNCTIONS = {"keras2_hard_sigmoid": keras2_hard_sigmoid}
"""By the name that `keras2` gives them in a configuration."""
