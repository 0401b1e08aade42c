"""Samples of the plane: circle, xor, gauss, spiral, moons (two classes), blobs (some), plane, gauss_hills (numbers).

Circle, xor, gauss, spiral, plane and gauss_hills have the geometry of TensorFlow Playground (its dataset.ts), on the
square [-6, 6] x [-6, 6], so that lessons written for it still hold. Unlike there, the base sample and its disturbance
come from two generators of their own: moving the noise never changes the base sample.

Formula (two classes), surface and curve (numbers) follow a law that somebody wrote, points are somebody's own.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from server.datasets.sample import Array, Law, Sample

RADIUS = 5.0
REGRESSION_RADIUS = 6.0
MOON_RADIUS = 3.0
BLOBS_RADIUS = 3.5
LARGEST_LABEL = 1000.0
MOST_ROUNDS = 100


def circle(count: int, noise: float, base: np.random.Generator, disturb: np.random.Generator) -> Sample:
    """A disc of radius 2.5 (class 1) inside a ring from 3.5 to 5 (class 0); noise flips labels near the edge."""
    inside = np.arange(count) < count // 2
    share = base.uniform(size=count)
    radius = np.where(inside, share * 0.5 * RADIUS, RADIUS * (0.7 + 0.3 * share))
    angle = base.uniform(0, 2 * np.pi, count)
    points = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    displaced = points + disturb.uniform(-RADIUS, RADIUS, (count, 2)) * noise
    return Sample(points, (np.hypot(*displaced.T) < 0.5 * RADIUS).astype(float))


def xor(count: int, noise: float, base: np.random.Generator, disturb: np.random.Generator) -> Sample:
    """Four quadrants, pushed 0.3 off the axes; class 1 where x1 * x2 >= 0; noise flips labels near the axes."""
    points = base.uniform(-RADIUS, RADIUS, (count, 2))
    points += np.where(points > 0, 0.3, -0.3)
    displaced = points + disturb.uniform(-RADIUS, RADIUS, (count, 2)) * noise
    return Sample(points, (displaced.prod(axis=1) >= 0).astype(float))


def gauss(count: int, noise: float, base: np.random.Generator, disturb: np.random.Generator) -> Sample:
    """Two bells at (2, 2), class 1, and (-2, -2), class 0; noise widens their variance from 0.5 to 4."""
    is_positive = np.arange(count) < count // 2
    centre = np.where(is_positive, 2.0, -2.0)[:, None]
    points = centre + base.standard_normal((count, 2)) * np.sqrt(_bell_variance(noise))
    return Sample(points, is_positive.astype(float))


def spiral(count: int, noise: float, base: np.random.Generator, disturb: np.random.Generator) -> Sample:
    """Two arms of 1.75 turns out to radius 5, evenly dotted; noise moves the points."""
    positive_count = count // 2
    points = np.concatenate([_arm(positive_count, 0.0), _arm(count - positive_count, np.pi)])
    points += disturb.uniform(-1, 1, (count, 2)) * noise
    return Sample(points, (np.arange(count) < positive_count).astype(float))


def moons(count: int, noise: float, base: np.random.Generator, disturb: np.random.Generator) -> Sample:
    """Two half circles of radius 3 that reach into each other, the upper one of class 1; noise moves the points.

    The shape of scikit-learn's make_moons, centred. The most noise moves a point by at most half a radius along either
    axis, so that all stay on the square.
    """
    is_upper = np.arange(count) < count // 2
    angle = base.uniform(0, np.pi, count)
    side = np.where(is_upper, 1.0, -1.0)
    centre = np.column_stack([side * -0.5, side * -0.25])
    points = MOON_RADIUS * (centre + side[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]))
    points += disturb.uniform(-1, 1, (count, 2)) * noise * MOON_RADIUS
    return Sample(points, is_upper.astype(float))


def blobs(classes: int, count: int, noise: float, base: np.random.Generator, disturb: np.random.Generator) -> Sample:
    """A bell for each class, evenly round a circle of radius 3.5, the first at the top; noise widens them as gauss."""
    labels = np.arange(count) * classes // count
    angle = 2 * np.pi * labels / classes
    centre = BLOBS_RADIUS * np.column_stack([np.sin(angle), np.cos(angle)])
    points = centre + base.standard_normal((count, 2)) * np.sqrt(_bell_variance(noise))
    return Sample(points, labels.astype(float))


def plane(count: int, noise: float, base: np.random.Generator, disturb: np.random.Generator) -> Sample:
    """A tilted plane, label (x1 + x2) / 10; noise takes the label of a displaced point."""
    points, displaced = _square(count, noise, base, disturb)
    return Sample(points, displaced.sum(axis=1) / 10)


_HILLS = np.array([[-4, 2.5, 1], [0, 2.5, -1], [4, 2.5, 1], [-4, -2.5, -1], [0, -2.5, 1], [4, -2.5, -1]])


def gauss_hills(count: int, noise: float, base: np.random.Generator, disturb: np.random.Generator) -> Sample:
    """Six cones of radius 2, up and down in turn; the label is the height of the steepest one at the point."""
    points, displaced = _square(count, noise, base, disturb)
    distance = np.hypot(*(displaced[:, None, :] - _HILLS[None, :, :2]).transpose(2, 0, 1))
    heights = _HILLS[:, 2] * np.clip(1 - distance / 2, 0, 1)
    highest = np.abs(heights).argmax(axis=1)
    return Sample(points, heights[np.arange(count), highest])


def formula(law: Law, count: int, noise: float, base: np.random.Generator, disturb: np.random.Generator) -> Sample:
    """Class 1 where the law is above 0; noise takes the class of a displaced point."""
    points, displaced = _square(count, noise, base, disturb)
    return Sample(points, (law(*displaced.T) > 0).astype(float))


def surface(law: Law, count: int, noise: float, base: np.random.Generator, disturb: np.random.Generator) -> Sample:
    """The label is the value of the law; noise takes the label of a displaced point, where there is one."""
    points = _where_defined(
        law, count, lambda missing: base.uniform(-REGRESSION_RADIUS, REGRESSION_RADIUS, (missing, 2))
    )
    offset = disturb.uniform(-REGRESSION_RADIUS, REGRESSION_RADIUS, (count, 2))
    labels, displaced = law(*points.T), law(*(points + offset * noise).T)
    return Sample(points, np.where(_is_defined(displaced), displaced, labels))


def curve(  # noqa: PLR0913 - a law, where it is looked at, and what every data set is made from
    law: Law,
    domain: tuple[float, float],
    count: int,
    noise: float,
    base: np.random.Generator,
    disturb: np.random.Generator,
) -> Sample:
    """Places on a line, x2 is 0; noise is a bell added to the labels, at most half as wide as they are spread."""
    points = _where_defined(
        law, count, lambda missing: np.column_stack([base.uniform(*domain, missing), np.zeros(missing)])
    )
    labels = law(*points.T)
    return Sample(points, labels + disturb.standard_normal(count) * noise * labels.std())


def own_points(points: Sequence[Sequence[float]], noise: float, disturb: np.random.Generator) -> Sample:
    """Points that somebody set, [x1, x2, label] each; noise moves them as it moves moons."""
    rows = np.array(points, float).reshape(-1, 3)
    moved = rows[:, :2] + disturb.uniform(-1, 1, (len(rows), 2)) * noise * MOON_RADIUS
    return Sample(np.clip(moved, -REGRESSION_RADIUS, REGRESSION_RADIUS), rows[:, 2])


def _where_defined(law: Law, count: int, draw: Callable[[int], Array]) -> Array:
    """Points where a law has a value that can be learned: what falls elsewhere is drawn again.

    A law with very few such places ends with some of its points twice.
    """
    points = draw(count)
    missing = np.flatnonzero(~_is_defined(law(*points.T)))
    for _ in range(MOST_ROUNDS):
        points[missing] = draw(len(missing))
        missing = missing[~_is_defined(law(*points[missing].T))]
        if not len(missing):
            break
    return np.resize(np.delete(points, missing, axis=0), points.shape)


def _is_defined(labels: Array) -> npt.NDArray[np.bool_]:
    return np.abs(labels) <= LARGEST_LABEL


def _square(count: int, noise: float, base: np.random.Generator, disturb: np.random.Generator) -> tuple[Array, Array]:
    """Points uniform on the whole square, and the same points displaced by the noise."""
    points = base.uniform(-REGRESSION_RADIUS, REGRESSION_RADIUS, (count, 2))
    offset = disturb.uniform(-REGRESSION_RADIUS, REGRESSION_RADIUS, (count, 2))
    return points, points + offset * noise


def _bell_variance(noise: float) -> float:
    """From 0.5 without noise to 4 with the most."""
    return 0.5 + noise / 0.5 * 3.5


def _arm(count: int, phase: float) -> Array:
    share = np.arange(count) / count
    angle = 1.75 * share * 2 * np.pi + phase
    return np.column_stack([share * RADIUS * np.sin(angle), share * RADIUS * np.cos(angle)])
