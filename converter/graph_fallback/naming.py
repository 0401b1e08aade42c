"""Names of nodes that a person can read: those of the layers they belong to."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from typing import Any

from converter.graph_fallback.origins import plain, readable
from converter.graph_fallback.products import owner
from converter.graph_fallback.topology import every_node

# TensorFlow.js keeps nodes in plain JavaScript objects, where these names are there from the start.
_JAVASCRIPT_NAMES = frozenset(
    [
        *("__proto__", "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable"),
        *("toLocaleString", "toString", "valueOf"),
    ]
)

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
            renamed[node.name] = _distinct(_of_the_graph(_shortened(node.name)), taken)
    for node in graph_def.node:
        node.name = renamed[node.name]
        node.input[:] = [_of_renamed(name, renamed) for name in node.input]
    _name_functions(graph_def)
    for function in graph_def.library.function:
        _name_inside(function)
    return graph_def, renamed


def _of_the_graph(name: str) -> str:
    """Leave the names of functions to functions."""
    return f"layer_{name}" if name.startswith("function_") else name


def _name_functions(graph_def: Any) -> None:
    """Number functions in the order in which they are called: TensorFlow's names and order are others each time."""
    functions = {function.signature.name: function for function in graph_def.library.function}
    names: dict[str, str] = {}
    waiting = deque(graph_def.node)
    while waiting:
        for called in _called(waiting.popleft()):
            if called.name not in names:
                names[called.name] = f"function_{len(names)}"
                waiting.extend(functions[called.name].node_def)
    ordered = [functions[name] for name in names]
    for node in every_node(graph_def):
        for called in _called(node):
            called.name = names[called.name]
    for function in ordered:
        function.signature.name = names[function.signature.name]
    del graph_def.library.function[:]
    graph_def.library.function.extend(ordered)


def _called(node: Any) -> list[Any]:
    """List the functions that a node names, in the order of its options."""
    return [node.attr[key].func for key in sorted(node.attr) if node.attr[key].HasField("func")]


def _name_inside(function: Any) -> None:
    """Rename what is in a function, with its name in front.

    All weights of a model are in one list, and inside a function TensorFlow.js takes a node for the weight that has its
    name.
    """
    own = function.signature.name
    taken: dict[str, int] = {}
    renamed = {argument.name: f"{own}_argument_{place}" for place, argument in enumerate(function.signature.input_arg)}
    for node in function.node_def:
        renamed[node.name] = _distinct(f"{own}/{_shortened(node.name)}", taken)
    for node in function.node_def:
        node.name = renamed[node.name]
        node.input[:] = [_of_renamed(name, renamed) for name in node.input]
    for argument in function.signature.input_arg:
        argument.name = renamed[argument.name]
    _name_results(function, renamed)
    function.attr.clear()
    function.arg_attr.clear()


def _name_results(function: Any, renamed: Mapping[str, str]) -> None:
    """Number the results."""
    returned = [_of_renamed(function.ret[argument.name], renamed) for argument in function.signature.output_arg]
    function.ret.clear()
    for place, (argument, tensor_name) in enumerate(zip(function.signature.output_arg, returned, strict=True)):
        argument.name = f"result_{place}"
        function.ret[argument.name] = tensor_name


def _of_renamed(tensor_name: str, renamed: Mapping[str, str]) -> str:
    _, colon, place = tensor_name.partition(":")
    return f"{renamed[owner(tensor_name)]}{colon}{place}"


def _shortened(name: str) -> str:
    """Name a node by its layers, each once, and by what it does; not by the model, the loops and the rules."""
    parts = dict.fromkeys(part for part in readable(name).split("/") if not _OF_THE_WAY.fullmatch(part))
    named = list(parts)
    return "/".join(named[1:] or named) or "node"


def _distinct(name: str, taken: dict[str, int]) -> str:
    distinct = name = f"{name}_node" if name in _JAVASCRIPT_NAMES else name
    while distinct in taken:
        taken[name] += 1
        distinct = f"{name}_{taken[name]}"
    taken[distinct] = 0
    return distinct
