"""From a specification to the very samples a run trains on and is tested with."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from server.datasets.features import compute_features
from server.datasets.registry import make_sample
from server.datasets.sample import Array, Sample
from server.domain.spec import IMAGE_SHAPES, RunSpec, outputs_of, train_samples

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
    order = _generator(spec, _ORDER).permutation(spec.dataset.samples)
    count = train_samples(spec)
    return RunData(_split(spec, sample, order[:count]), _split(spec, sample, order[count:]))


def _generator(spec: RunSpec, purpose: int) -> np.random.Generator:
    return np.random.default_rng([spec.dataset.seed, purpose])


def _split(spec: RunSpec, sample: Sample, rows: npt.NDArray[np.int64]) -> Split:
    inputs = sample.inputs[rows]
    is_plane = spec.dataset.name not in IMAGE_SHAPES
    features = compute_features(inputs, spec.features) if is_plane else inputs
    return Split(features.astype(np.float32), _labels(spec, sample.labels[rows]))


def _labels(spec: RunSpec, labels: Array) -> npt.NDArray[np.float32]:
    outputs = outputs_of(spec.dataset)
    if outputs == 1:
        return labels[:, None].astype(np.float32)
    one_hot: npt.NDArray[np.float32] = np.eye(outputs, dtype=np.float32)[labels.astype(int)]
    return one_hot
