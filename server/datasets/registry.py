"""The data sets by name: who makes them, and what the page may offer."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from server.datasets import images, synthetic
from server.datasets.formula import law_of
from server.datasets.sample import Maker, Sample
from server.domain import limits
from server.domain.spec import (
    IMAGE_SHAPES,
    LAWS,
    DatasetName,
    DatasetSpec,
    classes_of,
    domain_of,
    formula_of,
    kind_of,
    most_samples,
    problem_of,
    takes_points,
)


@dataclass(frozen=True)
class Offer:
    """A data set as the page offers it; `samples` is a good number of samples for it."""

    title: str
    samples: int


OFFERS: dict[DatasetName, Offer] = {
    "circle": Offer("Circle", 500),
    "xor": Offer("Exclusive or", 500),
    "gauss": Offer("Gaussian", 500),
    "spiral": Offer("Spiral", 500),
    "moons": Offer("Moons", 500),
    "blobs": Offer("Blobs", 500),
    "formula": Offer("Formula", 500),
    "points": Offer("Own points", 500),
    "plane": Offer("Plane", 1200),
    "gauss_hills": Offer("Gaussian hills", 1200),
    "surface": Offer("Surface", 1200),
    "curve": Offer("Curve", 200),
    "digits": Offer("Handwritten digits", 1797),
    "mnist": Offer("MNIST", 10_000),
    "fashion_mnist": Offer("Fashion-MNIST", 10_000),
    "cifar10": Offer("CIFAR-10", 10_000),
    "own_images": Offer("Own images", 500),
}

_MAKERS: dict[DatasetName, Maker] = {
    "circle": synthetic.circle,
    "xor": synthetic.xor,
    "gauss": synthetic.gauss,
    "spiral": synthetic.spiral,
    "moons": synthetic.moons,
    "plane": synthetic.plane,
    "gauss_hills": synthetic.gauss_hills,
    "digits": images.digits,
}
"""Those that need nothing but a number of samples and a noise."""


def make_sample(dataset: DatasetSpec, base: np.random.Generator, disturb: np.random.Generator) -> Sample:
    """The samples that are shared out; `noise` of the spec is a percentage."""
    noise = dataset.noise / 100
    if dataset.name == "points":
        return synthetic.own_points(dataset.points, noise, disturb)
    return _maker(dataset)(dataset.samples, noise, base, disturb)


def _maker(dataset: DatasetSpec) -> Maker:
    if dataset.name == "blobs":
        return partial(synthetic.blobs, dataset.classes)
    law = formula_of(dataset)
    if law is None:
        return _MAKERS[dataset.name]
    if dataset.name == "curve":
        return partial(synthetic.curve, law_of(law, is_plane=False), domain_of(dataset))
    return partial(synthetic.formula if dataset.name == "formula" else synthetic.surface, law_of(law, is_plane=True))


def offers_payload() -> list[dict[str, object]]:
    """Plain data for the page: what can be chosen, with kind, classes and limits."""
    return [_offer_payload(name, offer) for name, offer in OFFERS.items()]


def _offer_payload(name: DatasetName, offer: Offer) -> dict[str, object]:
    shape = IMAGE_SHAPES.get(name)
    payload: dict[str, object] = {
        "name": name,
        "title": offer.title,
        "kind": kind_of(name),
        "problem": problem_of(name),
        "classes": classes_of(DatasetSpec(name=name)),
        "samples": offer.samples,
        "takes_formula": name in LAWS,
        "formula": LAWS.get(name),
        "takes_points": takes_points(name),
        "limits": _limits(name),
    }
    return payload | {"shape": list(shape)} if shape else payload


def _limits(name: DatasetName) -> dict[str, list[float]]:
    """Smallest and largest of what can be chosen; what makes no difference to a data set is left out."""
    bounds: dict[str, list[float]] = {"noise": [0, limits.MAX_NOISE]}
    if name != "points":
        bounds["samples"] = [limits.MIN_SAMPLES, most_samples(name)]
    if name in ("blobs", "points"):
        bounds["classes"] = [limits.MIN_CLASSES, limits.MAX_CLASSES]
    if takes_points(name):
        bounds["points"] = [limits.MIN_POINTS if name == "points" else 0, limits.MAX_POINTS]
    if kind_of(name) == "curve":
        bounds |= {side: [-limits.MAX_CURVE_X, limits.MAX_CURVE_X] for side in ("x_min", "x_max")}
    return bounds
