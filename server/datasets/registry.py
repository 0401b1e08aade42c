"""The data sets by name: who makes them, and what the page may offer."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from server.datasets import images, synthetic
from server.datasets.sample import Maker, Sample
from server.domain import limits
from server.domain.spec import IMAGE_SHAPES, DatasetName, DatasetSpec, classes_of, most_samples, problem_of


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
    "plane": Offer("Plane", 1200),
    "gauss_hills": Offer("Gaussian hills", 1200),
    "digits": Offer("Handwritten digits", 1797),
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


def make_sample(dataset: DatasetSpec, base: np.random.Generator, disturb: np.random.Generator) -> Sample:
    """The sample of a data set; `noise` of the spec is a percentage."""
    make = partial(synthetic.blobs, dataset.classes) if dataset.name == "blobs" else _MAKERS[dataset.name]
    return make(dataset.samples, dataset.noise / 100, base, disturb)


def offers_payload() -> list[dict[str, object]]:
    """Plain data for the page: what can be chosen, with kind, classes and limits."""
    return [_offer_payload(name, offer) for name, offer in OFFERS.items()]


def _offer_payload(name: DatasetName, offer: Offer) -> dict[str, object]:
    shape = IMAGE_SHAPES.get(name)
    payload: dict[str, object] = {
        "name": name,
        "title": offer.title,
        "kind": "image" if shape else "plane",
        "problem": problem_of(name),
        "classes": classes_of(DatasetSpec(name=name)),
        "samples": offer.samples,
        "limits": _limits(name),
    }
    return payload | {"shape": list(shape)} if shape else payload


def _limits(name: DatasetName) -> dict[str, list[float]]:
    bounds: dict[str, list[float]] = {
        "samples": [limits.MIN_SAMPLES, most_samples(name)],
        "noise": [0, limits.MAX_NOISE],
    }
    return bounds | {"classes": [limits.MIN_CLASSES, limits.MAX_CLASSES]} if name == "blobs" else bounds
