"""The geometry of the data sets, and what noise does to it: nothing to the base sample."""

from functools import partial

import numpy as np
import pytest

from server.datasets import synthetic
from server.datasets.sample import Array, Law, Maker, Sample
from server.domain import limits

MAKERS: dict[str, Maker] = {
    "circle": synthetic.circle,
    "xor": synthetic.xor,
    "gauss": synthetic.gauss,
    "spiral": synthetic.spiral,
    "moons": synthetic.moons,
    "blobs": partial(synthetic.blobs, 3),
    "plane": synthetic.plane,
    "gauss_hills": synthetic.gauss_hills,
}
CLASSES = {"circle": 2, "xor": 2, "gauss": 2, "spiral": 2, "moons": 2, "blobs": 3}
POINTS_MOVED = ["gauss", "spiral", "moons", "blobs"]
LABELS_ONLY = ["circle", "xor", "plane", "gauss_hills"]
COUNT = 2000


def _make(name: str, noise: float = 0.0, seed: int = 7, count: int = COUNT) -> Sample:
    """A sample; `noise` is 0 to 0.5 and both generators start anew, as for every run."""
    return MAKERS[name](count, noise, np.random.default_rng([seed, 0]), np.random.default_rng([seed, 1]))


def _radius(points: Array) -> Array:
    return np.asarray(np.hypot(points[:, 0], points[:, 1]))


def test_circle_is_a_disc_of_class_1_in_a_ring_of_class_0() -> None:
    sample = _make("circle")
    inside, outside = (_radius(sample.inputs[sample.labels == label]) for label in (1, 0))

    assert len(inside) == len(outside) == COUNT / 2
    assert inside.max() < 2.5
    assert outside.min() >= 3.5
    assert outside.max() <= 5.0
    assert inside.max() > 2.4
    assert outside.min() < 3.6


def test_xor_is_four_quadrants_pushed_off_the_axes() -> None:
    sample = _make("xor")

    assert np.abs(sample.inputs).min() >= 0.3
    assert 5.2 < np.abs(sample.inputs).max() <= 5.3
    assert ((sample.inputs.prod(axis=1) > 0) == (sample.labels == 1)).all()
    quadrants = np.unique(np.sign(sample.inputs), axis=0, return_counts=True)[1]
    assert len(quadrants) == 4
    assert quadrants.min() > COUNT / 5


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.25, 2.25), (0.5, 4.0)])
def test_gauss_is_two_bells_that_noise_widens(noise: float, variance: float) -> None:
    sample = _make("gauss", noise, count=20_000)

    for label, centre in ((1, 2.0), (0, -2.0)):
        bell = sample.inputs[sample.labels == label]
        assert len(bell) == 10_000
        np.testing.assert_allclose(bell.mean(axis=0), centre, atol=0.1)
        np.testing.assert_allclose(bell.var(axis=0), variance, rtol=0.06)


def test_spiral_is_two_arms_opposite_each_other_of_one_and_three_quarter_turns() -> None:
    sample = _make("spiral")
    first, second = (sample.inputs[sample.labels == label] for label in (1, 0))
    radius = _radius(first)
    angle = np.unwrap(np.arctan2(first[1:, 0], first[1:, 1]))

    np.testing.assert_allclose(second, -first, atol=1e-12)
    assert radius[0] == 0
    assert 4.99 < radius[-1] < 5.0
    np.testing.assert_allclose(np.diff(radius), radius[1], atol=1e-12)
    assert angle[-1] - angle[0] == pytest.approx(1.75 * 2 * np.pi, rel=0.01)


def test_moons_are_two_half_circles_that_reach_into_each_other() -> None:
    sample = _make("moons")
    upper, lower = (sample.inputs[sample.labels == label] for label in (1, 0))

    assert len(upper) == len(lower) == COUNT / 2
    for moon, centre, side in ((upper, (-1.5, -0.75), 1), (lower, (1.5, 0.75), -1)):
        np.testing.assert_allclose(_radius(moon - centre), 3.0)
        assert (side * (moon - centre)[:, 1] >= 0).all()
        assert 5.99 < np.ptp(moon[:, 0]) <= 6.0
    assert upper[:, 1].min() < -0.7
    assert lower[:, 1].max() > 0.7


