"""Layers that compute with units, merge, normalize, reshape or drop."""

from __future__ import annotations

from converter.keras_files.arguments import (
    activation,
    axes,
    axis,
    flag,
    ignored,
    layer,
    list_of,
    margins,
    nothing,
    number,
    numbers,
    one_of,
    one_or_list_of,
    optional,
    share,
    sides,
    size,
    target_shape,
    text,
    whole,
)
from converter.keras_files.layers.kind import Kinds, LayerKind, alike

DATA_FORMAT = {"data_format": optional(one_of("channels_last", "channels_first"))}

_EPSILON = {"epsilon": number(0, 1e3)}
_CENTER_AND_SCALE = {"center": flag, "scale": flag}
# A low-rank adapter is merged into the kernel when a .keras file is written.
_ADAPTER = {"lora_rank": ignored, "lora_alpha": ignored, "quantization_config": nothing}

_DENSE: Kinds = {
    "Activation": LayerKind(needs={"activation": activation}),
    "Dense": LayerKind(needs={"units": size}, takes={"activation": activation, "use_bias": flag, **_ADAPTER}),
    "EinsumDense": LayerKind(
        needs={"equation": text, "output_shape": one_or_list_of(optional(whole(-1, 1_000_000)))},
        takes={
            "activation": activation,
            "bias_axes": optional(text),
            "gptq_unpacked_column_size": nothing,
            **_ADAPTER,
        },
    ),
    "Embedding": LayerKind(
        needs={"input_dim": whole(1, 20_000_000), "output_dim": size},
        takes={"mask_zero": flag, "weights": nothing, "input_length": ignored, **_ADAPTER},
    ),
    "ReversibleEmbedding": LayerKind(
        needs={"input_dim": whole(1, 20_000_000), "output_dim": size},
        takes={
            "mask_zero": flag,
            "tie_weights": flag,
            "reverse_dtype": ignored,
            "logit_soft_cap": optional(number()),
            **_ADAPTER,
        },
        options=frozenset(["mask", "reverse"]),
    ),
    "Identity": LayerKind(),
    "Masking": LayerKind(takes={"mask_value": number()}),
}

_ACTIVATIONS: Kinds = {
    "ELU": LayerKind(takes={"alpha": number()}),
    "LeakyReLU": LayerKind(takes={"negative_slope": number()}),
    "PReLU": LayerKind(takes={"shared_axes": optional(axes)}),
    "ReLU": LayerKind(takes={"max_value": optional(number()), "negative_slope": number(), "threshold": number()}),
    "Softmax": LayerKind(takes={"axis": axes}),
}

_MERGING: Kinds = {
    **alike("Add Average Maximum Minimum Multiply Subtract", LayerKind()),
    "Concatenate": LayerKind(takes={"axis": axis}),
    "Dot": LayerKind(needs={"axes": axes}, takes={"normalize": flag}),
}

_NORMALIZATION: Kinds = {
    "BatchNormalization": LayerKind(
        takes={
            "axis": axis,
            "momentum": share,
            "synchronized": flag,
            "renorm": nothing,
            "renorm_clipping": ignored,
            "renorm_momentum": ignored,
            **_EPSILON,
            **_CENTER_AND_SCALE,
        }
    ),
    "GroupNormalization": LayerKind(
        takes={"groups": whole(-1, 1_000_000), "axis": axis, **_EPSILON, **_CENTER_AND_SCALE}
    ),
    "LayerNormalization": LayerKind(takes={"axis": axes, "rms_scaling": flag, **_EPSILON, **_CENTER_AND_SCALE}),
    "RMSNormalization": LayerKind(takes={"axis": axes, **_EPSILON}),
    "SpectralNormalization": LayerKind(needs={"layer": layer}, takes={"power_iterations": whole(1, 100)}),
    "UnitNormalization": LayerKind(takes={"axis": axes}),
}

_RESHAPING: Kinds = {
    "Flatten": LayerKind(takes=DATA_FORMAT),
    "Permute": LayerKind(needs={"dims": list_of(whole(1, 8), 1)}),
    "RepeatVector": LayerKind(needs={"n": size}),
    "Reshape": LayerKind(needs={"target_shape": target_shape}),
    **{
        f"{name}{rank}D": LayerKind(takes={argument: margins(rank), **DATA_FORMAT})
        for name, argument in (("Cropping", "cropping"), ("ZeroPadding", "padding"))
        for rank in (1, 2, 3)
    },
    "UpSampling1D": LayerKind(takes={"size": whole(1, 256)}),
    "UpSampling2D": LayerKind(
        takes={
            "size": sides(2),
            "interpolation": one_of("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"),
            **DATA_FORMAT,
        }
    ),
    "UpSampling3D": LayerKind(takes={"size": sides(3), **DATA_FORMAT}),
}

_RATE = {"rate": share}
_NOISE_SHAPE = {"noise_shape": optional(list_of(optional(size)))}

_REGULARIZATION: Kinds = {
    "ActivityRegularization": LayerKind(takes={"l1": ignored, "l2": ignored}),
    **alike("AlphaDropout Dropout", LayerKind(needs=_RATE, takes=_NOISE_SHAPE)),
    "GaussianDropout": LayerKind(needs=_RATE),
    "GaussianNoise": LayerKind(needs={"stddev": number(0, 1e6)}),
    "SpatialDropout1D": LayerKind(needs=_RATE, takes={"noise_shape": ignored}),
    **alike("SpatialDropout2D SpatialDropout3D", LayerKind(needs=_RATE, takes={"noise_shape": ignored, **DATA_FORMAT})),
}

_SCALING: Kinds = {
    "Rescaling": LayerKind(needs={"scale": numbers}, takes={"offset": numbers}),
    "Normalization": LayerKind(
        takes={"axis": optional(axes), "mean": optional(numbers), "variance": optional(numbers), "invert": flag}
    ),
}

KINDS: Kinds = {
    **_DENSE,
    **_ACTIVATIONS,
    **_MERGING,
    **_NORMALIZATION,
    **_RESHAPING,
    **_REGULARIZATION,
    **_SCALING,
}
