"""What the page may offer."""

from typing import get_args

import numpy as np
import pytest

from server.datasets.registry import OFFERS, make_sample, offers_payload
from server.domain.spec import DatasetName, DatasetSpec
from server.domain.validation import parse_run_spec


def test_every_name_of_the_spec_is_offered_in_its_order() -> None:
    assert list(OFFERS) == list(get_args(DatasetName))


def test_an_offer_says_kind_classes_and_limits() -> None:
    offers = {str(offer["name"]): offer for offer in offers_payload()}

    assert offers["circle"] == {
        "name": "circle",
        "title": "Circle",
        "problem": "classification",
        "classes": 2,
        "samples": 500,
        "limits": {"samples": [20, 5000], "noise": [0, 50]},
    }
    assert (offers["plane"]["problem"], offers["plane"]["classes"]) == ("regression", None)
    assert (offers["gauss_hills"]["problem"], offers["gauss_hills"]["samples"]) == ("regression", 1200)


@pytest.mark.parametrize("offer", offers_payload(), ids=lambda offer: offer["name"])
def test_an_offer_can_be_taken(offer: dict[str, object]) -> None:
    spec = parse_run_spec({"dataset": {"name": offer["name"], "samples": offer["samples"]}})

    assert spec.dataset.samples == offer["samples"]


def test_a_sample_is_made_by_its_name_with_noise_in_percent() -> None:
    dataset = DatasetSpec(name="gauss", samples=4000, noise=50)

    sample = make_sample(dataset, np.random.default_rng(0), np.random.default_rng(1))

    assert sample.points.shape == (4000, 2)
    assert sample.points[sample.labels == 1].var(axis=0) == pytest.approx(4.0, rel=0.15)
