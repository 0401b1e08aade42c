"""From a specification to the very samples a run trains on and is tested with."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from server.datasets.features import compute_features
from server.datasets.registry import make_sample
from server.datasets.sample import Array, Sample
from server.domain.spec import (
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


@dataclass(frozen=True)
class Split:
    """What goes in and what should come out, float32.

    Features [samples, features], or pictures [samples, height, width, channels]. Labels [samples, 1]: a number, or 0 or
    1 for two classes; of more classes [samples, classes] with a 1 at its own.
    """

    features: npt.NDArray[np.float32]
    labels: npt.NDArray[np.float32]


@dataclass(frozen=True)
class RunData:
    """What a run learns from, and what it is tested with."""

    train: Split
    val: Split


def make_run_data(spec: RunSpec) -> RunData:
    """The data of a spec: a pure function of `dataset` and `features`."""
    sample = make_sample(spec.dataset, _generator(spec, _BASE), _generator(spec, _DISTURBANCE))
    order = _order(spec)
    count = len(order) - (all_samples(spec) - train_samples(spec))
    train, val = _rows(sample, order[:count]), _rows(sample, order[count:])
    return RunData(_split(spec, _with_points_beside(spec, train)), _split(spec, val))


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
