"""One rule per Keras layer: which arguments it may carry and which TF.js layers answer alike.

Initializers, regularizers and constraints are accepted from Keras, never looked at and never emitted: TF.js would
apply constraints to loaded weights again, and refuses to load classes it does not know. The layers that look at
pictures have their rules in `picture_rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from converter.activations import activated, parse_activation
from converter.arguments import (
    COMMON,
    COMMON_IGNORED,
    Argument,
    Arguments,
    ignored_of,
    parse_axis,
    parse_batch_shape,
    parse_flag,
    parse_nothing,
    parse_share,
    parse_units,
)
from converter.errors import InvalidConfiguration, UnsupportedLayer
from converter.model_config import Shape
from converter.picture_rules import PICTURE_RULES
from converter.pieces import DoesNotFit, LayerRule, Piece, after, in_a_row, known_size, numbers_of


def _same_shape(_arguments: Arguments, shape: Shape) -> Shape:
    return shape


# ---- Dense, activations, dropout, inputs ----------------------------------------------------------------------


def _dense_shape(arguments: Arguments, shape: Shape) -> Shape:
    known_size(shape[-1])
    return (*shape[:-1], cast(int, arguments["units"]))


def _translate_dense(arguments: Arguments, shape: Shape) -> tuple[Piece, ...]:
    units = cast(int, arguments["units"])
    activation, rest = activated(str(arguments["activation"]))
    use_bias = bool(arguments["use_bias"])
    config = {"units": units, "activation": activation, "use_bias": use_bias}
    kernel = ("kernel", (known_size(shape[-1]), units))
    weights = (kernel, ("bias", (units,))) if use_bias else (kernel,)
    return after(Piece("Dense", config, weights=weights), rest)


def _dense_work(_arguments: Arguments, shape: Shape, answer: Shape) -> int:
    return numbers_of(answer) * known_size(shape[-1])


def _translate_activation(arguments: Arguments, _shape: Shape) -> tuple[Piece, ...]:
    activation, rest = activated(str(arguments["activation"]))
    return rest or (Piece("Activation", {"activation": activation}),)


def _translate_dropout(arguments: Arguments, _shape: Shape) -> tuple[Piece, ...]:
    return (Piece("Dropout", {"rate": arguments["rate"]}),)


def _translate_input(_arguments: Arguments, shape: Shape) -> tuple[Piece, ...]:
    return (Piece("InputLayer", {"batch_input_shape": [None, *shape[1:]], "dtype": "float32"}, takes=()),)


# ---- Batch normalization --------------------------------------------------------------------------------------

_NORMALIZED_RANKS = (2, 3, 4)
"""TF.js refuses to normalize tensors of five axes and more."""


def _normalized_axis(arguments: Arguments, shape: Shape) -> int:
    """The axis of the channels, counted from the front. Raises DoesNotFit."""
    axis, rank = cast(int, arguments["axis"]), len(shape)
    if rank not in _NORMALIZED_RANKS:
        raise DoesNotFit("input", "of two to four axes", shape)
    place = axis + rank if axis < 0 else axis
    if not 1 <= place < rank:
        raise DoesNotFit("axis", "an axis of the input, but not that of the batch", axis)
    return place


def _normalized_shape(arguments: Arguments, shape: Shape) -> Shape:
    known_size(shape[_normalized_axis(arguments, shape)])
    return shape


def _translate_normalization(arguments: Arguments, shape: Shape) -> tuple[Piece, ...]:
    axis = _normalized_axis(arguments, shape)
    is_there = {"gamma": arguments["scale"], "beta": arguments["center"]}
    names = [name for name in ("gamma", "beta", "moving_mean", "moving_variance") if is_there.get(name, True)]
    config = {
        "axis": -1,
        "momentum": arguments["momentum"],
        "epsilon": arguments["epsilon"],
        "center": arguments["center"],
        "scale": arguments["scale"],
    }
    channels = known_size(shape[axis])
    normalization = Piece("BatchNormalization", config, weights=tuple((name, (channels,)) for name in names))
    if axis == len(shape) - 1:
        return (normalization,)
    # On its CPU backend TF.js normalizes wrongly along any axis but the last.
    others = [place for place in range(1, len(shape)) if place != axis]
    there = [*others, axis]
    back = [there.index(place) + 1 for place in range(1, len(shape))]
    return in_a_row(Piece("Permute", {"dims": there}), normalization, Piece("Permute", {"dims": back}))


# ---- The table ------------------------------------------------------------------------------------------------

RULES: Mapping[str, LayerRule] = {
    "Activation": LayerRule(
        {**COMMON, "activation": parse_activation},
        COMMON_IGNORED,
        _translate_activation,
        _same_shape,
        required=frozenset({"activation"}),
    ),
    "BatchNormalization": LayerRule(
        {
            **COMMON,
            "axis": parse_axis,
            "momentum": parse_share,
            "epsilon": parse_share,
            "center": parse_flag,
            "scale": parse_flag,
            "renorm": parse_nothing,
        },
        # How the moving averages are made while training; a trained model only reads them.
        COMMON_IGNORED
        | ignored_of("gamma", "beta", "moving_mean", "moving_variance")
        | {"synchronized", "renorm_clipping", "renorm_momentum"},
        _translate_normalization,
        _normalized_shape,
        defaults={"axis": -1, "momentum": 0.99, "epsilon": 1e-3, "center": True, "scale": True},
    ),
    "Dense": LayerRule(
        {
            **COMMON,
            "units": parse_units,
            "activation": parse_activation,
            "use_bias": parse_flag,
            "lora_rank": parse_nothing,
            "quantization_config": parse_nothing,
        },
        COMMON_IGNORED | ignored_of("kernel", "bias") | {"lora_alpha"},
        _translate_dense,
        _dense_shape,
        defaults={"activation": None, "use_bias": True},
        required=frozenset({"units"}),
        work=_dense_work,
    ),
    "Dropout": LayerRule(
        {**COMMON, "rate": parse_share},
        # How units are dropped while training; a trained model drops none.
        COMMON_IGNORED | {"seed", "noise_shape"},
        _translate_dropout,
        _same_shape,
        required=frozenset({"rate"}),
    ),
    "InputLayer": LayerRule(
        {
            **COMMON,
            "batch_shape": parse_batch_shape,
            "sparse": parse_nothing,
            "ragged": parse_nothing,
            "optional": parse_nothing,
        },
        COMMON_IGNORED,
        _translate_input,
        _same_shape,
        required=frozenset({"batch_shape"}),
    ),
    **PICTURE_RULES,
}

SUPPORTED = (*RULES, "Functional", "Sequential")
"""Class names that can be converted; the last two are inlined."""


def check_arguments(layer: str, class_name: str, raw_config: Mapping[str, object]) -> Arguments:
    """Parse the arguments of one layer; raises UnsupportedLayer or InvalidConfiguration."""
    rule = RULES.get(class_name)
    if rule is None:
        raise UnsupportedLayer(layer, class_name, "cannot be converted", SUPPORTED)
    unknown = sorted(set(raw_config) - set(rule.parsers) - rule.ignored)
    if unknown:
        raise InvalidConfiguration.of_argument(layer, unknown[0], "left out (it is not known)", raw_config[unknown[0]])
    for name in sorted(rule.required - set(raw_config)):
        raise InvalidConfiguration.of_argument(layer, name, "given", None)
    given = {**rule.defaults, **raw_config}
    return {
        name: parse(given[name], Argument(layer, class_name, name))
        for name, parse in rule.parsers.items()
        if name in given
    }
