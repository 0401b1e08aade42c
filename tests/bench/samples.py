"""The samples of a network: the points of its specification, or random pictures with something to be learnt."""

import numpy as np
import numpy.typing as npt

from server.datasets.splits import RunData, Split, make_run_data
from tests.bench.networks import Network


def samples_of(network: Network) -> RunData:
    """Features float32 [samples, *sample_shape] and labels float32 [samples, outputs], alike on every call."""
    if len(network.sample_shape) == 1:
        return make_run_data(network.spec)
    generator = np.random.default_rng(0)
    teacher = generator.standard_normal((int(np.prod(network.sample_shape)), network.outputs))
    return RunData(
        _random_pictures(generator, network, teacher, network.train_count),
        _random_pictures(generator, network, teacher, network.val_count),
    )


def _random_pictures(
    generator: np.random.Generator, network: Network, teacher: npt.NDArray[np.float64], count: int
) -> Split:
    """Random brightness; the class is the one whose row of the teacher agrees most with the picture."""
    pictures = generator.uniform(size=(count, *network.sample_shape)).astype(np.float32)
    classes = ((pictures.reshape(count, -1) - 0.5) @ teacher).argmax(axis=1)
    return Split(pictures, np.eye(network.outputs, dtype=np.float32)[classes])
