"""Rules of the layers that move numbers to other places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from converter.layer_rules.rule import Answer, Emit, NotExpressible, Source, layer_rule, no_rule
from converter.model_graph import Call, Shape

no_rule("works on volumes, which TensorFlow.js layers do not", "Cropping3D", "UpSampling3D", "ZeroPadding3D")


def reshaped(emit: Emit, source: Source, shape: Shape) -> Source:
    """Emit `source` in this shape; one size may be unknown, and TF.js takes it from the data."""
    sizes = [-1 if size is None else size for size in shape[1:]]
    if sizes.count(-1) > 1:
        raise NotExpressible("has several sizes that are not known before the data comes")
    return emit("Reshape", source, target_shape=sizes)


def as_picture(emit: Emit, source: Source, shape: Shape) -> Source:
    """Emit a sequence [steps, channels] as a picture that is one column wide."""
    return reshaped(emit, source, (shape[0], shape[1], 1, shape[2]))


def permuted(emit: Emit, source: Source, dims: Sequence[int]) -> Source:
    """Emit the axes in another order, counted from 1 without the batch."""
    return source if list(dims) == sorted(dims) else emit("Permute", source, dims=list(dims))


@layer_rule("Flatten", reads=["data_format"])
def flatten(call: Call, emit: Emit) -> Answer:
    """TF.js refuses to flatten what is flat, and sizes it does not know."""
    shape = call.input.shape
    source: Source = call.input
    if call.config.get("data_format") == "channels_first" and len(shape) > 2:
        source = permuted(emit, source, [*range(2, len(shape)), 1])
    if len(shape) == 2:
        return source
    if len(shape) == 1:
        return emit("Reshape", source, target_shape=[1])
    if None in shape[1:]:
        return emit("Reshape", source, target_shape=[-1])
    return emit("Flatten", source)


@layer_rule("Reshape", reads=["target_shape"])
def reshape(call: Call, emit: Emit) -> Answer:
    """Written with the sizes that came out: TF.js does not work out a -1 before the data comes."""
    return reshaped(emit, call.input, call.output.shape)


@layer_rule("Permute", reads=["dims"])
def permute(call: Call, emit: Emit) -> Answer:
    """The same."""
    return emit("Permute", call.input, dims=call.config["dims"])


@layer_rule("RepeatVector", reads=["n"])
def repeat_vector(call: Call, emit: Emit) -> Answer:
    """The same."""
    return emit("RepeatVector", call.input, n=call.config["n"])


# ---- Padding, cropping, upsampling ----------------------------------------------------------------------------


def as_picture_and_back(call: Call, emit: Emit, class_name: str, **config: Any) -> Answer:
    """Emit a layer of pictures for one of sequences."""
    picture = emit(class_name, as_picture(emit, call.input, call.input.shape), **config)
    return reshaped(emit, picture, call.output.shape)


def _refuse_channels_first_sequences(call: Call) -> None:
    if call.config.get("data_format") == "channels_first":
        raise NotExpressible("has data_format=channels_first for sequences")


@layer_rule("ZeroPadding1D", reads=["padding", "data_format"])
def zero_padding_1d(call: Call, emit: Emit) -> Answer:
    """As a picture that is one column wide."""
    _refuse_channels_first_sequences(call)
    return as_picture_and_back(call, emit, "ZeroPadding2D", padding=[_pair(call.config["padding"]), [0, 0]])


@layer_rule("Cropping1D", reads=["cropping"])
def cropping_1d(call: Call, emit: Emit) -> Answer:
    """As a picture that is one column wide."""
    return as_picture_and_back(call, emit, "Cropping2D", cropping=[_pair(call.config["cropping"]), [0, 0]])


@layer_rule("UpSampling1D", reads=["size"])
def upsampling_1d(call: Call, emit: Emit) -> Answer:
    """As a picture that is one column wide."""
    return as_picture_and_back(call, emit, "UpSampling2D", size=[call.config["size"], 1])


def _pair(value: Any) -> list[int]:
    return [value, value] if isinstance(value, int) else list(value)


def _picture_format(call: Call) -> str:
    return str(call.config.get("data_format") or "channels_last")


@layer_rule("ZeroPadding2D", reads=["padding", "data_format"])
def zero_padding_2d(call: Call, emit: Emit) -> Answer:
    """The same."""
    return emit("ZeroPadding2D", call.input, padding=call.config["padding"], data_format=_picture_format(call))


@layer_rule("Cropping2D", reads=["cropping", "data_format"])
def cropping_2d(call: Call, emit: Emit) -> Answer:
    """The same."""
    return emit("Cropping2D", call.input, cropping=call.config["cropping"], data_format=_picture_format(call))


@layer_rule("UpSampling2D", reads=["size", "data_format", "interpolation"])
def upsampling_2d(call: Call, emit: Emit) -> Answer:
    """Nearest neighbours only: TF.js interpolates between other points than Keras."""
    interpolation = call.config.get("interpolation")
    if interpolation != "nearest":
        raise NotExpressible(f"has interpolation={interpolation}, which TensorFlow.js layers do at other points")
    return emit("UpSampling2D", call.input, size=call.config["size"], data_format=_picture_format(call))


@layer_rule("Resizing", reads=None)
def resizing(call: Call, _emit: Emit) -> Answer:
    """Dropped for pictures that have the size already; TF.js' own Resizing interpolates between other points."""
    if call.input.shape != call.output.shape or None in call.input.shape[1:]:
        raise NotExpressible("resizes pictures, which TensorFlow.js layers do at other points")
    return call.input


@layer_rule("CenterCrop", reads=["height", "width", "data_format"])
def center_crop(call: Call, emit: Emit) -> Answer:
    """A cropping by whole pixels; TF.js' own CenterCrop changes the shape of its input."""
    shape, answer = call.input.shape, call.output.shape
    if call.config.get("data_format") == "channels_first" or len(shape) != 4:
        raise NotExpressible("takes other pictures than [height, width, channels]")
    margins = []
    for size, kept in zip(shape[1:3], answer[1:3], strict=True):
        if size is None or kept is None or size < kept:
            raise NotExpressible("makes pictures larger, or takes pictures of unknown size")
        before = int((size - kept) / 2)
        margins.append([before, size - kept - before])
    return emit("Cropping2D", call.input, cropping=margins, data_format="channels_last")
