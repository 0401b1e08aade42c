"""Models about normalization, and about scaling by constants."""

from typing import Any

import keras
import numpy as np
from keras import Input, layers

from tests.converter.models.case import PICTURE, ROW, SEQUENCE, VOLUME, about, as_graphs, as_layers, layer, one

_RANDOM = np.random.default_rng(3)


def _adapted(shape: tuple[int, ...], **options: Any) -> Any:
    def build() -> Any:
        normalize = layers.Normalization(**options)
        normalize.adapt(np.random.default_rng(5).normal(40, 3, (64, *shape)).astype("float32"))
        return keras.Sequential([Input(shape), normalize])

    return build


def _norm_of(inner: Any) -> Any:
    return keras.Sequential([Input(PICTURE), layers.SpectralNormalization(inner), layers.Flatten(), layers.Dense(2)])


BATCH = {
    **as_layers(
        one(layer("BatchNormalization"), ROW),
        one(layer("BatchNormalization"), SEQUENCE, note="on sequences"),
        one(layer("BatchNormalization"), PICTURE, note="on pictures"),
        one(layer("BatchNormalization"), (None, None, 3), note="pictures of any size"),
        one(layer("BatchNormalization", center=False), PICTURE),
        one(layer("BatchNormalization", scale=False), ROW),
        one(layer("BatchNormalization", center=False, scale=False, epsilon=0.1), PICTURE),
        one(layer("BatchNormalization", axis=1), SEQUENCE),
        one(layer("BatchNormalization", axis=1), PICTURE, note="on pictures"),
        one(layer("BatchNormalization", axis=2), PICTURE),
        one(layer("BatchNormalization", axis=-2, scale=False), PICTURE),
        one(layer("BatchNormalization", momentum=0.5, synchronized=True), ROW),
    ),
    **as_graphs(
        one(layer("BatchNormalization"), VOLUME, note="on volumes"),
        one(layer("BatchNormalization", axis=1), VOLUME, note="on volumes"),
    ),
}

OTHERS = {
    **as_layers(
        one(layer("LayerNormalization"), ROW),
        one(layer("LayerNormalization", epsilon=0.1), SEQUENCE),
        one(layer("LayerNormalization", axis=1), SEQUENCE),
        one(layer("LayerNormalization", axis=[1, 2]), SEQUENCE),
        one(layer("LayerNormalization", axis=[-1, -3]), PICTURE),
        one(layer("LayerNormalization", center=False), SEQUENCE),
        one(layer("LayerNormalization", scale=False), SEQUENCE),
        one(layer("SpectralNormalization", layer("Dense", 3, activation="tanh")), ROW, note="of Dense"),
        one(layer("SpectralNormalization", layer("Conv2D", 3, 2)), PICTURE, note="of Conv2D"),
        about("SpectralNormalization", "inside a model", lambda: _norm_of(layers.Conv2D(3, 2, padding="same"))),
    ),
    **as_graphs(
        one(layer("LayerNormalization"), VOLUME, note="on volumes"),
        one(layer("LayerNormalization", rms_scaling=True), SEQUENCE),
        one(layer("GroupNormalization", 2), SEQUENCE),
        one(layer("GroupNormalization", 1), PICTURE, note="one group"),
        one(layer("GroupNormalization", -1, epsilon=0.1), PICTURE, note="a group for each channel"),
        one(layer("GroupNormalization", 2, axis=1, center=False, scale=False), (4, 8, 7)),
        one(layer("RMSNormalization"), SEQUENCE),
        one(layer("RMSNormalization", epsilon=0.1), PICTURE, note="on pictures"),
        one(layer("UnitNormalization"), SEQUENCE),
        one(layer("UnitNormalization", axis=[1, 2]), SEQUENCE),
    ),
}

CONSTANTS = as_layers(
    about("Normalization", "adapted", _adapted((5,))),
    about("Normalization", "adapted, on sequences", _adapted((6, 4))),
    about("Normalization", "adapted, axis=1", _adapted((6, 4), axis=1)),
    about("Normalization", "adapted, axis=(1, 2)", _adapted((6, 4), axis=(1, 2))),
    about("Normalization", "adapted, axis=None", _adapted((6, 4), axis=None)),
    about("Normalization", "adapted, invert=True", _adapted((5,), invert=True)),
    about("Normalization", "adapted, on volumes", _adapted((3, 4, 2, 2))),
    one(layer("Normalization", mean=3.0, variance=2.0), ROW),
    one(layer("Normalization", mean=[1.0, 2.0, 3.0, 4.0, 5.0], variance=[1.0, 0.5, 0.0, 4.0, 2.0]), ROW),
    one(layer("Normalization", axis=None, mean=1.0, variance=4.0), PICTURE),
    one(layer("Normalization", mean=2.0, variance=3.0, invert=True), PICTURE),
    one(layer("Rescaling", 0.5), ROW),
    one(layer("Rescaling", 1 / 127.5, offset=-1.0), PICTURE),
    one(layer("Rescaling", [0.5, 2.0, -1.0], offset=[1.0, 0.0, 3.0]), PICTURE, note="numbers for each channel"),
    one(layer("Rescaling", 2.0, offset=_RANDOM.normal(size=(6, 4))), SEQUENCE, note="numbers for each place"),
)
NORMALIZATION = {**BATCH, **OTHERS, **CONSTANTS}
