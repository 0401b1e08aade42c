"""The loops of recurrent layers, in forms that TensorFlow.js can run.

Where the number of steps is known, the steps are written out later, and every sequence is a list of tensors until then.
Other loops stay loops, which need `executeAsync`; they keep their sequences in ordinary tensors, because TensorFlow.js
loses tensors that a loop puts into lists.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from converter.graph_fallback.control_flow import KEPT_LOOP, MOST_TURNS

_Loop = Callable[..., tuple[Any, Any, Any]]


def loop_for_tfjs(layer: Any) -> _Loop:
    """Make a loop that stands for the `inner_loop` of a recurrent Keras layer.

    Returns what Keras' own loop returns: the last output, all outputs (batch, time, ...), and the last states.
    """

    def inner_loop(
        sequences: Any, initial_state: Any, mask: Any = None, training: bool = False
    ) -> tuple[Any, Any, Any]:
        states = list(initial_state) if isinstance(initial_state, list | tuple) else [initial_state]
        kind = _InLists if is_written_out(sequences.shape[1]) else _InTensors
        return _go_round(layer, kind, _time_first(sequences), _whole_mask(mask), states)

    return inner_loop


def is_written_out(steps: int | None) -> bool:
    """Say whether a loop of so many steps is written out step by step."""
    return steps is not None and steps <= MOST_TURNS


def _go_round(layer: Any, kind: Any, by_time: Any, mask: Any, states: list[Any]) -> tuple[Any, Any, Any]:
    """Let (step, last output, all outputs, states) go round; `by_time` is (time, batch, ...), `mask` (batch, time)."""
    steps = by_time.shape[0] if by_time.shape[0] is not None else tf.shape(by_time)[0]
    inputs, masks = kind.of(by_time), None if mask is None else kind.of(_time_first(mask))
    like = tf.zeros_like(_one_step(layer, by_time[0], None, None, states)[0])
    empty = kind.empty(steps if layer.return_sequences else 1, like)

    def turn(step: Any, last: Any, outputs: Any, flat_states: Any) -> tuple[Any, Any, Any, Any]:
        place = steps - 1 - step if layer.go_backwards else step
        here = None if masks is None else masks.item(place)
        current = keras.tree.pack_sequence_as(states, list(flat_states))
        last, current = _one_step(layer, inputs.item(place), here, last, current)
        outputs = kind(outputs).with_item(step if layer.return_sequences else 0, last)
        return step + 1, last, outputs, keras.tree.flatten(current)

    start = (tf.constant(0), like, empty, keras.tree.flatten(states))
    name = "loop" if kind is _InLists else KEPT_LOOP
    _, last, outputs, flat_states = tf.while_loop(lambda step, *_: step < steps, turn, start, name=name)
    return last, _time_first(kind(outputs).stacked()), keras.tree.pack_sequence_as(states, list(flat_states))


class _InTensors:
    """A sequence as one tensor (time, ...): items are gathered, and written by making the tensor anew."""

    def __init__(self, whole: Any) -> None:
        self._whole = whole

    @classmethod
    def of(cls, whole: Any) -> _InTensors:
        return cls(whole)

    @staticmethod
    def empty(steps: Any, like: Any) -> Any:
        return tf.zeros(tf.concat([[steps], tf.shape(like)], axis=0), like.dtype)

    def item(self, place: Any) -> Any:
        return tf.gather(self._whole, place)

    def with_item(self, place: Any, item: Any) -> Any:
        return tf.tensor_scatter_nd_update(self._whole, [[place]], item[None])

    def stacked(self) -> Any:
        return self._whole


class _InLists:
    """A sequence as a list of tensors, none of which is left when the loop has been written out."""

    def __init__(self, items: Any) -> None:
        self._items = items

    @classmethod
    def of(cls, whole: Any) -> _InLists:
        return cls(tf.TensorArray(whole.dtype, whole.shape[0]).unstack(whole))

    @staticmethod
    def empty(steps: Any, like: Any) -> Any:
        return tf.TensorArray(like.dtype, steps, element_shape=like.shape)

    def item(self, place: Any) -> Any:
        return self._items.read(place)

    def with_item(self, place: Any, item: Any) -> Any:
        return self._items.write(place, item)

    def stacked(self) -> Any:
        return self._items.stack()


def _whole_mask(mask: Any) -> Any:
    """Give a mask as booleans (batch, time); None where there is none."""
    flat = keras.tree.flatten(mask)
    if not flat or flat[0] is None:
        return None
    whole = tf.cast(flat[0], tf.bool)
    return tf.squeeze(whole, -1) if len(whole.shape) == 3 else whole


def _one_step(layer: Any, inputs: Any, mask: Any, before: Any, states: list[Any]) -> tuple[Any, list[Any]]:
    """Run the cell once; where the mask says no, `before` and the states stay as they were."""
    arguments = {"training": False} if getattr(layer.cell, "_call_has_training_arg", False) else {}
    output, new_states = layer.cell(inputs, states, **arguments)
    new_states = list(new_states) if keras.tree.is_nested(new_states) else [new_states]
    if mask is None:
        return output, new_states
    kept = tf.zeros_like(output) if before is None or layer.zero_output_for_mask else before
    chosen = keras.tree.map_structure(lambda new, old: _where(mask, new, old), new_states, states)
    return _where(mask, output, kept), chosen


def _where(mask: Any, chosen: Any, otherwise: Any) -> Any:
    return tf.where(tf.reshape(mask, [-1] + [1] * (len(chosen.shape) - 1)), chosen, otherwise)


def _time_first(tensor: Any) -> Any:
    """Swap the first two axes: (batch, time, ...) and (time, batch, ...)."""
    return tf.transpose(tensor, [1, 0, *range(2, len(tensor.shape))])
