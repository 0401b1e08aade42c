"""Random numbers: those from a fixed seed are always the same ones, and constants; others have no place in a model."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

Inputs = list[tf.Tensor]

_KINDS = (
    "StatelessRandomGetAlg",
    "StatelessRandomGetKeyCounter",
    "StatelessRandomGetKeyCounterAlg",
    "StatelessRandomNormal",
    "StatelessRandomNormalV2",
    "StatelessRandomUniform",
    "StatelessRandomUniformV2",
    "StatelessRandomUniformInt",
    "StatelessRandomUniformIntV2",
    "StatelessRandomUniformFullInt",
    "StatelessRandomUniformFullIntV2",
    "StatelessTruncatedNormal",
    "StatelessTruncatedNormalV2",
)


def _drawn_once(operation: tf.Operation, _: Inputs) -> Any:
    """Draw now what is certain; left alone, the operation is refused."""
    if not _follows_from_constants(operation):
        return None
    with tf.compat.v1.Session(graph=operation.graph) as session:
        drawn = session.run(list(operation.outputs))
    kinds = [tensor.dtype for tensor in operation.outputs]
    return [tf.constant(numbers, _narrow(kind)) for numbers, kind in zip(drawn, kinds, strict=True)]


def _follows_from_constants(operation: tf.Operation) -> bool:
    waiting, seen = [operation], {operation.name}
    while waiting:
        current = waiting.pop()
        if not current.inputs and current.type not in ("Const", "StatelessRandomGetAlg"):
            return False
        found = [tensor.op for tensor in current.inputs if tensor.op.name not in seen]
        seen.update(producer.name for producer in found)
        waiting.extend(found)
    return True


def _narrow(kind: tf.DType) -> tf.DType:
    """Keys and counters of 64 bits stay as they are: nothing but other random operations reads them."""
    return tf.float32 if kind.is_floating else kind


RULES: dict[str, Any] = dict.fromkeys(_KINDS, _drawn_once)
