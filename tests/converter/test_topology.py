"""Topologies: names, numbers of calls, inlining."""

from typing import Any

import pytest

from converter.errors import InvalidConfiguration
from converter.keras_config import parse_model
from converter.topology import build_topology, tfjs_name
from tests.converter.keras_files import (
    called,
    make_call,
    make_dense,
    make_functional,
    make_input,
    make_layer,
    make_sequential,
)


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


@pytest.mark.parametrize(
    ("sizes", "layer", "said"),
    [
        pytest.param((2,), ("Conv2D", {"filters": 1, "kernel_size": 3}), "a picture", id="convolution of a row"),
        pytest.param((2,), ("MaxPooling2D", {}), "a picture", id="pooling of a row"),
        pytest.param((2, 2, 2, 2), ("GlobalAveragePooling2D", {}), "a picture", id="mean of a volume"),
        pytest.param((2, 9, 1), ("Conv2D", {"filters": 1, "kernel_size": 3}), "at least 3 pixels", id="too low"),
        pytest.param((9, 2, 1), ("AveragePooling2D", {"pool_size": 3}), "at least 3 pixels", id="too narrow"),
        pytest.param((9, 9, None), ("Conv2D", {"filters": 1, "kernel_size": 3}), "a known size", id="any channels"),
        pytest.param((9, None, None), ("GlobalAveragePooling2D", {"keepdims": True}), "a known size", id="kept axes"),
        pytest.param((2, 2, 2, 2), ("BatchNormalization", {}), "two to four axes", id="normalized volume"),
        pytest.param(
            (9, 9, 1),
            ("Conv2D", {"filters": 1, "kernel_size": 3, "strides": 2, "dilation_rate": 2}),
            "1 beside a dilation_rate",
            id="strides and gaps",
        ),
    ],
)
def test_a_layer_that_does_not_fit_its_input_is_named(sizes: Any, layer: tuple[str, Any], said: str) -> None:
    class_name, config = layer

    with pytest.raises(InvalidConfiguration, match=f'Layer "odd".*{said}'):
        _topology(make_sequential(make_input("x", *sizes), make_layer(class_name, "odd", **config)))


@pytest.mark.parametrize(
    ("first", "second", "layer"),
    [
        pytest.param((4,), (5,), make_dense("shared", 2), id="dense"),
        pytest.param((4, 4, 1), (4, 4, 2), make_layer("Conv2D", "shared", filters=1, kernel_size=2), id="convolution"),
        pytest.param((4, 4), (4,), make_layer("BatchNormalization", "shared", axis=1), id="normalization"),
        pytest.param((4, 4), (None, 4), make_layer("Flatten", "shared"), id="flattened in two ways"),
        pytest.param(
            (4, 4, 1), (4, 4, 2), make_layer("GlobalAveragePooling2D", "shared", keepdims=True), id="kept channels"
        ),
    ],
)
def test_a_shared_layer_that_would_be_two_is_refused(first: Any, second: Any, layer: dict[str, Any]) -> None:
    shared = called(layer, make_call(("x", 0, 0)), make_call(("y", 0, 0)))
    layers = [make_input("x", *first), make_input("y", *second), shared]
    outputs = [["shared", 0, 0], ["shared", 1, 0]]

    with pytest.raises(InvalidConfiguration, match=r'"shared" is called on inputs of different shapes'):
        _topology(make_functional(layers, [["x", 0, 0], ["y", 0, 0]], outputs))


@pytest.mark.parametrize(
    ("rows", "fits"), [pytest.param(16, True, id="as many as the probe has"), pytest.param(300, False, id="too many")]
)
def test_what_an_answer_takes_is_counted_with_its_rows(rows: int, fits: bool) -> None:
    model = parse_model(make_sequential(make_input("x", 1000, 1000), make_dense(units=1)))
    shape = [(rows, 1000, 1000)]

    assert build_topology(model).outputs[0].shape == (None, 1000, 1)
    if fits:
        assert build_topology(model, shape).outputs[0].shape == (rows, 1000, 1)
    else:
        with pytest.raises(InvalidConfiguration, match="smaller"):
            build_topology(model, shape)


@pytest.mark.parametrize(
    "layer",
    [
        pytest.param(make_layer("Conv2D", "x", filters=500, kernel_size=200, padding="same"), id="convolution"),
        pytest.param(make_layer("AveragePooling2D", "x", pool_size=256, strides=1, padding="same"), id="pooling"),
        pytest.param(make_dense("x", 1_000_000), id="dense"),
    ],
)
def test_the_work_of_an_answer_is_bounded(layer: dict[str, Any]) -> None:
    model = parse_model(make_sequential(make_input("in", None, None, 40), layer))

    with pytest.raises(InvalidConfiguration, match="300000000000 multiplications"):
        build_topology(model, [(16, 200, 200, 40)])
