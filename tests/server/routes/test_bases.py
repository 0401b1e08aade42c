"""/api/bases, and runs that name a base."""

from server.config import Settings
from server.domain.mobilenet import base_file_name
from server.domain.spec import BaseSpec
from tests.fakes import FakeCluster
from tests.http_client import CheckedClient

SPEC = {"dataset": {"name": "digits", "samples": 60}, "base": {"unfrozen": 0}, "layers": []}


def test_the_list_names_every_base(client: CheckedClient) -> None:
    bases = client.get("/api/bases").json["bases"]
    assert {(base["width"], base["size"]) for base in bases} >= {(35, 96), (100, 160)}
    assert {base["state"] for base in bases} == {"missing"}


def test_a_base_that_nobody_knows_is_refused(client: CheckedClient) -> None:
    answer = client.post("/api/bases/fetch", json={"base": {"width": 20}})
    assert answer.status_code == 422
    assert answer.json["error"]["problems"][0]["field"] == "width"


def test_a_base_that_is_there_need_not_be_fetched(client: CheckedClient, settings: Settings) -> None:
    folder = settings.images_dir / "bases"
    folder.mkdir(parents=True)
    (folder / base_file_name(BaseSpec())).write_bytes(b"weights")
    answer = client.post("/api/bases/fetch", json={"base": {"width": 35, "size": 96}})
    assert (answer.status_code, answer.json["state"]) == (202, "ready")


def test_a_run_whose_base_is_missing_is_refused_with_what_to_do(client: CheckedClient, cluster: FakeCluster) -> None:
    answer = client.post("/api/runs", json={"spec": SPEC})
    assert answer.status_code == 422
    (problem,) = answer.json["error"]["problems"]
    assert (problem["field"], problem["code"]) == ("base", "base_missing")
    assert base_file_name(BaseSpec()) in problem["message"]
    assert cluster.submitted == []


def test_a_run_whose_base_is_there_goes_to_the_workers(client: CheckedClient, settings: Settings) -> None:
    folder = settings.images_dir / "bases"
    folder.mkdir(parents=True)
    (folder / base_file_name(BaseSpec())).write_bytes(b"weights")
    answer = client.post("/api/runs", json={"spec": SPEC})
    assert answer.status_code == 202
    run = client.get(f"/api/runs/{answer.json['run_id']}").json
    assert run["spec"]["base"] == {"name": "mobilenet_v2", "width": 35, "size": 96, "unfrozen": 0}
    assert run["weights_count"] == 410_208 + 1_280 * 10 + 10


def test_pictures_that_change_cannot_go_with_a_base(client: CheckedClient) -> None:
    answer = client.post("/api/runs", json={"spec": {**SPEC, "augmentation": {"flip": True}}})
    assert answer.status_code == 422
    assert "not_with_base" in {problem["code"] for problem in answer.json["error"]["problems"]}


def test_a_convolution_cannot_follow_a_base(client: CheckedClient) -> None:
    answer = client.post("/api/runs", json={"spec": {**SPEC, "layers": [{"kind": "conv2d"}]}})
    assert answer.status_code == 422
    assert answer.json["error"]["problems"][0]["field"] == "layers[0]"
