"""Names of nodes that a person can read: those of the layers they belong to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from converter.graph_fallback.fusion import owner
from converter.graph_fallback.origins import plain, readable
from converter.graph_fallback.topology import every_node

_OF_THE_WAY = re.compile(r"as|(while|loop|kept_loop|body)(_\d+)?|turn(_\d+)?|asked|ReadVariableOp|resource")


def with_readable_names(graph_def: Any, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> Any:
    """Rename all nodes after their layers, and those of inputs and outputs after these.

    `inputs` and `outputs` say, by the present names of nodes, what these stand for. Returns the renamed graph, and the
    new names by the old ones.
    """
    taken: dict[str, int] = {}
    renamed = {node: _distinct(plain(name), taken) for node, name in (*inputs.items(), *outputs.items())}
    for node in graph_def.node:
        if node.name not in renamed:
            renamed[node.name] = _distinct(_shortened(node.name), taken)
    for node in graph_def.node:
        node.name = renamed[node.name]
        node.input[:] = [_of_renamed(name, renamed) for name in node.input]
    _name_functions(graph_def)
    for function in graph_def.library.function:
        _name_constants(function)
    return graph_def, renamed


def _name_functions(graph_def: Any) -> None:
    """Number functions: TensorFlow's names for them are others each time."""
    functions = graph_def.library.function
    names = {function.signature.name: f"function_{number}" for number, function in enumerate(functions)}
    for node in every_node(graph_def):
        for attribute in node.attr.values():
            if attribute.HasField("func"):
                attribute.func.name = names[attribute.func.name]
    for function in functions:
        function.signature.name = names[function.signature.name]


def _name_constants(function: Any) -> None:
    """Put the function's name before its constants: all weights of a model are in one list."""
    own = {node.name: f"{function.signature.name}/{node.name}" for node in function.node_def if node.op == "Const"}
    for node in function.node_def:
        node.name = own.get(node.name, node.name)
        node.input[:] = [_of_constant(name, own) for name in node.input]
    for argument in function.ret:
        function.ret[argument] = _of_constant(function.ret[argument], own)


def _of_constant(tensor_name: str, own: Mapping[str, str]) -> str:
    node, colon, place = tensor_name.partition(":")
    return f"{own.get(node, node)}{colon}{place}"


def _of_renamed(tensor_name: str, renamed: Mapping[str, str]) -> str:
    _, colon, place = tensor_name.partition(":")
    return f"{renamed[owner(tensor_name)]}{colon}{place}"


def _shortened(name: str) -> str:
    """Name a node by its layers, each once, and by what it does; not by the model, the loops and the rules."""
    parts = dict.fromkeys(part for part in readable(name).split("/") if not _OF_THE_WAY.fullmatch(part))
    named = list(parts)
    return "/".join(named[1:] or named) or "node"


def _distinct(name: str, taken: dict[str, int]) -> str:
    distinct = name
    while distinct in taken:
        taken[name] += 1
        distinct = f"{name}_{taken[name]}"
    taken[distinct] = 0
    return distinct
