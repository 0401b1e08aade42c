"""Models about convolutions, along sequences, over pictures and through volumes."""

from typing import Any

from keras import Input, Model, Sequential, layers

from tests.converter.models.case import PICTURE, SEQUENCE, VOLUME, about, as_graphs, as_layers, layer, one

_FIRST = "channels_first"
_LONG = (11, 4)


def _shared_over_sizes() -> Any:
    """One convolution for pictures of two sizes: its weights do not depend on them."""
    x, y = Input((6, 6, 2), name="x"), Input((9, 5, 2), name="y")
    look, average = layers.Conv2D(3, 3, activation="relu"), layers.GlobalAveragePooling2D()
    return Model([x, y], [average(look(x)), average(look(y))])


def _large_kernels() -> Any:
    inner = [layers.Conv2D(2, 5), layers.MaxPooling2D(3), layers.Conv2D(2, 4), layers.GlobalAveragePooling2D()]
    return Sequential([Input((None, None, 1)), *inner])


SEQUENCES = {
    **as_layers(
        one(layer("Conv1D", 3, 2), SEQUENCE),
        one(layer("Conv1D", 3, 3, strides=2, padding="same"), _LONG),
        one(layer("Conv1D", 3, 3, dilation_rate=2, use_bias=False), _LONG),
        one(layer("Conv1D", 4, 3, groups=2), _LONG),
        one(layer("Conv1D", 3, 3, padding="causal"), SEQUENCE),
        one(layer("Conv1D", 3, 3, padding="causal", dilation_rate=2, activation="gelu"), _LONG),
        one(layer("Conv1D", 3, 3, padding="causal", strides=2), _LONG),
        one(layer("Conv1D", 4, 3, padding="causal", groups=2), _LONG),
        one(layer("Conv1D", 3, 3, padding="causal"), (None, 4), note="unknown length"),
        one(layer("Conv1D", 3, 3, padding="same", activation="hard_silu"), (None, 4), note="unknown length"),
        one(layer("Conv1D", 3, 2, data_format=_FIRST), (4, 9)),
        one(layer("Conv1D", 3, 2, data_format=_FIRST, activation="softmax"), (4, 9)),
        one(layer("DepthwiseConv1D", 3), _LONG),
        one(layer("DepthwiseConv1D", 3, strides=2, padding="same", depth_multiplier=2), _LONG),
        one(layer("DepthwiseConv1D", 3, dilation_rate=2, use_bias=False), _LONG),
        one(layer("SeparableConv1D", 3, 3), _LONG),
        one(layer("SeparableConv1D", 3, 3, strides=2, padding="same", depth_multiplier=2), _LONG),
        one(layer("SeparableConv1D", 3, 3, dilation_rate=2, activation="tanh"), _LONG),
        one(layer("Conv1DTranspose", 3, 3), SEQUENCE),
        one(layer("Conv1DTranspose", 3, 3, strides=2, padding="same"), SEQUENCE),
        one(layer("Conv1DTranspose", 3, 2, strides=3), SEQUENCE, note="gaps between the windows"),
        one(layer("Conv1DTranspose", 3, 3, dilation_rate=2), SEQUENCE),
    ),
    **as_graphs(
        one(layer("DepthwiseConv1D", 3, data_format=_FIRST), (4, 9)),
        one(layer("SeparableConv1D", 3, 3, data_format=_FIRST), (4, 9)),
        one(layer("Conv1DTranspose", 3, 3, strides=2, output_padding=1), SEQUENCE),
        one(layer("Conv1DTranspose", 3, 3, data_format=_FIRST), (4, 6)),
    ),
}

