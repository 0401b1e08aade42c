"""From a live Keras model to a graph model: watch it answer, freeze, rewrite, check, fuse, name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import tensorflow as tf
from tensorflow.core.framework import graph_pb2

from converter.errors import UnsupportedLayer, quoted
from converter.graph_fallback import freezing, topology
from converter.graph_fallback.fusion import fused, without_unread
from converter.graph_fallback.graph_model import GraphModel
from converter.graph_fallback.interface import read_interface
from converter.graph_fallback.naming import with_readable_names
from converter.graph_fallback.rules import RULES
from converter.graph_fallback.scaling import folded
from converter.graph_fallback.supported import Judge, needs_waiting
from converter.graph_fallback.tracing import Trace, trace
from converter.graph_fallback.transcription import transcribed
from converter.model_graph import NamedTensor


def build_graph_model(model: Any) -> GraphModel:
    """Translate a built Keras model of any kind into a TensorFlow.js graph model that answers as Keras does.

    Inputs and outputs have the order and names of the Keras model; whole numbers become int32, other numbers float32.
    Raises UnsupportedLayer, naming the layer, for what TensorFlow.js cannot do, and ModelNotBuilt for a model that has
    never seen an input.
    """
    interface = read_interface(model)
    watched = trace(model, interface)
    input_nodes = [f"input_{number}" for number in range(len(interface.inputs))]
    output_nodes = [f"output_{number}" for number in range(len(watched.output_names))]
    graph, graph_def = _rewritten(watched, input_nodes, output_nodes)
    outputs = _described(graph, watched.output_names, output_nodes)
    _refuse_other_values(model, (*interface.inputs, *outputs))
    graph_def = without_unread(fused(folded(graph_def, output_nodes), output_nodes), output_nodes)
    input_names = {node: tensor.name for node, tensor in zip(input_nodes, interface.inputs, strict=True)}
    output_names = dict(zip(output_nodes, watched.output_names, strict=True))
    graph_def, renamed = with_readable_names(graph_def, input_names, output_names)
    described, arrays = topology.as_json(graph_def)
    signature = topology.signature_of(
        dict(zip(map(renamed.__getitem__, input_nodes), interface.inputs, strict=True)),
        dict(zip(map(renamed.__getitem__, output_nodes), outputs, strict=True)),
    )
    is_async = any(needs_waiting(operation.type) for operation in graph.get_operations())
    notes = tuple(_notes(watched, is_async))
    return GraphModel(described, signature, arrays, interface.inputs, outputs, is_async, notes)


def _notes(watched: Trace, is_async: bool) -> Iterator[str]:
    if watched.recurrent_layers and not is_async:
        yield f"{watched.recurrent_layers} recurrent layer{'s' if watched.recurrent_layers > 1 else ''} unrolled"
    if is_async:
        yield "loops or results of unknown size are left: run it with executeAsync"
    if watched.other_precisions:
        yield f"computes in float32 instead of {' and '.join(watched.other_precisions)}"


def _rewritten(watched: Trace, input_nodes: Sequence[str], output_nodes: Sequence[str]) -> tuple[tf.Graph, Any]:
    judge = Judge(watched.origins)
    frozen = freezing.freeze(watched.function)
    graph_def = _with_named_outputs(frozen, output_nodes)
    graph_def = freezing.optimized(freezing.without_control_inputs(graph_def), output_nodes, input_nodes)
    rewritten = transcribed(freezing.imported(graph_def), RULES, judge)
    graph_def = freezing.optimized(rewritten.as_graph_def(), output_nodes, input_nodes)
    graph_def = freezing.without_control_inputs(graph_def)
    graph = freezing.imported(graph_def)
    for operation in graph.get_operations():
        judge.check(operation, operation.name)
    return graph, graph_def


def _with_named_outputs(frozen: Any, output_nodes: Sequence[str]) -> Any:
    """Give each output a node of its own: two outputs may be one tensor, and one may be an input or a constant."""
    graph_def = graph_pb2.GraphDef()
    graph_def.CopyFrom(frozen.graph.as_graph_def())
    for name, tensor in zip(output_nodes, frozen.outputs, strict=True):
        node = graph_def.node.add(name=name, op="Identity", input=[tensor.name])
        node.attr["T"].type = tensor.dtype.as_datatype_enum
    return graph_def


def _refuse_other_values(model: Any, tensors: Sequence[NamedTensor]) -> None:
    """Raise UnsupportedLayer for text and complex numbers that go in or come out."""
    for tensor in tensors:
        if tensor.dtype not in ("float32", "int32", "bool"):
            raise UnsupportedLayer(
                model.name,
                type(model).__name__,
                f"has values of dtype {tensor.dtype} as {quoted(tensor.name)}, but can only have numbers and booleans",
                instead="turn text into numbers in JavaScript, and return real and imaginary parts on their own",
            )


def _described(graph: tf.Graph, names: Sequence[str], nodes: Sequence[str]) -> tuple[NamedTensor, ...]:
    tensors = [graph.get_tensor_by_name(f"{node}:0") for node in nodes]
    return tuple(
        NamedTensor(name, tuple(tensor.shape), topology.dtype_name(tensor.dtype.as_datatype_enum))
        for name, tensor in zip(names, tensors, strict=True)
    )
