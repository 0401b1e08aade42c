"""Rules of the layers that look at pictures: [batch, height, width, channels], channels last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from converter.activations import activated, parse_activation
from converter.arguments import (
    COMMON,
    COMMON_IGNORED,
    Arguments,
    ignored_of,
    parse_data_format,
    parse_flag,
    parse_groups,
    parse_nothing,
    parse_padding,
    parse_sides,
    parse_sides_or_nothing,
    parse_units,
)
from converter.model_config import Shape
from converter.pieces import DoesNotFit, LayerRule, Piece, after, in_a_row, known_size, numbers_of

Sides = tuple[int, int]


def _picture(shape: Shape) -> Shape:
    if len(shape) != 4:
        raise DoesNotFit("input", "a picture, [batch, height, width, channels]", shape)
    return shape


def _places(shape: Shape, window: Sides, strides: Sides, padding: object) -> tuple[int | None, int | None]:
    """Rows and columns of the places of a window, as TensorFlow counts them; None where a side is not known."""
    rows, columns = (
        _places_along(size, side, stride, padding)
        for size, side, stride in zip(_picture(shape)[1:3], window, strides, strict=True)
    )
    return rows, columns


def _places_along(size: int | None, side: int, stride: int, padding: object) -> int | None:
    if size is None:
        return None
    if padding == "same":
        return -(-size // stride)
    if size < side:
        raise DoesNotFit("input", f"at least {side} pixels along each side of the window", size)
    return (size - side) // stride + 1


# ---- Convolution ----------------------------------------------------------------------------------------------


def _dilated_window(arguments: Arguments) -> Sides:
    """What a kernel covers with the gaps between its pixels."""
    kernel, dilation = cast(Sides, arguments["kernel_size"]), cast(Sides, arguments["dilation_rate"])
    height, width = ((side - 1) * gap + 1 for side, gap in zip(kernel, dilation, strict=True))
    return height, width


def _convolution_shape(arguments: Arguments, shape: Shape) -> Shape:
    strides, dilation = cast(Sides, arguments["strides"]), cast(Sides, arguments["dilation_rate"])
    if max(strides) > 1 and max(dilation) > 1:
        raise DoesNotFit("strides", "1 beside a dilation_rate", strides)
    places = _places(shape, _dilated_window(arguments), strides, arguments["padding"])
    known_size(shape[-1])
    return (shape[0], *places, cast(int, arguments["filters"]))


def _kernel_shape(arguments: Arguments, shape: Shape) -> tuple[int, int, int, int]:
    height, width = cast(Sides, arguments["kernel_size"])
    return height, width, known_size(shape[-1]), cast(int, arguments["filters"])


def _translate_convolution(arguments: Arguments, shape: Shape) -> tuple[Piece, ...]:
    activation, rest = activated(str(arguments["activation"]))
    kernel = ("kernel", _kernel_shape(arguments, shape))
    weights = (kernel, ("bias", (kernel[1][-1],))) if arguments["use_bias"] else (kernel,)
    config = {
        "filters": arguments["filters"],
        "kernel_size": arguments["kernel_size"],
        "strides": arguments["strides"],
        "padding": arguments["padding"],
        "data_format": "channels_last",
        "dilation_rate": arguments["dilation_rate"],
        "activation": activation,
        "use_bias": arguments["use_bias"],
    }
    return after(Piece("Conv2D", config, weights=weights), rest)


def _convolution_work(arguments: Arguments, shape: Shape, answer: Shape) -> int:
    height, width, channels, _ = _kernel_shape(arguments, shape)
    return numbers_of(answer) * height * width * channels


# ---- Pooling and flattening -----------------------------------------------------------------------------------


def _pool(arguments: Arguments) -> tuple[Sides, Sides]:
    """Size of the window, and how far it goes each time: by default its own size."""
    size = cast(Sides, arguments["pool_size"])
    return size, cast(Sides, arguments["strides"] or size)


def _pooled_shape(arguments: Arguments, shape: Shape) -> Shape:
    places = _places(shape, *_pool(arguments), arguments["padding"])
    return (shape[0], *places, shape[-1])


def _pooling(class_name: str, **defaults: object) -> LayerRule:
    def translate(arguments: Arguments, _shape: Shape) -> tuple[Piece, ...]:
        size, strides = _pool(arguments)
        config = {
            "pool_size": size,
            "strides": strides,
            "padding": arguments["padding"],
            "data_format": "channels_last",
        }
        return (Piece(class_name, config),)

    return LayerRule(
        {
            **COMMON,
            "pool_size": parse_sides,
            "strides": parse_sides_or_nothing,
            "padding": parse_padding,
            "data_format": parse_data_format,
        },
        COMMON_IGNORED,
        translate,
        _pooled_shape,
        defaults={"strides": None, "padding": "valid", "data_format": None, **defaults},
        required=frozenset({"pool_size"} - set(defaults)),
        work=_pooling_work,
    )


def _pooling_work(arguments: Arguments, _shape: Shape, answer: Shape) -> int:
    (height, width), _ = _pool(arguments)
    return numbers_of(answer) * height * width


def _averaged_shape(arguments: Arguments, shape: Shape) -> Shape:
    batch, _, _, channels = _picture(shape)
    return (batch, 1, 1, channels) if arguments["keepdims"] else (batch, channels)


def _translate_average(arguments: Arguments, shape: Shape) -> tuple[Piece, ...]:
    average = Piece("GlobalAveragePooling2D", {"data_format": "channels_last"})
    if not arguments["keepdims"]:
        return (average,)
    # TF.js drops the two axes whatever it is told.
    return in_a_row(average, Piece("Reshape", {"target_shape": [1, 1, known_size(shape[-1])]}))


def _flat_shape(_arguments: Arguments, shape: Shape) -> Shape:
    return shape[0], None if None in shape[1:] else numbers_of(shape[1:])


def _translate_flatten(_arguments: Arguments, shape: Shape) -> tuple[Piece, ...]:
    if len(shape) == 2:
        return ()  # TF.js refuses to flatten what is flat
    if None in shape[1:]:
        return (Piece("Reshape", {"target_shape": [-1]}),)
    return (Piece("Flatten", {"data_format": "channels_last"}),)


PICTURE_RULES: Mapping[str, LayerRule] = {
    "AveragePooling2D": _pooling("AveragePooling2D"),
    "Conv2D": LayerRule(
        {
            **COMMON,
            "filters": parse_units,
            "kernel_size": parse_sides,
            "strides": parse_sides,
            "padding": parse_padding,
            "data_format": parse_data_format,
            "dilation_rate": parse_sides,
            "groups": parse_groups,
            "activation": parse_activation,
            "use_bias": parse_flag,
            "lora_rank": parse_nothing,
            "quantization_config": parse_nothing,
        },
        COMMON_IGNORED | ignored_of("kernel", "bias") | {"lora_alpha"},
        _translate_convolution,
        _convolution_shape,
        defaults={
            "strides": (1, 1),
            "padding": "valid",
            "data_format": None,
            "dilation_rate": (1, 1),
            "groups": 1,
            "activation": None,
            "use_bias": True,
        },
        required=frozenset({"filters", "kernel_size"}),
        work=_convolution_work,
    ),
    "Flatten": LayerRule(
        {**COMMON, "data_format": parse_data_format},
        COMMON_IGNORED,
        _translate_flatten,
        _flat_shape,
        defaults={"data_format": None},
    ),
    "GlobalAveragePooling2D": LayerRule(
        {**COMMON, "data_format": parse_data_format, "keepdims": parse_flag},
        COMMON_IGNORED,
        _translate_average,
        _averaged_shape,
        defaults={"data_format": None, "keepdims": False},
    ),
    "MaxPooling2D": _pooling("MaxPooling2D", pool_size=(2, 2)),
}
