"""The weights of one moment, as the bytes the page sets into its TensorFlow.js model."""

import base64

import keras
import numpy as np
import numpy.typing as npt

from server.training.programs import Tensors


def encode_weights(weights: Tensors) -> str:
    """Base64 of all weights, float32 little-endian, layer by layer, kernel before bias, row-major."""
    flat = np.concatenate([tensor.numpy().ravel() for tensor in weights])
    return base64.b64encode(flat.astype("<f4").tobytes()).decode("ascii")


def decode_weights(text: str) -> npt.NDArray[np.float32]:
    """All weights as one float32 array; the inverse of `encode_weights`."""
    return np.frombuffer(base64.b64decode(text), "<f4").astype(np.float32)


def set_flat_weights(model: keras.Model, flat: npt.NDArray[np.float32]) -> None:
    """Put weights that were flattened in this order back into a model.

    Raises ValueError when their number does not fit the model.
    """
    shapes = [variable.shape for variable in model.variables]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    if flat.size != ends[-1]:
        raise ValueError(f"The model has {ends[-1]} weights, but {flat.size} were given.")
    parts = np.split(flat, ends[:-1])
    model.set_weights([part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)])
