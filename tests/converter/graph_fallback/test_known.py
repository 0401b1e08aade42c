"""What follows from sizes that are known is known, whatever the size of the batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from converter.graph_fallback.known import is_certain, known


def _value(body: Callable[[Any], Any]) -> Any:
    with tf.Graph().as_default():
        return known(body(tf.compat.v1.placeholder(tf.float32, [None, 4, 6])))


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (lambda x: tf.shape(x)[1], 4),
        (lambda x: tf.shape(x)[-1], 6),
        (lambda x: tf.shape(x)[1:], [4, 6]),
        (lambda x: tf.cast(tf.shape(x)[2], tf.float32) / 4.0, 1.5),
        (lambda x: tf.maximum(tf.shape(x)[1], tf.shape(x)[2]) * 2, 12),
        (lambda x: tf.stack([tf.shape(x)[1], 1]), [4, 1]),
        (lambda x: tf.shape(x)[1] < tf.shape(x)[2], True),
    ],
)
def test_arithmetic_of_known_sizes_is_known(body: Callable[[Any], Any], value: Any) -> None:
    np.testing.assert_array_equal(_value(body), value)


@pytest.mark.parametrize(
    "body",
    [
        lambda x: tf.shape(x)[0],
        lambda x: tf.shape(x),
        lambda x: tf.reduce_sum(x),
        lambda x: tf.shape(x)[0] < 3,
        lambda x: tf.cast(tf.reduce_sum(x), tf.int32) + tf.shape(x)[1],
    ],
)
def test_what_depends_on_the_batch_or_the_data_is_not_known(body: Callable[[Any], Any]) -> None:
    assert _value(body) is None


def test_a_condition_is_certain_or_not() -> None:
    with tf.Graph().as_default():
        given = tf.compat.v1.placeholder(tf.float32, [None, 4])
        assert is_certain(tf.shape(given)[1] > 3) is True
        assert is_certain(tf.shape(given)[1] > 4) is False
        assert is_certain(tf.shape(given)[0] > 4) is None
