"""One weight or bias set by hand while the run goes on."""

import numpy as np
import tensorflow as tf

from server.domain.controls import BiasEdit, WeightEdit
from server.training.programs import Tensors


def edit_weights(weights: Tensors, edit: WeightEdit | BiasEdit) -> Tensors:
    """The weights with one number replaced; layer i has its kernel at 2 i and its bias at 2 i + 1."""
    is_kernel = isinstance(edit, WeightEdit)
    place = 2 * edit.layer + (0 if is_kernel else 1)
    index = (edit.row, edit.unit) if isinstance(edit, WeightEdit) else (edit.unit,)
    changed = np.array(weights[place].numpy())
    changed[index] = edit.value
    return (*weights[:place], tf.constant(changed), *weights[place + 1 :])
