"""Layers with a window that slides over rows, pictures or volumes, and layers that pool."""

from __future__ import annotations

from converter.keras_files.arguments import (
    Parser,
    activation,
    flag,
    ignored,
    one_of,
    optional,
    share,
    sides,
    size,
    whole,
)
from converter.keras_files.layers.core import DATA_FORMAT
from converter.keras_files.layers.kind import Kinds, LayerKind

_PADDING = {"padding": one_of("valid", "same")}
_CAUSAL = {"padding": one_of("valid", "same", "causal")}
_ACTIVATED = {"activation": activation, "use_bias": flag, **DATA_FORMAT}
_DEPTH = {"depth_multiplier": size}


def _steps(rank: int) -> dict[str, Parser]:
    return {"strides": sides(rank), "dilation_rate": sides(rank)}


def _convolution(rank: int) -> LayerKind:
    padding = _CAUSAL if rank == 1 else _PADDING
    return LayerKind(
        needs={"filters": size, "kernel_size": sides(rank)},
        takes={"groups": size, "lora_rank": ignored, "lora_alpha": ignored, **padding, **_steps(rank), **_ACTIVATED},
    )


def _transposed(rank: int) -> LayerKind:
    return LayerKind(
        needs={"filters": size, "kernel_size": sides(rank)},
        takes={"output_padding": optional(sides(rank, whole(0, 256))), **_PADDING, **_steps(rank), **_ACTIVATED},
    )


def _depthwise(rank: int) -> LayerKind:
    padding = _CAUSAL if rank == 1 else _PADDING
    return LayerKind(needs={"kernel_size": sides(rank)}, takes={**_DEPTH, **padding, **_steps(rank), **_ACTIVATED})


def _separable(rank: int) -> LayerKind:
    padding = _CAUSAL if rank == 1 else _PADDING
    return LayerKind(
        needs={"filters": size, "kernel_size": sides(rank)},
        takes={**_DEPTH, **padding, **_steps(rank), **_ACTIVATED},
    )


def _pooling(rank: int) -> LayerKind:
    return LayerKind(takes={"pool_size": sides(rank), "strides": optional(sides(rank)), **_PADDING, **DATA_FORMAT})


def _convolutional_memory(rank: int) -> LayerKind:
    return LayerKind(
        needs={"filters": size, "kernel_size": sides(rank)},
        takes={**_PADDING, **_steps(rank), **_ACTIVATED, **RECURRENT, **GATES, "unit_forget_bias": flag},
        options=RECURRENT_OPTIONS,
    )


RECURRENT: dict[str, Parser] = {
    "return_sequences": flag,
    "return_state": flag,
    "go_backwards": flag,
    "stateful": flag,
    "unroll": ignored,  # how to go about it; the answer is the same
    "zero_output_for_mask": flag,
}
GATES: dict[str, Parser] = {"recurrent_activation": activation, "dropout": share, "recurrent_dropout": share}
RECURRENT_OPTIONS = frozenset(["mask", "initial_state"])

KINDS: Kinds = {
    **{f"Conv{rank}D": _convolution(rank) for rank in (1, 2, 3)},
    **{f"Conv{rank}DTranspose": _transposed(rank) for rank in (1, 2, 3)},
    **{f"DepthwiseConv{rank}D": _depthwise(rank) for rank in (1, 2)},
    **{f"SeparableConv{rank}D": _separable(rank) for rank in (1, 2)},
    **{f"ConvLSTM{rank}D": _convolutional_memory(rank) for rank in (1, 2, 3)},
    **{f"{way}Pooling{rank}D": _pooling(rank) for way in ("Average", "Max") for rank in (1, 2, 3)},
    **{
        f"Global{way}Pooling{rank}D": LayerKind(takes={"keepdims": flag, **DATA_FORMAT})
        for way in ("Average", "Max")
        for rank in (1, 2, 3)
    },
    **{
        f"Adaptive{way}Pooling{rank}D": LayerKind(needs={"output_size": sides(rank, size)}, takes=DATA_FORMAT)
        for way in ("Average", "Max")
        for rank in (1, 2, 3)
    },
}
