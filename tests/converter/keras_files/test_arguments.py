"""Arguments of layers: what is taken, and what is refused."""

from typing import Any

import pytest

from converter.errors import InputRefused, UnsupportedLayer
from converter.keras_files import arguments
from converter.keras_files.arguments import MAX_UNITS, MAX_WINDOW, Argument, Parser

HERE = Argument("look", "Conv2D", "argument", lambda value: ("layer", value["class_name"]))  # type: ignore[index]
JUNK: list[Any] = ["text", {}, [[[1], "x"]], 1e400, float("nan"), object(), b"1", {"class_name": "x"}, ["x"] * 50]

TAKEN: list[tuple[Parser, object, object]] = [
    (arguments.size, 1, 1),
    (arguments.size, MAX_UNITS, MAX_UNITS),
    (arguments.flag, True, True),
    (arguments.share, 0, 0),
    (arguments.share, 1.0, 1.0),
    (arguments.number(), -3.5, -3.5),
    (arguments.nothing, None, None),
    (arguments.nothing, False, None),
    (arguments.optional(arguments.size), None, None),
    (arguments.optional(arguments.size), 3, 3),
    (arguments.axes, -1, -1),
    (arguments.axes, [1, 2], (1, 2)),
    (arguments.list_of(arguments.size, 1, 2), [4], (4,)),
    (arguments.one_of("valid", "same"), "same", "same"),
    (arguments.batch_shape, [None, 2], (None, 2)),
    (arguments.batch_shape, (4,), (4,)),
    (arguments.sides(2), 3, (3, 3)),
    (arguments.sides(2), [1, MAX_WINDOW], (1, MAX_WINDOW)),
    (arguments.margins(2), 1, 1),
    (arguments.margins(2), [1, 2], (1, 2)),
    (arguments.margins(2), [[1, 2], [0, 3]], ((1, 2), (0, 3))),
    (arguments.margins(1), [1, 2], (1, 2)),
    (arguments.numbers, [[1, 2.5], [3]], [[1, 2.5], [3]]),
    (arguments.numbers, 0.5, 0.5),
    (arguments.dtype, "float32", "float32"),
    (arguments.dtype, "mixed_float16", "float32"),
    (arguments.dtype, "bfloat16", "float32"),
    (arguments.dtype, "float64", "float32"),
    (arguments.dtype, "int64", "int64"),
    (arguments.dtype, "bool", "bool"),
    (arguments.dtype, None, None),
    (arguments.dtype, {"class_name": "DTypePolicy", "config": {"name": "mixed_bfloat16"}}, "float32"),
    (
        arguments.dtype,
        {"class_name": "DTypePolicyMap", "config": {"default_policy": "float16", "policy_map": {}}},
        "float32",
    ),
    (arguments.activation, None, None),
    (arguments.activation, "gelu", "gelu"),
    (arguments.activation, {"module": "builtins", "class_name": "function", "config": "relu"}, "relu"),
    (arguments.activation, {"class_name": "LeakyReLU", "config": {}}, ("layer", "LeakyReLU")),
]

REFUSED: list[tuple[Parser, object]] = [
    (arguments.size, 0),
    (arguments.size, MAX_UNITS + 1),
    (arguments.size, True),
    (arguments.size, 1.0),
    (arguments.flag, 1),
    (arguments.share, 1.1),
    (arguments.share, True),
    (arguments.number(), 10**400),
    (arguments.nothing, 0),
    (arguments.axes, [1] * 9),
    (arguments.list_of(arguments.size, 1), []),
    (arguments.one_of("valid", "same"), ["same"]),
    (arguments.text, "a" * 501),
    (arguments.batch_shape, []),
    (arguments.batch_shape, [None] * 9),
    (arguments.batch_shape, [None, -1]),
    (arguments.sides(2), [1, 2, 3]),
    (arguments.margins(2), [[1, 2, 3], 1]),
    (arguments.numbers, [[[[[[[[[1]]]]]]]]]),
    (arguments.numbers, [0] * 100_001),
    (arguments.dtype, "complex64"),
    (arguments.dtype, []),
]


@pytest.mark.parametrize(("parser", "value", "expected"), TAKEN)
def test_a_good_value_is_taken(parser: Parser, value: object, expected: object) -> None:
    assert parser(value, HERE) == expected


@pytest.mark.parametrize(("parser", "value"), REFUSED)
def test_a_bad_value_is_refused_by_layer_argument_and_value(parser: Parser, value: object) -> None:
    with pytest.raises(InputRefused, match='Layer "look": "argument" should be .*, but is'):
        parser(value, HERE)


@pytest.mark.parametrize("parser", {id(parser): parser for parser, *_ in TAKEN}.values())
def test_junk_is_refused_and_nothing_worse(parser: Parser) -> None:
    is_greedy = parser in (arguments.numbers,)
    for junk in JUNK:
        try:
            taken = parser(junk, HERE)
        except InputRefused:
            continue
        assert is_greedy, taken


@pytest.mark.parametrize(
    "policy",
    [
        {"class_name": "QuantizedDTypePolicy", "config": {"mode": "int8"}},
        {
            "class_name": "DTypePolicyMap",
            "config": {"default_policy": "float32", "policy_map": {"a": "int8_from_float32"}},
        },
        "float8",
    ],
)
def test_quantized_layers_are_refused_as_such(policy: object) -> None:
    with pytest.raises(UnsupportedLayer, match="before quantizing"):
        arguments.dtype(policy, HERE)


@pytest.mark.parametrize(
    "function",
    [
        "tahn",
        3,
        {"class_name": "function", "config": "os.system"},
        {"module": "os", "class_name": "function"},
        ["relu"],
    ],
)
def test_an_activation_that_is_none_of_keras_is_refused(function: object) -> None:
    with pytest.raises(UnsupportedLayer, match=r"use a function of keras\.activations"):
        arguments.activation(function, HERE)


def test_every_activation_of_the_table_is_one_of_keras() -> None:
    import keras

    assert [name for name in arguments.ACTIVATIONS if not callable(getattr(keras.activations, name, None))] == []
