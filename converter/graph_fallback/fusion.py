"""Neighbouring operations made one, where TensorFlow.js has a faster kernel for them together.

A product or convolution, the bias added to it, and the activation after that become one node. Only the activations
that every backend of TensorFlow.js has in its fused kernels are taken in, and only results nobody else reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from tensorflow.core.framework import graph_pb2, node_def_pb2
from tensorflow.python.framework import tensor_util

from converter.graph_fallback.products import (
    CHANNEL_SUMS,
    PRODUCTS,
    channels_of,
    constant_shape,
    is_channels_first,
    is_for_channels,
    owner,
)

_FUSED = {
    "Conv2D": "_FusedConv2D",
    "MatMul": "_FusedMatMul",
    "DepthwiseConv2dNative": "FusedDepthwiseConv2dNative",
}
_ACTIVATIONS = frozenset({"Relu", "Relu6", "Elu", "LeakyRelu", "Sigmoid"})


def fused(graph_def: Any, outputs: Sequence[str]) -> Any:
    """Fuse what can be fused; the nodes named in `outputs` keep their names and values."""
    nodes = {node.name: node for node in graph_def.node}
    uses = Counter(owner(name) for node in graph_def.node for name in node.input)
    uses.update(outputs)
    gone: set[str] = set()
    for node in graph_def.node:
        if node.op in CHANNEL_SUMS:
            gone |= _fuse_bias(node, nodes, uses)
    for node in graph_def.node:
        if node.op in _ACTIVATIONS and node.name not in gone:
            gone |= _fuse_activation(node, nodes, uses)
    return _with_nodes(graph_def, [node for name, node in nodes.items() if name not in gone])


def _fuse_bias(addition: Any, nodes: dict[str, Any], uses: Counter[str]) -> set[str]:
    for first, second in ((0, 1), (1, 0)):
        product, bias = (nodes[owner(addition.input[place])] for place in (first, second))
        if product.op in PRODUCTS and uses[product.name] == 1 and _is_bias(bias, product, nodes):
            _take_bias(addition, product, bias, nodes)
            return {product.name}
    return set()


def _is_bias(bias: Any, product: Any, nodes: dict[str, Any]) -> bool:
    if bias.op != "Const" or is_channels_first(product):
        return False
    return is_for_channels(constant_shape(bias), product, channels_of(product, nodes))


def _take_bias(addition: Any, product: Any, bias: Any, nodes: dict[str, Any]) -> None:
    """Turn the addition into the fused node: what comes after it keeps reading it by its name."""
    name = addition.name
    flat = _flattened(bias, nodes)
    addition.CopyFrom(product)
    addition.name = name
    addition.op = _FUSED[product.op]
    addition.input.append(flat.name)
    addition.attr["num_args"].i = 1
    addition.attr["fused_ops"].list.s.append(b"BiasAdd")


def _flattened(bias: Any, nodes: dict[str, Any]) -> Any:
    """Give the constant with one axis, a copy of it where it has more."""
    if len(constant_shape(bias)) == 1:
        return bias
    name = f"{bias.name}/flat"
    if name not in nodes:
        flat = node_def_pb2.NodeDef(name=name, op="Const")
        flat.attr["dtype"].CopyFrom(bias.attr["dtype"])
        values = tensor_util.MakeNdarray(bias.attr["value"].tensor)
        flat.attr["value"].tensor.CopyFrom(tensor_util.make_tensor_proto(values.reshape(-1)))
        nodes[name] = flat
    return nodes[name]


def _fuse_activation(activation: Any, nodes: dict[str, Any], uses: Counter[str]) -> set[str]:
    product = nodes[owner(activation.input[0])]
    if product.op not in _FUSED.values() or uses[product.name] != 1 or len(product.attr["fused_ops"].list.s) != 1:
        return set()
    name, kind, alpha = activation.name, activation.op, activation.attr["alpha"].f
    activation.CopyFrom(product)
    activation.name = name
    activation.attr["fused_ops"].list.s.append(kind.encode())
    if kind == "LeakyRelu":
        activation.attr["leakyrelu_alpha"].f = alpha
    return {product.name}


def without_unread(graph_def: Any, outputs: Sequence[str]) -> Any:
    """Leave out what no output needs; inputs stay, read or not."""
    nodes = {node.name: node for node in graph_def.node}
    waiting, needed = list(outputs), set(outputs)
    while waiting:
        found = {owner(name) for name in nodes[waiting.pop()].input} - needed
        needed |= found
        waiting.extend(found)
    return _with_nodes(graph_def, [node for node in graph_def.node if node.name in needed or node.op == "Placeholder"])


def _with_nodes(graph_def: Any, nodes: Iterable[Any]) -> Any:
    changed = graph_pb2.GraphDef(versions=graph_def.versions, library=graph_def.library)
    changed.node.extend(nodes)
    return changed


# ---- And back -------------------------------------------------------------------------------------------------


def taken_apart(graph_def: Any) -> Any:
    """Undo the fusion: TensorFlow itself has not all of the fused operations."""
    parts = (_parts(node) if node.op in _PLAIN else [node] for node in graph_def.node)
    return _with_nodes(graph_def, (part for group in parts for part in group))


_PLAIN = {fused_kind: plain for plain, fused_kind in _FUSED.items()}
_ONLY_FUSED = ("num_args", "fused_ops", "leakyrelu_alpha")


def _parts(node: Any) -> list[Any]:
    kinds = [kind.decode() for kind in node.attr["fused_ops"].list.s]
    product = node_def_pb2.NodeDef()
    product.CopyFrom(node)
    product.op = _PLAIN[node.op]
    del product.input[2:]
    for key in _ONLY_FUSED:
        product.attr.pop(key, None)
    parts = [product]
    for kind in kinds:
        parts[-1].name = f"{node.name}/before/{kind}"
        extra = [node.input[2]] if kind == "BiasAdd" else []
        parts.append(_part(node, kind, [parts[-1].name, *extra]))
    return parts


def _part(node: Any, kind: str, inputs: Sequence[str]) -> Any:
    part = node_def_pb2.NodeDef(name=node.name, op=kind, input=inputs)
    part.attr["T"].CopyFrom(node.attr["T"])
    if kind == "LeakyRelu":
        part.attr["alpha"].f = node.attr["leakyrelu_alpha"].f
    return part
