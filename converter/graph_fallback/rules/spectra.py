"""Fourier transforms as products with matrices of waves.

TensorFlow.js transforms only data of the very length that is asked for, and not in all of its backends; products of
real matrices work everywhere. Long transforms of fitting data are left as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from converter.graph_fallback.no_counterpart import NoCounterpart

Inputs = list[tf.Tensor]

_LONGEST_AS_MATRICES = 2048


def _real_transform(_: tf.Operation, inputs: Inputs) -> Any:
    size, wanted = _size_and_length(inputs)
    if wanted > _LONGEST_AS_MATRICES and size == wanted:
        return None
    waves = np.fft.rfft(np.eye(min(size, wanted), wanted))
    data = inputs[0][..., :wanted]
    return tf.complex(_times(data, waves.real), _times(data, waves.imag))


def _inverse_real_transform(_: tf.Operation, inputs: Inputs) -> Any:
    size, wanted = _size_and_length(inputs)
    if wanted > _LONGEST_AS_MATRICES and wanted == 2 * (size - 1):
        return None
    real, imaginary = parts_of(inputs[0])
    return _times(real, np.fft.irfft(np.eye(size), wanted)) + _times(imaginary, np.fft.irfft(1j * np.eye(size), wanted))


def _size_and_length(inputs: Inputs) -> tuple[int, int]:
    length, size = tf.get_static_value(inputs[1]), inputs[0].shape[-1]
    if length is None or size is None:
        raise NoCounterpart("transforms signals of any length (Fourier)", "give the input a fixed length")
    return size, int(np.reshape(length, [-1])[0])


def _complex_transform(of_unit_matrix: Callable[[Any], Any], axes: int) -> Any:
    def rule(_: tf.Operation, inputs: Inputs) -> Any:
        parts = parts_of(inputs[0])
        for axis in range(axes):
            parts = _transformed(parts, of_unit_matrix, axis)
        return tf.complex(*parts)

    return rule


_Parts = tuple[tf.Tensor, tf.Tensor]


def _transformed(parts: _Parts, of_unit_matrix: Callable[[Any], Any], axis_from_the_end: int) -> _Parts:
    real, imaginary = parts
    size = real.shape[-1 - axis_from_the_end]
    if size is None:
        raise NoCounterpart("transforms signals of any length (Fourier)", "give the input a fixed length")
    waves = of_unit_matrix(np.eye(size))
    if axis_from_the_end:
        real, imaginary = (_swapped(part) for part in parts)
    made = (
        _times(real, waves.real) - _times(imaginary, waves.imag),
        _times(real, waves.imag) + _times(imaginary, waves.real),
    )
    return (_swapped(made[0]), _swapped(made[1])) if axis_from_the_end else made


def _swapped(tensor: tf.Tensor) -> tf.Tensor:
    rank = len(tensor.shape)
    return tf.transpose(tensor, [*range(rank - 2), rank - 1, rank - 2])


def _times(data: tf.Tensor, matrix: NDArray[np.floating[Any]]) -> tf.Tensor:
    return tf.tensordot(data, matrix.astype(np.float32), axes=1)


def parts_of(tensor: tf.Tensor) -> _Parts:
    """Give the real and imaginary part; of a number that was just put together, those it was made of."""
    if tensor.op.type == "Complex":
        return tensor.op.inputs[0], tensor.op.inputs[1]
    return tf.math.real(tensor), tf.math.imag(tensor)


def _is_put_together(tensor: tf.Tensor) -> bool:
    return bool(tensor.op.type == "Complex")


def _real(_: tf.Operation, inputs: Inputs) -> Any:
    return inputs[0].op.inputs[0] if _is_put_together(inputs[0]) else None


def _imaginary(_: tf.Operation, inputs: Inputs) -> Any:
    return inputs[0].op.inputs[1] if _is_put_together(inputs[0]) else None


def _length(_: tf.Operation, inputs: Inputs) -> Any:
    real, imaginary = parts_of(inputs[0])
    return tf.sqrt(tf.square(real) + tf.square(imaginary))


def _angle(_: tf.Operation, inputs: Inputs) -> Any:
    real, imaginary = parts_of(inputs[0])
    return tf.atan2(imaginary, real)


def _conjugate(_: tf.Operation, inputs: Inputs) -> Any:
    real, imaginary = parts_of(inputs[0])
    return tf.complex(real, -imaginary)


def _moved(kind: Any) -> Any:
    """Move the numbers of both parts alike."""

    def rule(_: tf.Operation, inputs: Inputs) -> Any:
        if inputs[0].dtype != tf.complex64:
            return None
        return tf.complex(*(kind(part, *inputs[1:]) for part in parts_of(inputs[0])))

    return rule


RULES: dict[str, Any] = {
    "RFFT": _real_transform,
    "IRFFT": _inverse_real_transform,
    "FFT": _complex_transform(np.fft.fft, 1),
    "IFFT": _complex_transform(np.fft.ifft, 1),
    "FFT2D": _complex_transform(np.fft.fft, 2),
    "IFFT2D": _complex_transform(np.fft.ifft, 2),
    "Real": _real,
    "Imag": _imaginary,
    "ComplexAbs": _length,
    "Angle": _angle,
    "Conj": _conjugate,
    "Reshape": _moved(tf.reshape),
    "Transpose": _moved(tf.transpose),
    "Slice": _moved(tf.slice),
}
