"""Channels first: TensorFlow.js reads the option for few operations, so axes are moved around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

Inputs = list[tf.Tensor]


def is_channels_first(operation: tf.Operation) -> bool:
    """Say whether an operation of pictures or volumes has its channels on the second axis."""
    return operation.get_attr("data_format") in (b"NCHW", b"NCDHW")


def channels_last(tensor: tf.Tensor) -> tf.Tensor:
    """Move the second axis to the end."""
    rank = len(tensor.shape)
    return tf.transpose(tensor, [0, *range(2, rank), 1])


def channels_first(tensor: tf.Tensor) -> tf.Tensor:
    """Move the last axis to the second place."""
    rank = len(tensor.shape)
    return tf.transpose(tensor, [0, rank - 1, *range(1, rank - 1)])


def spatial(values: Sequence[int], operation: tf.Operation) -> list[int]:
    """Pick the entries of a per-axis option that are not for batch or channels."""
    return list(values[2:]) if is_channels_first(operation) else list(values[1:-1])


def _pooled(operation: tf.Operation, inputs: Inputs) -> Any:
    if not is_channels_first(operation):
        return None
    size, strides = (spatial(operation.get_attr(key), operation) for key in ("ksize", "strides"))
    kind = "MAX" if operation.type.startswith("Max") else "AVG"
    padding = operation.get_attr("padding").decode()
    return channels_first(tf.nn.pool(channels_last(inputs[0]), size, kind, strides=strides, padding=padding))


def _bias_add(operation: tf.Operation, inputs: Inputs) -> Any:
    if not is_channels_first(operation):
        return None
    rank = len(inputs[0].shape)
    return inputs[0] + tf.reshape(inputs[1], [1, -1, *[1] * (rank - 2)])


def _batch_norm(operation: tf.Operation, inputs: Inputs) -> Any:
    """Scale and shift: with constant statistics that is what it is, and the optimizer can fold it further."""
    if operation.get_attr("is_training"):
        return None
    values, gamma, beta, mean, variance = inputs
    scale = gamma * tf.math.rsqrt(variance + operation.get_attr("epsilon"))
    shift = beta - mean * scale
    if is_channels_first(operation):
        sizes = [1, -1, *[1] * (len(values.shape) - 2)]
        scale, shift = tf.reshape(scale, sizes), tf.reshape(shift, sizes)
    return [values * scale + shift, mean, variance, *([mean] * (len(operation.outputs) - 3))]


RULES: dict[str, Any] = {
    **dict.fromkeys(("MaxPool", "AvgPool", "MaxPool3D", "AvgPool3D"), _pooled),
    "BiasAdd": _bias_add,
    **dict.fromkeys(("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"), _batch_norm),
}
