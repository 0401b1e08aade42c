"""Own pictures over HTTP, with the real child process; and what a request of another kind is told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.config import Settings
from tests.http_client import CheckedClient
from tests.picture_files import class_files, picture_bytes, zip_bytes
from tests.waiting import wait_until


def _send(client: CheckedClient, content: bytes, query: str = "", **options: Any) -> Any:
    return client.post(f"/api/images{query}", data=content, content_type="application/zip", **options)


def _files(settings: Settings) -> list[Path]:
    return [path for path in settings.images_dir.rglob("*") if path.is_file()]


def _ready(client: CheckedClient, url: str) -> Callable[[], bool]:
    return lambda: client.get(url).json["state"] != "preparing"


def test_an_archive_of_class_folders_becomes_data_of_a_run_and_goes_without_a_trace(
    client: CheckedClient, settings: Settings
) -> None:
    bad = {"cats/broken.jpg": picture_bytes(kind="JPEG", size=(90, 90))[:-200], "../evil.png": picture_bytes()}
    answer = _send(client, zip_bytes(class_files() | bad), "?size=16&colour=rgb")
    assert answer.status_code == 202
    assert answer.json["state"] in ("preparing", "ready")
    url = answer.json["url"]
    wait_until(_ready(client, url))

    told = client.get(url).json
    assert (told["state"], told["shape"]) == ("ready", [16, 16, 3])
    assert told["classes"] == [{"name": "cats", "count": 12}, {"name": "dogs", "count": 12}]
    assert {problem["file"] for problem in told["problems"]} == bad.keys()
    layers = [{"kind": "flatten"}]
    dataset = {"name": "own_images", "images": {"collection": told["collection"]}}
    assert client.post("/api/runs", json={"spec": {"dataset": dataset, "layers": layers}}).status_code == 202

    assert client.delete(url).status_code == 204
    assert _files(settings) == []
    assert client.get(url).status_code == client.delete(url).status_code == 404
    gone = client.post("/api/runs", json={"spec": {"dataset": dataset, "layers": layers}})
    assert gone.status_code == 422


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"This is no archive.", "not_a_zip", id="not a zip file"),
        pytest.param(zip_bytes({}), "empty", id="empty"),
        pytest.param(zip_bytes(class_files(("cats",), 30)), "one_class", id="one class"),
        pytest.param(zip_bytes({f"{n}/a.png": b"" for n in range(10_001)}), "too_many_classes", id="10,001 classes"),
        pytest.param(zip_bytes({"a/zeros.png": bytes(5_000_000)}), "zip_bomb", id="bomb"),
        pytest.param(zip_bytes({"../a/x.png": picture_bytes()}), "no_classes", id="only names that lead elsewhere"),
        pytest.param(
            zip_bytes({f"{n % 2}/{n}.png": b"hello" for n in range(40)}), "too_few_pictures", id="not an image"
        ),
    ],
)
def test_an_archive_that_cannot_be_used_gets_its_sentence_and_leaves_nothing(
    client: CheckedClient, settings: Settings, content: bytes, code: str
) -> None:
    answer = _send(client, content)
    if answer.status_code == 202:  # found out while pictures are decoded
        wait_until(_ready(client, answer.json["url"]))
        told = client.get(answer.json["url"]).json
        assert told["state"] == "failed"
    else:
        assert answer.status_code == 422
        told = answer.json["error"]
    assert told["code"] == code
    assert told["message"].endswith((".", "leave it out."))
    wait_until(lambda: _files(settings) == [])


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ({"data": b"PK", "content_type": "application/json"}, 400, "not_zip"),
        ({"data": b"PK", "content_type": "multipart/form-data"}, 400, "not_zip"),
        ({"data": b"", "content_type": "application/zip"}, 400, "no_file"),
        ({"data": b"PK", "content_type": "application/zip", "query_string": {"size": "4"}}, 422, "invalid_wish"),
        ({"data": b"PK", "content_type": "application/zip", "environ_overrides": {"CONTENT_LENGTH": "100"}}, 400, None),
        (
            {"data": b"PK", "content_type": "application/zip", "environ_overrides": {"CONTENT_LENGTH": "200000001"}},
            413,
            "too_large",
        ),
        ({"data": b"PK", "content_type": "application/zip", "headers": {"Origin": "http://evil.example"}}, 403, None),
    ],
)
def test_a_request_of_another_kind_is_told_what_is_expected(
    client: CheckedClient, settings: Settings, options: dict[str, Any], status: int, code: str | None
) -> None:
    answer = client.post("/api/images", **options)

    assert answer.status_code == status
    assert code is None or answer.json["error"]["code"] == code
    assert _files(settings) == []


def test_only_this_address_takes_more_than_a_megabyte(client: CheckedClient) -> None:
    large = bytes(1_500_000)

    assert _send(client, large).status_code == 422
    assert client.post("/api/runs", data=large, content_type="application/json").status_code == 413
    assert client.post("/api/images/mnist/fetch", data=large).status_code == 202


def test_a_known_set_from_the_data_folder_is_got_and_told(client: CheckedClient, settings: Settings) -> None:
    import numpy as np

    pictures, labels = np.zeros((30, 28, 28), np.uint8), np.arange(30, dtype=np.uint8) % 10
    np.savez(
        settings.images_dir / "sources/mnist.npz", x_train=pictures, y_train=labels, x_test=pictures, y_test=labels
    )

    def told() -> dict[str, Any]:
        sets = client.get("/api/datasets").json["datasets"]
        return next(dict(each) for each in sets if each["name"] == "mnist")

    assert told()["state"] == "missing"
    answer = client.post("/api/images/mnist/fetch")
    assert (answer.status_code, answer.json["name"]) == (202, "mnist")
    wait_until(lambda: told()["state"] == "ready")
    assert told()["given"] == {"train": 30, "test": 30}
    assert told()["limits"]["samples"] == [20, 60]
    assert len(told()["class_names"]) == 10
    assert client.post("/api/images/digits/fetch").status_code == 404


class TestLimits:
    """So many archives of one address in a minute."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """Few."""
        return replace(settings, most_uploads_per_minute=2)

    def test_one_address_sends_so_many_archives_and_the_next_is_told_to_wait(self, client: CheckedClient) -> None:
        assert [_send(client, b"x").status_code for _ in range(3)] == [422, 422, 429]
        assert _send(client, b"x", environ_overrides={"REMOTE_ADDR": "10.0.0.2"}).status_code == 422
