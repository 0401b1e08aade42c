"""Keras models that look at pictures or normalize, for the table of those the converter has to carry over."""

from collections.abc import Callable
from typing import Any

from keras import Input, Model, Sequential
from keras.layers import (
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    MaxPooling2D,
)

PICTURE = (8, 8, 1)


def _layers(*layers: Callable[[], Any], shape: tuple[int | None, ...] = (7, 9, 3)) -> Callable[[], Any]:
    """A maker of a Sequential model; its layers are made anew each time."""
    return lambda: Sequential([Input(shape), *(make() for make in layers)])


def _digits_network() -> Any:
    """A network as a pupil builds it for the handwritten digits."""
    layers = [
        Conv2D(8, 3, activation="relu", padding="same", name="hidden_1"),
        BatchNormalization(momentum=0.9, name="hidden_2"),
        MaxPooling2D(2, name="hidden_3"),
        Conv2D(6, 2, activation="tanh", name="hidden_4"),
        AveragePooling2D(2, padding="same", name="hidden_5"),
        Dropout(0.2, name="hidden_6"),
        Flatten(name="hidden_7"),
        Dense(12, activation="sigmoid", name="hidden_8"),
        Dense(10, activation="softmax", name="output"),
    ]
    return Sequential([Input(PICTURE, name="features"), *layers])


def _normalized_row() -> Any:
    return Sequential([Input((2,)), Dense(5, activation="tanh"), BatchNormalization(), Dense(3, activation="softmax")])


def _two_convolutions_of_one_name_each() -> Any:
    """Keras stores them in folders named by class and count, whatever they are called."""
    layers = [
        Conv2D(3, 2, name="b"),
        BatchNormalization(name="z"),
        Conv2D(2, 2, name="a"),
        BatchNormalization(name="y"),
    ]
    return Sequential([Input(PICTURE), *layers, Flatten(), Dense(1)])


def _shared_convolution() -> Any:
    x, y = Input((6, 6, 2), name="x"), Input((6, 6, 2), name="y")
    look, normalize, flatten = Conv2D(3, 3, activation="relu"), BatchNormalization(), Flatten()
    answers = [Dense(2)(flatten(normalize(look(picture)))) for picture in (y, x)]
    return Model([x, y], answers)


def _shared_over_sizes() -> Any:
    """One convolution for pictures of two sizes: its weights do not depend on them."""
    x, y = Input((6, 6, 2), name="x"), Input((9, 5, 2), name="y")
    look, average = Conv2D(3, 3, activation="relu"), GlobalAveragePooling2D()
    return Model([x, y], [average(look(x)), average(look(y))])


def _nested_pictures() -> Any:
    inner = Sequential([Conv2D(4, 3), BatchNormalization(), MaxPooling2D()], name="inner")
    x = Input(PICTURE)
    return Model(x, Dense(2)(Flatten()(inner(x))))


def _large_kernel() -> Any:
    return Sequential([Input((None, None, 1)), Conv2D(2, 5), MaxPooling2D(3), Conv2D(2, 4), GlobalAveragePooling2D()])


PICTURE_MODELS: dict[str, Callable[[], Any]] = {
    "digits": _digits_network,
    "normalized row": _normalized_row,
    "names in another order": _two_convolutions_of_one_name_each,
    "shared convolution": _shared_convolution,
    "shared over sizes": _shared_over_sizes,
    "nested pictures": _nested_pictures,
    "pictures of any size": _layers(
        lambda: Conv2D(3, 3, padding="same"), MaxPooling2D, GlobalAveragePooling2D, shape=(None, None, 2)
    ),
    "pictures of any height": _layers(lambda: Conv2D(3, 3), BatchNormalization, shape=(None, 5, 2)),
    "pictures of any size, large windows": _large_kernel,
    "convolution without bias": _layers(lambda: Conv2D(4, 3, use_bias=False)),
    "kernel of one pixel": _layers(lambda: Conv2D(4, 1, activation="gelu")),
    "oblong kernel": _layers(lambda: Conv2D(4, (1, 4), padding="same"), lambda: Conv2D(3, (5, 2))),
    "oblong strides": _layers(
        lambda: Conv2D(4, 3, strides=(1, 2)), lambda: Conv2D(3, 2, strides=(3, 1), padding="same")
    ),
    "kernel as large as the picture": _layers(lambda: Conv2D(4, (7, 9)), Flatten),
    "kernel larger than the picture": _layers(lambda: Conv2D(4, (9, 11), padding="same")),
    "strides larger than the kernel": _layers(lambda: Conv2D(4, 1, strides=3), lambda: MaxPooling2D(1, strides=2)),
    "kernel with gaps": _layers(lambda: Conv2D(4, 3, dilation_rate=2), lambda: Conv2D(3, 2, dilation_rate=(1, 2))),
    "padded kernel with gaps": _layers(lambda: Conv2D(4, 3, dilation_rate=(3, 2), padding="same")),
    "convolution with a rewritten activation": _layers(lambda: Conv2D(4, 3, activation="hard_swish"), Flatten),
    "convolution with softmax": _layers(lambda: Conv2D(4, 3, activation="softmax")),
    "convolution with constraints": _layers(
        lambda: Conv2D(4, 3, kernel_constraint="unit_norm", bias_regularizer="l2", activity_regularizer="l1")
    ),
    "overlapping pools": _layers(lambda: MaxPooling2D(3, strides=1), lambda: AveragePooling2D(3, strides=1)),
    "padded pools": _layers(
        lambda: MaxPooling2D(2, padding="same"), lambda: AveragePooling2D(3, strides=2, padding="same")
    ),
    "oblong pools": _layers(lambda: MaxPooling2D((2, 3)), lambda: AveragePooling2D((3, 1), strides=(1, 2))),
    "average that keeps its axes": _layers(
        lambda: GlobalAveragePooling2D(keepdims=True), lambda: Conv2D(2, 1), Flatten
    ),
    "average and softmax": _layers(GlobalAveragePooling2D, lambda: Dense(4, activation="softmax")),
    "flat is flattened": _layers(lambda: Dense(4), Flatten, lambda: Dense(2), shape=(5,)),
    "rows are flattened": _layers(Flatten, lambda: Dense(2), shape=(4, 3)),
    "volumes are flattened": _layers(Flatten, lambda: Dense(2), shape=(2, 3, 2, 2)),
    "any number of rows is flattened": _layers(Flatten, shape=(None, 3)),
    "flattened twice": _layers(Flatten, Flatten, lambda: Dense(2)),
    "normalized without scale": _layers(lambda: BatchNormalization(scale=False, epsilon=0.1), Flatten),
    "normalized without centre": _layers(lambda: BatchNormalization(center=False), Flatten),
    "normalized only": _layers(lambda: BatchNormalization(center=False, scale=False), shape=(4,)),
    "normalized rows": _layers(BatchNormalization, shape=(4, 3)),
    "normalized along the height": _layers(lambda: BatchNormalization(axis=1), lambda: Conv2D(2, 3)),
    "normalized along the width": _layers(lambda: BatchNormalization(axis=-2), lambda: Conv2D(2, 3)),
    "normalized along the rows": _layers(lambda: BatchNormalization(axis=1), lambda: Dense(2), shape=(4, 3)),
    "normalized along the last axis by its number": _layers(lambda: BatchNormalization(axis=3), Flatten),
}
