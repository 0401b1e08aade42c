"""TimeDistributed layers without a loop: all steps of all samples are one greater batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf


def folded_into_batch(wrapper: Any) -> Callable[..., Any]:
    """Make a function that stands for the `call` of a TimeDistributed layer; inputs are (batch, time, ...)."""

    def call(inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        inner = wrapper.layer
        batch_and_time = tf.shape(inputs)[:2]
        arguments: dict[str, Any] = {}
        if mask is not None and getattr(inner, "_call_has_mask_arg", False):
            arguments["mask"] = tf.reshape(mask, [-1, *mask.shape[2:]])
        if getattr(inner, "_call_has_training_arg", False):
            arguments["training"] = False
        outputs = inner.call(_folded(inputs), **arguments)
        return keras.tree.map_structure(lambda made: _unfolded(made, inputs, batch_and_time), outputs)

    return call


def _folded(tensor: Any) -> Any:
    sizes = tf.shape(tensor)
    rest = [sizes[axis] if size is None else size for axis, size in enumerate(tensor.shape) if axis >= 2]
    folded = tf.reshape(tensor, tf.stack([-1, *rest]))
    folded.set_shape([None, *tensor.shape[2:]])
    return folded


def _unfolded(made: Any, inputs: Any, batch_and_time: Any) -> Any:
    made = tf.convert_to_tensor(made)
    unfolded = tf.reshape(made, tf.concat([batch_and_time, tf.shape(made)[1:]], axis=0))
    unfolded.set_shape([inputs.shape[0], inputs.shape[1], *made.shape[1:]])
    return unfolded
