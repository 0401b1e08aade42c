"""From a specification to the very samples a run trains on and is tested with."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from server.datasets.features import compute_features
from server.datasets.registry import make_sample
from server.datasets.synthetic import Sample
from server.domain.spec import RunSpec, train_samples

# One generator per purpose, so that no setting disturbs what another one drew.
_BASE, _DISTURBANCE, _ORDER = 0, 1, 2


@dataclass(frozen=True)
class Split:
    """Features float32 [samples, features] and labels float32 [samples, 1]."""

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
    features = compute_features(sample.points[rows], spec.features)
    return Split(features.astype(np.float32), sample.labels[rows, None].astype(np.float32))
