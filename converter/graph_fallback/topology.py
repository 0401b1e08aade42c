"""A GraphDef as the JSON and the arrays of a TensorFlow.js graph model, and back.

The JSON is Protocol Buffers' own form of it (numbers of 64 bits and bytes as strings), which `tf.loadGraphModel` reads.
The numbers of constants are taken out: a node keeps its dtype and shape, and its array goes into the weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from google.protobuf import json_format
from numpy.typing import NDArray
from tensorflow.core.framework import graph_pb2, types_pb2
from tensorflow.python.framework import tensor_util

from converter.model_graph import NamedTensor

_LEFT_OUT = ("_output_shapes", "_class", "_XlaMustCompile", "_grappler_do_not_remove")
Arrays = dict[str, NDArray[np.generic]]


def as_json(graph_def: Any) -> tuple[dict[str, Any], Arrays]:
    """Take a GraphDef apart: `modelTopology`, and the arrays of its constants in the order of their nodes."""
    bare, arrays = graph_pb2.GraphDef(), {}
    bare.versions.CopyFrom(graph_def.versions)
    bare.library.CopyFrom(graph_def.library)
    bare.node.extend(graph_def.node)
    for node in every_node(bare):
        node.ClearField("device")
        for key in _LEFT_OUT:
            node.attr.pop(key, None)
        if node.op == "Const":
            arrays[node.name] = np.array(tensor_util.MakeNdarray(node.attr["value"].tensor))
            _empty(node.attr["value"].tensor)
    return json_format.MessageToDict(bare), arrays


def every_node(graph_def: Any) -> list[Any]:
    """List the nodes of a graph and of its functions."""
    return [*graph_def.node, *(node for function in graph_def.library.function for node in function.node_def)]


def _empty(tensor: Any) -> None:
    tensor.CopyFrom(type(tensor)(dtype=tensor.dtype, tensor_shape=tensor.tensor_shape))


def with_arrays(topology: Mapping[str, Any], arrays: Mapping[str, NDArray[np.generic]]) -> Any:
    """Put a GraphDef together again from its JSON and arrays. Raises KeyError when an array is missing."""
    graph_def = json_format.ParseDict(dict(topology), graph_pb2.GraphDef())
    for node in every_node(graph_def):
        if node.op == "Const":
            node.attr["value"].tensor.CopyFrom(tensor_util.make_tensor_proto(arrays[node.name]))
    return graph_def


def signature_of(inputs: Mapping[str, NamedTensor], outputs: Mapping[str, NamedTensor]) -> dict[str, Any]:
    """Write the `signature` of model.json for inputs and outputs by their nodes: names in the order of the mapping."""
    return {
        "inputs": {tensor.name: _entry(tensor, node) for node, tensor in inputs.items()},
        "outputs": {tensor.name: _entry(tensor, node) for node, tensor in outputs.items()},
    }


def _entry(tensor: NamedTensor, node: str) -> dict[str, Any]:
    sizes = [{"size": str(-1 if size is None else size)} for size in tensor.shape]
    enum = {"float32": "DT_FLOAT", "int32": "DT_INT32", "bool": "DT_BOOL"}[tensor.dtype]
    return {"name": f"{node}:0", "dtype": enum, "tensorShape": {"dim": sizes} if sizes else {}}


def dtype_name(enum: int) -> str:
    """Name a dtype as TensorFlow.js does."""
    names = {types_pb2.DT_FLOAT: "float32", types_pb2.DT_INT32: "int32", types_pb2.DT_BOOL: "bool"}
    return str(names.get(enum, types_pb2.DataType.Name(enum).removeprefix("DT_").lower()))
