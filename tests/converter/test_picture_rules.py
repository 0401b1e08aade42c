"""Rules of layers that look at pictures; for shapes Keras is the oracle."""

from itertools import product
from typing import Any

import keras
import pytest

from converter.layer_rules import RULES, check_arguments
from converter.pieces import SOURCE, DoesNotFit

PICTURE = (None, 7, 9, 3)
SHAPES = [PICTURE, (None, 2, 9, 3), (None, None, 5, 3)]
WINDOWS: list[Any] = [1, 2, 3, 7, 8, (1, 4), (5, 2)]
STRIDES: list[Any] = [1, 2, 3, (1, 3)]


def _shape(class_name: str, shape: tuple[int | None, ...], **given: object) -> tuple[int | None, ...] | None:
    """What our rule says of a layer: the shape it makes, or None when it cannot take such an input."""
    try:
        return RULES[class_name].output_shape(check_arguments("x", class_name, given), shape)
    except DoesNotFit:
        return None


def _shape_of_keras(class_name: str, shape: tuple[int | None, ...], **given: Any) -> tuple[int | None, ...] | None:
    try:
        answer = getattr(keras.layers, class_name)(**given)(keras.Input(batch_shape=shape))
    except ValueError:
        return None
    return tuple(answer.shape)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_a_convolution_makes_the_shape_it_makes_in_keras(shape: tuple[int | None, ...], padding: str) -> None:
    for window, strides, gaps in product(WINDOWS, STRIDES, [1, 2, (3, 1)]):
        given = {"kernel_size": window, "strides": strides, "dilation_rate": gaps, "padding": padding, "filters": 4}

        assert _shape("Conv2D", shape, **given) == _shape_of_keras("Conv2D", shape, **given), given


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("class_name", ["MaxPooling2D", "AveragePooling2D"])
def test_pooling_makes_the_shape_it_makes_in_keras(
    class_name: str, shape: tuple[int | None, ...], padding: str
) -> None:
    for window, strides in product(WINDOWS, [None, *STRIDES]):
        given = {"pool_size": window, "strides": strides, "padding": padding}

        assert _shape(class_name, shape, **given) == _shape_of_keras(class_name, shape, **given), given


@pytest.mark.parametrize("shape", [*SHAPES, (None, 3), (None, 4, 3), (None, 2, 2, 2, 3), (2, 3, 4)], ids=str)
@pytest.mark.parametrize(
    ("class_name", "given"),
    [("Flatten", {}), ("GlobalAveragePooling2D", {}), ("GlobalAveragePooling2D", {"keepdims": True})],
    ids=str,
)
def test_flattening_makes_the_shape_it_makes_in_keras(
    class_name: str, given: dict[str, Any], shape: tuple[int | None, ...]
) -> None:
    assert _shape(class_name, shape, **given) == _shape_of_keras(class_name, shape, **given)


@pytest.mark.parametrize(
    ("class_name", "given"),
    [
        ("Conv2D", {"filters": 1, "kernel_size": 1}),
        ("MaxPooling2D", {}),
        ("AveragePooling2D", {"pool_size": 1}),
        ("GlobalAveragePooling2D", {}),
    ],
)
@pytest.mark.parametrize("shape", [(None, 9), (None, 9, 9), (None, 9, 9, 9, 9)], ids=str)
def test_only_a_picture_is_looked_at(class_name: str, given: dict[str, object], shape: tuple[int | None, ...]) -> None:
    assert _shape(class_name, shape, **given) is None


@pytest.mark.parametrize(("use_bias", "names"), [(True, ["kernel", "bias"]), (False, ["kernel"])])
def test_a_convolution_keeps_its_numbers(use_bias: bool, names: list[str]) -> None:
    given = {"filters": 4, "kernel_size": [3, 2], "strides": 2, "padding": "same", "use_bias": use_bias}
    arguments = check_arguments("c", "Conv2D", {**given, "activation": "silu"})

    (piece,) = RULES["Conv2D"].translate(arguments, PICTURE)

    assert piece.config == {
        "filters": 4,
        "kernel_size": (3, 2),
        "strides": (2, 2),
        "padding": "same",
        "data_format": "channels_last",
        "dilation_rate": (1, 1),
        "activation": "swish",
        "use_bias": use_bias,
    }
    assert [name for name, _ in piece.weights] == names
    assert dict(piece.weights)["kernel"] == (3, 2, 3, 4)


def test_a_pool_goes_by_its_own_size_unless_told_otherwise() -> None:
    (piece,) = RULES["MaxPooling2D"].translate(check_arguments("p", "MaxPooling2D", {"pool_size": [3, 2]}), PICTURE)

    assert (piece.config["pool_size"], piece.config["strides"]) == ((3, 2), (3, 2))


@pytest.mark.parametrize(
    ("shape", "class_names"),
    [((None, 3), []), ((None, 4, 3), ["Flatten"]), (PICTURE, ["Flatten"]), ((None, None, 3), ["Reshape"])],
    ids=str,
)
def test_flattening_is_left_out_or_said_in_another_way_where_tensorflow_js_refuses_it(
    shape: tuple[int | None, ...], class_names: list[str]
) -> None:
    pieces = RULES["Flatten"].translate(check_arguments("f", "Flatten", {}), shape)

    assert [piece.class_name for piece in pieces] == class_names


def test_axes_that_are_kept_are_put_back() -> None:
    arguments = check_arguments("g", "GlobalAveragePooling2D", {"keepdims": True})

    average, put_back = RULES["GlobalAveragePooling2D"].translate(arguments, PICTURE)

    assert (average.takes, put_back.takes) == ((SOURCE,), (0,))
    assert put_back.config == {"target_shape": [1, 1, 3]}


@pytest.mark.parametrize(
    ("class_name", "given", "work"),
    [
        # 5 by 7 places, 3 by 3 pixels, 3 channels, 4 filters
        ("Conv2D", {"filters": 4, "kernel_size": 3}, 16 * 5 * 7 * 9 * 3 * 4),
        ("MaxPooling2D", {"pool_size": 2}, 16 * 3 * 4 * 3 * 4),
        ("Flatten", {}, 0),
    ],
)
def test_the_work_of_a_call_is_what_it_multiplies(class_name: str, given: dict[str, object], work: int) -> None:
    rule, arguments = RULES[class_name], check_arguments("x", class_name, given)
    shape = (16, 7, 9, 3)

    assert rule.work(arguments, shape, rule.output_shape(arguments, shape)) == work
