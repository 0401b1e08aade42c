"""Names, order, dtype and plausibility of weights.

Order everywhere: layer by layer, and inside a layer as Keras stores it: kernel, bias; gamma, beta, moving mean, moving
variance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import prod

import numpy as np
from numpy.typing import NDArray

from converter.errors import WeightMismatch, quoted
from converter.model_config import LayerPath, ModelConfig, WeightSpec

_CLASS_FOLDERS = {
    "BatchNormalization": "batch_normalization",
    "Conv2D": "conv2d",
    "Dense": "dense",
    "Functional": "functional",
    "Sequential": "sequential",
}


def weights_count(specs: Iterable[WeightSpec]) -> int:
    """How many numbers the weights have together."""
    return sum(prod(spec.shape) for spec in specs)


def collect_weights(
    specs: Iterable[WeightSpec], read: Callable[[WeightSpec], NDArray[np.generic]]
) -> dict[str, NDArray[np.float32]]:
    """Read every weight under its TF.js name, in order.

    Raises WeightMismatch when one has another shape than the configuration says, or is not finite.
    """
    return {spec.tfjs_name: _checked(spec, read(spec)) for spec in specs}


def _checked(spec: WeightSpec, array: NDArray[np.generic]) -> NDArray[np.float32]:
    refuse_other_shape(spec, array.shape)
    numbers = array.astype(np.float32)
    if not np.isfinite(numbers).all():
        raise WeightMismatch(
            f"The {spec.name} of layer {quoted(spec.path[-1])} contains infinity or not-a-number, "
            "so the model has no usable answer; take weights saved before the training diverged."
        )
    return numbers


def refuse_other_shape(spec: WeightSpec, shape: tuple[int, ...]) -> None:
    """Raise WeightMismatch unless `shape` is the one the configuration asks for."""
    if tuple(shape) != spec.shape:
        raise WeightMismatch(
            f"The {spec.name} of layer {quoted(spec.path[-1])} should have the shape {list(spec.shape)} "
            f"by the configuration, but has {list(shape)}; save the model again."
        )


def stored_groups(model: ModelConfig, path: LayerPath = (), folder: str = "") -> Iterator[tuple[LayerPath, str]]:
    """Where `model.weights.h5` keeps the variables of each layer: (layer path, name of the HDF5 group).

    Keras names the folders by class and count (`layers/dense_1/vars`), not by the layer's name; see
    `_save_container_state` in keras/src/saving/saving_lib.py.
    """
    used: dict[str, int] = {}
    for layer in model.layers:
        base = _CLASS_FOLDERS.get(layer.class_name)
        if base is None:
            continue
        name = f"{base}_{used[base]}" if base in used else base
        used[base] = used.get(base, 0) + 1
        here, group = (*path, layer.name), f"{folder}layers/{name}/"
        yield here, f"{group}vars"
        if layer.inner is not None:
            yield from stored_groups(layer.inner, here, group)
