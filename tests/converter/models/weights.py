"""Numbers for the weights of an examined model: seeded, and of a size that neither kills nor explodes its answers."""

from __future__ import annotations

from math import prod
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray


def spread_weights(model: Any, seed: int = 7) -> None:
    """Give every weight other numbers than Keras begins with: a bias that is zero would hide that it is lost.

    A variance stays above zero. What a layer adapted to, counts, states and seeds stay as they are.
    """
    random = np.random.default_rng(seed)
    for variable in model.weights:
        if _is_weight(variable):
            variable.assign(_numbers(str(variable.name), tuple(variable.shape), random))


def settle_normalization(model: Any, inputs: Any) -> None:
    """Let every BatchNormalization take its moving statistics from these inputs, so that deep networks stay awake.

    Nothing is dropped meanwhile: chance would make other statistics, and so another model, each time.
    """
    kinds = ((keras.layers.BatchNormalization, "momentum"), (keras.layers.Dropout, "rate"))
    found = [(one, name) for one in model._flatten_layers() for kind, name in kinds if isinstance(one, kind)]
    before = [getattr(one, name) for one, name in found]
    for one, name in found:
        setattr(one, name, 0.0)
    model(inputs, training=True)
    for (one, name), value in zip(found, before, strict=True):
        setattr(one, name, value)


def _is_weight(variable: Any) -> bool:
    is_number = str(variable.dtype) in ("float32", "float16", "bfloat16", "float64")
    return is_number and "state" not in str(variable.path) and str(variable.name) not in ("mean", "variance", "count")


def _numbers(name: str, shape: tuple[int, ...], random: np.random.Generator) -> NDArray[np.float64]:
    if "variance" in name:
        return random.uniform(0.4, 1.6, shape)
    if "gamma" in name or "scale" in name:
        return random.uniform(0.6, 1.4, shape)
    if "alpha" in name:
        return random.uniform(0.05, 0.6, shape)
    if len(shape) < 2 or "bias" in name or "embeddings" in name:
        return random.normal(0, 0.4, shape)
    return random.normal(0, 1.2 / np.sqrt(prod(shape[:-1])), shape)
