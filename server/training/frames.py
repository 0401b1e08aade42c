"""The weights of one moment, as the bytes the page sets into its TensorFlow.js model."""

import base64

import keras
import numpy as np
import numpy.typing as npt


def encode_weights(weights: npt.NDArray[np.float32]) -> str:
    """Base64 of float32 little-endian numbers, layer by layer, kernel before bias, row-major."""
    return base64.b64encode(weights.astype("<f4").tobytes()).decode("ascii")


def decode_weights(text: str) -> npt.NDArray[np.float32]:
    """All weights as one float32 array; the inverse of `encode_weights`."""
    return np.frombuffer(base64.b64decode(text), "<f4").astype(np.float32)


def set_flat_weights(model: keras.Model, flat: npt.NDArray[np.float32]) -> None:
    """Put weights that were flattened in this order back into a model.

    Raises ValueError when their number does not fit the model.
    """
    weights = [weight for layer in model.layers for weight in layer.weights]
    shapes = [weight.shape for weight in weights]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    if flat.size != ends[-1]:
        raise ValueError(f"The model has {ends[-1]} weights, but {flat.size} were given.")
    parts = np.split(flat, ends[:-1])
    for weight, part in zip(weights, parts, strict=True):
        weight.assign(part.reshape(weight.shape))
