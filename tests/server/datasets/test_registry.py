"""What the page may offer."""

from typing import Any, get_args

import numpy as np
import pytest

from server.datasets.registry import OFFERS, make_sample, offers_payload
from server.datasets.sample import Sample
from server.datasets.splits import make_run_data
from server.domain.errors import InvalidSpec
from server.domain.spec import COLLECTED, DatasetName, DatasetSpec
from server.domain.validation import parse_preview, parse_run_spec


def test_every_name_of_the_spec_is_offered_in_its_order() -> None:
    assert list(OFFERS) == list(get_args(DatasetName))


def test_an_offer_says_kind_classes_and_limits() -> None:
    offers = {str(offer["name"]): offer for offer in offers_payload()}

    assert offers["circle"] == {
        "name": "circle",
        "title": "Circle",
        "kind": "plane",
        "problem": "classification",
        "classes": 2,
        "samples": 500,
        "takes_formula": False,
        "formula": None,
        "takes_points": True,
        "limits": {"samples": [20, 5000], "noise": [0, 50], "points": [0, 500]},
    }
    assert (offers["plane"]["problem"], offers["plane"]["classes"]) == ("regression", None)
    assert (offers["gauss_hills"]["problem"], offers["gauss_hills"]["samples"]) == ("regression", 1200)
    assert (offers["blobs"]["kind"], offers["blobs"]["classes"]) == ("plane", 3)
    assert offers["blobs"]["limits"] == {
        "samples": [20, 5000],
        "noise": [0, 50],
        "classes": [2, 6],
        "points": [0, 500],
    }
    assert offers["digits"] == {
        "name": "digits",
        "title": "Handwritten digits",
        "kind": "image",
        "problem": "classification",
        "classes": 10,
        "samples": 1797,
        "takes_formula": False,
        "formula": None,
        "takes_points": False,
        "limits": {"samples": [20, 1797], "noise": [0, 50]},
        "shape": [8, 8, 1],
    }


def test_an_offer_of_a_law_or_own_points_says_what_it_takes() -> None:
    offers = {str(offer["name"]): offer for offer in offers_payload()}

    assert offers["points"]["limits"] == {"noise": [0, 50], "classes": [2, 6], "points": [4, 500]}
    assert offers["curve"] == {
        "name": "curve",
        "title": "Curve",
        "kind": "curve",
        "problem": "regression",
        "classes": None,
        "samples": 200,
        "takes_formula": True,
        "formula": "x^3 + x^2 - x - 1",
        "takes_points": False,
        "limits": {"samples": [20, 5000], "noise": [0, 50], "x_min": [-10, 10], "x_max": [-10, 10]},
    }
    assert [offer["takes_formula"] for offer in offers_payload()].count(True) == 3
    assert (offers["formula"]["problem"], offers["formula"]["classes"]) == ("classification", 2)
    assert (offers["surface"]["problem"], offers["surface"]["kind"]) == ("regression", "plane")


MADE_HERE = [offer for offer in offers_payload() if offer["name"] not in COLLECTED]
"""Those whose samples need no pictures in the data folder; of the others see test_collections.py."""


@pytest.mark.parametrize("offer", MADE_HERE, ids=lambda offer: offer["name"])
def test_an_offer_can_be_taken(offer: dict[str, Any]) -> None:
    dataset = {
        "name": offer["name"],
        "samples": offer["samples"],
        "classes": offer["limits"].get("classes", [2])[-1],
        "formula": offer["formula"],
        "points": [[1, 1, 0]] * offer["limits"].get("points", [0])[0],
    }
    spec = parse_run_spec({"dataset": dataset, "layers": [{"kind": "flatten"}] if offer["kind"] == "image" else []})

    assert spec.dataset.samples == offer["samples"]
    assert make_run_data(spec).train.features.shape[1:] == tuple(
        offer.get("shape", [1] if offer["kind"] == "curve" else [2])
    )


@pytest.mark.parametrize("offer", MADE_HERE, ids=lambda offer: offer["name"])
@pytest.mark.parametrize("place", ["samples", "classes", "noise"])
def test_the_limits_of_an_offer_are_those_of_a_spec(offer: dict[str, Any], place: str) -> None:
    lowest, highest = offer["limits"].get(place, {"classes": [2, 6], "samples": [20, 5000]}.get(place))

    for value in (lowest, highest):
        assert parse_preview({"dataset": {"name": offer["name"], place: value}})
    for value in (lowest - 1, highest + 1):
        with pytest.raises(InvalidSpec):
            parse_preview({"dataset": {"name": offer["name"], place: value}})


def test_a_sample_is_made_by_its_name_with_noise_in_percent() -> None:
    dataset = DatasetSpec(name="gauss", samples=4000, noise=50)

    sample = make_sample(dataset, np.random.default_rng(0), np.random.default_rng(1))

    assert sample.inputs.shape == (4000, 2)
    assert sample.inputs[sample.labels == 1].var(axis=0) == pytest.approx(4.0, rel=0.15)


@pytest.mark.parametrize("classes", [2, 3, 6])
def test_blobs_have_as_many_classes_as_the_spec_says(classes: int) -> None:
    dataset = DatasetSpec(name="blobs", samples=60, classes=classes)

    sample = make_sample(dataset, np.random.default_rng(0), np.random.default_rng(1))

    assert np.unique(sample.labels).tolist() == list(range(classes))


def _sample(**dataset: Any) -> Sample:
    return make_sample(DatasetSpec(**dataset), np.random.default_rng(0), np.random.default_rng(1))


def test_a_formula_decides_the_class_the_height_and_the_curve() -> None:
    for name, expected in (
        ("formula", lambda x1, x2: x1 > x2),
        ("surface", lambda x1, x2: x1 - x2),
        ("curve", lambda x1, x2: x1 - 1),
    ):
        sample = _sample(name=name, samples=100, formula="x1 - 1" if name == "curve" else "x - y")
        np.testing.assert_allclose(sample.labels, expected(*sample.inputs.T), atol=1e-12)


def test_a_curve_lies_between_its_ends() -> None:
    sample = _sample(name="curve", samples=2000, x_min=1, x_max=3)

    assert (sample.inputs[:, 1] == 0).all()
    assert 1 <= sample.inputs[:, 0].min() < 1.01
    assert 2.99 < sample.inputs[:, 0].max() <= 3


def test_own_points_are_the_points_of_the_spec() -> None:
    sample = _sample(name="points", samples=300, points=((1, 2, 0), (3, -4, 2)))

    assert sample.inputs.tolist() == [[1, 2], [3, -4]]
    assert sample.labels.tolist() == [0, 2]
