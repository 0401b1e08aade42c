"""Only what nobody else reads is fused, and fusing can be undone."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers

from converter.graph_fallback import build_graph_model
from converter.graph_fallback.fusion import taken_apart
from converter.graph_fallback.products import owner
from converter.graph_fallback.topology import with_arrays
from tests.converter.graph_fallback.cases import operations


def test_a_result_that_somebody_else_reads_is_not_fused_away() -> None:
    given = keras.Input((4,))
    made = layers.Dense(3)(given)

    kinds = operations(build_graph_model(keras.Model(given, [layers.ReLU()(made), layers.Activation("tanh")(made)])))

    assert {"Relu", "Tanh"} <= kinds


def test_a_sum_of_two_results_is_not_taken_for_a_bias() -> None:
    given = keras.Input((4,))
    made = layers.Dense(4, use_bias=False)(given)

    kinds = operations(build_graph_model(keras.Model(given, layers.Add()([made, given]))))

    assert {"MatMul", "AddV2"} <= kinds
    assert "_FusedMatMul" not in kinds


def test_an_output_keeps_its_value_when_the_next_layer_is_fused() -> None:
    given = keras.Input((4,))
    made = layers.Dense(3, bias_initializer="ones")(given)

    kinds = operations(build_graph_model(keras.Model(given, [made, layers.ReLU()(made)])))

    assert {"_FusedMatMul", "Relu"} <= kinds


def test_fused_nodes_taken_apart_are_ordinary_ones_again() -> None:
    model = keras.Sequential([keras.Input((6, 6, 2)), layers.Conv2D(3, 2, activation="relu", bias_initializer="ones")])
    made = build_graph_model(model)

    apart = taken_apart(with_arrays(made.topology, made.arrays))

    assert [node.op for node in apart.node if node.op not in ("Const", "Placeholder", "Identity")] == [
        "Conv2D",
        "BiasAdd",
        "Relu",
    ]


def test_leaky_relu_keeps_its_slope_when_fused() -> None:
    model = keras.Sequential(
        [keras.Input((2,)), layers.Dense(2, bias_initializer="ones"), layers.LeakyReLU(negative_slope=0.3)]
    )

    made = build_graph_model(model)

    (fused,) = (node for node in made.topology["node"] if node["op"] == "_FusedMatMul")
    assert np.isclose(fused["attr"]["leakyrelu_alpha"]["f"], 0.3)


def test_the_owner_of_a_tensor_is_the_node_before_the_colon() -> None:
    assert [owner(name) for name in ("a/b", "a/b:1", "^a/b")] == ["a/b"] * 3
