"""Topologies: names, numbers of calls, inlining."""

from typing import Any

import pytest

from converter.keras_config import parse_model
from converter.topology import build_topology, tfjs_name
from tests.converter.keras_files import called, make_call, make_dense, make_functional, make_input, make_sequential


def _topology(raw_config: Any) -> Any:
    return build_topology(parse_model(raw_config))


def _layers(topology: Any) -> dict[str, Any]:
    return {layer["name"]: layer for layer in topology.model_config["config"]["layers"]}


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


def test_names_that_become_equal_are_told_apart() -> None:
    topology = _topology(make_sequential(make_input("a b"), make_dense("a_b"), make_dense("a-b"), make_dense("a?b")))

    assert list(_layers(topology)) == ["a_b", "a_b_1", "a-b", "a_b_2"]
    assert topology.renamed == (("a b", "a_b"), ("a_b", "a_b_1"), ("a?b", "a_b_2"))


def test_names_every_javascript_object_has_are_avoided() -> None:
    topology = _topology(make_sequential(make_input("toString"), make_dense("constructor")))

    assert list(_layers(topology)) == ["toString_1", "constructor_1"]


def test_calls_of_a_shared_layer_are_numbered_as_tensorflow_js_will_make_them() -> None:
    # Keras lists a(b1) before a(x); TF.js can make a(x) first, in its first pass.
    layers = [
        make_input("x"),
        called(make_dense("a", 2), make_call(("b", 1, 0)), make_call(("x", 0, 0))),
        called(make_dense("b", 2), make_call(("x", 0, 0)), make_call(("c", 0, 0))),
        called(make_dense("c", 2), make_call(("b", 0, 0))),
    ]
    topology = _topology(make_functional(layers, [["x", 0, 0]], [["a", 0, 0], ["a", 1, 0]]))

    nodes = [[tensor[:3] for tensor in node] for node in _layers(topology)["a"]["inbound_nodes"]]
    assert nodes == _made_by_tensorflow_js(topology)["a"]
    assert topology.model_config["config"]["output_layers"][0] == ["a", nodes.index([["b", 1, 0]]), 0]


def _made_by_tensorflow_js(topology: Any) -> dict[str, list[Any]]:
    """Replay Container.fromConfig: a call whose inputs are not there yet waits for the next pass."""
    layers = _layers(topology)
    made: dict[str, list[Any]] = {name: [] if layer["inbound_nodes"] else [None] for name, layer in layers.items()}
    waiting = {name: list(layer["inbound_nodes"]) for name, layer in layers.items()}
    while any(waiting.values()):
        for name in layers:
            queue, waiting[name] = waiting[name], []
            for node in queue:
                is_ready = all(len(made[source]) > index for source, index, *_ in node)
                (made if is_ready else waiting)[name].append([t[:3] for t in node] if is_ready else node)
    return made


def test_calls_nobody_needs_and_their_weights_are_left_out() -> None:
    layers = [
        make_input("x"),
        called(make_dense("used", 2), make_call(("x", 0, 0)), make_call(("x", 0, 0))),
        called(make_dense("unused", 2), make_call(("x", 0, 0))),
    ]
    topology = _topology(make_functional(layers, [["x", 0, 0]], [["used", 1, 0]]))

    assert list(_layers(topology)) == ["x", "used"]
    assert len(_layers(topology)["used"]["inbound_nodes"]) == 1
    assert [spec.tfjs_name for spec in topology.weights] == ["used/kernel", "used/bias"]


def test_equal_names_in_nested_models_are_told_apart() -> None:
    inner = [make_sequential(make_input("x"), make_dense("d", 2), name=name) for name in ("m1", "m2")]
    topology = _topology(make_sequential(make_input("x"), *inner))

    assert [spec.tfjs_name for spec in topology.weights if spec.name == "kernel"] == ["d/kernel", "d_1/kernel"]
    assert [spec.path for spec in topology.weights if spec.name == "kernel"] == [("m1", "d"), ("m2", "d")]
