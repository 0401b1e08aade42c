"""Every kind of layer that a layers model cannot express, and those whose graphs have traps."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers

from tests.converter.graph_fallback.cases import Table, functional, of_two, sequential

_ACTIVATIONS = [
    "celu",
    "elu",
    "exponential",
    "gelu",
    "glu",
    "hard_sigmoid",
    "hard_silu",
    "hard_tanh",
    "hard_shrink",
    "leaky_relu",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "tanh",
    "tanh_shrink",
]


def _self_attention(layer: Any, **options: Any) -> Any:
    return lambda given: layer()(given, given, **options)


def _masked_attention(given: Any) -> Any:
    embedded = layers.Embedding(4, 4, mask_zero=True)(given)
    return layers.MultiHeadAttention(2, 3)(embedded, embedded, use_causal_mask=True)


def _picture(*made: Any, shape: tuple[int | None, ...] = (8, 8, 3)) -> Any:
    return sequential(shape, *made)


ACTIVATIONS: Table = {
    "each after a product": functional(
        (6,), lambda x: {name: layers.Dense(6, activation=name)(x) for name in _ACTIVATIONS}
    ),
    **{
        f"convolution with {name}": _picture(lambda name=name: layers.Conv2D(4, 3, activation=name))
        for name in ("tanh", "gelu", "hard_silu", "softsign", "relu", "sigmoid", "leaky_relu")
    },
    "depthwise convolution with elu": _picture(lambda: layers.DepthwiseConv2D(3, activation="elu")),
    "approximate gelu": functional((6,), keras.ops.gelu),
    "threshold": functional((6,), lambda x: keras.ops.threshold(x, 0.2, -1.0)),
    "ReLU with all options": sequential((6,), lambda: layers.ReLU(2.0, negative_slope=0.1, threshold=0.3)),
    "ELU": sequential((6,), lambda: layers.ELU(0.4)),
    "PReLU": _picture(lambda: layers.Conv2D(4, 3), lambda: layers.PReLU(shared_axes=[1, 2])),
    "Softmax over two axes": sequential((4, 5), lambda: layers.Softmax(axis=[1, 2])),
}

ATTENTION: Table = {
    "Attention": of_two((4, 3), (5, 3), lambda x, y: layers.Attention(use_scale=True)([x, y])),
    "causal Attention": functional((4, 3), lambda x: layers.Attention()([x, x], use_causal_mask=True)),
    "causal AdditiveAttention": functional((4, 3), lambda x: layers.AdditiveAttention()([x, x], use_causal_mask=True)),
    "GroupQueryAttention": functional(
        (5, 8), _self_attention(lambda: layers.GroupQueryAttention(4, 4, 2), use_causal_mask=True)
    ),
    "MultiHeadAttention": of_two((5, 4), (6, 4), lambda x, y: layers.MultiHeadAttention(2, 3, value_dim=5)(x, y)),
    "causal MultiHeadAttention": functional(
        (5, 4), _self_attention(lambda: layers.MultiHeadAttention(2, 3), use_causal_mask=True)
    ),
    "causal MultiHeadAttention of any length": functional(
        (None, 4), _self_attention(lambda: layers.MultiHeadAttention(2, 3), use_causal_mask=True)
    ),
    "MultiHeadAttention with scores": functional(
        (5, 4), _self_attention(lambda: layers.MultiHeadAttention(2, 3), return_attention_scores=True)
    ),
    "MultiHeadAttention over two axes": functional(
        (3, 4, 5), _self_attention(lambda: layers.MultiHeadAttention(2, 3, attention_axes=(1, 2)))
    ),
    "masked causal MultiHeadAttention": functional((6,), _masked_attention, dtype="int32"),
}

NORMALIZATION: Table = {
    "GroupNormalization": _picture(lambda: layers.GroupNormalization(3)),
    "GroupNormalization of any size": _picture(lambda: layers.GroupNormalization(4), shape=(None, None, 8)),
    "RMSNormalization": sequential((6, 8), lambda: layers.RMSNormalization()),
    "UnitNormalization": sequential((6, 8), lambda: layers.UnitNormalization()),
    "LayerNormalization of volumes": sequential((2, 3, 4, 5), lambda: layers.LayerNormalization()),
    "BatchNormalization of volumes": sequential((2, 3, 4, 5), lambda: layers.BatchNormalization()),
    "BatchNormalization on the first axis": sequential((4, 5), lambda: layers.BatchNormalization(axis=1)),
    "SpectralNormalization": sequential((8,), lambda: layers.SpectralNormalization(layers.Dense(4))),
    "Normalization": sequential((2,), lambda: layers.Normalization(mean=[1.0, 2.0], variance=[1.0, 2.0])),
}

CONVOLUTIONS: Table = {
    "groups": _picture(lambda: layers.Conv2D(12, 3, groups=4, activation="relu"), shape=(6, 6, 8)),
    "groups of many channels": _picture(lambda: layers.Conv2D(256, 3, groups=2), shape=(4, 4, 256)),
    "a group for each channel": _picture(lambda: layers.Conv2D(16, 3, groups=8), shape=(6, 6, 8)),
    "groups in Conv1D": sequential((6, 8), lambda: layers.Conv1D(12, 3, groups=4)),
    "groups in Conv3D": sequential((5, 5, 5, 4), lambda: layers.Conv3D(4, 2, groups=2)),
    "causal Conv1D": sequential((9, 3), lambda: layers.Conv1D(4, 3, padding="causal", dilation_rate=2)),
    "Conv2D of any size": _picture(lambda: layers.Conv2D(4, 3, strides=2, padding="same"), shape=(None, None, 3)),
    "Conv3D": sequential((5, 6, 7, 2), lambda: layers.Conv3D(3, 3, strides=2, padding="same", activation="relu")),
    "dilated Conv3D": sequential((7, 7, 7, 2), lambda: layers.Conv3D(3, 2, dilation_rate=2)),
    "Conv1DTranspose": sequential((4, 2), lambda: layers.Conv1DTranspose(3, 3, strides=2)),
    "Conv2DTranspose": _picture(lambda: layers.Conv2DTranspose(3, 3, strides=2, padding="same", activation="relu")),
    "Conv2DTranspose with more output": _picture(
        lambda: layers.Conv2DTranspose(3, 4, strides=3, padding="same", output_padding=2)
    ),
    "dilated Conv2DTranspose": _picture(lambda: layers.Conv2DTranspose(3, 3, dilation_rate=2)),
    "dilated Conv2DTranspose, same size": _picture(
        lambda: layers.Conv2DTranspose(3, 3, dilation_rate=2, padding="same")
    ),
    "Conv3DTranspose": sequential((3, 4, 5, 2), lambda: layers.Conv3DTranspose(3, 3, strides=2)),
    "Conv3DTranspose, same size": sequential(
        (3, 4, 5, 2), lambda: layers.Conv3DTranspose(3, 3, strides=2, padding="same")
    ),
    "Conv3DTranspose with more output": sequential(
        (3, 4, 5, 2), lambda: layers.Conv3DTranspose(3, 3, strides=2, output_padding=1)
    ),
    "Conv3DTranspose with gaps": sequential((3, 4, 5, 2), lambda: layers.Conv3DTranspose(3, 1, strides=3)),
    "dilated DepthwiseConv2D": _picture(lambda: layers.DepthwiseConv2D(3, dilation_rate=2)),
    "SeparableConv1D": sequential((9, 3), lambda: layers.SeparableConv1D(4, 3)),
    "SeparableConv2D": _picture(lambda: layers.SeparableConv2D(4, 3, depth_multiplier=2, activation="relu")),
    **{
        f"channels first, {name}": _picture(
            lambda kind=kind, given=given: kind(**given, data_format="channels_first"), shape=(3, 8, 8)
        )
        for name, kind, given in [
            ("Conv2D", layers.Conv2D, {"filters": 4, "kernel_size": 3, "strides": 2, "padding": "same"}),
            ("DepthwiseConv2D", layers.DepthwiseConv2D, {"kernel_size": 3}),
            ("SeparableConv2D", layers.SeparableConv2D, {"filters": 4, "kernel_size": 3}),
            ("Conv2DTranspose", layers.Conv2DTranspose, {"filters": 4, "kernel_size": 3, "strides": 2}),
            ("MaxPooling2D", layers.MaxPooling2D, {"pool_size": 2}),
            ("AveragePooling2D", layers.AveragePooling2D, {"pool_size": 3, "padding": "same"}),
            ("UpSampling2D", layers.UpSampling2D, {"size": 2}),
        ]
    },
    "channels first, Conv3D": sequential((2, 4, 4, 4), lambda: layers.Conv3D(3, 2, data_format="channels_first")),
}

PICTURES: Table = {
    **{
        f"UpSampling2D, {method}": _picture(lambda method=method: layers.UpSampling2D(2, interpolation=method))
        for method in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")
    },
    **{
        f"Resizing, {method}": _picture(lambda method=method: layers.Resizing(4, 11, interpolation=method))
        for method in ("nearest", "bilinear", "bicubic")
    },
    "Resizing, cropped": _picture(lambda: layers.Resizing(4, 8, crop_to_aspect_ratio=True), shape=(7, 5, 3)),
    "Resizing, padded": _picture(lambda: layers.Resizing(4, 8, pad_to_aspect_ratio=True), shape=(7, 5, 3)),
    "Resizing from any size": _picture(lambda: layers.Resizing(4, 8), shape=(None, None, 3)),
    "CenterCrop": _picture(lambda: layers.CenterCrop(4, 4)),
    "CenterCrop that enlarges": _picture(lambda: layers.CenterCrop(9, 9), shape=(7, 5, 3)),
    "augmentation": _picture(
        lambda: layers.RandomFlip(),
        lambda: layers.RandomRotation(0.1),
        lambda: layers.RandomZoom(0.1),
        lambda: layers.RandomTranslation(0.1, 0.1),
        lambda: layers.RandomContrast(0.2),
        lambda: layers.RandomBrightness(0.2),
        lambda: layers.RandomCrop(4, 4),
        lambda: layers.Conv2D(2, 3),
    ),
    "AdaptiveAveragePooling1D": sequential((7, 3), lambda: layers.AdaptiveAveragePooling1D(3)),
    "AdaptiveMaxPooling2D": _picture(lambda: layers.AdaptiveMaxPooling2D((3, 2)), shape=(7, 5, 3)),
    "AdaptiveAveragePooling3D": sequential((4, 5, 6, 2), lambda: layers.AdaptiveAveragePooling3D(2)),
    "MaxPooling3D": sequential((4, 4, 4, 2), lambda: layers.MaxPooling3D(2)),
    "AveragePooling3D": sequential((5, 4, 4, 2), lambda: layers.AveragePooling3D(2, padding="same")),
    "UpSampling3D": sequential((2, 3, 4, 3), lambda: layers.UpSampling3D(2)),
    "ZeroPadding3D": sequential((2, 3, 4, 3), lambda: layers.ZeroPadding3D(1)),
    "Cropping3D": sequential((4, 4, 4, 3), lambda: layers.Cropping3D(1)),
}

PREPROCESSING: Table = {
    **{
        f"CategoryEncoding, {mode}": sequential(
            (1 if mode == "one_hot" else 5,),
            lambda mode=mode: layers.CategoryEncoding(4, output_mode=mode),
            dtype="int32",
        )
        for mode in ("one_hot", "multi_hot", "count")
    },
    **{
        f"Discretization, {mode}": sequential(
            (5,), lambda mode=mode: layers.Discretization([-0.5, 0.0, 0.5], output_mode=mode)
        )
        for mode in ("int", "one_hot", "multi_hot", "count")
    },
    "IntegerLookup": sequential((5,), lambda: layers.IntegerLookup(vocabulary=[1, 2, 7]), dtype="int64"),
    "IntegerLookup, encoded": sequential(
        (5,),
        lambda: layers.IntegerLookup(vocabulary=[1, 3], output_mode="multi_hot", num_oov_indices=2),
        dtype="int64",
    ),
    "IntegerLookup back": sequential(
        (5,), lambda: layers.IntegerLookup(vocabulary=[1, 2, 7], invert=True), dtype="int64"
    ),
    "STFTSpectrogram": sequential(
        (64, 1), lambda: layers.STFTSpectrogram(mode="log", frame_length=16, frame_step=8, fft_length=32)
    ),
    "MelSpectrogram": sequential(
        (2000,), lambda: layers.MelSpectrogram(fft_length=256, sequence_stride=128, num_mel_bins=12, sampling_rate=8000)
    ),
    "EinsumDense": sequential((3, 4), lambda: layers.EinsumDense("abc,cde->abde", (None, 2, 5), bias_axes="de")),
    "EinsumDense with an ellipsis": sequential((3, 4), lambda: layers.EinsumDense("...x,xy->...y", 7, bias_axes="y")),
    "EinsumDense, mixed": sequential((3, 4), lambda: layers.EinsumDense("abc,bd->adc", (5, None))),
}
