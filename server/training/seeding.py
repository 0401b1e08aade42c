"""Every random choice of a run, from the one seed of its spec."""

import numpy as np
import numpy.typing as npt

# One stream of random numbers per purpose: adding a layer does not change the order of the samples.
_WEIGHTS, _ORDER, _DROPOUT = 0, 1, 2


def layer_seed(seed: int, layer_index: int) -> int:
    """The seed of one layer's initializer."""
    return int(np.random.SeedSequence([seed, _WEIGHTS, layer_index]).generate_state(1)[0] >> 1)


def dropout_seed(seed: int, layer_index: int) -> int:
    """The seed of one layer's masks in the compiled programs; the number of the step joins it there."""
    return int(np.random.SeedSequence([seed, _DROPOUT, layer_index]).generate_state(1)[0] >> 1)


def mask_stream(seed: int, layer_index: int, step: int) -> np.random.Generator:
    """What one layer's mask of one step is drawn from where NumPy trains."""
    return np.random.default_rng([seed, _DROPOUT, layer_index, step])


def sample_order(seed: int, epoch: int, samples: int) -> npt.NDArray[np.int32]:
    """The order int32 [samples] in which an epoch, counted from 1, sees the samples.

    It depends on the number of the epoch alone, so a run that is stepped, paused or resumed sees the samples in the
    same order as one that runs through.
    """
    return sample_orders(seed, epoch, 1, samples, 1).reshape(samples)


def sample_orders(seed: int, first_epoch: int, epochs: int, samples: int, rows: int) -> npt.NDArray[np.int32]:
    """Orders int32 [rows, samples]: row i is the order of epoch `first_epoch + i`; rows past `epochs` are 0.

    Philox counts in blocks, so each epoch has a stream of its own at no more cost than setting a counter: seeding a
    generator for each would take five times as long (Salmon and others, "Parallel random numbers: as easy as 1, 2, 3",
    2011).
    """
    orders = np.zeros((rows, samples), np.int32)
    key = np.random.SeedSequence([seed, _ORDER]).generate_state(2, np.uint64)
    stream = np.random.Philox(key=key)
    generator, state = np.random.Generator(stream), stream.state
    for row in range(epochs):
        state["state"]["counter"][3] = first_epoch + row
        stream.state = state
        orders[row] = generator.permutation(samples)
    return orders
