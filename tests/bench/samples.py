"""The samples of a network: the points of its specification, or random pictures with something to be learnt."""

import numpy as np
import numpy.typing as npt

from server.datasets.splits import RunData, Split, as_inputs, make_run_data
from server.domain.spec import COLLECTED
from tests.bench.networks import Network

_SPOTS = 4
"""A class is so many bright and dark spots along each side: coarse enough to be seen when pictures are shifted."""


def samples_of(network: Network) -> RunData:
    """Features [samples, *sample_shape] and labels float32 [samples, outputs], alike on every call.

    Features are float32, but uint8 where a run would find them so in the data folder.
    """
    if len(network.sample_shape) == 1:
        return make_run_data(network.spec)
    generator = np.random.default_rng(0)
    spots = generator.uniform(size=(network.outputs, _SPOTS, _SPOTS, network.sample_shape[-1]))
    train = _random_pictures(generator, network, spots, network.train_count)
    val = _random_pictures(generator, network, spots, network.val_count)
    is_collected = network.spec.dataset.name in COLLECTED
    return RunData(_as_bytes(train), _as_bytes(val)) if is_collected else RunData(train, val)


def _random_pictures(
    generator: np.random.Generator, network: Network, spots: npt.NDArray[np.float64], count: int
) -> Split:
    """The spots of a class that is drawn, and as much noise."""
    classes = generator.integers(network.outputs, size=count)
    height, width = network.sample_shape[:2]
    clear = np.repeat(np.repeat(spots, height // _SPOTS, axis=1), width // _SPOTS, axis=2)
    noise = generator.uniform(size=(count, *network.sample_shape))
    pictures = ((clear[classes] + noise) / 2).astype(np.float32)
    return Split(pictures, np.eye(network.outputs, dtype=np.float32)[classes])


def _as_bytes(share: Split) -> Split:
    return Split(np.rint(as_inputs(share.features[:]) * 255).astype(np.uint8), share.labels)
