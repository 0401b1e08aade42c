"""Branches and loops without branches and loops, wherever that can be done.

A branch whose condition is certain is written down alone; of an uncertain one both sides are, and one is chosen. A loop
whose number of turns is certain is written out turn by turn, and the lists of tensors it fills are kept here, not in
the graph. Only a loop that ends when the data says so stays a loop, and needs `executeAsync`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from converter.graph_fallback.known import is_certain, known
from converter.graph_fallback.no_counterpart import NoCounterpart

Write = Callable[[str, Sequence[Any], str], list[Any]]
"""Write the body of a function, by its name, on inputs, with a prefix for names; gives its outputs."""

MOST_TURNS = 512
"""Turns of a loop that are written out; each turn of a recurrent layer adds about twenty operations to the file."""

_LISTS_IN_A_KEPT_LOOP = (
    "has a loop that fills a list of tensors, and whose number of turns is not known",
    "give the axis it goes along a fixed size, or write the layer without a loop",
)

KEPT_LOOP = "kept_loop"
"""Name of a loop that stays a loop, though its number of turns may be certain."""


@dataclass(frozen=True)
class TensorList:
    """A list of tensors while a graph is being written: what TensorFlow keeps in one opaque tensor."""

    items: tuple[Any, ...]
    dtype: tf.DType
    element_shape: tuple[int, ...] | None

    def replaced(self, place: int, item: Any) -> TensorList:
        """Give the list with one other item."""
        return TensorList((*self.items[:place], item, *self.items[place + 1 :]), self.dtype, self.element_shape)

    def stacked(self) -> Any:
        """Give all items as one tensor; items that were never set are zeros."""
        like = next((item for item in self.items if item is not None), None)
        if like is None:
            raise NoCounterpart("reads from a list of tensors that nothing was written to")
        return tf.stack([tf.zeros_like(like) if item is None else item for item in self.items])


# ---- Branches -------------------------------------------------------------------------------------------------


def branch(operation: tf.Operation, inputs: Sequence[Any], write: Write) -> list[Any]:
    """Write an If: one side if the condition is certain, else both and a choice of each output."""
    names = [operation.get_attr(key).name for key in ("then_branch", "else_branch")]
    return _chosen(_as_truth(inputs[0]), names, inputs[1:], write)


def _as_truth(condition: tf.Tensor) -> tf.Tensor:
    return condition if condition.dtype == tf.bool else tf.not_equal(condition, 0)


def _chosen(condition: tf.Tensor, names: Sequence[str], inputs: Sequence[Any], write: Write) -> list[Any]:
    certain = is_certain(condition)
    if certain is not None:
        return write(names[0 if certain else 1], inputs, "side/")
    sides = [write(name, inputs, f"side_{number}/") for number, name in enumerate(names)]
    return [_choice(condition, first, second) for first, second in zip(*sides, strict=True)]


def _choice(condition: tf.Tensor, first: Any, second: Any) -> Any:
    if isinstance(first, TensorList) or isinstance(second, TensorList):
        raise NoCounterpart("fills a list of tensors on one side of a branch")
    if not first.shape.is_compatible_with(second.shape):
        raise NoCounterpart(
            f"returns another shape on each side of a branch ({first.shape} or {second.shape})",
            "make both sides return the same shape, or write the layer without a branch",
        )
    return tf.where(condition, first, second)


def case(operation: tf.Operation, inputs: Sequence[Any], write: Write) -> list[Any]:
    """Write a Case as branches, one after the other; a number out of range means the last."""
    names = [function.name for function in operation.get_attr("branches")]
    certain = known(inputs[0])
    if certain is not None:
        place = int(certain)
        return write(names[place if 0 <= place < len(names) else -1], inputs[1:], "side/")
    made = write(names[-1], inputs[1:], f"side_{len(names) - 1}/")
    for number, name in enumerate(names[:-1]):
        side = write(name, inputs[1:], f"side_{number}/")
        chosen = tf.equal(inputs[0], number)
        made = [_choice(chosen, first, second) for first, second in zip(side, made, strict=True)]
    return made


# ---- Loops ----------------------------------------------------------------------------------------------------


def loop(operation: tf.Operation, inputs: Sequence[Any], write: Write) -> list[Any]:
    """Write a While: turn by turn if it is certain when it ends, else as a loop of TensorFlow.js."""
    condition, body = (operation.get_attr(key).name for key in ("cond", "body"))
    values = list(inputs)
    if operation.name.rpartition("/")[2].startswith(KEPT_LOOP):
        return _kept(values, condition, body, write)
    for turn in range(MOST_TURNS + 1):
        goes_on = is_certain(write(condition, values, f"turn_{turn}/asked/")[0])
        if goes_on is None and turn == 0:
            return _kept(values, condition, body, write)
        if not goes_on:
            return _refuse_uncertain_end(values, goes_on)
        values = write(body, values, f"turn_{turn}/")
    raise NoCounterpart(f"has a loop of more than {MOST_TURNS} turns", "make the loop shorter")


def _refuse_uncertain_end(values: list[Any], goes_on: bool | None) -> list[Any]:
    if goes_on is None:
        raise NoCounterpart("has a loop that is left when the data says so", "give the loop a fixed number of turns")
    return values


def _kept(values: list[Any], condition: str, body: str, write: Write) -> list[Any]:
    if any(isinstance(value, TensorList) for value in values):
        raise NoCounterpart(*_LISTS_IN_A_KEPT_LOOP)
    made = tf.compat.v1.while_loop(
        lambda *now: _as_truth(write(condition, now, "asked/")[0]),
        lambda *now: write(body, now, "turn/"),
        values,
        shape_invariants=[value.shape for value in values],
        return_same_structure=True,
    )
    return list(made)


# ---- Lists of tensors -----------------------------------------------------------------------------------------


def _place(tensor: Any, purpose: str) -> int:
    value = known(tensor)
    if value is None:
        raise NoCounterpart(f"{purpose} depends on the data (list of tensors)")
    return int(value)


def _element_shape(tensor: Any) -> tuple[int, ...] | None:
    value = known(tensor)
    sizes = () if value is None else tuple(int(size) for size in value.reshape(-1))
    return sizes if value is not None and value.ndim == 1 and all(size >= 0 for size in sizes) else None


def _reserved(operation: tf.Operation, inputs: Sequence[Any]) -> TensorList:
    length = known(inputs[1])
    if length is None:
        raise NoCounterpart(*_LISTS_IN_A_KEPT_LOOP)
    return TensorList((None,) * int(length), operation.get_attr("element_dtype"), _element_shape(inputs[0]))


def _emptied(operation: tf.Operation, inputs: Sequence[Any]) -> TensorList:
    return TensorList((), operation.get_attr("element_dtype"), _element_shape(inputs[0]))


def _from_tensor(operation: tf.Operation, inputs: Sequence[Any]) -> TensorList:
    if inputs[0].shape[0] is None:
        raise NoCounterpart(*_LISTS_IN_A_KEPT_LOOP)
    items = tuple(tf.unstack(inputs[0]))
    return TensorList(items, operation.get_attr("element_dtype"), _element_shape(inputs[1]))


def _item(_: tf.Operation, inputs: Sequence[Any]) -> Any:
    item = inputs[0].items[_place(inputs[1], "the place it reads")]
    if item is None:
        raise NoCounterpart("reads from a list of tensors before it is written to")
    return item


def _with_item(_: tf.Operation, inputs: Sequence[Any]) -> TensorList:
    written: TensorList = inputs[0].replaced(_place(inputs[1], "the place it writes to"), inputs[2])
    return written


def _pushed(_: tf.Operation, inputs: Sequence[Any]) -> TensorList:
    before: TensorList = inputs[0]
    return TensorList((*before.items, inputs[1]), before.dtype, before.element_shape)


def _stacked(_: tf.Operation, inputs: Sequence[Any]) -> Any:
    return inputs[0].stacked()


def _length(_: tf.Operation, inputs: Sequence[Any]) -> Any:
    return tf.constant(len(inputs[0].items), tf.int32)


def _same(_: tf.Operation, inputs: Sequence[Any]) -> Any:
    return inputs[0] if isinstance(inputs[0], TensorList) else None


LIST_RULES: dict[str, Any] = {
    "TensorListReserve": _reserved,
    "EmptyTensorList": _emptied,
    "TensorListFromTensor": _from_tensor,
    "TensorListGetItem": _item,
    "TensorListSetItem": _with_item,
    "TensorListPushBack": _pushed,
    "TensorListStack": _stacked,
    "TensorListLength": _length,
    "Identity": _same,
}
CONTROL: dict[str, Callable[[tf.Operation, Sequence[Any], Write], list[Any]]] = {
    **dict.fromkeys(("If", "StatelessIf"), branch),
    **dict.fromkeys(("Case", "StatelessCase"), case),
    **dict.fromkeys(("While", "StatelessWhile"), loop),
}
