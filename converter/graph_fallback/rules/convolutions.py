"""Convolutions: groups, gaps in kernels, three-dimensional transposed ones, and channels first."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import tensorflow as tf

from converter.graph_fallback.no_counterpart import NoCounterpart
from converter.graph_fallback.rules.layouts import channels_first, channels_last, is_channels_first, spatial
from converter.graph_fallback.rules.padding import padded

Inputs = list[tf.Tensor]

_MOST_NUMBERS_IN_A_BLOCK_KERNEL = 1_000_000


def _convolution(operation: tf.Operation, inputs: Inputs) -> Any:
    """Copy ordinary ones; write the others with channels last, one group, and no gaps beside strides."""
    images = channels_last(inputs[0]) if is_channels_first(operation) else inputs[0]
    kernel = inputs[1]
    strides = spatial(operation.get_attr("strides"), operation)
    gaps = spatial(operation.get_attr("dilations"), operation)
    groups = (images.shape[-1] or 0) // kernel.shape[-2]
    crowded = max(gaps) > 1 and (max(strides) > 1 or len(gaps) == 3)
    if groups <= 1 and not crowded and not is_channels_first(operation):
        return None
    if groups == 0:
        raise NoCounterpart("convolves a number of channels that is not known")
    _refuse_explicit_padding(operation)
    if crowded:
        kernel, gaps = with_gaps(kernel, gaps), [1] * len(gaps)
    options = {"strides": strides, "padding": operation.get_attr("padding").decode(), "dilations": gaps}
    made = _grouped(images, kernel, groups, options)
    return channels_first(made) if is_channels_first(operation) else made


def _refuse_explicit_padding(operation: tf.Operation) -> None:
    if operation.get_attr("padding") == b"EXPLICIT":
        raise NoCounterpart("pads inside the convolution", "pad with a ZeroPadding layer before it")


def with_gaps(kernel: tf.Tensor, gaps: Sequence[int]) -> tf.Tensor:
    """Write zeros between the numbers of a kernel (space..., in, out), so that it needs no dilation."""
    for axis, gap in enumerate(gaps):
        kernel = _spread(kernel, axis, gap)
    return kernel


def _spread(tensor: tf.Tensor, axis: int, gap: int) -> tf.Tensor:
    """Put gap - 1 zeros between neighbours along one axis; all other axes are folded into two around it."""
    if gap == 1:
        return tensor
    shape = tensor.shape.as_list()
    size, rest = shape[axis], shape[axis + 1 :]
    before = -1 if None in shape[:axis] else prod(shape[:axis])
    apart = tf.pad(tf.reshape(tensor, [before, size, 1, prod(rest)]), [[0, 0], [0, 0], [0, gap - 1], [0, 0]])
    trimmed = tf.reshape(apart, [before, size * gap, prod(rest)])[:, : size * gap - (gap - 1), :]
    known = [-1 if length is None else length for length in shape]
    return tf.reshape(trimmed, [*known[:axis], size * gap - (gap - 1), *rest])


def _grouped(images: tf.Tensor, kernel: tf.Tensor, groups: int, options: dict[str, Any]) -> tf.Tensor:
    if groups == 1:
        return tf.nn.convolution(images, kernel, **options)
    if groups == images.shape[-1] and len(kernel.shape) == 4 and len(set(options["strides"])) == 1:
        return _one_channel_per_group(images, kernel, options)
    if groups * prod(kernel.shape.as_list()) <= _MOST_NUMBERS_IN_A_BLOCK_KERNEL:
        return tf.nn.convolution(images, _block_kernel(kernel, groups), **options)
    parts = zip(tf.split(images, groups, axis=-1), tf.split(kernel, groups, axis=-1), strict=True)
    return tf.concat([tf.nn.convolution(part, own, **options) for part, own in parts], axis=-1)


def _one_channel_per_group(images: tf.Tensor, kernel: tf.Tensor, options: dict[str, Any]) -> tf.Tensor:
    """Each channel alone: that is a depthwise convolution."""
    channels = images.shape[-1]
    by_channel = tf.reshape(kernel, [*kernel.shape[:2], channels, kernel.shape[-1] // channels])
    return tf.nn.depthwise_conv2d(
        images, by_channel, [1, *options["strides"], 1], options["padding"], dilations=options["dilations"]
    )


def _block_kernel(kernel: tf.Tensor, groups: int) -> tf.Tensor:
    """Make one kernel that sees all channels and multiplies those of other groups by zero."""
    per_group = tf.split(kernel, groups, axis=-1)
    rows = []
    for place, own in enumerate(per_group):
        before, after = place * own.shape[-1], (groups - 1 - place) * own.shape[-1]
        rows.append(tf.pad(own, [[0, 0]] * (len(own.shape) - 1) + [[before, after]]))
    return tf.concat(rows, axis=-2)


def _depthwise(operation: tf.Operation, inputs: Inputs) -> Any:
    strides = spatial(operation.get_attr("strides"), operation)
    gaps = spatial(operation.get_attr("dilations"), operation)
    crowded = max(gaps) > 1 and max(strides) > 1
    if not crowded and not is_channels_first(operation):
        return None
    _refuse_explicit_padding(operation)
    images = channels_last(inputs[0]) if is_channels_first(operation) else inputs[0]
    kernel = with_gaps(inputs[1], gaps) if crowded else inputs[1]
    made = tf.raw_ops.DepthwiseConv2dNative(
        input=images,
        filter=kernel,
        strides=[1, *strides, 1],
        padding=operation.get_attr("padding").decode(),
        dilations=[1, 1, 1, 1] if crowded else [1, *gaps, 1],
    )
    return channels_first(made) if is_channels_first(operation) else made


# ---- Transposed -----------------------------------------------------------------------------------------------


def _transposed_picture(operation: tf.Operation, inputs: Inputs) -> Any:
    """TensorFlow.js ignores gaps here, and the order of axes."""
    gaps = spatial(operation.get_attr("dilations"), operation)
    if max(gaps) == 1 and not is_channels_first(operation):
        return None
    _refuse_explicit_padding(operation)
    sizes, images = inputs[0], inputs[2]
    if is_channels_first(operation):
        sizes, images = tf.gather(sizes, [0, 2, 3, 1]), channels_last(images)
    made = tf.raw_ops.Conv2DBackpropInput(
        input_sizes=sizes,
        filter=with_gaps(inputs[1], gaps),
        out_backprop=images,
        strides=[1, *spatial(operation.get_attr("strides"), operation), 1],
        padding=operation.get_attr("padding").decode(),
    )
    return channels_first(made) if is_channels_first(operation) else made


def _transposed_volume(operation: tf.Operation, inputs: Inputs) -> Any:
    """Spread the input by the strides and convolve it with the kernel turned around; TensorFlow.js has no own way."""
    volumes = channels_last(inputs[2]) if is_channels_first(operation) else inputs[2]
    wanted = _wanted_sizes(operation)
    strides = spatial(operation.get_attr("strides"), operation)
    gaps = spatial(operation.get_attr("dilations"), operation)
    if None in wanted or None in volumes.shape[1:]:
        raise NoCounterpart("makes volumes of any size", "give the input a fixed size, such as (8, 8, 8, 1)")
    kernel = with_gaps(inputs[1], gaps)
    padding = operation.get_attr("padding").decode()
    for axis, stride in enumerate(strides):
        volumes = _spread(volumes, axis + 1, stride)
    sizes = zip(volumes.shape[1:4], wanted, kernel.shape[:3], strict=True)
    around = [_around(spread, size, length, padding) for spread, size, length in sizes]
    padded = _padded(volumes, around)
    turned = tf.transpose(tf.reverse(kernel, [0, 1, 2]), [0, 1, 2, 4, 3])
    made = tf.nn.conv3d(padded, turned, [1, 1, 1, 1, 1], "VALID")
    return channels_first(made) if is_channels_first(operation) else made


def _wanted_sizes(operation: tf.Operation) -> list[Any]:
    shape: list[Any] = operation.outputs[0].shape.as_list()
    return shape[2:] if is_channels_first(operation) else shape[1:-1]


def _around(spread: int, wanted: int, kernel: int, padding: str) -> tuple[int, int]:
    """Zeros before and after one axis: what the forward convolution would have skipped there.

    The forward one goes from `wanted` to the unspread size; its own padding before is half of what it needs in all.
    """
    needed = max(spread - 1 + kernel - wanted, 0) if padding == "SAME" else 0
    before = kernel - 1 - needed // 2
    return before, wanted + kernel - 1 - spread - before


def _padded(volumes: tf.Tensor, around: Sequence[tuple[int, int]]) -> tf.Tensor:
    cut = [slice(None), *(slice(max(-before, 0), -max(-after, 0) or None) for before, after in around)]
    widths = [[0, 0], *([max(a, 0), max(b, 0)] for a, b in around), [0, 0]]
    kept = volumes[tuple(cut)]
    wider = padded(kept, widths)
    return tf.pad(kept, widths) if wider is None else wider


RULES: dict[str, Any] = {
    "Conv2D": _convolution,
    "Conv3D": _convolution,
    "DepthwiseConv2dNative": _depthwise,
    "Conv2DBackpropInput": _transposed_picture,
    "Conv3DBackpropInputV2": _transposed_volume,
}
