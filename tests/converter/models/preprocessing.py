"""Models about layers that make numbers fit for a network: pictures, categories, words, sound."""

from typing import Any

import keras
import numpy as np
from keras import Input, layers
from numpy.typing import NDArray

from tests.converter.models.case import PICTURE, ROW, Case, about, as_graphs, as_layers, as_refusals, layer, one

_FIRST = "channels_first"


def _numbers(low: float, high: float, *shape: int) -> Any:
    """Uniform numbers for a probe."""

    def make(random: np.random.Generator) -> list[NDArray[Any]]:
        return [random.uniform(low, high, (16, *shape)).astype("float32")]

    return make


def _whole(high: int, *shape: int) -> Any:
    def make(random: np.random.Generator) -> list[NDArray[Any]]:
        return [random.integers(0, high, (16, *shape)).astype("int32")]

    return make


def _adapted_bins() -> Any:
    bins = layers.Discretization(num_bins=5)
    bins.adapt(np.random.default_rng(5).normal(0, 2, (200, 1)).astype("float32"))
    return keras.Sequential([Input(ROW), bins])


def _counted() -> Any:
    ids = Input((4,), dtype="int32", name="ids")
    weights = Input((4,), name="weights")
    counted = layers.CategoryEncoding(6, output_mode="count")(ids, count_weights=weights)
    return keras.Model([ids, weights], counted)


def _looked_up(**options: Any) -> Case:
    described = [f"{name}={value}" for name, value in options.items()]
    recipe = layer("IntegerLookup", vocabulary=[3, 5, 2], **options)
    build = _sequence_of(recipe, "int64")
    return about("IntegerLookup", ", ".join(described), build, probe=_whole(7, 4), live_only=True)


def _sequence_of(recipe: Any, dtype: str) -> Any:
    return lambda: keras.Sequential([Input((4,), dtype=dtype), recipe.make()])


def _crossed() -> Any:
    x, y = Input((1,), dtype="int32", name="x"), Input((1,), dtype="int32", name="y")
    return keras.Model([x, y], layers.HashedCrossing(5)((x, y)))


def _words_looked_up() -> Any:
    return keras.Sequential([Input((2,), dtype="string"), layers.StringLookup(vocabulary=["cat", "dog"])])


def _words() -> Any:
    vectorize = layers.TextVectorization(vocabulary=["cat", "dog"], output_sequence_length=4)
    return keras.Sequential([Input((1,), dtype="string"), vectorize, layers.Embedding(4, 3)])


PICTURES = {
    **as_layers(
        one(layer("CenterCrop", 5, 4), PICTURE),
        one(layer("CenterCrop", 8, 3), PICTURE, note="in one direction"),
        one(layer("Resizing", 8, 7), PICTURE, note="to the size it has"),
    ),
    **as_graphs(
        one(layer("CenterCrop", 10, 9), PICTURE, note="to a larger size"),
        one(layer("CenterCrop", 5, 4, data_format=_FIRST), (3, 8, 7)),
        one(layer("Resizing", 5, 4), PICTURE),
        one(layer("Resizing", 11, 9), PICTURE, note="larger"),
        one(layer("Resizing", 5, 4, interpolation="nearest"), PICTURE),
        one(layer("Resizing", 5, 4, interpolation="bicubic"), PICTURE),
        one(layer("Resizing", 5, 4, interpolation="lanczos3"), PICTURE),
        one(layer("Resizing", 5, 4, interpolation="lanczos5"), PICTURE),
        one(layer("Resizing", 5, 4, antialias=True), PICTURE),
        one(layer("Resizing", 5, 5, crop_to_aspect_ratio=True), PICTURE),
        one(layer("Resizing", 9, 9, pad_to_aspect_ratio=True), PICTURE),
        one(layer("Resizing", 5, 4, data_format=_FIRST), (3, 8, 7)),
        one(layer("Resizing", 5, 4), (None, None, 3), note="pictures of any size"),
    ),
}

CATEGORIES = {
    **as_graphs(
        one(layer("CategoryEncoding", 6), (4,), dtype="int32"),
        one(layer("CategoryEncoding", 6, output_mode="one_hot"), (1,), dtype="int32"),
        one(layer("CategoryEncoding", 6, output_mode="count"), (4,), dtype="int32"),
        about("CategoryEncoding", "count_weights", _counted),
        one(layer("Discretization", [-2.0, 0.0, 1.5]), ROW),
        one(layer("Discretization", [-2.0, 0.0, 1.5], output_mode="one_hot"), (1,)),
        one(layer("Discretization", [-2.0, 0.0, 1.5], output_mode="multi_hot"), ROW),
        one(layer("Discretization", [-2.0, 0.0, 1.5], output_mode="count"), ROW),
        about("Discretization", "adapted", _adapted_bins),
        _looked_up(),
        _looked_up(output_mode="multi_hot"),
    ),
    **as_refusals(
        one(layer("Hashing", 5), (4,), dtype="int32", why="works on text", instead="in JavaScript"),
        about("HashedCrossing", "", _crossed, why="uses the TensorFlow operation SparseCross", instead="in JavaScript"),
        about("StringLookup", "", _words_looked_up, why="works on text", instead="in JavaScript"),
        about("TextVectorization", "", _words, why="works on text", instead="in JavaScript"),
    ),
}


SOUND = as_graphs(
    *(
        one(layer("STFTSpectrogram", **options), (96, 1), probe=_numbers(-1, 1, 96, 1), rough=5)
        for options in (
            {"frame_length": 16, "frame_step": 8},
            {"frame_length": 16, "fft_length": 32, "mode": "magnitude"},
            {"frame_length": 16, "mode": "psd", "window": "hamming", "scaling": "spectrum"},
            {"frame_length": 16, "mode": "real", "padding": "same"},
            {"frame_length": 16, "mode": "imag", "expand_dims": True},
        )
    ),
    one(
        layer("MelSpectrogram", fft_length=32, sequence_stride=16, sampling_rate=400, num_mel_bins=6),
        (96,),
        probe=_numbers(-1, 1, 96),
        rough=5,
    ),
)

PREPROCESSING = {**PICTURES, **CATEGORIES, **SOUND}
