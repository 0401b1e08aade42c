"""Models about layers that move numbers to other places."""

import keras
from keras import Input, layers

from tests.converter.models.case import PICTURE, ROW, SEQUENCE, VOLUME, about, as_graphs, as_layers, layer, one

_FIRST = "channels_first"


def _sizes_known_afterwards() -> keras.Model:
    """A Dense layer needs to know what a -1 stands for."""
    inner = [layers.Reshape((-1, 2)), layers.Flatten(), layers.Dense(3), layers.Reshape((3, -1))]
    return keras.Sequential([Input(SEQUENCE), *inner, layers.Conv1D(2, 2)])


SHAPES = {
    **as_layers(
        one(layer("Flatten"), PICTURE),
        one(layer("Flatten"), ROW, note="of what is flat"),
        one(layer("Flatten", data_format=_FIRST), (3, 8, 7)),
        one(layer("Flatten"), (None, 3), note="unknown sizes"),
        one(layer("Flatten"), (3, None, 2), note="an unknown size in the middle"),
        one(layer("Reshape", (4, 6)), SEQUENCE),
        one(layer("Reshape", (-1, 3)), SEQUENCE, note="-1"),
        one(layer("Reshape", (-1, 2)), (None, 4), note="-1 of an unknown size"),
        about("Reshape", "-1, then layers that need the size", _sizes_known_afterwards),
        one(layer("Permute", (2, 1)), SEQUENCE),
        one(layer("Permute", (3, 1, 2)), PICTURE, note="of pictures"),
        one(layer("RepeatVector", 3), ROW),
    ),
}

EDGES = {
    **as_layers(
        one(layer("ZeroPadding1D"), SEQUENCE),
        one(layer("ZeroPadding1D", padding=(2, 1)), SEQUENCE),
        one(layer("ZeroPadding1D", padding=2), (None, 4), note="unknown length"),
        one(layer("ZeroPadding2D"), PICTURE),
        one(layer("ZeroPadding2D", padding=(1, 2)), PICTURE),
        one(layer("ZeroPadding2D", padding=((1, 0), (2, 3))), PICTURE),
        one(layer("ZeroPadding2D", padding=((0, 1), (2, 0)), data_format=_FIRST), (3, 8, 7)),
        one(layer("Cropping1D"), SEQUENCE),
        one(layer("Cropping1D", cropping=(2, 1)), SEQUENCE),
        one(layer("Cropping1D", cropping=(2, 0)), SEQUENCE, note="at one end"),
        one(layer("Cropping2D", cropping=1), PICTURE),
        one(layer("Cropping2D", cropping=((1, 0), (2, 3))), PICTURE),
        one(layer("Cropping2D", cropping=((0, 1), (2, 0)), data_format=_FIRST), (3, 8, 7)),
    ),
    **as_graphs(
        one(layer("ZeroPadding1D", padding=(2, 1), data_format=_FIRST), (4, 6)),
        one(layer("ZeroPadding3D", padding=((1, 0), (0, 2), (1, 1))), VOLUME),
        one(layer("Cropping3D", cropping=((1, 0), (0, 2), (1, 1))), VOLUME),
        one(layer("Cropping3D", cropping=1, data_format=_FIRST), (2, 4, 6, 5)),
    ),
}

SAMPLING = {
    **as_layers(
        one(layer("UpSampling1D"), SEQUENCE),
        one(layer("UpSampling1D", size=3), SEQUENCE),
        one(layer("UpSampling2D"), PICTURE),
        one(layer("UpSampling2D", size=(1, 3)), PICTURE),
        one(layer("UpSampling2D", data_format=_FIRST), (3, 4, 5)),
        one(layer("UpSampling2D"), (None, None, 3), note="pictures of any size"),
    ),
    **as_graphs(
        one(layer("UpSampling2D", interpolation="bilinear"), PICTURE),
        one(layer("UpSampling2D", size=(3, 2), interpolation="bilinear", data_format=_FIRST), (3, 4, 5)),
        one(layer("UpSampling2D", interpolation="bicubic"), PICTURE),
        one(layer("UpSampling2D", interpolation="lanczos3"), PICTURE),
        one(layer("UpSampling2D", interpolation="lanczos5"), PICTURE),
        one(layer("UpSampling3D"), VOLUME),
        one(layer("UpSampling3D", size=(1, 2, 3)), VOLUME),
    ),
}

RESHAPING = {**SHAPES, **EDGES, **SAMPLING}
