"""Layers that prepare pictures, numbers and sounds; most of those that vary pictures rest at inference."""

from __future__ import annotations

from converter.keras_files.arguments import (
    Argument,
    Parser,
    flag,
    ignored,
    list_of,
    number,
    one_of,
    one_or_list_of,
    optional,
    share,
    sides,
    size,
    whole,
)
from converter.keras_files.layers.core import DATA_FORMAT
from converter.keras_files.layers.kind import Kinds, LayerKind, alike

_FACTOR = one_or_list_of(number(-1e6, 1e6), 2)
_RANGE = {"value_range": list_of(number(-1e6, 1e6), 2, 2), **DATA_FORMAT}
_SIZES = {"height": whole(1, 100_000), "width": whole(1, 100_000)}
_FILL_MODE = {"fill_mode": one_of("constant", "reflect", "wrap", "nearest")}
_FILL_VALUE = {"fill_value": number()}
_INTERPOLATION = {"interpolation": one_of("nearest", "bilinear")}
_FILLED = {**_FILL_MODE, **_FILL_VALUE, **_INTERPOLATION, **DATA_FORMAT}
_BOUNDARIES = optional(list_of(number(), 0, 100_000))


def _upper_factor(value: object, argument: Argument) -> object:
    """A factor that Keras writes as a pair below and above zero, but takes only as a number or a pair above it."""
    factor = _FACTOR(value, argument)
    return max(map(abs, factor), default=0.0) if isinstance(factor, tuple) else factor


def _varying(*needs: str, **takes: Parser) -> LayerKind:
    return LayerKind(needs=dict.fromkeys(needs, _FACTOR), takes={**_RANGE, **takes})


_PICTURES: Kinds = {
    "CenterCrop": LayerKind(needs=_SIZES, takes=DATA_FORMAT),
    "RandomCrop": LayerKind(needs=_SIZES, takes=DATA_FORMAT),
    "Resizing": LayerKind(
        needs=_SIZES,
        takes={
            "interpolation": one_of("nearest", "bilinear", "bicubic", "area", "lanczos3", "lanczos5"),
            "crop_to_aspect_ratio": flag,
            "pad_to_aspect_ratio": flag,
            "antialias": flag,
            **_FILL_MODE,
            **_FILL_VALUE,
            **DATA_FORMAT,
        },
    ),
}

_RANDOM: Kinds = {
    **alike(
        "RandomBrightness RandomColorDegeneration RandomContrast RandomHue RandomPosterization RandomSaturation "
        "RandomSharpness",
        _varying("factor"),
    ),
    "RandomColorJitter": _varying(
        brightness_factor=optional(_FACTOR),
        contrast_factor=optional(_FACTOR),
        saturation_factor=optional(_FACTOR),
        hue_factor=optional(_FACTOR),
    ),
    "RandomElasticTransform": _varying(factor=_FACTOR, scale=_FACTOR, **_FILLED),
    "RandomErasing": _varying(factor=_FACTOR, scale=_FACTOR, fill_value=optional(number())),
    "RandomFlip": LayerKind(takes={"mode": one_of("horizontal", "vertical", "horizontal_and_vertical"), **DATA_FORMAT}),
    "RandomGaussianBlur": _varying(factor=_FACTOR, kernel_size=sides(2), sigma=_FACTOR),
    "RandomGrayscale": LayerKind(takes={"factor": share, **DATA_FORMAT}),
    "RandomInvert": _varying(factor=_FACTOR),
    "RandomPerspective": LayerKind(takes={"factor": _FACTOR, "scale": _FACTOR, **_FILLED}),
    "RandomRotation": LayerKind(needs={"factor": _FACTOR}, takes=_FILLED),
    "RandomShear": LayerKind(takes={"x_factor": _upper_factor, "y_factor": _upper_factor, **_FILLED}),
    "RandomTranslation": LayerKind(needs={"height_factor": _FACTOR, "width_factor": _FACTOR}, takes=_FILLED),
    "RandomZoom": LayerKind(needs={"height_factor": _FACTOR}, takes={"width_factor": optional(_FACTOR), **_FILLED}),
    "CutMix": LayerKind(takes={"factor": _FACTOR, **DATA_FORMAT}),
    "MixUp": LayerKind(takes={"alpha": number(0, 1e3), **DATA_FORMAT}),
    "AugMix": _varying(
        num_chains=whole(1, 10),
        chain_depth=whole(1, 10),
        factor=_FACTOR,
        alpha=number(0, 1e3),
        all_ops=flag,
        **_INTERPOLATION,
    ),
    "RandAugment": _varying(num_ops=whole(0, 20), factor=_FACTOR, **_INTERPOLATION),
    "AutoContrast": _varying(),
    "ContrastLimitedAdaptiveHistogramEqualization": _varying(clip_limit=number(0, 1e6), tile_grid_size=sides(2)),
    "Equalization": _varying(bins=whole(2, 65_536)),
    "Solarization": _varying(addition_factor=_FACTOR, threshold_factor=_FACTOR),
}

_SPARSE = {"sparse": flag}

_NUMBERS: Kinds = {
    "CategoryEncoding": LayerKind(
        needs={"num_tokens": size},
        takes={"output_mode": one_of("one_hot", "multi_hot", "count"), **_SPARSE},
        options=frozenset(["count_weights"]),
    ),
    "Discretization": LayerKind(
        needs={"bin_boundaries": _BOUNDARIES},
        takes={
            "num_bins": ignored,  # how many boundaries it once looked for; an adapted layer has both
            "epsilon": number(0, 1),
            "output_mode": one_of("int", "one_hot", "multi_hot", "count"),
            **_SPARSE,
        },
    ),
}

_LENGTH = whole(1, 16_384)
_WINDOW = {"window": optional(one_of("hann", "hamming"))}

_SOUNDS: Kinds = {
    "MelSpectrogram": LayerKind(
        takes={
            "fft_length": _LENGTH,
            "sequence_stride": _LENGTH,
            "sequence_length": optional(_LENGTH),
            "sampling_rate": whole(1, 1_000_000),
            "num_mel_bins": whole(1, 1_024),
            "min_freq": number(0, 1e6),
            "max_freq": optional(number(0, 1e6)),
            "power_to_db": flag,
            "top_db": optional(number()),
            "mag_exp": number(0, 100),
            "min_power": number(0, 1e6),
            "ref_power": number(0, 1e6),
            **_WINDOW,
        }
    ),
    "STFTSpectrogram": LayerKind(
        takes={
            "mode": one_of("log", "magnitude", "psd", "real", "imag", "angle", "stft"),
            "frame_length": whole(2, 4_096),
            "frame_step": optional(whole(1, 4_096)),
            "fft_length": optional(whole(2, 4_096)),
            "periodic": flag,
            "scaling": optional(one_of("density", "spectrum")),
            "padding": one_of("valid", "same"),
            "expand_dims": flag,
            **_WINDOW,
            **DATA_FORMAT,
        }
    ),
}

KINDS: Kinds = {**_PICTURES, **_RANDOM, **_NUMBERS, **_SOUNDS}
