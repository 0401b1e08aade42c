"""Products and convolutions with a constant kernel, and how many channels they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

PRODUCTS = frozenset({"Conv2D", "MatMul", "DepthwiseConv2dNative"})
CHANNEL_SUMS = frozenset({"BiasAdd", "AddV2", "Add"})
"""Operations that may add a constant to each channel."""


def owner(tensor_name: str) -> str:
    """Name the node that makes a tensor."""
    return tensor_name.removeprefix("^").partition(":")[0]


def is_channels_first(node: Any) -> bool:
    """Say whether a node has its channels on the second axis."""
    return node.attr["data_format"].s.startswith(b"NC") if "data_format" in node.attr else False


def constant_shape(node: Any) -> list[int]:
    """Read the shape of a constant."""
    return [int(dimension.size) for dimension in node.attr["value"].tensor.tensor_shape.dim]


def is_for_channels(shape: Sequence[int], product: Any, channels: int | None) -> bool:
    """Say whether a constant of this shape has one number for each channel that a product makes."""
    rank = 2 if product.op == "MatMul" else 4
    return 0 < len(shape) <= rank and shape[-1] == channels and all(size == 1 for size in shape[:-1])


def channels_of(product: Any, nodes: Mapping[str, Any]) -> int | None:
    """Say how many channels a product makes; None where its kernel is no constant."""
    kernel = nodes[owner(product.input[1])]
    if kernel.op != "Const":
        return None
    sizes = constant_shape(kernel)
    if product.op == "DepthwiseConv2dNative":
        return sizes[2] * sizes[3]
    return sizes[0] if product.op == "MatMul" and product.attr["transpose_b"].b else sizes[-1]
