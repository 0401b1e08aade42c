"""Every random choice of a run, from the one seed of its spec."""

import numpy as np
import numpy.typing as npt

# One stream of random numbers per purpose: adding a layer does not change the order of the samples.
_WEIGHTS, _ORDER = 0, 1


def layer_seed(seed: int, layer_index: int) -> int:
    """The seed of one layer's initializer."""
    return int(np.random.SeedSequence([seed, _WEIGHTS, layer_index]).generate_state(1)[0] >> 1)


def sample_orders(seed: int, first_epoch: int, epochs: int, samples: int, rows: int) -> npt.NDArray[np.int32]:
    """Orders int32 [rows, samples]: row i is the order of epoch `first_epoch + i`; rows past `epochs` are 0.

    The order of an epoch depends on its number alone, so a run that is stepped, paused or resumed sees the samples
    in the same order as one that runs through.
    """
    orders = np.zeros((rows, samples), np.int32)
    for row in range(epochs):
        generator = np.random.default_rng([seed, _ORDER, first_epoch + row])
        orders[row] = generator.permutation(samples)
    return orders
