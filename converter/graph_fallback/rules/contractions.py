"""Einstein sums as products of matrices: TensorFlow.js reads no ellipsis, and one of its backends has no Einsum."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from converter.graph_fallback.no_counterpart import NoCounterpart

Inputs = list[tf.Tensor]


def _einsum(operation: tf.Operation, inputs: Inputs) -> Any:
    terms, output = labelled(operation.get_attr("equation").decode(), [len(tensor.shape) for tensor in inputs])
    if len(set(output)) < len(output):
        raise NoCounterpart("names an axis of its result twice (einsum)")
    factors = list(map(_without_diagonals, inputs, terms))
    first = _summed(*factors[0], kept=output + "".join(terms[1:]))
    for factor in factors[1:]:
        second = _summed(*factor, kept=output + first[1])
        first = _product(first, second, output)
    tensor, labels = _summed(*first, kept=output)
    return _in_order(tensor, labels, output)


_Labelled = tuple[tf.Tensor, str]


def labelled(equation: str, ranks: Sequence[int]) -> tuple[list[str], str]:
    """Take an equation apart into the labels of each input and of the output; axes of an ellipsis get letters."""
    equation = equation.replace(" ", "")
    left, arrow, output = equation.partition("->")
    terms = left.split(",")
    spare = [letter for letter in string.ascii_letters if letter not in equation]
    widths = [
        rank - len(term.replace("...", "")) if "..." in term else 0 for term, rank in zip(terms, ranks, strict=True)
    ]
    widest = "".join(spare[: max(widths, default=0)])
    terms = [term.replace("...", widest[len(widest) - width :]) for term, width in zip(terms, widths, strict=True)]
    if not arrow:
        once = sorted(letter for letter in set("".join(terms)) - set(widest) if "".join(terms).count(letter) == 1)
        output = "..." + "".join(once)
    return terms, output.replace("...", widest)


def _without_diagonals(tensor: tf.Tensor, labels: str) -> tuple[tf.Tensor, str]:
    """Take the diagonal where a label is written twice."""
    for label in sorted(set(labels)):
        while labels.count(label) > 1:
            first, last = labels.index(label), labels.rindex(label)
            size = tensor.shape[first]
            if size is None:
                raise NoCounterpart("takes the diagonal of matrices of any size (einsum)")
            sizes = [size if axis in (first, last) else 1 for axis in range(len(labels))]
            tensor = tf.reduce_sum(tensor * tf.reshape(tf.eye(size, dtype=tensor.dtype), sizes), axis=last)
            labels = labels[:last] + labels[last + 1 :]
    return tensor, labels


def _summed(tensor: tf.Tensor, labels: str, *, kept: str) -> _Labelled:
    axes = [axis for axis, label in enumerate(labels) if label not in kept]
    if not axes:
        return tensor, labels
    return tf.reduce_sum(tensor, axis=axes), "".join(label for label in labels if label in kept)


def _product(first: _Labelled, second: _Labelled, output: str) -> _Labelled:
    """Multiply two labelled tensors as stacks of matrices, summing over labels that both have and nobody needs."""
    both = [label for label in first[1] if label in second[1]]
    stacked = "".join(label for label in both if label in output)
    summed = "".join(label for label in both if label not in output)
    rows = "".join(label for label in first[1] if label not in both)
    columns = "".join(label for label in second[1] if label not in both)
    left = _as_matrices(first, stacked, rows, summed)
    right = _as_matrices(second, stacked, summed, columns)
    made = tf.matmul(left, right)
    return _unfolded(made, first, second, (stacked, rows, columns)), stacked + rows + columns


def _as_matrices(given: _Labelled, stacked: str, rows: str, columns: str) -> tf.Tensor:
    ordered = _in_order(*given, stacked + rows + columns)
    sizes = _sizes(ordered)
    split, end = len(stacked), len(stacked) + len(rows)
    return _reshaped(ordered, [*sizes[:split], _times(sizes[split:end]), _times(sizes[end:])])


def _unfolded(made: tf.Tensor, first: _Labelled, second: _Labelled, labels: tuple[str, str, str]) -> tf.Tensor:
    stacked, rows, columns = labels
    by_label = dict(zip(second[1], _sizes(second[0]), strict=True))
    by_label.update((label, size) for label, size in zip(first[1], _sizes(first[0]), strict=True) if label in rows)
    broadcast = _sizes(made)[: len(stacked)]
    return _reshaped(made, [*broadcast, *(by_label[label] for label in rows + columns)])


def _in_order(tensor: tf.Tensor, labels: str, wanted: str) -> tf.Tensor:
    order = [labels.index(label) for label in wanted]
    return tensor if order == sorted(order) else tf.transpose(tensor, order)


def _sizes(tensor: tf.Tensor) -> list[Any]:
    dynamic = tf.shape(tensor)
    return [dynamic[axis] if size is None else size for axis, size in enumerate(tensor.shape)]


def _times(sizes: Sequence[Any]) -> Any:
    product: Any = 1
    for size in sizes:
        product = product * size
    return product


def _reshaped(tensor: tf.Tensor, sizes: list[Any]) -> tf.Tensor:
    """Reshape with -1 where one size is known only when the data comes: such shapes are constants in the file."""
    unknown = [place for place, size in enumerate(sizes) if not isinstance(size, int)]
    if len(unknown) == 1 and 0 not in sizes:
        sizes = [-1 if place in unknown else size for place, size in enumerate(sizes)]
    return tf.reshape(tensor, sizes if len(unknown) <= 1 else tf.stack(sizes))


def _product_of_integers(operation: tf.Operation, inputs: Inputs) -> Any:
    """Multiply small whole numbers as floats: exact up to 2 ** 24, and every backend has it."""
    first, second = (tf.cast(given, tf.float32) for given in inputs)
    options = {f"adjoint_{name}": operation.get_attr(key) for name, key in (("a", "adj_x"), ("b", "adj_y"))}
    made = tf.matmul(first, second, **options)
    return tf.cast(tf.round(made), tf.int32) if operation.outputs[0].dtype.is_integer else made


RULES: dict[str, Any] = {"Einsum": _einsum, "BatchMatMulV3": _product_of_integers}
