"""Layers that walk along a sequence, attend to it, or wrap another layer."""

from __future__ import annotations

from converter.keras_files.arguments import (
    Parser,
    activation,
    axes,
    flag,
    ignored,
    layer,
    layers,
    nothing,
    one_of,
    one_or_list_of,
    optional,
    share,
    size,
    whole,
)
from converter.keras_files.layers.convolution import GATES, RECURRENT, RECURRENT_OPTIONS
from converter.keras_files.layers.kind import Kinds, LayerKind

_UNITS = {"units": size}
_ACTIVATED = {"activation": activation, "use_bias": flag}
_DROPOUT = {"dropout": share, "recurrent_dropout": share}
_LSTM = {**_ACTIVATED, **GATES, "unit_forget_bias": flag}
_GRU = {**_ACTIVATED, **GATES, "reset_after": flag}
_SIMPLE = {**_ACTIVATED, **_DROPOUT}
# How the library that Keras runs on goes about it; the answer is the same.
_WAYS = {"use_cudnn": ignored, "implementation": ignored}


def _cell_and_layer(name: str, arguments: dict[str, Parser]) -> dict[str, LayerKind]:
    takes = {**arguments, **_WAYS}
    return {
        f"{name}Cell": LayerKind(needs=_UNITS, takes=takes),
        name: LayerKind(needs=_UNITS, takes={**takes, **RECURRENT}, options=RECURRENT_OPTIONS),
    }


_RECURRENT: Kinds = {
    **_cell_and_layer("LSTM", _LSTM),
    **_cell_and_layer("GRU", _GRU),
    **_cell_and_layer("SimpleRNN", _SIMPLE),
    "RNN": LayerKind(needs={"cell": one_or_list_of(layer, 64)}, takes=RECURRENT, options=RECURRENT_OPTIONS),
    "StackedRNNCells": LayerKind(needs={"cells": layers}),
}

_WRAPPING: Kinds = {
    "Bidirectional": LayerKind(
        needs={"layer": layer},
        takes={
            "merge_mode": optional(one_of("sum", "mul", "concat", "ave")),
            "weights": nothing,
            "backward_layer": optional(layer),
        },
        options=RECURRENT_OPTIONS,
    ),
    "TimeDistributed": LayerKind(needs={"layer": layer}),
}

_QUERY_OPTIONS = frozenset(
    [
        "query",
        "value",
        "key",
        "query_mask",
        "value_mask",
        "key_mask",
        "attention_mask",
        "return_attention_scores",
        "use_causal_mask",
    ]
)
_HEADS = {"dropout": share, "use_bias": flag, "flash_attention": ignored, "use_gate": flag}

_ATTENTION: Kinds = {
    "AdditiveAttention": LayerKind(
        takes={"use_scale": flag, "dropout": share},
        options=frozenset(["mask", "return_attention_scores", "use_causal_mask"]),
    ),
    "Attention": LayerKind(
        takes={
            "use_scale": flag,
            "score_mode": one_of("dot", "concat"),
            "dropout": share,
        },
        options=frozenset(["mask", "return_attention_scores", "use_causal_mask"]),
    ),
    "MultiHeadAttention": LayerKind(
        needs={"num_heads": whole(1, 1_000), "key_dim": whole(1, 100_000)},
        takes={
            "value_dim": optional(whole(1, 100_000)),
            "output_shape": optional(one_or_list_of(size)),
            "attention_axes": optional(axes),
            "sliding_window": optional(size),
            **_HEADS,
        },
        options=_QUERY_OPTIONS,
    ),
    "GroupQueryAttention": LayerKind(
        needs={
            "head_dim": whole(1, 100_000),
            "num_query_heads": whole(1, 1_000),
            "num_key_value_heads": whole(1, 1_000),
        },
        takes={"sliding_window": optional(size), **_HEADS},
        options=_QUERY_OPTIONS,
    ),
}

KINDS: Kinds = {**_RECURRENT, **_WRAPPING, **_ATTENTION}
