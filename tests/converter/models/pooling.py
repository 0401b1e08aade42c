"""Models about pooling: windows, whole inputs, and to sizes of the answer."""

from tests.converter.models.case import PICTURE, SEQUENCE, VOLUME, as_graphs, as_layers, layer, one

_FIRST = "channels_first"
_KINDS = ("Average", "Max")

WINDOWS = as_layers(
    *(one(layer(f"{kind}Pooling1D", 2), SEQUENCE) for kind in _KINDS),
    *(one(layer(f"{kind}Pooling1D", 3, strides=2, padding="same"), SEQUENCE) for kind in _KINDS),
    *(one(layer(f"{kind}Pooling1D", 2, data_format=_FIRST), (4, 6)) for kind in _KINDS),
    *(one(layer(f"{kind}Pooling2D", 2), PICTURE) for kind in _KINDS),
    *(one(layer(f"{kind}Pooling2D", 3, strides=2, padding="same"), PICTURE) for kind in _KINDS),
    *(one(layer(f"{kind}Pooling2D", (2, 3), strides=(1, 2)), PICTURE) for kind in _KINDS),
    *(one(layer(f"{kind}Pooling2D", 3, strides=1), PICTURE, note="overlapping") for kind in _KINDS),
    *(one(layer(f"{kind}Pooling2D", 2, data_format=_FIRST), (3, 8, 7)) for kind in _KINDS),
    *(one(layer(f"{kind}Pooling2D", 2), (None, None, 3), note="pictures of any size") for kind in _KINDS),
    *(one(layer(f"{kind}Pooling3D", 2), VOLUME) for kind in _KINDS),
    *(one(layer(f"{kind}Pooling3D", 3, strides=2, padding="same"), VOLUME) for kind in _KINDS),
    *(one(layer(f"{kind}Pooling3D", 2, data_format=_FIRST), (2, 4, 6, 5)) for kind in _KINDS),
)

WHOLE = as_layers(
    *(one(layer(f"Global{kind}Pooling1D"), SEQUENCE) for kind in _KINDS),
    *(one(layer(f"Global{kind}Pooling1D", keepdims=True), SEQUENCE) for kind in _KINDS),
    *(one(layer(f"Global{kind}Pooling1D", data_format=_FIRST), (4, 6)) for kind in _KINDS),
    *(one(layer(f"Global{kind}Pooling1D"), (None, 4), note="unknown length") for kind in _KINDS),
    *(one(layer(f"Global{kind}Pooling2D"), PICTURE) for kind in _KINDS),
    *(one(layer(f"Global{kind}Pooling2D", keepdims=True), PICTURE) for kind in _KINDS),
    *(one(layer(f"Global{kind}Pooling2D", data_format=_FIRST, keepdims=True), (3, 8, 7)) for kind in _KINDS),
    *(one(layer(f"Global{kind}Pooling2D"), (None, None, 3), note="pictures of any size") for kind in _KINDS),
    *(one(layer(f"Global{kind}Pooling3D"), VOLUME) for kind in _KINDS),
    *(one(layer(f"Global{kind}Pooling3D", keepdims=True), VOLUME) for kind in _KINDS),
    *(one(layer(f"Global{kind}Pooling3D", data_format=_FIRST), (2, 4, 6, 5)) for kind in _KINDS),
)

OTHERS = as_graphs(
    *(one(layer(f"Adaptive{kind}Pooling1D", 4), SEQUENCE) for kind in _KINDS),
    *(one(layer(f"Adaptive{kind}Pooling2D", (3, 2)), PICTURE) for kind in _KINDS),
    *(one(layer(f"Adaptive{kind}Pooling2D", 3, data_format=_FIRST), (3, 8, 7)) for kind in _KINDS),
    *(one(layer(f"Adaptive{kind}Pooling3D", 2), VOLUME) for kind in _KINDS),
)

POOLING = {**WINDOWS, **WHOLE, **OTHERS}
