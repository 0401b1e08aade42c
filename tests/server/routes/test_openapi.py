"""/api/openapi.json describes what there is."""

import json
import re
from typing import Any

import pytest
from flask import Flask

from server.app import Services
from tests.builders import make_event, make_status
from tests.http_client import CheckedClient


@pytest.fixture
def description(client: CheckedClient) -> dict[str, Any]:
    """The whole description."""
    answer = client.get("/api/openapi.json")
    assert answer.status_code == 200
    described: dict[str, Any] = answer.json
    return described


def _operations(description: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """(path, METHOD, operation)"""
    return [
        (path, method.upper(), operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_is_openapi_3_1(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1.")
    assert set(description["info"]) >= {"title", "version"}


def test_every_route_but_the_static_files_is_described(app: Flask, description: dict[str, Any]) -> None:
    routes = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert {(path, method) for path, method, _ in _operations(description)} == routes


def test_every_operation_has_a_name_of_its_own_and_a_sentence(description: dict[str, Any]) -> None:
    operations = [operation for _, _, operation in _operations(description)]

    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert [operation for operation in operations if not operation["summary"].rstrip().endswith((".", "?"))] == []


def test_every_part_of_a_path_is_a_parameter(description: dict[str, Any]) -> None:
    for path, _, operation in _operations(description):
        in_path = [parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"]
        assert in_path == sorted(re.findall(r"{(\w+)}", path))


def test_every_reference_leads_somewhere(description: dict[str, Any]) -> None:
    names = re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(description))

    assert "RunSpec" in names
    assert set(names) <= set(description["components"]["schemas"])
    assert json.dumps(description).count('"$ref"') == len(names)


def test_the_schema_of_a_spec_is_the_one_of_the_sliders(client: CheckedClient, description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    sliders = client.get("/api/spec").json["schema"]

    assert schemas["RunSpec"]["properties"].keys() == sliders["properties"].keys()
    assert schemas["DenseSpec"]["properties"]["units"] == sliders["$defs"]["DenseSpec"]["properties"]["units"]


def test_answers_have_the_described_code_and_type(
    client: CheckedClient, services: Services, description: dict[str, Any]
) -> None:
    """Each operation is tried once; the routes that delete come last."""
    run_id = services.runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id), make_event("frame", run_id)])
    bodies = {"/api/runs/{run_id}/controls": {"action": "pause"}}
    for path, method, operation in sorted(_operations(description), key=lambda entry: entry[1] == "DELETE"):
        address = path.format(run_id=run_id, name="group1-shard1of1.bin", collection="0" * 20)
        body = {"json": bodies.get(path, {})} if method == "POST" else {}
        answer = client.open(address, method=method, **body)
        described = operation["responses"].get(str(answer.status_code))

        assert described is not None, f"{method} {path} answered {answer.status_code}."
        assert method == "DELETE" or list(described["content"]) == [answer.mimetype], path
        answer.close()


def test_every_operation_may_be_refused_by_name_or_number_and_a_change_by_its_origin(
    description: dict[str, Any],
) -> None:
    for path, method, operation in _operations(description):
        assert {"400", "429"} <= operation["responses"].keys(), path
        assert ("403" in operation["responses"]) is (method != "GET"), path


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/api/spec", {"headers": {"Host": "evil.example"}}, 400),
        ("POST", "/api/runs", {"json": {}, "headers": {"Origin": "null"}}, 403),
        ("DELETE", "/api/runs/{run_id}", {"headers": {"Sec-Fetch-Site": "same-site"}}, 403),
    ],
)
def test_a_refusal_at_the_door_is_as_described(
    client: CheckedClient, description: dict[str, Any], method: str, path: str, options: dict[str, Any], status: int
) -> None:
    answer = client.open(path.format(run_id="0" * 20), method=method, **options)
    assert answer.status_code == status
    described = description["paths"][path][method.lower()]["responses"][str(status)]
    assert list(described["content"]) == [answer.mimetype]
