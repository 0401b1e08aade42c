"""Factors and sums after a product or convolution, such as those of batch normalization, put into its constants.

A factor for each channel of the result scales the kernel, a number added to each channel goes into the bias. It is
done where nobody else reads what is in between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
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

_Numbers = NDArray[np.float32]


def folded(graph_def: Any, outputs: Sequence[str]) -> Any:
    """Fold factors and sums into kernels and biases; the nodes named in `outputs` keep their names and values."""
    nodes = {node.name: node for node in graph_def.node}
    folding = _Folding(nodes, Counter(outputs))
    for node in graph_def.node:
        folding.visit(node)
    kept = graph_pb2.GraphDef(versions=graph_def.versions, library=graph_def.library)
    kept.node.extend(node for name, node in nodes.items() if name not in folding.gone)
    return kept


class _Folding:
    """The nodes of a graph while they are folded: each fold makes the later node take the place of the earlier."""

    def __init__(self, nodes: dict[str, Any], outputs: Counter[str]) -> None:
        self._nodes = nodes
        self._uses = outputs + Counter(owner(name) for node in nodes.values() for name in node.input)
        self.gone: set[str] = set()

    def visit(self, node: Any) -> None:
        """Fold one node into what comes before it, if it can be."""
        if node.op == "Mul":
            self._with_constant(node, self._fold_factor)
        elif node.op in CHANNEL_SUMS:
            self._with_constant(node, self._fold_sum)

    def _with_constant(self, node: Any, fold: Callable[[Any, Any, _Numbers], None]) -> None:
        for first, second in ((0, 1), (1, 0)):
            before, constant = (self._nodes[owner(node.input[place])] for place in (first, second))
            product = self._product_of(before)
            if product is None or constant.op != "Const" or self._uses[before.name] != 1:
                continue
            values = tensor_util.MakeNdarray(constant.attr["value"].tensor)
            channels = channels_of(product, self._nodes) or 0
            if is_for_channels(values.shape, product, channels) or (node.op == "Mul" and not values.shape):
                fold(node, before, np.broadcast_to(values.reshape(-1), [channels]))
                return

    def _product_of(self, before: Any) -> Any:
        """Find the product that a node is, or adds constants for each channel to."""
        if before.op not in CHANNEL_SUMS:
            return before if self._is_foldable(before) else None
        product, bias = (self._nodes[owner(name)] for name in before.input)
        if bias.op != "Const" or self._uses[product.name] != 1 or not self._is_foldable(product):
            return None
        return product if is_for_channels(constant_shape(bias), product, channels_of(product, self._nodes)) else None

    def _is_foldable(self, node: Any) -> bool:
        return node.op in PRODUCTS and not is_channels_first(node) and channels_of(node, self._nodes) is not None

    def _fold_factor(self, node: Any, before: Any, factors: _Numbers) -> None:
        product = self._product_of(before)
        kernel = tensor_util.MakeNdarray(self._nodes[owner(product.input[1])].attr["value"].tensor)
        product.input[1] = self._constant(f"{node.name}/kernel", _scaled(product, kernel, factors))
        if before is not product:
            bias = self._bias_of(before)
            before.input[1] = self._constant(f"{node.name}/bias", bias * factors)
        self._take_place(node, before)

    def _fold_sum(self, node: Any, before: Any, summands: _Numbers) -> None:
        if before.op in CHANNEL_SUMS:
            before.input[1] = self._constant(f"{node.name}/bias", self._bias_of(before) + summands)
            self._take_place(node, before)

    def _bias_of(self, before: Any) -> _Numbers:
        bias: _Numbers = tensor_util.MakeNdarray(self._nodes[owner(before.input[1])].attr["value"].tensor)
        return bias.reshape(-1)

    def _constant(self, name: str, values: _Numbers) -> str:
        node = node_def_pb2.NodeDef(name=name, op="Const")
        tensor = tensor_util.make_tensor_proto(values.astype(np.float32))
        node.attr["dtype"].type = tensor.dtype
        node.attr["value"].tensor.CopyFrom(tensor)
        self._nodes[name] = node
        return name

    def _take_place(self, node: Any, before: Any) -> None:
        name = node.name
        node.CopyFrom(before)
        node.name = name
        self.gone.add(before.name)


def _scaled(product: Any, kernel: _Numbers, factors: _Numbers) -> _Numbers:
    if product.op == "DepthwiseConv2dNative":
        return kernel * factors.reshape(kernel.shape[2:])
    if product.op == "MatMul" and product.attr["transpose_b"].b:
        return kernel * factors[:, None]
    return kernel * factors
