"""A graph written anew, operation by operation, in the words TensorFlow.js knows.

Each operation is copied unless a rule replaces it. Rules are written in ordinary TensorFlow: they get the operation
and its inputs in the new graph, where shapes and constants are known, and return its outputs, or None to have it
copied. Numbers narrow on the way: TensorFlow.js has float32, int32, bool, string and complex64.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import tensorflow as tf
from tensorflow.core.framework import attr_value_pb2, types_pb2
from tensorflow.python.framework import function_def_to_graph, tensor_util

from converter.graph_fallback.control_flow import CONTROL, LIST_RULES
from converter.graph_fallback.known import is_made_from_shapes, known
from converter.graph_fallback.no_counterpart import NoCounterpart

Rule = Callable[[tf.Operation, list[tf.Tensor]], Any]

_NARROWED = {
    types_pb2.DT_HALF: types_pb2.DT_FLOAT,
    types_pb2.DT_BFLOAT16: types_pb2.DT_FLOAT,
    types_pb2.DT_DOUBLE: types_pb2.DT_FLOAT,
    types_pb2.DT_COMPLEX128: types_pb2.DT_COMPLEX64,
    types_pb2.DT_INT64: types_pb2.DT_INT32,
    types_pb2.DT_INT16: types_pb2.DT_INT32,
    types_pb2.DT_INT8: types_pb2.DT_INT32,
    types_pb2.DT_UINT8: types_pb2.DT_INT32,
    types_pb2.DT_UINT16: types_pb2.DT_INT32,
    types_pb2.DT_UINT32: types_pb2.DT_INT32,
    types_pb2.DT_UINT64: types_pb2.DT_INT32,
}
_UNFORESEEN = (TypeError, ValueError, tf.errors.OpError)
"""What TensorFlow raises when an operation cannot be made from what is left of its inputs."""

_CALLS = frozenset({"PartitionedCall", "StatefulPartitionedCall"})


def _unforeseen(kind: str) -> str:
    return f"uses the TensorFlow operation {kind} in a form that has no counterpart in TensorFlow.js"


def narrowed_type(enum: int) -> int:
    """Give the dtype of TensorFlow.js that stands for one of TensorFlow, both as numbers of the enumeration."""
    return int(_NARROWED.get(enum, enum))


class Judge(Protocol):
    """Knows what TensorFlow.js can run, and whom to name where it cannot."""

    def check(self, operation: tf.Operation, name: str) -> None:
        """Raise unless TensorFlow.js runs the operation and answers as TensorFlow does."""

    def refusal(self, name: str, reason: str, instead: str) -> Exception:
        """Make the error for an operation, by the name of its node."""


def transcribed(source: tf.Graph, rules: Mapping[str, Rule], judge: Judge) -> tf.Graph:
    """Write `source` anew. Raises what the judge raises for operations that can be neither copied nor replaced."""
    target = tf.Graph()
    with target.as_default():
        _Scribe(rules, judge).write(source, {})
    return target


class _Scribe:
    """Writes operations into one graph, and remembers which tensor stands for which."""

    def __init__(self, rules: Mapping[str, Rule], judge: Judge) -> None:
        self._rules = rules
        self._judge = judge
        self._bodies: dict[str, Any] = {}
        self._needed: dict[Any, set[str]] = {}
        self._constants: dict[tuple[tf.Graph, tf.Graph, str], tf.Tensor] = {}

    def write(self, source: tf.Graph, made: dict[str, tf.Tensor], prefix: str = "") -> dict[str, tf.Tensor]:
        """Write all operations of a graph; `made` holds the tensors that are already there, by name."""
        needed = self._needed.get(source)
        for operation in source.get_operations():
            is_there = operation.outputs and operation.outputs[0].name in made
            if is_there or (needed is not None and operation.name not in needed):
                continue
            inputs = [made[tensor.name] for tensor in operation.inputs]
            outputs = self._outputs(operation, inputs, prefix)
            made.update({tensor.name: new for tensor, new in zip(operation.outputs, outputs, strict=True)})
        return made

    def _outputs(self, operation: tf.Operation, inputs: list[tf.Tensor], prefix: str) -> Sequence[tf.Tensor]:
        name = prefix + operation.name
        if operation.type in _CALLS:
            return self._body(operation.graph, operation.get_attr("f").name, inputs, f"{name}/")
        outputs = self._replaced(operation, inputs, name)
        if outputs is not None:
            return outputs if isinstance(outputs, list | tuple) else [outputs]
        self._judge.check(operation, name)
        if operation.type == "Const":
            return [self._constant(operation, name)]
        try:
            return self._copied(operation, inputs, name)
        except _UNFORESEEN as error:
            raise self._judge.refusal(name, _unforeseen(operation.type), "") from error

    def _constant(self, operation: tf.Operation, name: str) -> tf.Tensor:
        """Copy a constant once for all turns of a loop."""
        place = (tf.compat.v1.get_default_graph(), operation.graph, operation.name)
        if place not in self._constants:
            self._constants[place] = self._copied(operation, [], name)[0]
        return self._constants[place]

    def _replaced(self, operation: tf.Operation, inputs: list[Any], name: str) -> Any:
        """Give what a rule writes instead, or None where there is none or it has nothing against a copy."""
        try:
            with tf.name_scope(f"{name}/as/"):
                if operation.type in CONTROL:
                    return CONTROL[operation.type](operation, inputs, self._writer(operation.graph, name))
                rule = self._rules.get(operation.type) or LIST_RULES.get(operation.type)
                return rule(operation, inputs) if rule else None
        except NoCounterpart as lacking:
            raise self._judge.refusal(name, lacking.reason, lacking.instead) from lacking
        except _UNFORESEEN as error:
            raise self._judge.refusal(name, _unforeseen(operation.type), "") from error

    def _writer(self, source: tf.Graph, name: str) -> Callable[[str, Sequence[Any], str], list[Any]]:
        return lambda function, inputs, part: self._body(source, function, inputs, f"{name}/{part}")

    def _body(self, source: tf.Graph, function: str, inputs: Sequence[Any], prefix: str) -> list[Any]:
        """Write the body of a function where it is called."""
        body = self._bodies.get(function)
        if body is None:
            definition = source._get_function(function).cached_definition  # noqa: SLF001
            with source.as_default():
                body = self._bodies[function] = function_def_to_graph.function_def_to_graph(definition)
            self._needed[body] = _needed_for(body.outputs)
        made = {argument.name: given for argument, given in zip(body.inputs, inputs, strict=True)}
        made = self.write(body, made, prefix)
        return [made[tensor.name] for tensor in body.outputs]

    def _copied(self, operation: tf.Operation, inputs: list[tf.Tensor], name: str) -> Sequence[tf.Tensor]:
        attributes = {key: _narrowed_attribute(key, value) for key, value in operation.node_def.attr.items()}
        if operation.type == "Const":
            attributes = _narrowed_constant(operation)
        graph = tf.compat.v1.get_default_graph()  # the body of a loop is a graph of its own
        copied = graph._create_op_internal(operation.type, inputs, name=f"{name}/", attrs=attributes)  # noqa: SLF001
        types = [tf.as_dtype(narrowed_type(tensor.dtype.as_datatype_enum)) for tensor in operation.outputs]
        outputs = map(_cast_to, copied.outputs, types)
        return [self._as_constant(tensor) for tensor in outputs]

    def _as_constant(self, tensor: tf.Tensor) -> tf.Tensor:
        """Write what follows from known sizes as a constant, though the batch's size is not known."""
        value = known(tensor) if is_made_from_shapes(tensor) else None
        return tensor if value is None else tf.constant(value, tensor.dtype)


