"""The functions of keras.ops that a functional model may call: what `x + y` and `keras.ops.f(x)` are in a file.

Keras writes the name of a class inside Keras. It is looked up here and nowhere else; what is called when the model is
built is the public function that stands in this table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from converter.keras_files.arguments import (
    Parser,
    axes,
    axis,
    dtype,
    flag,
    list_of,
    nothing,
    number,
    one_of,
    one_or_list_of,
    optional,
    size,
    target_shape,
    text,
    whole,
)


@dataclass(frozen=True)
class OperationKind:
    """A function: its name in keras.ops, the `tensors` it is called with, and its other arguments.

    A name of a tensor that ends in a star takes any number of them.
    """

    function: str
    tensors: tuple[str, ...]
    takes: Mapping[str, Parser] = field(default_factory=dict)


_AXES = {"axis": optional(axes)}
_AXIS = {"axis": optional(axis)}
_REDUCED = {**_AXES, "keepdims": flag}
_DTYPE = {"dtype": optional(dtype)}
_DATA_FORMAT = {"data_format": optional(one_of("channels_last", "channels_first"))}
_SIDES = one_or_list_of(whole(1, 256), 3)
_POOL = {"pool_size": _SIDES, "strides": optional(_SIDES), "padding": one_of("valid", "same"), **_DATA_FORMAT}
_CONVOLUTION = {
    "strides": _SIDES,
    "padding": one_of("valid", "same"),
    "dilation_rate": _SIDES,
    **_DATA_FORMAT,
}
_EPSILON = {"epsilon": optional(number(0, 1e3))}
_MARGIN = whole(0, 1_000_000)

_UNARY = (
    "Abs Absolute Arccos Arccosh Arcsin Arcsinh Arctan Arctanh Cbrt Ceil Copy Cos Cosh Deg2rad Exp Exp2 Expm1 Floor "
    "Isfinite Isinf Isnan Log Log10 Log1p Log2 LogicalNot Negative Ravel Reciprocal Sign Sin Sinh Sqrt Square Tan Tanh "
    "Trunc Relu Relu6 Sigmoid Silu Softplus Softsign HardSigmoid HardSilu HardTanh LogSigmoid Selu SparsePlus "
    "SparseSigmoid TanhShrink Erf Erfc Erfinv Rsqrt"
)
_BINARY = (
    "Add Arctan2 Divide DivideNoNan Dot Equal FloorDivide Fmax Fmin Greater GreaterEqual Hypot Inner Less LessEqual "
    "Logaddexp LogicalAnd LogicalOr LogicalXor Matmul Maximum Minimum Mod Multiply NotEqual Outer Power Subtract "
    "TrueDivide"
)
_REDUCING = "All Amax Amin Any Argmax Argmin Logsumexp Max Mean Median Min Prod Std Sum Var"


def _snake(class_name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", class_name).lower()


def _reducing(class_name: str) -> OperationKind:
    extra: dict[str, Parser] = {}
    if class_name in ("Max", "Min"):
        extra = {"initial": optional(number())}
    elif class_name == "Prod":
        extra = _DTYPE
    elif class_name in ("Argmax", "Argmin"):
        return OperationKind(_snake(class_name), ("x",), {**_AXIS, "keepdims": flag})
    return OperationKind(_snake(class_name), ("x",), {**_REDUCED, **extra})


_SHAPES = {
    "BroadcastTo": OperationKind("broadcast_to", ("x",), {"shape": list_of(size)}),
    "Cast": OperationKind("cast", ("x",), {"dtype": dtype}),
    "Concatenate": OperationKind("concatenate", ("xs",), _AXIS),
    "ExpandDims": OperationKind("expand_dims", ("x",), {"axis": axes}),
    "Flip": OperationKind("flip", ("x",), _AXES),
    "FullLike": OperationKind("full_like", ("x", "fill_value"), _DTYPE),
    "Diagonal": OperationKind(
        "diagonal", ("x",), {"offset": whole(-1_000_000, 1_000_000), "axis1": axis, "axis2": axis}
    ),
    "GetItem": OperationKind("get_item", ("x", "key")),
    "Hstack": OperationKind("hstack", ("xs",)),
    "Moveaxis": OperationKind("moveaxis", ("x",), {"source": axes, "destination": axes}),
    "OnesLike": OperationKind("ones_like", ("x",), _DTYPE),
    "Pad": OperationKind(
        "pad",
        ("x", "constant_values"),
        {
            "pad_width": one_or_list_of(one_or_list_of(_MARGIN, 2)),
            "mode": one_of("constant", "reflect", "symmetric"),
        },
    ),
    "Repeat": OperationKind("repeat", ("x",), {"repeats": one_or_list_of(size, 10_000), **_AXIS}),
    "Reshape": OperationKind("reshape", ("x",), {"newshape": target_shape}),
    "Roll": OperationKind("roll", ("x",), {"shift": one_or_list_of(whole(-1_000_000, 1_000_000)), **_AXES}),
    "Split": OperationKind(
        "split", ("x",), {"indices_or_sections": one_or_list_of(whole(0, 1_000_000), 1_000), "axis": axis}
    ),
    "Squeeze": OperationKind("squeeze", ("x",), _AXES),
    "Stack": OperationKind("stack", ("x",), {"axis": axis}),
    "StopGradient": OperationKind("stop_gradient", ("variable",)),
    "Swapaxes": OperationKind("swapaxes", ("x",), {"axis1": axis, "axis2": axis}),
    "Take": OperationKind("take", ("x", "indices"), _AXIS),
    "TakeAlongAxis": OperationKind("take_along_axis", ("x", "indices"), _AXIS),
    "Tile": OperationKind("tile", ("x",), {"repeats": one_or_list_of(size)}),
    "Transpose": OperationKind("transpose", ("x",), {"axes": optional(list_of(axis))}),
    "Tril": OperationKind("tril", ("x",), {"k": whole(-1_000_000, 1_000_000)}),
    "Triu": OperationKind("triu", ("x",), {"k": whole(-1_000_000, 1_000_000)}),
    "Unstack": OperationKind("unstack", ("x",), {"num": optional(whole(1, 1_000)), "axis": axis}),
    "Vstack": OperationKind("vstack", ("xs",)),
    "ZerosLike": OperationKind("zeros_like", ("x",), _DTYPE),
}

_ARITHMETIC = {
    "Argsort": OperationKind("argsort", ("x",), _AXIS),
    "Clip": OperationKind("clip", ("x",), {"x_min": optional(number()), "x_max": optional(number())}),
    "CountNonzero": OperationKind("count_nonzero", ("x",), _AXES),
    "Cumprod": OperationKind("cumprod", ("x",), {**_AXIS, **_DTYPE}),
    "Cumsum": OperationKind("cumsum", ("x",), {**_AXIS, **_DTYPE}),
    "Einsum": OperationKind("einsum", ("operands*",), {"subscripts": text}),
    "Norm": OperationKind("norm", ("x",), {"ord": optional(whole(-10, 10)), **_REDUCED}),
    "Round": OperationKind("round", ("x",), {"decimals": whole(-10, 10)}),
    "Sort": OperationKind("sort", ("x",), _AXIS),
    "Tensordot": OperationKind("tensordot", ("x1", "x2"), {"axes": one_or_list_of(axes, 2)}),
    "TopK": OperationKind("top_k", ("x",), {"k": size, "sorted": flag}),
    "Where": OperationKind("where", ("condition", "x1", "x2")),
}

_NETWORKS = {
    "AveragePool": OperationKind("average_pool", ("inputs",), _POOL),
    "BatchNorm": OperationKind(
        "batch_normalization", ("x", "mean", "variance", "offset", "scale"), {"axis": axes, **_EPSILON}
    ),
    "Celu": OperationKind("celu", ("x",), {"alpha": number()}),
    "Conv": OperationKind("conv", ("inputs", "kernel"), _CONVOLUTION),
    "DepthwiseConv": OperationKind("depthwise_conv", ("inputs", "kernel"), _CONVOLUTION),
    "DotProductAttention": OperationKind(
        "dot_product_attention",
        ("query", "key", "value", "bias", "mask", "scale"),
        {"is_causal": flag, "flash_attention": nothing, "attn_logits_soft_cap": optional(number())},
    ),
    "Elu": OperationKind("elu", ("x",), {"alpha": number()}),
    "Gelu": OperationKind("gelu", ("x",), {"approximate": flag}),
    "Glu": OperationKind("glu", ("x",), {"axis": axis}),
    "HardShrink": OperationKind("hard_shrink", ("x",), {"threshold": number()}),
    "LayerNorm": OperationKind(
        "layer_normalization", ("x", "gamma", "beta"), {"axis": axes, "rms_scaling": flag, **_EPSILON}
    ),
    "LeakyRelu": OperationKind("leaky_relu", ("x",), {"negative_slope": number()}),
    "LogSoftmax": OperationKind("log_softmax", ("x",), _AXES),
    "MaxPool": OperationKind("max_pool", ("inputs",), _POOL),
    "Moments": OperationKind("moments", ("x",), {"axes": axes, "keepdims": flag, "synchronized": flag}),
    "Normalize": OperationKind("normalize", ("x",), {"axis": axes, "order": number(0, 100), **_EPSILON}),
    "OneHot": OperationKind("one_hot", ("x",), {"num_classes": size, "axis": axis, "sparse": nothing, **_DTYPE}),
    "RMSNorm": OperationKind("rms_normalization", ("x", "scale"), {"axis": axes, **_EPSILON}),
    "SeparableConv": OperationKind("separable_conv", ("inputs", "depthwise_kernel", "pointwise_kernel"), _CONVOLUTION),
    "SoftShrink": OperationKind("soft_shrink", ("x",), {"threshold": number()}),
    "Softmax": OperationKind("softmax", ("x",), _AXES),
    "Sparsemax": OperationKind("sparsemax", ("x",), {"axis": axis}),
    "Squareplus": OperationKind("squareplus", ("x",), {"b": number()}),
    "Threshold": OperationKind("threshold", ("x",), {"threshold": number(), "default_value": number()}),
}

_MARGINS = {f"{side}_{{}}": optional(_MARGIN) for side in ("top", "left", "bottom", "right")}
_TARGET = {"target_height": optional(size), "target_width": optional(size), **_DATA_FORMAT}


def _margins(act: str) -> dict[str, Parser]:
    return {name.format(act): parser for name, parser in _MARGINS.items()}


_PICTURES = {
    "CropImages": OperationKind("image.crop_images", ("images",), {**_margins("cropping"), **_TARGET}),
    "PadImages": OperationKind("image.pad_images", ("images",), {**_margins("padding"), **_TARGET}),
    "RGBToGrayscale": OperationKind("image.rgb_to_grayscale", ("images",), _DATA_FORMAT),
    "Resize": OperationKind(
        "image.resize",
        ("images",),
        {
            "size": list_of(whole(1, 100_000), 2, 2),
            "interpolation": one_of("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"),
            "antialias": flag,
            "crop_to_aspect_ratio": flag,
            "pad_to_aspect_ratio": flag,
            "fill_mode": one_of("constant"),
            "fill_value": number(),
            **_DATA_FORMAT,
        },
    ),
}


def _all() -> Iterator[tuple[str, OperationKind]]:
    for class_name in _UNARY.split():
        yield class_name, OperationKind(_snake(class_name), ("x",))
    for class_name in _BINARY.split():
        yield class_name, OperationKind(_snake(class_name), ("x1", "x2"))
    for class_name in _REDUCING.split():
        yield class_name, _reducing(class_name)
    for table in (_SHAPES, _ARITHMETIC, _NETWORKS, _PICTURES):
        yield from table.items()


OPERATIONS: Mapping[str, OperationKind] = dict(_all())
"""Functions by the name of Keras' class for them."""
