"""Sums and the like over axes."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

Inputs = list[tf.Tensor]


def _half_of_squares(_: tf.Operation, inputs: Inputs) -> Any:
    return tf.reduce_sum(tf.square(inputs[0])) / 2.0


def _cumulative(kind: Any) -> Any:
    """TensorFlow.js mixes up the axes when it gets a negative one."""

    def rule(operation: tf.Operation, inputs: Inputs) -> Any:
        axis = tf.get_static_value(inputs[1])
        if axis is None or axis >= 0:
            return None
        options = {key: operation.get_attr(key) for key in ("exclusive", "reverse")}
        return kind(x=inputs[0], axis=int(axis) + len(inputs[0].shape), **options)

    return rule


RULES: dict[str, Any] = {
    "L2Loss": _half_of_squares,
    "Cumsum": _cumulative(tf.raw_ops.Cumsum),
    "Cumprod": _cumulative(tf.raw_ops.Cumprod),
}
