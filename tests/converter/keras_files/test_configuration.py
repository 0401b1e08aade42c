"""Untrusted configurations become checked models."""

from typing import Any

import pytest

from converter.errors import InputRefused
from converter.keras_files.checked_model import CheckedCall, TensorRef
from converter.keras_files.configuration import parse_configuration
from converter.keras_files.sharing import find_twins
from tests.converter.keras_files.handmade import (
    called,
    make_call,
    make_dense,
    make_functional,
    make_input,
    make_layer,
    make_operation,
    make_sequential,
)

X = TensorRef("x", 0, 0)


def _functional(*layers: dict[str, Any], output: str = "dense") -> Any:
    return make_functional([make_input("x"), *layers], [["x", 0, 0]], [[output, 0, 0]])


def test_a_sequential_model_is_a_chain() -> None:
    model = parse_configuration(make_sequential(make_input("x"), make_dense("a", 3), make_dense("b")))

    assert [layer.name for layer in model.layers] == ["x", "a", "b"]
    assert model.inputs == X
    assert model.layers[1].arguments["units"] == 3


def test_a_sequential_model_may_keep_its_input_shape_beside_its_layers() -> None:
    model = parse_configuration(make_sequential(make_dense("input"), build_input_shape=[None, 2]))

    assert [layer.name for layer in model.layers] == ["input_", "input"]
    assert model.layers[0].arguments == {"batch_shape": (None, 2)}


def test_how_weights_began_and_are_trained_is_forgotten() -> None:
    evil = {"module": "os", "class_name": "system", "config": "x"}
    dense = make_dense(kernel_initializer=evil, bias_regularizer=evil, kernel_constraint=evil, seed=evil)

    model = parse_configuration(make_sequential(make_input("x"), dense))

    assert set(model.layers[1].arguments) == {"units", "activation", "use_bias", "dtype"}


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        (["dense", 0, 0], TensorRef("dense", 0, 0)),
        ([["dense", 0, 0]], [TensorRef("dense", 0, 0)]),
        ({"y": ["dense", 0, 0]}, {"y": TensorRef("dense", 0, 0)}),
    ],
    ids=["single", "list", "dictionary"],
)
def test_outputs_keep_their_form(outputs: object, expected: object) -> None:
    layers = [make_input("x"), called(make_dense(), make_call(("x", 0, 0)))]

    assert parse_configuration(make_functional(layers, ["x", 0, 0], outputs)).outputs == expected


def test_calls_are_ordered_by_what_they_take() -> None:
    last = called(make_dense("last"), make_call(("first", 0, 0)))
    first = called(make_dense("first"), make_call(("x", 0, 0)))

    model = parse_configuration(_functional(last, first, output="last"))

    assert [model.layers[number].name for number, _ in model.order] == ["x", "first", "last"]


def test_outputs_of_a_functional_model_inside_are_counted_from_one() -> None:
    """As Keras writes them, unlike every other tensor."""
    inner = make_functional(
        [make_input("a"), called(make_dense(), make_call(("a", 0, 0)))], ["a", 0, 0], ["dense", 0, 0]
    )
    layers = [make_input("x"), called(inner, make_call(("x", 0, 0)))]

    model = parse_configuration(make_functional(layers, ["x", 0, 0], [["model", 1, 0]], name="outer"))

    assert model.outputs == [TensorRef("model", 0, 0)]


def test_functions_and_layers_of_one_name_are_told_apart() -> None:
    call = {"args": [*make_call(("x", 0, 0))["args"], 2.5], "kwargs": {}}

    model = parse_configuration(_functional(called(make_operation("Add", "dense"), call)))

    assert model.layers[1].is_operation
    assert model.layers[1].calls == (CheckedCall((), {"x1": X, "x2": 2.5}),)


def test_without_modules_a_function_is_told_by_what_is_not_written_about_it() -> None:
    """Keras 3 writes no modules into .h5 files."""
    operation = called(make_operation("Add", "dense"), {"args": [*make_call(("x", 0, 0))["args"], 1], "kwargs": {}})
    layer = called(make_layer("Add", "sum"), {"args": [make_call(("x", 0, 0))["args"] * 2], "kwargs": {}})
    for entry in (operation, layer):
        entry.pop("module")
        entry.pop("registered_name")
    last = called(make_dense("last"), make_call(("sum", 0, 0)))

    assert parse_configuration(_functional(operation)).layers[1].is_operation
    assert not parse_configuration(_functional(layer, last, output="last")).layers[1].is_operation


def test_ranges_and_dots_between_brackets_are_understood() -> None:
    key = [
        {"class_name": "__ellipsis__", "config": {}},
        {"class_name": "__slice__", "config": {"start": 1, "stop": None, "step": -1}},
        None,
    ]
    call = {"args": [*make_call(("x", 0, 0))["args"], key], "kwargs": {}}

    model = parse_configuration(_functional(called(make_operation("GetItem", "dense"), call)))

    assert model.layers[1].calls[0].options["key"] == (Ellipsis, slice(1, None, -1), None)


@pytest.mark.parametrize(
    "key",
    [
        [[0, 1]],
        "x",
        0.5,
        {"class_name": "__slice__", "config": {"start": "x"}},
        {"class_name": "__lambda__", "config": {"value": "x"}},
        {"class_name": "__numpy__", "config": {"value": [0], "dtype": "int32"}},
    ],
)
def test_anything_else_between_brackets_is_refused(key: object) -> None:
    call = {"args": [*make_call(("x", 0, 0))["args"], key], "kwargs": {}}

    with pytest.raises(InputRefused):
        parse_configuration(_functional(called(make_operation("GetItem", "dense"), call)))


@pytest.mark.parametrize(
    "array",
    [
        {"value": [[1], [2, 3]], "dtype": "float32"},
        {"value": ["x"], "dtype": "float32"},
        {"value": [1], "dtype": "object"},
        {"value": [300], "dtype": {}},
        {"value": {"a": 1}, "dtype": "float32"},
        {},
    ],
)
def test_an_array_that_is_none_is_refused(array: object) -> None:
    call = {"args": [*make_call(("x", 0, 0))["args"], {"class_name": "__numpy__", "config": array}], "kwargs": {}}

    with pytest.raises(InputRefused):
        parse_configuration(_functional(called(make_operation("Add", "dense"), call)))


def test_an_entry_with_a_new_number_is_the_one_earlier_entry_that_says_the_same() -> None:
    marked = {**make_dense("both"), "shared_object_id": 7}
    layers = [
        make_input("x"),
        called(make_sequential(make_input("a"), make_dense("both"), name="one"), make_call(("x", 0, 0))),
        called(make_sequential(make_input("a", 1), marked, name="two"), make_call(("one", 0, 0))),
    ]

    model = parse_configuration(make_functional(layers, ["x", 0, 0], ["two", 0, 0]))

    first, second = (layer.inner.layers[1] for layer in model.layers[1:] if layer.inner is not None)
    assert find_twins(model) == {id(second): first}
