"""Networks that start from MobileNetV2: Keras' own layers and weights, cut where training begins.

A picture of any size becomes what the base has learned from inside the network itself, with layers that every place
can compute, a browser too: resizing without smoothing is a product with a matrix for each side, so two dense layers
whose weights never change do it to the last bit as `tf.image.resize` does.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from server.datasets.bases import Bases, MissingBase
from server.domain.mobilenet import BaseLayer, BaseTail, alpha_of, base_tail
from server.domain.spec import BaseSpec

Floats: TypeAlias = npt.NDArray[np.float32]
BaseWeights: TypeAlias = Mapping[str, tuple[Floats, ...]]
"""The arrays of each layer, by its name, in Keras' order."""

COLOURS = 3


def load_base_weights(base: BaseSpec, bases: Bases) -> BaseWeights:
    """What the base has learned. Raises MissingBase."""
    path = bases.get(base)
    try:
        frozen = base.model_copy(update={"unfrozen": 0})
        return _read_weights(frozen, path, path.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise MissingBase(
            base, bases.folder, "cannot be read from their file, which is broken or another one"
        ) from error


def build_base(base: BaseSpec, weights: BaseWeights | None = None) -> keras.Model:
    """Keras' MobileNetV2 without its last layer: pictures [samples, size, size, 3] from -1 to 1 to [samples, 1280]."""
    model = keras.applications.MobileNetV2(
        input_shape=(base.size, base.size, COLOURS),
        alpha=alpha_of(base),
        include_top=False,
        pooling="avg",
        weights=None,
    )
    # Keras counts this one up in a process; files should not depend on what was built before.
    model.layers[-1].name = "global_average_pooling2d"
    if weights is not None:
        set_weights(model, weights)
    return model


def build_look(shape: Sequence[int], base: BaseSpec) -> list[keras.Layer]:
    """Layers that turn pictures [height, width, channels] from 0 to 1 into what the base takes; nothing to train."""
    height, width, channels = shape
    layers: list[keras.Layer] = []
    if (height, width) != (base.size, base.size):
        layers += [
            keras.layers.Permute((1, 3, 2), name="columns_last"),
            _fixed_dense("resize_columns", _resizing(width, base.size)),
            keras.layers.Permute((3, 2, 1), name="rows_last"),
            _fixed_dense("resize_rows", _resizing(height, base.size)),
            keras.layers.Permute((3, 1, 2), name="channels_last"),
        ]
    if channels != COLOURS:
        layers.append(_fixed_dense("grey_to_colour", np.ones((channels, COLOURS), np.float32)))
    return [*layers, keras.layers.Rescaling(2.0, -1.0, name="from_minus_one_to_one")]


def build_embedder(shape: Sequence[int], base: BaseSpec, weights: BaseWeights) -> keras.Model:
    """From pictures [samples, *shape], 0 to 1, to what is the same in every epoch: see `embedding_shape`."""
    model, tail = build_base(base, weights), base_tail(base)
    end = model.get_layer(tail.layers[0].name).input if tail else model.output
    front = [] if end is model.input else [keras.Model(model.input, end, name="front")]
    return keras.Sequential([keras.Input(tuple(shape)), *build_look(shape, base), *front], name="embedder")


def build_whole(shape: Sequence[int], base: BaseSpec, weights: BaseWeights, head: Sequence[keras.Layer]) -> keras.Model:
    """One network from pictures [samples, *shape], 0 to 1, to the answers of the head."""
    layers = [keras.Input(tuple(shape), name="features"), *build_look(shape, base), build_base(base, weights), *head]
    return keras.Sequential(layers, name="playground")


def build_tail(tail: BaseTail) -> keras.Model:
    """The part of the base that is trained on, its weights not set; only the kernels that may move are trainable."""
    model = build_base(tail.base)
    for layer in model.layers:
        layer.trainable = layer.name in tail.trained
    first = model.get_layer(tail.layers[0].name)
    return keras.Model(first.input, model.output, name="mobilenet_v2_tail")


def tail_values(tail: BaseTail, weights: BaseWeights) -> Floats:
    """The weights of a tail in one row, as a run's state begins with them."""
    return np.concatenate([array.ravel() for layer in tail.layers for array in weights.get(layer.name, ())])


def with_tail_values(weights: BaseWeights, tail: BaseTail, values: Floats) -> BaseWeights:
    """The weights of a base whose tail was trained."""
    found = dict(weights)
    for layer in (layer for layer in tail.layers if layer.weights):
        arrays, values = _split_row(layer, values)
        found[layer.name] = arrays
    return found


def set_weights(model: keras.Model, weights: BaseWeights) -> None:
    """Put the arrays into the layers that have any."""
    for layer in model.layers:
        if layer.weights:
            layer.set_weights(weights[layer.name])


def _split_row(layer: BaseLayer, values: Floats) -> tuple[tuple[Floats, ...], Floats]:
    """The arrays of a layer from the front of a row, and the rest of the row."""
    arrays: list[Floats] = []
    for shape in layer.weights:
        count = int(np.prod(shape))
        arrays.append(values[:count].reshape(shape))
        values = values[count:]
    return tuple(arrays), values


@lru_cache(maxsize=3)
def _read_weights(base: BaseSpec, path: Path, changed_ns: int) -> BaseWeights:
    """Keras' own reading of the file; `changed_ns` makes a file that was replaced another one."""
    model = build_base(base)
    model.load_weights(path)
    return {layer.name: tuple(map(np.asarray, layer.get_weights())) for layer in model.layers if layer.weights}


def _fixed_dense(name: str, kernel: Floats) -> keras.Layer:
    layer = keras.layers.Dense(kernel.shape[1], use_bias=False, trainable=False, name=name)
    layer.build((None, kernel.shape[0]))
    layer.set_weights([kernel])
    return layer


def _resizing(before: int, after: int) -> Floats:
    """The matrix [before, after] that resizes one side as TensorFlow does, bilinear and without smoothing."""
    rows = tf.image.resize(np.eye(before, dtype=np.float32)[None, :, :, None], (after, before))
    return np.ascontiguousarray(rows.numpy()[0, :, :, 0].T)