@pytest.mark.parametrize("noise", [0.0, 0.25, 0.5])
def test_moons_stay_on_the_square(noise: float) -> None:
    assert np.abs(_make("moons", noise, count=20_000).inputs).max() <= 6.0


@pytest.mark.parametrize("classes", [2, 3, 4, 5, 6])
def test_blobs_are_bells_evenly_round_a_circle(classes: int) -> None:
    sample = synthetic.blobs(classes, 6_000, 0.0, np.random.default_rng(1), np.random.default_rng(2))
    centres = np.array([sample.inputs[sample.labels == label].mean(axis=0) for label in range(classes)])
    gaps = np.hypot(*(centres - np.roll(centres, 1, axis=0)).T)

    np.testing.assert_allclose(_radius(centres), 3.5, atol=0.1)
    np.testing.assert_allclose(gaps, 2 * 3.5 * np.sin(np.pi / classes), atol=0.15)
    np.testing.assert_allclose(centres[0], (0, 3.5), atol=0.1)
    assert np.bincount(sample.labels.astype(int)).tolist() == [6_000 // classes] * classes


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.25, 2.25), (0.5, 4.0)])
def test_noise_widens_blobs_as_it_widens_gauss(noise: float, variance: float) -> None:
    sample = _make("blobs", noise, count=30_000)

    for label in range(3):
        np.testing.assert_allclose(sample.inputs[sample.labels == label].var(axis=0), variance, rtol=0.06)


@pytest.mark.parametrize("count", [20, 21, 22, 23])
@pytest.mark.parametrize("classes", [2, 3, 4, 5, 6])
def test_blobs_share_the_samples_as_evenly_as_they_can(classes: int, count: int) -> None:
    labels = synthetic.blobs(classes, count, 0.0, np.random.default_rng(1), np.random.default_rng(2)).labels
    sizes = np.bincount(labels.astype(int), minlength=classes)

    assert sizes.sum() == count
    assert np.ptp(sizes) <= 1


def test_plane_is_the_tenth_of_the_sum() -> None:
    sample = _make("plane")

    np.testing.assert_allclose(sample.labels, sample.inputs.sum(axis=1) / 10)
    assert 5.9 < np.abs(sample.inputs).max() <= 6.0


@pytest.mark.parametrize(
    ("point", "height"),
    [
        pytest.param((-4, 2.5), 1.0, id="top left"),
        pytest.param((0, 2.5), -1.0, id="top middle"),
        pytest.param((4, 2.5), 1.0, id="top right"),
        pytest.param((-4, -2.5), -1.0, id="bottom left"),
        pytest.param((0, -2.5), 1.0, id="bottom middle"),
        pytest.param((4, -2.5), -1.0, id="bottom right"),
        pytest.param((1, 2.5), -0.5, id="half way down"),
        pytest.param((0, 0.5), 0.0, id="at the foot"),
        pytest.param((2, 0), 0.0, id="between the cones"),
    ],
)
def test_gauss_hills_has_six_cones_of_radius_2(point: tuple[float, float], height: float) -> None:
    sample = _make("gauss_hills", count=40_000)
    nearest = np.hypot(*(sample.inputs - point).T).argmin()
    distance = float(np.hypot(*(sample.inputs[nearest] - point)))

    assert sample.labels[nearest] == pytest.approx(height, abs=distance / 2 + 1e-9)


@pytest.mark.parametrize("name", MAKERS)
def test_points_and_labels_are_finite_and_in_range(name: str) -> None:
    sample = _make(name, noise=0.5)

    assert sample.inputs.shape == (COUNT, 2)
    assert sample.labels.shape == (COUNT,)
    assert np.isfinite(sample.inputs).all()
    if name in CLASSES:
        assert np.unique(sample.labels).tolist() == list(range(CLASSES[name]))
    else:
        assert np.abs(sample.labels).max() <= 1.8


@pytest.mark.parametrize("name", LABELS_ONLY)
@pytest.mark.parametrize("noise", [0.1, 0.25, 0.5])
def test_noise_changes_labels_and_leaves_the_points(name: str, noise: float) -> None:
    clean, noisy = _make(name), _make(name, noise)

    np.testing.assert_array_equal(clean.inputs, noisy.inputs)
    assert (clean.labels != noisy.labels).any()


