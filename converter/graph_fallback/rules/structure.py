"""Where numbers lie: bands of matrices, rolled axes, buckets, one-hot axes, scattered values."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from converter.graph_fallback.no_counterpart import NoCounterpart

Inputs = list[tf.Tensor]


def _matrix_band_part(_: tf.Operation, inputs: Inputs) -> Any:
    """Keep a band by comparing positions: TensorFlow.js reads the upper limit from the wrong input."""
    matrix, lower, upper = inputs
    sizes = tf.shape(matrix)
    distance = tf.range(sizes[-2])[:, None] - tf.range(sizes[-1])[None, :]
    below = tf.logical_or(lower < 0, distance <= lower)
    above = tf.logical_or(upper < 0, -distance <= upper)
    band = tf.logical_and(below, above)
    if matrix.dtype == tf.bool:
        return tf.logical_and(matrix, band)
    return tf.where(band, matrix, tf.zeros([], matrix.dtype))


def _roll(_: tf.Operation, inputs: Inputs) -> Any:
    rolled, shifts, axes = inputs[0], tf.get_static_value(inputs[1]), tf.get_static_value(inputs[2])
    if shifts is None or axes is None:
        return None
    for shift, axis in zip(np.atleast_1d(shifts), np.atleast_1d(axes), strict=True):
        rolled = _rolled_along(rolled, int(shift), int(axis) % len(rolled.shape))
    return rolled


def _rolled_along(tensor: tf.Tensor, shift: int, axis: int) -> tf.Tensor:
    size = tensor.shape[axis]
    cut = -shift % size if size else tf.math.floormod(-shift, tf.shape(tensor)[axis])
    parts = [slice(cut, None), slice(None, cut)]
    return tf.concat([tensor[(slice(None),) * axis + (part,)] for part in parts], axis=axis)


def _bucketize(operation: tf.Operation, inputs: Inputs) -> Any:
    boundaries = np.array(operation.get_attr("boundaries"), np.float32)
    if not boundaries.size:
        return tf.zeros_like(inputs[0], tf.int32)
    reached = tf.cast(inputs[0], tf.float32)[..., None] >= boundaries
    return tf.reduce_sum(tf.cast(reached, tf.int32), axis=-1)


def _one_hot(operation: tf.Operation, inputs: Inputs) -> Any:
    """TensorFlow.js always puts the new axis last, whatever it is told."""
    axis = operation.get_attr("axis")
    if axis in (-1, len(inputs[0].shape)):
        return None
    last = tf.raw_ops.OneHot(indices=inputs[0], depth=inputs[1], on_value=inputs[2], off_value=inputs[3], axis=-1)
    order = list(range(len(inputs[0].shape)))
    return tf.transpose(last, [*order[:axis], len(order), *order[axis:]])


def _matrix_diagonal(_: tf.Operation, inputs: Inputs) -> Any:
    """Only the plain form: one vector per matrix, on the main diagonal, zeros elsewhere."""
    options = [tf.get_static_value(given) for given in inputs[1:]]
    if options and (options[0] is None or np.any(options[0]) or options[3] is None or np.any(options[3])):
        return None
    vector = inputs[0]
    place = tf.range(tf.shape(vector)[-1])
    return tf.where(tf.equal(place[:, None], place[None, :]), vector[..., None], tf.zeros([], vector.dtype))


def _matrix_diagonal_part(_: tf.Operation, inputs: Inputs) -> Any:
    """Only the main diagonal."""
    offset = tf.get_static_value(inputs[1]) if len(inputs) > 1 else 0
    rows, columns = inputs[0].shape[-2:]
    if offset is None or np.any(offset) or rows is None or columns is None:
        return None
    short = min(rows, columns)
    band = tf.eye(rows, columns, dtype=tf.bool)
    kept = tf.where(band, inputs[0], tf.zeros([], inputs[0].dtype))
    return tf.reduce_sum(kept, axis=-1)[..., :short]


def _tensor_scatter_add(_: tf.Operation, inputs: Inputs) -> Any:
    tensor, indices, updates = inputs
    return tensor + tf.scatter_nd(indices, updates, tf.shape(tensor))


def _tensor_scatter_sub(_: tf.Operation, inputs: Inputs) -> Any:
    tensor, indices, updates = inputs
    return tensor - tf.scatter_nd(indices, updates, tf.shape(tensor))


def _segment_sum(_: tf.Operation, inputs: Inputs) -> Any:
    data, segments, number = inputs
    if len(segments.shape) != 1:
        return None
    shape = tf.concat([tf.reshape(number, [1]), tf.shape(data)[1:]], axis=0)
    return tf.scatter_nd(segments[:, None], data, shape)


def _segment_extreme(combined: Any, empty: Any) -> Any:
    """Compare every row with every segment: what is not in a segment counts as `empty`."""

    def rule(_: tf.Operation, inputs: Inputs) -> Any:
        data, segments, number = inputs
        if len(segments.shape) != 1:
            raise NoCounterpart("combines segments along more than one axis")
        member = tf.equal(segments[None, :], tf.range(tf.reshape(number, []))[:, None])
        member = tf.reshape(member, tf.concat([tf.shape(member), tf.ones([len(data.shape) - 1], tf.int32)], axis=0))
        return combined(tf.where(member, data[None], tf.constant(empty(data.dtype), data.dtype)), axis=1)

    return rule


def _matrix_set_diagonal(_: tf.Operation, inputs: Inputs) -> Any:
    """Only the main diagonal."""
    matrix, diagonal = inputs[:2]
    if len(inputs) > 2 and (tf.get_static_value(inputs[2]) is None or np.any(tf.get_static_value(inputs[2]))):
        raise NoCounterpart("replaces a diagonal beside the main one")
    rows, columns = matrix.shape[-2:]
    if rows is None or columns is None:
        raise NoCounterpart("replaces the diagonal of matrices of any size")
    missing = [[0, 0]] * (len(diagonal.shape) - 1) + [[0, columns - min(rows, columns)]]
    return tf.where(np.eye(rows, columns, dtype=bool), tf.pad(diagonal, missing)[..., None, :], matrix)


def _cross(_: tf.Operation, inputs: Inputs) -> Any:
    first, second = ([given[..., axis] for axis in range(3)] for given in inputs)
    pairs = [(1, 2), (2, 0), (0, 1)]
    return tf.stack([first[a] * second[b] - first[b] * second[a] for a, b in pairs], axis=-1)


def _in_top_k(_: tf.Operation, inputs: Inputs) -> Any:
    scores, targets, count = inputs
    own = tf.reduce_sum(tf.one_hot(targets, tf.shape(scores)[1]) * scores, axis=1, keepdims=True)
    return tf.reduce_sum(tf.cast(scores > own, tf.int32), axis=1) < count


def _top_k(operation: tf.Operation, inputs: Inputs) -> Any:
    """Always in order: TensorFlow.js leaves another order than TensorFlow where none is asked for."""
    return None if operation.get_attr("sorted") else tf.math.top_k(inputs[0], inputs[1], sorted=True)


def _update_slice(_: tf.Operation, inputs: Inputs) -> Any:
    """Lay the update, padded to the whole, over the tensor; places have to be constants."""
    tensor, update, starts = inputs
    places = tf.get_static_value(starts)
    if places is None:
        raise NoCounterpart("writes a part of a tensor at a place that depends on the data")
    around, inside = [], np.ones([1] * len(tensor.shape), bool)
    for axis, (size, part, start) in enumerate(zip(tensor.shape, update.shape, places, strict=True)):
        if size is None or part is None:
            if start:
                raise NoCounterpart("writes a part of a tensor whose size is not known")
            around.append([0, 0])
            continue
        first = int(np.clip(start, 0, size - part))
        around.append([first, size - part - first])
        line = (np.arange(size) >= first) & (np.arange(size) < first + part)
        inside = inside & line.reshape([-1 if other == axis else 1 for other in range(len(tensor.shape))])
    return tf.where(inside, tf.pad(update, around), tensor)


def _space_to_depth(operation: tf.Operation, inputs: Inputs) -> Any:
    block = operation.get_attr("block_size")
    sizes, channels = tf.shape(inputs[0]), inputs[0].shape[-1]
    if channels is None or operation.get_attr("data_format") != b"NHWC":
        return None
    height, width = sizes[1] // block, sizes[2] // block
    blocks = tf.reshape(inputs[0], tf.stack([-1, block, width, block * channels]))
    blocks = tf.transpose(blocks, [0, 2, 1, 3])
    return tf.reshape(blocks, tf.stack([-1, height, width, block * block * channels]))


def _nothing(_: tf.Operation, __: Inputs) -> Any:
    return []


RULES: dict[str, Any] = {
    "MatrixBandPart": _matrix_band_part,
    "Roll": _roll,
    "Bucketize": _bucketize,
    "OneHot": _one_hot,
    "MatrixDiag": _matrix_diagonal,
    "MatrixDiagV2": _matrix_diagonal,
    "MatrixDiagV3": _matrix_diagonal,
    "MatrixDiagPart": _matrix_diagonal_part,
    "MatrixDiagPartV2": _matrix_diagonal_part,
    "MatrixDiagPartV3": _matrix_diagonal_part,
    "TensorScatterAdd": _tensor_scatter_add,
    "TensorScatterSub": _tensor_scatter_sub,
    "UnsortedSegmentSum": _segment_sum,
    "UnsortedSegmentMax": _segment_extreme(tf.reduce_max, lambda dtype: dtype.min),
    "UnsortedSegmentMin": _segment_extreme(tf.reduce_min, lambda dtype: dtype.max),
    "UnsortedSegmentProd": _segment_extreme(tf.reduce_prod, lambda _: 1),
    "MatrixSetDiag": _matrix_set_diagonal,
    "MatrixSetDiagV2": _matrix_set_diagonal,
    "MatrixSetDiagV3": _matrix_set_diagonal,
    "Cross": _cross,
    "InTopKV2": _in_top_k,
    "TopKV2": _top_k,
    "XlaDynamicUpdateSlice": _update_slice,
    "SpaceToDepth": _space_to_depth,
    "Assert": _nothing,
    "NoOp": _nothing,
}
