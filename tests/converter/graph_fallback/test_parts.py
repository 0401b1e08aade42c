"""The small parts: names, equations, lists of operations, and graphs that are taken apart and put together."""

from __future__ import annotations

import json

import keras
import numpy as np
import pytest
from keras import layers

from converter.graph_fallback import build_graph_model, evaluate
from converter.graph_fallback.interface import narrowed, read_interface
from converter.graph_fallback.origins import Origins, plain, readable
from converter.graph_fallback.rules import RULES
from converter.graph_fallback.rules.contractions import labelled
from converter.graph_fallback.supported import can_run, listed_operations
from tests.converter.graph_fallback.cases import functional, sequential


@pytest.mark.parametrize(
    ("name", "written"),
    [("dense_1", "dense_1"), ("a b", "a_b"), ("Größe", "Groe"), ("_x", "x"), ("1st", "n_1st"), ("…", "n")],
)
def test_names_are_written_with_letters_that_tensorflow_takes(name: str, written: str) -> None:
    assert plain(name) == written


def test_a_node_tells_its_innermost_layer() -> None:
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1, name="a"), layers.Dense(1, name="a_1")], name="whole")
    origins = Origins.of_layers(model.layers, model)

    scope = origins.scope_of(model.layers[1])

    assert origins.owner_of(f"whole..L0_1/{scope}_2/MatMul") == ("a_1", "Dense")
    assert origins.owner_of("whole..L0_1/add") == ("whole", "Sequential")
    assert readable(f"whole..L0_1/{scope}_2/MatMul") == "whole/a_1/MatMul"


@pytest.mark.parametrize(
    ("equation", "ranks", "terms", "output"),
    [
        ("ij,jk->ik", [2, 2], ["ij", "jk"], "ik"),
        ("ij,jk", [2, 2], ["ij", "jk"], "ik"),
        ("...x,xy->...y", [3, 2], ["abx", "xy"], "aby"),
        ("...x,...x->...", [2, 3], ["bx", "abx"], "ab"),
    ],
)
def test_equations_are_read_as_labels(equation: str, ranks: list[int], terms: list[str], output: str) -> None:
    assert labelled(equation, ranks) == (terms, output)


def test_the_dtype_of_tensorflow_js_stands_for_that_of_keras() -> None:
    names = ["int8", "uint32", "int64", "bfloat16", "float64", "bool", "string", "complex128"]

    assert [narrowed(name) for name in names] == [
        *["int32"] * 3,
        *["float32"] * 2,
        "bool",
        "string",
        "complex64",
    ]


def test_a_model_with_code_of_its_own_has_the_inputs_it_was_built_with() -> None:
    class Own(keras.Model):
        def call(self, given: dict[str, object]) -> object:
            return given["left"] + given["right"]

    model = Own()
    model({"left": np.ones((2, 3), "float32"), "right": np.ones((2, 3), "float32")})

    read = read_interface(model).inputs

    assert [(tensor.name, tensor.shape) for tensor in read] == [
        ("given_left", (None, 3)),
        ("given_right", (None, 3)),
    ]


def test_operations_that_are_answered_wrongly_are_listed_and_not_used() -> None:
    assert {"MatrixBandPart", "Einsum", "ImageProjectiveTransformV3"} <= listed_operations()
    assert not any(map(can_run, ["MatrixBandPart", "Einsum", "ImageProjectiveTransformV3", "RandomUniform"]))
    assert all(map(can_run, ["MatMul", "Conv2D", "While"]))


def test_an_operation_that_tensorflow_js_does_not_know_needs_a_rule() -> None:
    assert {"Erfc", "Softsign", "Roll", "Bucketize", "Conv3DBackpropInputV2"} <= RULES.keys() - listed_operations()


def test_other_weights_change_the_answer_of_the_written_graph() -> None:
    model = functional((3,), layers.Dense(2, use_bias=False))()
    made = build_graph_model(model)
    ((name, kernel),) = ((name, array) for name, array in made.arrays.items() if array.ndim == 2)

    (doubled,) = evaluate(made, {**made.arrays, name: kernel * 2}, [np.ones((1, 3), "float32")])

    np.testing.assert_allclose(doubled, model.predict(np.ones((1, 3)), verbose=0) * 2, rtol=1e-6)


def test_a_missing_array_is_noticed() -> None:
    made = build_graph_model(sequential((3,), lambda: layers.Dense(2))())

    with pytest.raises(KeyError):
        evaluate(made, {}, [np.ones((1, 3), "float32")])


def test_the_topology_is_json_and_says_which_tensorflow_made_it() -> None:
    made = build_graph_model(sequential((None, 3), lambda: layers.GRU(2))())

    again = json.loads(json.dumps(made.topology))

    assert again == made.topology
    assert int(again["versions"]["producer"]) > 0
    assert all("tensorContent" not in json.dumps(node) for node in again["node"])
