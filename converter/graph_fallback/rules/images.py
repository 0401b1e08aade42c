"""Pictures: resizing by methods that TensorFlow.js lacks, and patches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from converter.graph_fallback.known import known

Inputs = list[tf.Tensor]


def _resized_by_matrices(operation: tf.Operation, inputs: Inputs) -> Any:
    """Multiply by one matrix for each axis: with known sizes, resizing is a weighted sum with constant weights."""
    wanted = known(inputs[1])
    height, width = inputs[0].shape[1:3]
    if wanted is None or height is None or width is None:
        return None
    extra = [known(given) for given in inputs[2:]]
    if any(value is None for value in extra):
        return None
    rows = _weights(_resizer(operation, extra, 0), height, int(wanted[0]))
    columns = _weights(_resizer(operation, extra, 1), width, int(wanted[1]))
    images = tf.cast(inputs[0], tf.float32)
    return _along(_along(images, rows, 1), columns, 2)


def _along(images: tf.Tensor, weights: np.ndarray[Any, Any], axis: int) -> tf.Tensor:
    """Multiply (batch, height, width, channels) by (old, new) along one axis."""
    order = [0, 3, 2, 1] if axis == 1 else [0, 3, 1, 2]
    back = [0, 3, 2, 1] if axis == 1 else [0, 2, 3, 1]
    return tf.transpose(tf.matmul(tf.transpose(images, order), weights), back)


def _weights(resize: Callable[[Any, int], Any], old: int, new: int) -> np.ndarray[Any, Any]:
    """Ask TensorFlow what becomes of each single lit pixel of a line."""
    lines = np.eye(old, dtype=np.float32).reshape(old, 1, old, 1)
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        return np.asarray(session.run(resize(lines, new))).reshape(old, new)


def _resizer(operation: tf.Operation, extra: list[Any], axis: int) -> Callable[[Any, int], Any]:
    kind = getattr(tf.raw_ops, operation.type)
    if operation.type == "ScaleAndTranslate":
        scale, shift = float(extra[0][axis]), float(extra[1][axis])
        method = operation.get_attr("kernel_type").decode()
        smooth = operation.get_attr("antialias")
        return lambda lines, new: kind(
            images=lines,
            size=[1, new],
            scale=[1.0, scale],
            translation=[0.0, shift],
            kernel_type=method,
            antialias=smooth,
        )
    options = {"align_corners": operation.get_attr("align_corners")}
    if operation.type == "ResizeBicubic":
        options["half_pixel_centers"] = operation.get_attr("half_pixel_centers")
    return lambda lines, new: kind(images=lines, size=[1, new], **options)


def _patches(operation: tf.Operation, inputs: Inputs) -> Any:
    """Cut patches with a convolution whose kernel copies: one output channel for each number of a patch."""
    channels = inputs[0].shape[-1]
    size = operation.get_attr("ksizes")[1:3]
    if channels is None:
        return None
    numbers = size[0] * size[1] * channels
    kernel = np.eye(numbers, dtype=np.float32).reshape(size[0], size[1], channels, numbers)
    return tf.nn.conv2d(
        tf.cast(inputs[0], tf.float32),
        kernel,
        strides=operation.get_attr("strides")[1:3],
        padding=operation.get_attr("padding").decode(),
        dilations=operation.get_attr("rates")[1:3],
    )


RULES: dict[str, Any] = {
    **dict.fromkeys(("ResizeBicubic", "ResizeArea", "ScaleAndTranslate"), _resized_by_matrices),
    "ExtractImagePatches": _patches,
}
