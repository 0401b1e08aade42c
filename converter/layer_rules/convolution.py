"""Rules of convolutions: along sequences, over pictures, through volumes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from converter.layer_rules.activations import activated, carried, whole_activation
from converter.layer_rules.reshaping import as_picture, permuted, reshaped
from converter.layer_rules.rule import Answer, Emit, NotExpressible, Source, Weights, layer_rule, weights_named
from converter.model_graph import Call, Shape

_WINDOW = ("kernel_size", "strides", "padding", "data_format", "dilation_rate", "activation", "use_bias")
_CONVOLUTION = ("filters", "groups", *_WINDOW)
_DEPTHWISE = ("depth_multiplier", *_WINDOW)
_TRANSPOSED = ("filters", "output_padding", *_WINDOW)

Array = NDArray[np.generic]


def _numbers(value: Any) -> list[int]:
    return [value] if isinstance(value, int) else list(value)


def _is_channels_first(call: Call) -> bool:
    return call.config.get("data_format") == "channels_first"


def _common(call: Call) -> dict[str, Any]:
    return {
        "kernel_size": _numbers(call.config["kernel_size"]),
        "strides": _numbers(call.config["strides"]),
        "padding": call.config["padding"],
        "activation": carried(call),
        "use_bias": call.config["use_bias"],
    }


# ---- Ordinary convolutions ------------------------------------------------------------------------------------


@layer_rule("Conv1D", reads=_CONVOLUTION)
def conv_1d(call: Call, emit: Emit) -> Answer:
    """The same; padding that looks back only is added before, and channels that come first are turned to the end."""
    if call.config["padding"] == "causal":
        return _causal(call, emit)
    config = {
        **_common(call),
        "filters": call.config["filters"],
        "dilation_rate": _numbers(call.config["dilation_rate"]),
        "data_format": "channels_last",
    }
    if not _is_channels_first(call):
        return activated(call, emit, emit("Conv1D", call.input, weights=_dense_kernel(call), **config))
    turned = permuted(emit, call.input, [2, 1])
    place = emit("Conv1D", turned, weights=_dense_kernel(call), **{**config, "activation": "linear"})
    # Not before: the last axis of Keras' answer, along which a softmax works, is that of the steps.
    return whole_activation(call, emit, permuted(emit, place, [2, 1]))


def _causal(call: Call, emit: Emit) -> Answer:
    if _is_channels_first(call):
        raise NotExpressible("has padding=causal and channels first")
    (size,), (dilation,) = _numbers(call.config["kernel_size"]), _numbers(call.config["dilation_rate"])
    steps = call.input.shape[1]
    before = dilation * (size - 1)
    picture = emit(
        "ZeroPadding2D", as_picture(emit, call.input, call.input.shape), padding=[[before, 0], [0, 0]]
    )  # fmt: skip
    padded = reshaped(emit, picture, (None, None if steps is None else steps + before, call.input.shape[2]))
    config = {**_common(call), "padding": "valid", "dilation_rate": [dilation]}
    place = emit(
        "Conv1D", padded, weights=_dense_kernel(call), filters=call.config["filters"], **config
    )  # fmt: skip
    return activated(call, emit, place)


@layer_rule("Conv2D", "Conv3D", reads=_CONVOLUTION)
def conv(call: Call, emit: Emit) -> Answer:
    """The same; TF.js knows no groups, so the kernel gets zeros for all pairs of channels that do not meet."""
    if call.operation.class_name == "Conv3D" and _is_channels_first(call):
        raise NotExpressible("has data_format=channels_first for volumes")
    place = emit(
        call.operation.class_name, call.input, weights=_dense_kernel(call), filters=call.config["filters"],
        dilation_rate=_numbers(call.config["dilation_rate"]), data_format=call.config["data_format"], **_common(call),
    )  # fmt: skip
    return activated(call, emit, place)


def _dense_kernel(call: Call) -> Weights:
    groups, kernel = call.config["groups"], call.weights["kernel"]
    own = weights_named(call, "kernel", "bias")
    if groups == 1:
        return own
    *window, taken, filters = kernel.shape
    wide = np.zeros((*window, taken * groups, filters), kernel.dtype)
    each = filters // groups
    for group in range(groups):
        rows = slice(group * taken, (group + 1) * taken)
        columns = slice(group * each, (group + 1) * each)
        wide[..., rows, columns] = kernel[..., columns]
    return {**own, "kernel": wide}


# ---- One channel at a time ------------------------------------------------------------------------------------


def _stuffed(kernel: Array, dilation: list[int]) -> Array:
    """A kernel with its gaps written out as zeros, for layers whose dilation TF.js ignores."""
    if max(dilation) == 1:
        return kernel
    sizes = [(size - 1) * gap + 1 for size, gap in zip(kernel.shape, dilation, strict=False)]
    wide = np.zeros((*sizes, *kernel.shape[len(dilation) :]), kernel.dtype)
    wide[tuple(slice(None, None, gap) for gap in dilation)] = kernel
    return wide


@layer_rule("DepthwiseConv2D", reads=_DEPTHWISE)
def depthwise_conv_2d(call: Call, emit: Emit) -> Answer:
    """The same, but for dilation, which TF.js ignores: the kernel has its gaps written out."""
    kernel = _stuffed(call.weights["kernel"], _numbers(call.config["dilation_rate"]))
    return activated(call, emit, _depthwise(call, emit, call.input, kernel, _numbers(call.config["strides"])))


@layer_rule("DepthwiseConv1D", reads=_DEPTHWISE)
def depthwise_conv_1d(call: Call, emit: Emit) -> Answer:
    """As a picture that is one column wide."""
    _refuse_odd_sequences(call)
    kernel = _stuffed(call.weights["kernel"], _numbers(call.config["dilation_rate"]))[:, None]
    strides = _numbers(call.config["strides"]) * 2
    picture = _depthwise(call, emit, as_picture(emit, call.input, call.input.shape), kernel, strides)
    return activated(call, emit, reshaped(emit, picture, call.output.shape))


def _depthwise(call: Call, emit: Emit, source: Source, kernel: Array, strides: list[int]) -> Source:
    bias = {"bias": call.weights["bias"]} if call.config["use_bias"] else {}
    config = {**_common(call), "kernel_size": list(kernel.shape[:2]), "strides": strides}
    return emit(
        "DepthwiseConv2D", source, weights={"depthwise_kernel": kernel, **bias},
        depth_multiplier=call.config["depth_multiplier"], data_format=_format_2d(call), **config,
    )  # fmt: skip


def _format_2d(call: Call) -> str:
    is_picture = len(call.input.shape) == 4
    return "channels_first" if is_picture and _is_channels_first(call) else "channels_last"


def _refuse_odd_sequences(call: Call) -> None:
    if _is_channels_first(call):
        raise NotExpressible("has data_format=channels_first for sequences")
    if call.config["padding"] == "causal":
        raise NotExpressible("has padding=causal")


@layer_rule("SeparableConv1D", "SeparableConv2D", reads=("filters", *_DEPTHWISE))
def separable_conv(call: Call, emit: Emit) -> Answer:
    """The same over pictures, and as a picture one column wide along sequences."""
    is_sequence = len(call.input.shape) == 3
    if _is_channels_first(call) or call.config["padding"] == "causal":
        raise NotExpressible("has channels first or padding=causal")
    weights = {
        name: array[:, None] if is_sequence and name != "bias" else array
        for name, array in weights_named(call, "depthwise_kernel", "pointwise_kernel", "bias").items()
    }
    common = _common(call)
    if is_sequence:
        sizes = {"kernel_size": [*_numbers(call.config["kernel_size"]), 1], "strides": _numbers(common["strides"]) * 2}
        dilation = [*_numbers(call.config["dilation_rate"]), 1]
    else:
        sizes, dilation = {}, _numbers(call.config["dilation_rate"])
    source = as_picture(emit, call.input, call.input.shape) if is_sequence else call.input
    place: Source = emit(
        "SeparableConv2D", source, weights=weights, filters=call.config["filters"], dilation_rate=dilation,
        depth_multiplier=call.config["depth_multiplier"], data_format="channels_last", **{**common, **sizes},
    )  # fmt: skip
    return activated(call, emit, reshaped(emit, place, call.output.shape) if is_sequence else place)


# ---- Transposed -----------------------------------------------------------------------------------------------


@layer_rule("Conv2DTranspose", "Conv3DTranspose", reads=_TRANSPOSED)
def conv_transpose(call: Call, emit: Emit) -> Answer:
    """The same, while the size that comes out is the one TF.js works out; gaps of the kernel are written out."""
    kernel = _stuffed(call.weights["kernel"], _numbers(call.config["dilation_rate"]))
    if call.operation.class_name == "Conv3DTranspose" and _is_channels_first(call):
        raise NotExpressible("has data_format=channels_first for volumes")
    _refuse_other_size(call, kernel)
    place = emit(
        call.operation.class_name, call.input, weights={"kernel": kernel, **weights_named(call, "bias")},
        filters=call.config["filters"], data_format=call.config["data_format"],
        **{**_common(call), "kernel_size": list(kernel.shape[:-2])},
    )  # fmt: skip
    return activated(call, emit, place)


@layer_rule("Conv1DTranspose", reads=_TRANSPOSED)
def conv_1d_transpose(call: Call, emit: Emit) -> Answer:
    """As a picture that is one column wide."""
    if _is_channels_first(call):
        raise NotExpressible("has data_format=channels_first for sequences")
    kernel = _stuffed(call.weights["kernel"], _numbers(call.config["dilation_rate"]))
    _refuse_other_size(call, kernel)
    config = {**_common(call), "kernel_size": [kernel.shape[0], 1], "strides": [*_numbers(call.config["strides"]), 1]}
    picture = emit(
        "Conv2DTranspose", as_picture(emit, call.input, call.input.shape),
        weights={"kernel": kernel[:, None], **weights_named(call, "bias")}, filters=call.config["filters"], **config,
    )  # fmt: skip
    return activated(call, emit, reshaped(emit, picture, call.output.shape))


def _refuse_other_size(call: Call, kernel: Array) -> None:
    strides = _numbers(call.config["strides"])
    for size, made, window, stride in zip(
        _spatial(call.input.shape, call), _spatial(call.output.shape, call), kernel.shape, strides, strict=False
    ):
        if size is None:
            _refuse_padding_without_size(call)
        elif made != _transposed_size(size, window, stride, call.config["padding"]):
            raise NotExpressible("makes an output of another size than TensorFlow.js would (output_padding)")


def _refuse_padding_without_size(call: Call) -> None:
    if call.config.get("output_padding") is not None or max(_numbers(call.config["dilation_rate"])) > 1:
        raise NotExpressible("has output_padding or dilation_rate, on an input of unknown size")


def _transposed_size(size: int, window: int, stride: int, padding: object) -> int:
    """The size TF.js works out (`deconvLength` in tfjs-layers 4.22, conv_utils.ts)."""
    return size * stride if padding == "same" else size * stride + max(window - stride, 0)


def _spatial(shape: Shape, call: Call) -> Shape:
    return shape[2:] if _is_channels_first(call) else shape[1:-1]
