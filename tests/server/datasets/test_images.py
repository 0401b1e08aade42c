"""The handwritten digits: the very pictures of the published data set, and what noise does to them."""

import numpy as np
import pytest

from server.datasets import images
from server.datasets.sample import Array, Sample
from server.domain.spec import most_samples

# How often each digit occurs, and the sum of all pixels, as scikit-learn's documentation and tests have them.
COUNTS = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
PIXEL_SUM = 561_718

# The first picture of the data set, a zero.
FIRST = """
 0  0  5 13  9  1  0  0
 0  0 13 15 10 15  5  0
 0  3 15  2  0 11  8  0
 0  4 12  0  0  8  8  0
 0  5  8  0  0  9  8  0
 0  4 11  0  1 12  7  0
 0  2 14  5 10 12  0  0
 0  0  6 13 10  0  0  0
"""


def _make(count: int = 1797, noise: float = 0.0, seed: int = 7) -> Sample:
    return images.digits(count, noise, np.random.default_rng([seed, 0]), np.random.default_rng([seed, 1]))


def _ids(pictures: Array) -> set[bytes]:
    return {picture.tobytes() for picture in pictures}


def test_all_pictures_are_those_of_the_published_data_set() -> None:
    sample = _make()

    assert sample.inputs.shape == (1797, 8, 8, 1)
    assert len(sample.labels) == most_samples("digits")
    assert np.bincount(sample.labels.astype(int)).tolist() == COUNTS
    assert (sample.inputs * 16).sum() == PIXEL_SUM
    assert (sample.inputs.min(), sample.inputs.max()) == (0.0, 1.0)


def test_a_picture_stands_upright_with_its_label() -> None:
    sample = _make()
    first = np.array(FIRST.split(), float).reshape(8, 8, 1) / 16
    (place,) = np.flatnonzero((sample.inputs == first).all(axis=(1, 2, 3)))

    assert sample.labels[place] == 0


def test_no_picture_is_drawn_twice() -> None:
    assert len(_ids(_make().inputs)) == 1797


def test_fewer_samples_are_the_first_of_more() -> None:
    np.testing.assert_array_equal(_make(50).inputs, _make(500).inputs[:50])


def test_the_seed_draws_which_pictures() -> None:
    one, other = _ids(_make(100, seed=1).inputs), _ids(_make(100, seed=2).inputs)

    assert len(one & other) < 30


@pytest.mark.parametrize("noise", [0.1, 0.25, 0.5])
def test_noise_replaces_its_share_of_the_pixels(noise: float) -> None:
    clean, noisy = _make(), _make(noise=noise)
    is_replaced = clean.inputs != noisy.inputs

    assert is_replaced.mean() == pytest.approx(noise, abs=0.005)
    values = noisy.inputs[is_replaced]
    assert values.min() >= 0
    assert values.max() <= 1
    assert values.mean() == pytest.approx(0.5, abs=0.01)
    np.testing.assert_array_equal(clean.labels, noisy.labels)


def test_more_noise_leaves_the_pixels_replaced_that_were() -> None:
    clean, some, more = (_make(noise=noise).inputs for noise in (0.0, 0.2, 0.3))
    is_replaced = some != clean

    np.testing.assert_array_equal(some[is_replaced], more[is_replaced])


def test_what_is_done_to_one_sample_does_not_reach_the_next() -> None:
    sample = _make(20)
    sample.inputs[:] = 9.0
    sample.labels[:] = 9.0

    assert _make(20).inputs.max() <= 1
    assert set(_make(500).labels) == set(range(10))