PICTURES = {
    **as_layers(
        one(layer("Conv2D", 3, 2), PICTURE),
        one(layer("Conv2D", 3, 3, padding="same", activation="relu"), PICTURE),
        one(layer("Conv2D", 3, 3, strides=(2, 1), use_bias=False), PICTURE),
        one(layer("Conv2D", 3, (5, 2), strides=(1, 3), padding="same"), PICTURE),
        one(layer("Conv2D", 3, 3, strides=2, padding="same"), PICTURE, note="even size"),
        one(layer("Conv2D", 3, 2, dilation_rate=2), PICTURE),
        one(layer("Conv2D", 3, 2, dilation_rate=(3, 1), padding="same"), PICTURE),
        one(layer("Conv2D", 6, 3, groups=3), PICTURE),
        one(layer("Conv2D", 4, 3, groups=2, strides=2, padding="same", activation="hard_sigmoid"), (8, 7, 4)),
        one(layer("Conv2D", 3, (9, 11), padding="same"), PICTURE, note="kernel larger than the picture"),
        one(layer("Conv2D", 3, (8, 7)), PICTURE, note="kernel as large as the picture"),
        one(layer("Conv2D", 3, 1, strides=3), PICTURE, note="strides larger than the kernel"),
        one(layer("Conv2D", 3, 3, padding="same"), (None, None, 3), note="pictures of any size"),
        one(layer("Conv2D", 3, 3, activation="softmax"), PICTURE),
        one(layer("DepthwiseConv2D", 3), PICTURE),
        one(layer("DepthwiseConv2D", 3, strides=2, padding="same", depth_multiplier=2), PICTURE),
        one(layer("DepthwiseConv2D", (2, 3), dilation_rate=2, use_bias=False), PICTURE),
        one(layer("DepthwiseConv2D", 2, dilation_rate=(2, 3), padding="same", activation="mish"), PICTURE),
        one(layer("SeparableConv2D", 4, 3), PICTURE),
        one(layer("SeparableConv2D", 4, 3, strides=2, padding="same", depth_multiplier=2), PICTURE),
        one(layer("SeparableConv2D", 4, 3, dilation_rate=2, use_bias=False, activation="relu"), PICTURE),
        one(layer("Conv2DTranspose", 2, 3), PICTURE),
        one(layer("Conv2DTranspose", 2, 3, strides=2, padding="same", activation="relu"), PICTURE),
        one(layer("Conv2DTranspose", 2, 2, strides=2), PICTURE),
        one(layer("Conv2DTranspose", 2, 2, strides=(3, 1), use_bias=False), PICTURE),
        one(layer("Conv2DTranspose", 2, 3, strides=2, padding="same", output_padding=1), PICTURE),
        one(layer("Conv2DTranspose", 2, 3, dilation_rate=2), PICTURE),
        one(layer("Conv2DTranspose", 2, 3, dilation_rate=(2, 1), padding="same"), PICTURE),
        one(layer("Conv2DTranspose", 2, 3, strides=2, padding="same"), (None, None, 3), note="pictures of any size"),
    ),
    **as_graphs(
        one(layer("Conv2DTranspose", 2, 3, strides=2, output_padding=1), PICTURE),
        one(layer("Conv2DTranspose", 2, 3, strides=2, padding="same", output_padding=0), PICTURE),
        one(layer("Conv2DTranspose", 2, 3, strides=2, output_padding=(0, 1)), PICTURE),
    ),
}

FIRST_PICTURES = {
    **as_layers(
        one(layer("Conv2D", 3, 2, data_format=_FIRST), (3, 8, 7)),
        one(layer("Conv2D", 3, 3, data_format=_FIRST, strides=2, padding="same"), (3, 8, 7)),
        one(layer("Conv2D", 4, 2, data_format=_FIRST, activation="softmax"), (3, 8, 7)),
        one(layer("Conv2D", 4, 2, data_format=_FIRST, activation=layer("Softmax", axis=1)), (3, 8, 7)),
        one(layer("DepthwiseConv2D", 3, data_format=_FIRST), (3, 8, 7)),
        one(layer("DepthwiseConv2D", 3, data_format=_FIRST, activation="log_softmax"), (3, 8, 7)),
        one(layer("Conv2DTranspose", 2, 3, data_format=_FIRST), (3, 8, 7)),
    ),
    **as_graphs(
        one(layer("SeparableConv2D", 4, 3, data_format=_FIRST), (3, 8, 7)),
        one(layer("Conv3D", 3, 2, data_format=_FIRST), (2, 4, 6, 5)),
        one(layer("Conv3DTranspose", 3, 2, data_format=_FIRST), (2, 4, 6, 5)),
    ),
}

VOLUMES = {
    **as_layers(
        one(layer("Conv3D", 3, 2), VOLUME),
        one(layer("Conv3D", 3, 3, strides=2, padding="same", activation="elu"), VOLUME),
        one(layer("Conv3D", 3, 2, dilation_rate=(1, 2, 2)), VOLUME),
        one(layer("Conv3D", 4, 2, groups=2, use_bias=False), VOLUME),
        one(layer("Conv3DTranspose", 2, 2), VOLUME),
        one(layer("Conv3DTranspose", 2, 2, dilation_rate=2), VOLUME),
        one(layer("Conv3DTranspose", 2, 3, strides=2, padding="same", activation="relu"), VOLUME),
    ),
    **as_graphs(
        one(layer("Conv3DTranspose", 2, 3, strides=2, output_padding=1), VOLUME),
    ),
}

TOGETHER = {
    **as_layers(
        about("Conv2D", "shared over pictures of two sizes", _shared_over_sizes),
        about("Conv2D", "large kernels on pictures of any size", _large_kernels),
    ),
}

CONVOLUTIONS = {**SEQUENCES, **PICTURES, **FIRST_PICTURES, **VOLUMES, **TOGETHER}
