"""What TensorFlow.js gets wrong or does not know is not in the files; what helps it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from converter.graph_fallback import build_graph_model
from tests.converter.graph_fallback.cases import functional, operations, sequential
from tests.converter.graph_fallback.model_cases import names_and_orders

REPLACED: dict[str, tuple[str, Callable[[], Any]]] = {
    "causal masks": (
        "MatrixBandPart",
        functional((None, 4), lambda x: layers.MultiHeadAttention(2, 3)(x, x, use_causal_mask=True)),
    ),
    "exact gelu": ("Erfc", sequential((4,), lambda: layers.Dense(4, activation="gelu"))),
    "softsign": ("Softsign", sequential((4,), lambda: layers.Dense(4, activation="softsign"))),
    "roll": ("Roll", functional((4,), lambda x: ops.roll(x, 1, axis=1))),
    "buckets": ("Bucketize", sequential((4,), lambda: layers.Discretization([0.0, 1.0]))),
    "bit patterns": ("Bitcast", functional((4,), lambda x: ops.argmax(x, axis=-1))),
    "sums of products": ("Einsum", functional((3, 4), lambda x: ops.einsum("...ij,...kj->...ik", x, x))),
    "transposed convolutions of volumes": (
        "Conv3DBackpropInputV2",
        sequential((3, 3, 3, 1), lambda: layers.Conv3DTranspose(2, 2)),
    ),
    "calls of compiled functions": (
        "StatefulPartitionedCall",
        sequential((5, 5, 4), lambda: layers.Conv2D(4, 2, groups=2)),
    ),
    "loops of recurrent layers": ("While", sequential((5, 3), lambda: layers.GRU(2))),
    "lists in loops of any length": ("TensorListReserve", sequential((None, 3), lambda: layers.GRU(2))),
    "random numbers nobody reads": (
        "StatelessRandomUniformV2",
        sequential((4, 4, 3), lambda: layers.RandomFlip(), lambda: layers.GaussianNoise(0.1)),
    ),
    "Fourier transforms": ("RFFT", functional((8,), ops.rfft)),
}


@pytest.mark.parametrize("trap", REPLACED)
def test_an_operation_that_tensorflow_js_cannot_be_trusted_with_is_replaced(trap: str) -> None:
    kind, make = REPLACED[trap]

    assert kind not in operations(build_graph_model(make()))


def _nodes(make: Callable[[], Any]) -> dict[str, Any]:
    return {node["op"]: node for node in build_graph_model(make()).topology["node"]}


@pytest.mark.parametrize("activation", ["tanh", "gelu", "hard_silu", "softplus"])
def test_an_activation_that_no_backend_fuses_stays_beside_its_layer(activation: str) -> None:
    fused = _nodes(sequential((4,), lambda: layers.Dense(4, activation=activation, bias_initializer="ones")))

    assert fused["_FusedMatMul"]["attr"]["fused_ops"]["list"]["s"] == ["Qmlhc0FkZA=="]  # BiasAdd


@pytest.mark.parametrize(
    ("layer", "kind"),
    [
        (lambda: layers.Dense(4, activation="relu", bias_initializer="ones"), "_FusedMatMul"),
        (lambda: layers.Conv2D(4, 2, activation="relu", bias_initializer="ones"), "_FusedConv2D"),
        (lambda: layers.DepthwiseConv2D(2, activation="relu", bias_initializer="ones"), "FusedDepthwiseConv2dNative"),
    ],
)
def test_bias_and_relu_are_fused_into_their_layer(layer: Callable[[], Any], kind: str) -> None:
    shape = (4,) if kind == "_FusedMatMul" else (5, 5, 3)

    fused = _nodes(sequential(shape, layer))

    assert fused[kind]["attr"]["fused_ops"]["list"]["s"] == ["Qmlhc0FkZA==", "UmVsdQ=="]  # BiasAdd, Relu
    assert "Relu" not in fused


def test_batch_normalization_becomes_a_part_of_the_convolution_before_it() -> None:
    convolution = sequential(
        (5, 5, 3), lambda: layers.Conv2D(4, 2, bias_initializer="ones"), lambda: layers.BatchNormalization()
    )

    made = _nodes(convolution)

    assert set(made) == {"Placeholder", "Const", "_FusedConv2D", "Identity"}


def test_inputs_and_outputs_keep_keras_order_and_names() -> None:
    made = build_graph_model(names_and_orders())

    assert list(made.signature["inputs"]) == ["größe", "ein gang", "unused"]
    assert list(made.signature["outputs"]) == [
        "tensor_2",
        "Schicht eins é",
        "Schicht eins é_1",
        "größe",
        "tensor_10",
    ]
    assert [tensor.name for tensor in made.inputs] == list(made.signature["inputs"])
    assert [tensor.name for tensor in made.outputs] == list(made.signature["outputs"])
    assert [tensor.shape for tensor in made.outputs] == [(None, 3)] * 4 + [(None, 2)]


def test_an_unused_input_is_still_an_input() -> None:
    made = build_graph_model(names_and_orders())

    placeholders = {node["name"] for node in made.topology["node"] if node["op"] == "Placeholder"}
    assert placeholders == {entry["name"].removesuffix(":0") for entry in made.signature["inputs"].values()}


def test_each_output_has_a_node_of_its_own() -> None:
    made = build_graph_model(names_and_orders())

    nodes = [entry["name"] for entry in made.signature["outputs"].values()]
    assert len(set(nodes)) == 5


@pytest.mark.parametrize(
    ("keras_dtype", "dtype"),
    [("int64", "int32"), ("uint8", "int32"), ("float16", "float32"), ("float64", "float32"), ("bool", "bool")],
)
def test_numbers_narrow_to_what_tensorflow_js_has(keras_dtype: str, dtype: str) -> None:
    made = build_graph_model(functional((3,), lambda x: ops.concatenate([x, x]), dtype=keras_dtype)())

    assert (made.inputs[0].dtype, made.outputs[0].dtype) == (dtype, dtype)
    assert {array.dtype.name for array in made.arrays.values()} <= {"float32", "int32", "bool"}


def test_nodes_are_named_after_their_layers() -> None:
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(2, name="zwölf Stück")], name="inner")

    made = build_graph_model(keras.Sequential([keras.Input((3,)), inner]))

    assert "inner/zwolf_Stuck/MatMul" in {node["name"] for node in made.topology["node"]}


def test_the_same_model_gives_the_same_file_each_time() -> None:
    model = functional((None, 3), lambda x: layers.Dense(2, activation="gelu")(layers.LSTM(3)(x)))()

    first, second = build_graph_model(model), build_graph_model(model)

    assert first.topology == second.topology
    assert list(first.arrays) == list(second.arrays)


def test_a_model_is_left_as_it_was() -> None:
    model = functional((5, 3), lambda x: layers.Bidirectional(layers.GRU(2, dropout=0.2), name="a b")(x))()
    before = _changeable(model)

    build_graph_model(model)

    assert _changeable(model) == before
    assert np.isfinite(model(np.ones((1, 5, 3), "float32"))).all()


def _changeable(model: Any) -> list[Any]:
    """What a layer is called, how it loops, and what its seeds do."""
    return [
        (layer.name, "inner_loop" in vars(layer), [set(vars(seeds)) for seeds in layer._seed_generators])
        for layer in model._flatten_layers()
    ]


def test_notes_say_what_was_done() -> None:
    unrolled = build_graph_model(sequential((5, 3), lambda: layers.Bidirectional(layers.GRU(2)))())
    endless = build_graph_model(sequential((None, 3), lambda: layers.GRU(2))())
    halved = build_graph_model(sequential((3,), lambda: layers.Dense(2, dtype="mixed_float16"))())

    assert unrolled.notes == ("2 recurrent layers unrolled",)
    assert endless.notes == ("loops or results of unknown size are left: run it with executeAsync",)
    assert halved.notes == ("computes in float32 instead of float16",)


class RandomOnOneSide(layers.Layer):
    """Draws numbers in a branch and throws them away."""

    def __init__(self) -> None:
        super().__init__()
        self.seeds = keras.random.SeedGenerator(1)

    def call(self, given: Any) -> Any:
        def noisy() -> Any:
            keras.random.normal(ops.shape(given), seed=self.seeds)
            return given * 2

        return ops.cond(ops.sum(given) > 0, noisy, lambda: given)


def test_what_a_branch_does_not_return_is_not_looked_at() -> None:
    made = build_graph_model(functional((3,), lambda x: RandomOnOneSide()(x))())

    assert not [kind for kind in operations(made) if "Random" in kind]
