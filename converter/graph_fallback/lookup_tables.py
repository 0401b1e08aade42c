"""Tables of whole numbers (IntegerLookup) as constants: TensorFlow.js would need the table beside the graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


class ConstantTable:
    """Looks numbers up by comparing them with all keys, as the lookup table of a Keras layer does by hashing."""

    def __init__(self, keys: NDArray[np.int64], values: NDArray[np.int64], default: int) -> None:
        self._keys = keys
        self._values = values
        self._default = default

    def lookup(self, numbers: Any) -> Any:
        """Give the value for each number, of any shape; int64 like the table it stands for."""
        matches = tf.equal(tf.cast(numbers, tf.int64)[..., None], self._keys)
        offsets = tf.where(matches, self._values - self._default, tf.zeros([], tf.int64))
        return tf.reduce_sum(offsets, axis=-1) + self._default


def constant_table(layer: Any) -> ConstantTable | None:
    """Read the table of a lookup layer; None for a layer without one, or with text in it."""
    table = vars(layer).get("lookup_table")
    if table is None or not (table.key_dtype.is_integer and table.value_dtype.is_integer):
        return None
    keys, values = (np.asarray(column, np.int64) for column in table.export())
    return ConstantTable(keys, values, int(layer._default_value))  # noqa: SLF001 - Keras does not publish it