@pytest.mark.parametrize("name", ["circle", "xor"])
def test_more_noise_flips_more_labels(name: str) -> None:
    clean = _make(name).labels
    flipped = [(clean != _make(name, noise).labels).mean() for noise in (0.1, 0.25, 0.5)]

    assert 0 < flipped[0] < flipped[1] < flipped[2] < 0.5


@pytest.mark.parametrize("name", POINTS_MOVED)
def test_a_little_more_noise_moves_points_a_little(name: str) -> None:
    one, more = _make(name, 0.2), _make(name, 0.2001)

    moved = np.abs(one.inputs - more.inputs)
    assert 0 < moved.max() < 0.01
    np.testing.assert_array_equal(one.labels, more.labels)


@pytest.mark.parametrize("name", ["spiral", "moons"])
def test_noise_moves_each_point_along_a_line(name: str) -> None:
    """The same draws, only scaled: a pupil who moves the slider back finds the sample as it was."""
    clean, half, full = (_make(name, noise).inputs for noise in (0.0, 0.25, 0.5))

    np.testing.assert_allclose(full - clean, 2 * (half - clean), atol=1e-12)


@pytest.mark.parametrize("name", ["gauss", "blobs"])
def test_noise_moves_each_point_away_from_its_centre(name: str) -> None:
    clean, half, full = (_make(name, noise).inputs for noise in (0.0, 0.25, 0.5))

    # Bells of variance 0.5, 2.25 and 4 around the same centres.
    np.testing.assert_allclose((half - clean) * (2 - np.sqrt(0.5)), (full - clean) * (1.5 - np.sqrt(0.5)), atol=1e-12)


@pytest.mark.parametrize("name", [name for name in MAKERS if name != "spiral"])
def test_another_seed_draws_another_sample(name: str) -> None:
    assert not np.array_equal(_make(name, seed=1).inputs, _make(name, seed=2).inputs)


@pytest.mark.parametrize("name", MAKERS)
def test_another_seed_draws_another_disturbance(name: str) -> None:
    one, two = _make(name, 0.5, seed=1), _make(name, 0.5, seed=2)

    assert not (np.array_equal(one.inputs, two.inputs) and np.array_equal(one.labels, two.labels))


@pytest.mark.parametrize("name", MAKERS)
def test_the_same_seed_draws_the_same_sample(name: str) -> None:
    one, two = _make(name, 0.3), _make(name, 0.3)

    np.testing.assert_array_equal(one.inputs, two.inputs)
    np.testing.assert_array_equal(one.labels, two.labels)


@pytest.mark.parametrize("name", [name for name, classes in CLASSES.items() if classes == 2])
def test_an_odd_number_of_samples_is_shared_by_both_classes(name: str) -> None:
    sample = _make(name, count=21)

    assert len(sample.inputs) == len(sample.labels) == 21
    assert 5 <= sample.labels.sum() <= 16


# ---- Laws and own points --------------------------------------------------------------------------------------


def _generators(seed: int = 7) -> tuple[np.random.Generator, np.random.Generator]:
    return np.random.default_rng([seed, 0]), np.random.default_rng([seed, 1])


def _curve(law: Law, noise: float = 0.0, domain: tuple[float, float] = (-2.0, 2.0)) -> Sample:
    return synthetic.curve(law, domain, COUNT, noise, *_generators())


def test_the_largest_label_is_the_one_the_door_lets_in() -> None:
    assert limits.MAX_LAW == synthetic.LARGEST_LABEL


def test_a_curve_has_the_values_of_its_law_and_noise_as_wide_as_its_share_of_their_spread() -> None:
    clean, noisy = (_curve(lambda x1, x2: 50 * x1, noise) for noise in (0.0, 0.25))

    np.testing.assert_array_equal(clean.labels, 50 * clean.inputs[:, 0])
    np.testing.assert_array_equal(noisy.inputs, clean.inputs)
    assert (noisy.labels - clean.labels).std() == pytest.approx(0.25 * clean.labels.std(), rel=0.05)


