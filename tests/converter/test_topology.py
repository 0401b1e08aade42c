"""Topologies: which layers there are, what they are called, and what became of Keras'."""

from typing import Any

import numpy as np
import pytest

from converter.errors import UnsupportedLayer
from converter.model_graph import ModelGraph, Tensor
from converter.topology import build_topology
from tests.converter.graphs import GraphMaker, chain, make_operation


def _layers(topology: Any) -> dict[str, Any]:
    return {layer["name"]: layer for layer in topology.model_config["config"]["layers"]}


def test_names_that_become_equal_are_told_apart() -> None:
    topology = build_topology(chain(*map(make_operation, ["a_b", "a-b", "a?b"]), name="a b"))

    assert list(_layers(topology)) == ["a_b", "a_b_1", "a-b", "a_b_2"]
    assert topology.renamed == (("a b", "a_b"), ("a_b", "a_b_1"), ("a?b", "a_b_2"))


def test_names_every_javascript_object_has_are_avoided() -> None:
    topology = build_topology(chain(make_operation("constructor"), name="toString"))

    assert list(_layers(topology)) == ["toString_1", "constructor_1"]


def test_calls_nobody_needs_and_their_weights_are_left_out() -> None:
    used, maker = make_operation("used"), GraphMaker(x=(2,))
    maker.call(used, maker.inputs["x"])
    wanted = maker.call(used, maker.inputs["x"])
    maker.call(make_operation("unused", "a class nobody knows"), maker.inputs["x"])

    topology = build_topology(maker.finish(wanted))

    assert list(_layers(topology)) == ["x", "used"]
    assert len(_layers(topology)["used"]["inbound_nodes"]) == 1
    assert list(topology.arrays) == ["used/kernel", "used/bias"]


def test_equal_names_in_nested_models_are_told_apart() -> None:
    topology = build_topology(chain(make_operation("m1/d"), make_operation("m2/d")))

    assert list(topology.arrays) == ["d/kernel", "d/bias", "d_1/kernel", "d_1/bias"]


def test_a_layer_that_is_dropped_hands_on_what_it_takes() -> None:
    topology = build_topology(chain(make_operation("d"), make_operation("noise", "GaussianNoise", stddev=0.1)))

    assert list(_layers(topology)) == ["x", "d"]
    assert dict((name, classes) for name, _, classes in topology.translated) == {"d": ("Dense",), "noise": ()}


def test_an_output_that_is_an_input_or_repeated_gets_a_layer_of_its_own() -> None:
    maker = GraphMaker(x=(2,))
    made = maker.call(make_operation("d"), maker.inputs["x"])

    topology = build_topology(maker.finish(maker.inputs["x"], made, made))

    assert [named.name for named in topology.outputs] == ["x_output", "d", "d_output"]


def test_a_layer_shared_between_shapes_becomes_two_with_the_same_weights() -> None:
    maker = GraphMaker(x=(4, 2), y=(None, 2))
    flatten = make_operation("flatten", "Flatten", data_format="channels_last")
    first = maker.call(flatten, maker.inputs["x"])
    second = maker.call(flatten, maker.inputs["y"])

    topology = build_topology(maker.finish(first, second))

    classes = {name: layer["class_name"] for name, layer in _layers(topology).items()}
    assert classes == {"x": "InputLayer", "y": "InputLayer", "flatten": "Flatten", "flatten_1": "Reshape"}


@pytest.mark.parametrize(
    ("graph", "said"),
    [
        pytest.param(chain(make_operation("odd", "pets>Cat")), 'Layer "odd" .*is a custom class', id="custom"),
        pytest.param(chain(make_operation("odd", "Lambda")), 'Layer "odd" .*code of its own', id="code"),
        pytest.param(chain(make_operation("odd", "GroupNormalization")), "normalizes in a way", id="no counterpart"),
        pytest.param(chain(make_operation("odd", tomorrow=3)), "has tomorrow=3", id="an argument of tomorrow"),
        pytest.param(
            chain(make_operation("odd", activation="exponential")), "the activation exponential", id="activation"
        ),
    ],
)
def test_what_cannot_be_expressed_is_named(graph: ModelGraph, said: str) -> None:
    with pytest.raises(UnsupportedLayer, match=said):
        build_topology(graph)


@pytest.mark.parametrize("tensor", [Tensor((None,)), Tensor((None, 2), "string")], ids=["a number alone", "text"])
def test_an_input_tensorflow_js_cannot_hold_is_refused(tensor: Tensor) -> None:
    with pytest.raises(UnsupportedLayer, match='Layer "x" .*is an input of shape'):
        build_topology(ModelGraph("model", (), (tensor,), (tensor,), ("x",), ("x",)))


@pytest.mark.parametrize(
    ("keras", "tfjs"), [("float64", "float32"), ("int64", "int32"), ("uint8", "int32"), ("bool", "bool")]
)
def test_inputs_have_the_dtypes_of_tensorflow_js(keras: str, tfjs: str) -> None:
    tensor = Tensor((None, 2), keras)

    topology = build_topology(ModelGraph("model", (), (tensor,), (tensor,), ("x",), ("x",)))

    assert _layers(topology)["x"]["config"] == {
        "name": "x",
        "trainable": True,
        "batch_input_shape": [None, 2],
        "dtype": tfjs,
    }


def test_weights_stay_as_they_are() -> None:
    topology = build_topology(chain(make_operation("d")))

    np.testing.assert_array_equal(topology.arrays["d/kernel"], np.ones((2, 2)))
