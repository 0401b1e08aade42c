"""Padding of tensors that WebGL or TensorFlow.js as a whole cannot pad as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from converter.graph_fallback.rules.spectra import parts_of

Inputs = list[tf.Tensor]


def _pad(_: tf.Operation, inputs: Inputs) -> Any:
    tensor, widths = inputs[0], tf.get_static_value(inputs[1])
    value = inputs[2] if len(inputs) > 2 else tf.zeros([], tensor.dtype)
    if tensor.dtype == tf.complex64:
        return tf.complex(*(tf.pad(part, inputs[1]) for part in parts_of(tensor)))
    return None if widths is None else padded(tensor, widths, value)


def padded(tensor: tf.Tensor, widths: Any, value: Any = 0.0) -> tf.Tensor | None:
    """Pad more than four axes, which WebGL cannot: one, with all axes before it as one and all after it as one.

    Returns None where TensorFlow's own way is the one to take, or the only one.
    """
    if len(tensor.shape) < 5 or None in tensor.shape[1:] or np.any(widths[0]):
        return None
    sizes = list(tensor.shape)
    for axis in range(1, len(sizes)):
        if np.any(widths[axis]):
            rows = tf.reshape(tensor, [-1, sizes[axis], int(np.prod(sizes[axis + 1 :]))])
            wider = tf.pad(rows, [[0, 0], list(widths[axis]), [0, 0]], constant_values=value)
            sizes[axis] += int(np.sum(widths[axis]))
            tensor = tf.reshape(wider, [-1, *sizes[1:]])
    return tensor


RULES: dict[str, Any] = {"Pad": _pad, "PadV2": _pad}
