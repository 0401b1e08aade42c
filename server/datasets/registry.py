"""The data sets by name: who makes them, and what the page may offer."""

from dataclasses import dataclass

import numpy as np

from server.datasets import synthetic
from server.datasets.synthetic import Maker, Sample
from server.domain import limits
from server.domain.spec import DatasetName, DatasetSpec, problem_of


@dataclass(frozen=True)
class Offer:
    """A data set as the page offers it; `samples` is a good number of samples for it."""

    title: str
    samples: int
    make: Maker


OFFERS: dict[DatasetName, Offer] = {
    "circle": Offer("Circle", 500, synthetic.circle),
    "xor": Offer("Exclusive or", 500, synthetic.xor),
    "gauss": Offer("Gaussian", 500, synthetic.gauss),
    "spiral": Offer("Spiral", 500, synthetic.spiral),
    "plane": Offer("Plane", 1200, synthetic.plane),
    "gauss_hills": Offer("Gaussian hills", 1200, synthetic.gauss_hills),
}


def make_sample(dataset: DatasetSpec, base: np.random.Generator, disturb: np.random.Generator) -> Sample:
    """The sample of a data set; `noise` of the spec is a percentage."""
    return OFFERS[dataset.name].make(dataset.samples, dataset.noise / 100, base, disturb)


def offers_payload() -> list[dict[str, object]]:
    """Plain data for the page: what can be chosen, with kind, classes and limits."""
    return [_offer_payload(name, offer) for name, offer in OFFERS.items()]


def _offer_payload(name: DatasetName, offer: Offer) -> dict[str, object]:
    problem = problem_of(name)
    return {
        "name": name,
        "title": offer.title,
        "problem": problem,
        "classes": 2 if problem == "classification" else None,
        "samples": offer.samples,
        "limits": {"samples": [limits.MIN_SAMPLES, limits.MAX_SAMPLES], "noise": [0, limits.MAX_NOISE]},
    }