@pytest.mark.parametrize(
    ("law", "low", "high"),
    [
        (lambda x1, x2: np.where(x1 > 0, x1, np.nan), 0.0, 2.0),
        (lambda x1, x2: np.where(np.abs(x1 - 1) < 0.2, x1, np.nan), 0.8, 1.2),
        (lambda x1, x2: np.where(x1 > 1.99, x1, np.inf), 1.99, 2.0),
        (lambda x1, x2: 1e4 * x1, -0.1, 0.1),
    ],
)
def test_samples_are_drawn_where_the_law_has_a_value_within_reach(law: Law, low: float, high: float) -> None:
    sample = _curve(law)

    assert len(sample.labels) == COUNT
    assert np.abs(sample.labels).max() <= 1000
    assert low <= sample.inputs[:, 0].min() < low + (high - low) / 3
    assert high - (high - low) / 3 < sample.inputs[:, 0].max() <= high


def test_a_law_without_any_value_still_makes_a_sample_of_the_right_size() -> None:
    sample = _curve(lambda x1, x2: np.full(x1.shape, np.nan))

    assert sample.inputs.shape == (COUNT, 2)


def test_a_formula_has_class_1_where_its_law_is_above_0() -> None:
    sample = synthetic.formula(lambda x1, x2: x2 - x1, COUNT, 0.0, *_generators())

    np.testing.assert_array_equal(sample.labels, sample.inputs[:, 1] > sample.inputs[:, 0])
    assert 0.45 < sample.labels.mean() < 0.55


def test_where_a_law_has_no_value_it_is_not_above_0() -> None:
    law: Law = lambda x1, x2: np.where(x1 > 0, 1.0, np.nan)  # noqa: E731
    sample = synthetic.formula(law, COUNT, 0.0, *_generators())

    np.testing.assert_array_equal(sample.labels, sample.inputs[:, 0] > 0)


def test_noise_of_a_formula_flips_labels_near_the_border() -> None:
    clean, noisy = (synthetic.formula(lambda x1, x2: x1, COUNT, noise, *_generators()) for noise in (0.0, 0.1))
    is_flipped = clean.labels != noisy.labels

    np.testing.assert_array_equal(clean.inputs, noisy.inputs)
    assert 0.01 < is_flipped.mean() < 0.1
    assert np.abs(clean.inputs[is_flipped, 0]).max() <= 0.6


def test_a_surface_has_the_height_of_its_law_and_with_noise_that_of_a_displaced_point() -> None:
    clean, noisy = (synthetic.surface(lambda x1, x2: x1 / 6, COUNT, noise, *_generators()) for noise in (0.0, 0.2))

    np.testing.assert_array_equal(clean.labels, clean.inputs[:, 0] / 6)
    np.testing.assert_array_equal(clean.inputs, noisy.inputs)
    assert 0.15 < np.abs(noisy.labels - clean.labels).max() <= 0.2 + 1e-12


def test_a_point_of_a_surface_that_is_displaced_off_the_law_keeps_its_own_height() -> None:
    law: Law = lambda x1, x2: np.where(x1 > 0, x1, np.nan)  # noqa: E731
    sample = synthetic.surface(law, COUNT, 0.5, *_generators())

    assert np.isfinite(sample.labels).all()
    assert (sample.labels == sample.inputs[:, 0]).any()


def test_own_points_stay_where_they_were_set_and_noise_moves_them_on_the_plane() -> None:
    points = [(1.0, 2.0, 0.0), (6.0, -6.0, 3.0)] * 50
    clean, noisy = (synthetic.own_points(points, noise, _generators()[1]) for noise in (0.0, 0.5))

    np.testing.assert_array_equal(np.column_stack([clean.inputs, clean.labels]), points)
    np.testing.assert_array_equal(clean.labels, noisy.labels)
    assert 1 < np.abs(noisy.inputs - clean.inputs).max() <= 1.5
    assert np.abs(noisy.inputs).max() <= 6


def test_one_own_point_more_moves_the_others_as_before() -> None:
    points = [(1.0, 2.0, 0.0), (2.0, -3.0, 1.0), (0.0, 0.0, 1.0)]
    few, more = (synthetic.own_points(points[:count], 0.3, _generators()[1]) for count in (2, 3))

    np.testing.assert_array_equal(few.inputs, more.inputs[:2])


def test_no_own_points_make_an_empty_sample() -> None:
    sample = synthetic.own_points([], 0.3, _generators()[1])

    assert (sample.inputs.shape, sample.labels.shape) == ((0, 2), (0,))
