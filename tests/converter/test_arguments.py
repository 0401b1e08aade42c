"""Arguments of layers: what is taken, and what is refused."""

from typing import Any

import pytest

from converter import arguments
from converter.arguments import MAX_UNITS, MAX_WINDOW, Argument, Parser, ignored_of
from converter.errors import InputRefused, UnsupportedLayer

HERE = Argument("look", "Conv2D", "argument")
JUNK: list[Any] = ["text", [], {}, [1], [[1, 1]], 1e400, float("nan"), object(), b"1", {"class_name": "x"}]

TAKEN: list[tuple[Parser, object, object]] = [
    (arguments.parse_units, 1, 1),
    (arguments.parse_units, MAX_UNITS, MAX_UNITS),
    (arguments.parse_flag, True, True),
    (arguments.parse_flag, False, False),
    (arguments.parse_share, 0, 0.0),
    (arguments.parse_share, 1.0, 1.0),
    (arguments.parse_nothing, None, None),
    (arguments.parse_nothing, False, None),
    (arguments.parse_dtype_policy, "float32", "float32"),
    (arguments.parse_dtype_policy, None, "float32"),
    (arguments.parse_dtype_policy, {"class_name": "DTypePolicy", "config": {"name": "float32"}}, "float32"),
    (arguments.parse_batch_shape, [None, 2], (None, 2)),
    (arguments.parse_batch_shape, (4, None, MAX_UNITS), (4, None, MAX_UNITS)),
    (arguments.parse_axis, -1, -1),
    (arguments.parse_axis, 3, 3),
    (arguments.parse_sides, 3, (3, 3)),
    (arguments.parse_sides, [1, MAX_WINDOW], (1, MAX_WINDOW)),
    (arguments.parse_sides, (2, 3), (2, 3)),
    (arguments.parse_sides_or_nothing, None, None),
    (arguments.parse_sides_or_nothing, [2, 2], (2, 2)),
    (arguments.parse_padding, "valid", "valid"),
    (arguments.parse_padding, "same", "same"),
    (arguments.parse_data_format, None, "channels_last"),
    (arguments.parse_data_format, "channels_last", "channels_last"),
    (arguments.parse_groups, 1, 1),
]
REFUSED: list[tuple[Parser, list[Any]]] = [
    (arguments.parse_units, [0, -1, MAX_UNITS + 1, True, 1.0, None]),
    (arguments.parse_flag, [0, 1, None]),
    (arguments.parse_share, [-0.1, 1.1, True, None]),
    (arguments.parse_nothing, [True, 0, 1]),
    (arguments.parse_dtype_policy, ["float16", "mixed_float16", {"class_name": "DTypePolicy", "config": None}]),
    (
        arguments.parse_batch_shape,
        [[None], [None, 0], [None, -1], [None, True], [None] * 9, [None, MAX_UNITS + 1], None],
    ),
    (arguments.parse_axis, [True, 9, -9, 1.0, None, [1, 2]]),
    (arguments.parse_sides, [0, -1, True, [3, 0], [3, True], [3, 3, 3], 2.0, [2.0, 2], MAX_WINDOW + 1, "33", None]),
    (arguments.parse_sides_or_nothing, [0, True, [1]]),
    (arguments.parse_padding, ["VALID", "causal", None, 1]),
    (arguments.parse_data_format, ["channels_first", "last", 1, True]),
    (arguments.parse_groups, [0, 2, True, 1.0, None]),
]


def _name(value: object) -> str | None:
    return getattr(value, "__name__", None) or repr(value)[:30]


@pytest.mark.parametrize(("parse", "value", "taken"), TAKEN, ids=_name)
def test_a_value_that_fits_is_taken(parse: Parser, value: object, taken: object) -> None:
    parsed = parse(value, HERE)

    assert (parsed, type(parsed)) == (taken, type(taken))


@pytest.mark.parametrize(
    ("parse", "value"), [(parse, value) for parse, values in REFUSED for value in [*values, *JUNK]], ids=_name
)
def test_another_value_is_refused_in_one_line_that_names_the_layer(parse: Parser, value: object) -> None:
    with pytest.raises(InputRefused, match='Layer "look"') as caught:
        parse(value, HERE)

    assert len(str(caught.value).splitlines()) == 1


def test_every_parser_is_tried() -> None:
    parsers = {value for name, value in vars(arguments).items() if name.startswith("parse_")}

    assert {parse for parse, *_ in TAKEN} == {parse for parse, _ in REFUSED} == parsers


@pytest.mark.parametrize(
    ("parse", "value"), [(arguments.parse_data_format, "channels_first"), (arguments.parse_groups, 4)], ids=_name
)
def test_what_keras_can_do_and_tensorflow_js_cannot_is_told_as_unsupported(parse: Parser, value: object) -> None:
    with pytest.raises(UnsupportedLayer, match="cannot be converted"):
        parse(value, HERE)


def test_how_weights_began_and_are_trained_is_ignored() -> None:
    assert ignored_of("kernel") == {"kernel_initializer", "kernel_regularizer", "kernel_constraint"}
