"""/api/spec and /api/datasets."""

import json
from typing import Any

import pytest

from server.datasets.preview import preview_payload
from server.domain.spec import RunSpec
from tests.builders import make_spec
from tests.http_client import CheckedClient


def test_the_spec_has_a_default_and_a_schema_for_the_sliders(client: CheckedClient) -> None:
    answer = client.get("/api/spec")

    assert answer.status_code == 200
    assert list(answer.json) == ["default", "schema"]
    assert answer.json["default"] == RunSpec().model_dump(mode="json")
    batch_size = answer.json["schema"]["properties"]["batch_size"]
    assert (batch_size["minimum"], batch_size["maximum"], batch_size["default"]) == (1, 256, 10)
    assert batch_size["title"] == "Batch size"


def _leaves(node: dict[str, Any], path: str = "") -> list[tuple[str, dict[str, Any]]]:
    found = [(f"{path}.{name}", child) for name, child in node.get("properties", {}).items()]
    return found + [leaf for name, child in node.get("$defs", {}).items() for leaf in _leaves(child, name)]


def test_every_field_of_the_schema_has_a_title_and_a_default(client: CheckedClient) -> None:
    """Objects and lists with a factory show their default in `default` of the answer."""
    fields = _leaves(client.get("/api/spec").json["schema"], "spec")

    assert len(fields) > 15
    assert [path for path, field in fields if "title" not in field] == []
    made = {"spec.dataset", "spec.layers", "spec.optimizer", "spec.regularization", "OptimizerSpec.schedule"}
    made |= {"spec.augmentation", "OwnImagesSpec.collection"}
    assert {path for path, field in fields if "default" not in field} <= made


def test_the_data_sets_and_features_that_can_be_chosen(client: CheckedClient) -> None:
    answer = client.get("/api/datasets")

    assert answer.status_code == 200
    assert [offer["name"] for offer in answer.json["datasets"]] == [
        "circle",
        "xor",
        "gauss",
        "spiral",
        "moons",
        "blobs",
        "formula",
        "points",
        "plane",
        "gauss_hills",
        "surface",
        "curve",
        "digits",
        "mnist",
        "fashion_mnist",
        "cifar10",
        "own_images",
    ]
    assert {offer["kind"] for offer in answer.json["datasets"]} == {"plane", "curve", "image"}
    assert answer.json["features"] == ["x1", "x2", "x1_squared", "x2_squared", "x1x2", "sin_x1", "sin_x2"]


def test_a_preview_is_the_data_of_the_run(client: CheckedClient) -> None:
    request = {"dataset": {"name": "spiral", "noise": 20, "samples": 30}, "features": ["x1", "sin_x2"]}
    answer = client.post("/api/datasets/preview", json=request)

    assert answer.status_code == 200
    assert answer.json == preview_payload(make_spec(**request))


@pytest.mark.parametrize("dataset", [{"name": "digits"}, {"name": "blobs", "classes": 5}], ids=["digits", "blobs"])
def test_a_preview_needs_no_network_that_fits(client: CheckedClient, dataset: dict[str, Any]) -> None:
    """Pictures and several classes are shown before the layers for them have been chosen."""
    answer = client.post("/api/datasets/preview", json={"dataset": {**dataset, "samples": 40}})

    assert answer.status_code == 200
    labels = answer.json["train"]["labels"] + answer.json["val"]["labels"]
    assert len(labels) == 40
    assert set(labels) <= set(range(10 if dataset["name"] == "digits" else 5))


def test_a_preview_of_a_curve_has_a_place_and_a_number_for_each_sample(client: CheckedClient) -> None:
    answer = client.post("/api/datasets/preview", json={"dataset": {"name": "curve", "formula": "3x", "samples": 20}})

    assert answer.status_code == 200
    for share in ("train", "val"):
        places, labels = answer.json[share]["features"], answer.json[share]["labels"]
        assert len(places) == len(labels) == 10
        assert [round(3 * x, 4) for (x,) in places] == [round(label, 4) for label in labels]


def test_the_first_own_point_is_shown_before_there_are_enough_to_train_with(client: CheckedClient) -> None:
    request = {"dataset": {"name": "points", "points": [[1, -2, 2]]}}
    answer = client.post("/api/datasets/preview", json=request)

    assert answer.status_code == 200
    shown = [answer.json[share] for share in ("train", "val")]
    assert [row for share in shown for row in share["features"]] == [[1, -2]]
    assert [label for share in shown for label in share["labels"]] == [2]


def test_a_formula_that_cannot_be_read_answers_422_with_the_place(client: CheckedClient) -> None:
    answer = client.post("/api/datasets/preview", json={"dataset": {"name": "curve", "formula": "x + )"}})

    assert answer.status_code == 422
    (problem,) = answer.json["error"]["problems"]
    assert (problem["field"], problem["code"], problem["position"]) == ("dataset.formula", "formula_expected", 5)
    assert 'At character 5: a number, x or ( was expected, but ")" was found.' in problem["message"]


def test_a_preview_of_nothing_is_that_of_the_default(client: CheckedClient) -> None:
    assert client.post("/api/datasets/preview", json={}).json == preview_payload(RunSpec())


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        pytest.param({"dataset": {"noise": 51}, "features": []}, ["dataset.noise", "features"], id="two problems"),
        pytest.param({"dataset": "circle"}, ["dataset"], id="a name only"),
        pytest.param({"datset": {}}, ["datset"], id="misspelt"),
        pytest.param([1], [""], id="a list"),
        pytest.param(None, [""], id="null"),
    ],
)
def test_a_preview_that_cannot_be_made_answers_422(client: CheckedClient, body: object, fields: list[str]) -> None:
    answer = client.post("/api/datasets/preview", data=json.dumps(body), content_type="application/json")

    assert answer.status_code == 422
    assert answer.json["error"]["code"] == "invalid_spec"
    assert [problem["field"] for problem in answer.json["error"]["problems"]] == fields
