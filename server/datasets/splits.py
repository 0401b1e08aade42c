"""From a specification to the very samples a run trains on and is tested with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from server.datasets.collections import (
    Images,
    Library,
    MissingImages,
    PictureRows,
    find_image_problems,
    name_of,
)
from server.datasets.features import compute_features
from server.datasets.registry import make_sample
from server.datasets.sample import Array, Sample
from server.domain.spec import (
    COLLECTED,
    IMAGE_SHAPES,
    RunSpec,
    all_samples,
    features_of,
    outputs_of,
    shared_samples,
    train_samples,
)

# One generator per purpose, so that no setting disturbs what another one drew.
_BASE, _DISTURBANCE, _ORDER = 0, 1, 2


Features: TypeAlias = npt.NDArray[np.float32] | npt.NDArray[np.uint8] | PictureRows
"""Rows that can be asked for by number; those of collections are too many to be kept as float32."""


@dataclass(frozen=True)
class Split:
    """What goes in and what should come out.

    Features float32 [samples, features], or pictures [samples, height, width, channels]: float32 from 0 to 1, or uint8
    rows of a collection (see `as_inputs`). Labels float32 [samples, 1]: a number, or 0 or 1 for two classes; of more
    classes [samples, classes] with a 1 at its own.
    """

    features: Features
    labels: npt.NDArray[np.float32]


@dataclass(frozen=True)
class RunData:
    """What a run learns from, and what it is tested with."""

    train: Split
    val: Split


_NO_LIBRARY = Library(None)


def as_inputs(rows: npt.NDArray[np.float32] | npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Rows of features as a network wants them: float32, pictures from 0 to 1."""
    if rows.dtype == np.uint8:
        return np.multiply(rows, np.float32(1 / 255), dtype=np.float32)
    return np.asarray(rows, np.float32)


def make_run_data(spec: RunSpec, library: Library = _NO_LIBRARY) -> RunData:
    """The data of a spec: a pure function of `dataset` and `features`, and of the pictures that it names.

    Raises MissingImages.
    """
    if spec.dataset.name in COLLECTED:
        return _collected(spec, library)
    sample = make_sample(spec.dataset, _generator(spec, _BASE), _generator(spec, _DISTURBANCE))
    order = _order(spec)
    count = len(order) - (all_samples(spec) - train_samples(spec))
    train, val = _rows(sample, order[:count]), _rows(sample, order[count:])
    return RunData(_split(spec, _with_points_beside(spec, train)), _split(spec, val))


def _collected(spec: RunSpec, library: Library) -> RunData:
    """Pictures of the data folder: some of all, shared out, or some of each of the set's own parts."""
    name = name_of(spec.dataset)
    images, collection = library.open(name), library.find(name)
    if collection is None or collection.count != len(images.labels) or find_image_problems(spec, library):
        # Another set may have come under this name since the run was started.
        raise MissingImages(name)
    train_count = train_samples(spec)
    val_count = all_samples(spec) - train_count
    generator = _generator(spec, _BASE)
    if spec.dataset.split == "given":
        train = generator.permutation(collection.train_count)[:train_count]
        val = collection.train_count + generator.permutation(collection.test_count)[:val_count]
    else:
        order = generator.permutation(len(images.labels))[: train_count + val_count]
        train, val = order[:train_count], order[train_count:]
    return RunData(_of_rows(spec, images, train), _of_rows(spec, images, val))


def _of_rows(spec: RunSpec, images: Images, rows: npt.NDArray[np.int64]) -> Split:
    pictures = PictureRows(images.pictures, rows)
    if spec.dataset.noise:
        pictures = _NoisyRows(images.pictures, rows, spec.dataset.noise / 100, spec.dataset.seed)
    return Split(pictures, _labels(spec, images.labels[rows].astype(float)))


class _NoisyRows(PictureRows):
    """A share of the pixels is any shade, as with digits; drawn for each picture when it is asked for, always alike."""

    def __init__(self, pictures: npt.NDArray[np.uint8], rows: npt.NDArray[np.int64], share: float, seed: int) -> None:
        super().__init__(pictures, rows)
        self._share, self._seed = share, seed

    def __getitem__(self, chosen: slice | npt.NDArray[np.integer[Any]] | Sequence[int]) -> npt.NDArray[np.uint8]:
        pictures = super().__getitem__(chosen)
        for picture, number in zip(pictures, self._rows[chosen].tolist(), strict=True):
            stream = np.random.default_rng([self._seed, _DISTURBANCE, number])
            is_replaced = stream.random(picture.shape, np.float32) < self._share
            picture[is_replaced] = stream.integers(0, 256, np.count_nonzero(is_replaced), np.uint8)
        return pictures


def _generator(spec: RunSpec, purpose: int) -> np.random.Generator:
    return np.random.default_rng([spec.dataset.seed, purpose])


def _order(spec: RunSpec) -> npt.NDArray[np.int64]:
    generator, count = _generator(spec, _ORDER), shared_samples(spec.dataset)
    if spec.dataset.name == "points":
        # A rank for each: one point more hardly changes which side the others are on.
        return np.argsort(generator.uniform(size=count))
    return generator.permutation(count)


def _rows(sample: Sample, rows: npt.NDArray[np.int64]) -> Sample:
    return Sample(sample.inputs[rows], sample.labels[rows])


def _with_points_beside(spec: RunSpec, train: Sample) -> Sample:
    """Own points join the training share: the base sample and the test share stay as they are without them."""
    if spec.dataset.name == "points" or not spec.dataset.points:
        return train
    *inputs, labels = np.array(spec.dataset.points, float).T
    return Sample(np.concatenate([train.inputs, np.stack(inputs, 1)]), np.concatenate([train.labels, labels]))


def _split(spec: RunSpec, sample: Sample) -> Split:
    is_picture = spec.dataset.name in IMAGE_SHAPES
    features = sample.inputs if is_picture else compute_features(sample.inputs, features_of(spec))
    return Split(features.astype(np.float32), _labels(spec, sample.labels))


def _labels(spec: RunSpec, labels: Array) -> npt.NDArray[np.float32]:
    outputs = outputs_of(spec.dataset)
    if outputs == 1:
        return labels[:, None].astype(np.float32)
    one_hot: npt.NDArray[np.float32] = np.eye(outputs, dtype=np.float32)[labels.astype(int)]
    return one_hot
