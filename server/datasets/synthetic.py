"""Samples of the plane: circle, xor, gauss, spiral (two classes), plane and gauss_hills (numbers).

Geometry as TensorFlow Playground draws it (its dataset.ts), on the square [-6, 6] x [-6, 6], so that lessons
written for it still hold. Unlike there, the base sample and its disturbance come from two generators of their own:
moving the noise never changes the base sample.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
RADIUS = 5.0
REGRESSION_RADIUS = 6.0


@dataclass(frozen=True)
class Sample:
    """Points [samples, 2] and their labels [samples]: 0 or 1 for classes, about -1 to 1 for numbers."""

    points: Array
    labels: Array


Maker: TypeAlias = Callable[[int, float, np.random.Generator, np.random.Generator], Sample]
"""(count, noise from 0 to 0.5, generator of the base sample, generator of the disturbance) -> Sample"""


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
    variance = 0.5 + noise / 0.5 * 3.5
    points = centre + base.standard_normal((count, 2)) * np.sqrt(variance)
    return Sample(points, is_positive.astype(float))


def spiral(count: int, noise: float, base: np.random.Generator, disturb: np.random.Generator) -> Sample:
    """Two arms of 1.75 turns out to radius 5, evenly dotted; noise moves the points."""
    positive_count = count // 2
    points = np.concatenate([_arm(positive_count, 0.0), _arm(count - positive_count, np.pi)])
    points += disturb.uniform(-1, 1, (count, 2)) * noise
    return Sample(points, (np.arange(count) < positive_count).astype(float))


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


def _square(count: int, noise: float, base: np.random.Generator, disturb: np.random.Generator) -> tuple[Array, Array]:
    """Points uniform on the whole square, and the same points displaced by the noise."""
    points = base.uniform(-REGRESSION_RADIUS, REGRESSION_RADIUS, (count, 2))
    offset = disturb.uniform(-REGRESSION_RADIUS, REGRESSION_RADIUS, (count, 2))
    return points, points + offset * noise


def _arm(count: int, phase: float) -> Array:
    share = np.arange(count) / count
    angle = 1.75 * share * 2 * np.pi + phase
    return np.column_stack([share * RADIUS * np.sin(angle), share * RADIUS * np.cos(angle)])