def _needed_for(outputs: Sequence[tf.Tensor]) -> set[str]:
    """Name the operations of a function's body that its outputs are made by: others are not written at all."""
    waiting = [tensor.op for tensor in outputs]
    needed = {operation.name for operation in waiting}
    while waiting:
        found = [tensor.op for tensor in waiting.pop().inputs if tensor.op.name not in needed]
        needed.update(operation.name for operation in found)
        waiting.extend(found)
    return needed


def _cast_to(tensor: tf.Tensor, kind: tf.DType) -> tf.Tensor:
    return tensor if tensor.dtype == kind else tf.cast(tensor, kind)


def _narrowed_attribute(key: str, value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind == "type" and value.type in _NARROWED:
        return attr_value_pb2.AttrValue(type=_NARROWED[value.type])
    if kind == "list" and any(entry in _NARROWED for entry in value.list.type):
        narrowed = [narrowed_type(entry) for entry in value.list.type]
        return attr_value_pb2.AttrValue(list=attr_value_pb2.AttrValue.ListValue(type=narrowed))
    return value


def _narrowed_constant(operation: tf.Operation) -> dict[str, Any]:
    enum = operation.outputs[0].dtype.as_datatype_enum
    attributes = {key: value for key, value in operation.node_def.attr.items() if key in ("dtype", "value")}
    if enum not in _NARROWED:
        return attributes
    values = tensor_util.MakeNdarray(attributes["value"].tensor)
    tensor = tensor_util.make_tensor_proto(_clipped(values, _NARROWED[enum]))
    return {
        "dtype": attr_value_pb2.AttrValue(type=_NARROWED[enum]),
        "value": attr_value_pb2.AttrValue(tensor=tensor),
    }


def _clipped(values: Any, enum: int) -> Any:
    """Convert numbers to the narrower dtype; ends of slices "as far as there is" stay as far as can be said."""
    dtype = tf.as_dtype(enum).as_numpy_dtype
    if enum == types_pb2.DT_INT32:
        limits = np.iinfo(np.int32)
        values = np.clip(values, limits.min, limits.max)
    return np.asarray(values, dtype=dtype)
