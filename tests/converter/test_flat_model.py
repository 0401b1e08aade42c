"""Flat models: names, and the numbers of calls."""

from typing import Any

import pytest

from converter.flat_model import tfjs_name
from converter.topology import build_topology
from tests.converter.graphs import GraphMaker, make_operation


@pytest.mark.parametrize(
    ("keras_name", "expected"),
    [
        ("dense_1", "dense_1"),
        ("my layer", "my_layer"),
        ("_private", "private"),
        ("größe", "gr__e"),
        ("日本", "layer"),
        ("", "layer"),
        ("a/b/c", "a_b_c"),
        ('"</script>', "script_"),
        ("__proto__", "proto__"),
        ("..", "layer"),
        ("1st", "1st"),
    ],
)
def test_names_keep_to_what_tensorflow_js_accepts(keras_name: str, expected: str) -> None:
    assert tfjs_name(keras_name) == expected


def test_calls_of_a_shared_layer_are_numbered_as_tensorflow_js_will_make_them() -> None:
    # a is listed before b and c: so TF.js makes a(x) in its first pass, before a(b(c(b(x)))).
    a, b, c = (make_operation(name) for name in "abc")
    maker = GraphMaker(x=(2,))
    early = maker.call(a, maker.inputs["x"])
    late = maker.call(a, maker.call(b, maker.call(c, maker.call(b, maker.inputs["x"]))))
    topology = build_topology(maker.finish(late, early))

    nodes = _nodes(topology)["a"]
    assert nodes == _made_by_tensorflow_js(topology)["a"]
    first, second = topology.model_config["config"]["output_layers"]  # type: ignore[index]
    assert (nodes[first[1]], nodes[second[1]]) == ([["b", 1, 0]], [["x", 0, 0]])


def test_a_call_that_keras_lists_early_but_tensorflow_js_makes_late_is_numbered_late() -> None:
    shared, other = make_operation("shared"), make_operation("other")
    maker = GraphMaker(x=(2,), y=(2,))
    maker.call(shared, maker.call(other, maker.call(shared, maker.inputs["x"])))
    late = maker.calls[-1].output
    early = maker.call(shared, maker.inputs["y"])
    topology = build_topology(maker.finish(late, early))

    assert _nodes(topology)["shared"] == _made_by_tensorflow_js(topology)["shared"]
    (_, number, _), _ = topology.model_config["config"]["output_layers"]  # type: ignore[index]
    assert _nodes(topology)["shared"][number] == [["other", 0, 0]]


def _nodes(topology: Any) -> dict[str, Any]:
    layers = topology.model_config["config"]["layers"]
    return {one["name"]: [[tensor[:3] for tensor in node] for node in one["inbound_nodes"]] for one in layers}


def _made_by_tensorflow_js(topology: Any) -> dict[str, list[Any]]:
    """Replay Container.fromConfig: a call whose inputs are not there yet waits for the next pass."""
    nodes = _nodes(topology)
    made: dict[str, list[Any]] = {name: [] if calls else [None] for name, calls in nodes.items()}
    waiting = {name: list(calls) for name, calls in nodes.items()}
    while any(waiting.values()):
        for name in nodes:
            queue, waiting[name] = waiting[name], []
            for node in queue:
                is_ready = all(len(made[source]) > index for source, index, *_ in node)
                (made if is_ready else waiting)[name].append(node)
    return made
