"""/api/openapi.json: OpenAPI 3.1 of the HTTP interface, made from the routes and the models themselves."""

import re
from typing import Any

from flask import Blueprint, Flask, Response, current_app
from werkzeug.routing import Rule

from server.collecting.job import COLOURS
from server.domain.controls import ControlRequest
from server.domain.pictures import PicturesRequest
from server.domain.spec import DatasetSpec, RunSpec
from server.routes.answers import json_answer
from server.routes.origins import SAFE_METHODS

openapi = Blueprint("openapi", __name__)

_REF = "#/components/schemas/{model}"
_FAILURES = ("400", "404", "405", "409", "413", "422", "429", "503", "507")

_OTHER_ORIGIN = "403"
"""Of what changes something: a page of another address asked for it."""

_BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("/api/runs", "POST"): {
        "type": "object",
        "properties": {
            "spec": {"$ref": _REF.format(model="RunSpec")},
            "paused": {"type": "boolean", "default": False},
            "speed": {"type": ["number", "null"], "default": 60, "description": "epochs per second; null: full speed"},
        },
    },
    ("/api/scripts", "POST"): {
        "type": "object",
        "properties": {"spec": {"$ref": _REF.format(model="RunSpec")}, "epochs": {"type": ["integer", "null"]}},
    },
    ("/api/runs/{run_id}/controls", "POST"): {"$ref": _REF.format(model="ControlRequest")},
    ("/api/bases/fetch", "POST"): {"type": "object", "properties": {"base": {"$ref": _REF.format(model="BaseSpec")}}},
    ("/api/datasets/preview", "POST"): {
        "type": "object",
        "properties": {
            "dataset": {"$ref": _REF.format(model="DatasetSpec")},
            "features": {"type": "array", "items": {"type": "string"}},
        },
    },
    ("/api/datasets/pictures", "POST"): {"$ref": _REF.format(model="PicturesRequest")},
}
_FILES = {("/api/images", "POST"): "application/zip"}
"""Requests whose body is a file."""

_QUERIES: dict[tuple[str, str], dict[str, dict[str, Any]]] = {
    ("/api/images", "POST"): {
        "size": {"type": "string", "pattern": "^(auto|[0-9]{1,3})$", "default": "auto"},
        "colour": {"enum": list(COLOURS), "default": "auto"},
    },
}
_SUCCESS = {
    ("/api/runs", "POST"): "202",
    ("/api/images", "POST"): "202",
    ("/api/images/{name}/fetch", "POST"): "202",
    ("/api/bases/fetch", "POST"): "202",
    ("/api/runs/{run_id}/controls", "POST"): "202",
}
_TYPES = {
    "/api/runs/{run_id}/events": "text/event-stream",
    "/api/runs/{run_id}/exports/tfjs.zip": "application/zip",
    "/api/runs/{run_id}/exports/model.keras": "application/octet-stream",
    "/api/runs/{run_id}/exports/saved_model.zip": "application/zip",
    "/api/runs/{run_id}/exports/model.tflite": "application/octet-stream",
    "/api/runs/{run_id}/exports/page.html": "text/html",
    "/api/runs/{run_id}/exports/script.py": "text/x-python",
    "/api/runs/{run_id}/exports/notebook.ipynb": "application/x-ipynb+json",
    "/api/runs/{run_id}/model/{name}": "application/octet-stream",
    "/": "text/html",
    "/images": "text/html",
    "/metrics": "text/plain",
}


@openapi.get("/api/openapi.json")
def describe() -> Response:
    """This description."""
    return json_answer(openapi_payload(current_app))


def openapi_payload(app: Flask) -> dict[str, Any]:
    """The description of every route of an application but its static files."""
    paths: dict[str, Any] = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            path = re.sub(r"<(\w+)>", r"{\1}", rule.rule)
            paths.setdefault(path, {}).update(_operations(app, rule, path))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Neural Playground", "version": "1"},
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": _schemas()},
    }


def _operations(app: Flask, rule: Rule, path: str) -> dict[str, Any]:
    methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    return {method.lower(): _operation(app, rule, path, method) for method in methods}


def _operation(app: Flask, rule: Rule, path: str, method: str) -> dict[str, Any]:
    summary = (app.view_functions[rule.endpoint].__doc__ or "").strip().splitlines()
    operation: dict[str, Any] = {
        "operationId": f"{method.lower()}_{rule.endpoint.replace('.', '_')}",
        "summary": summary[0] if summary else "",
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in sorted(rule.arguments)
        ]
        + [
            {"name": name, "in": "query", "required": False, "schema": schema}
            for name, schema in _QUERIES.get((path, method), {}).items()
        ],
        "responses": _responses(path, method),
    }
    if body := _BODIES.get((path, method)):
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    if kind := _FILES.get((path, method)):
        operation["requestBody"] = {"required": True, "content": {kind: {"schema": {"type": "string"}}}}
    return operation


def _responses(path: str, method: str) -> dict[str, Any]:
    if method == "DELETE":
        success: dict[str, Any] = {"204": {"description": "done"}}
    else:
        kind = _TYPES.get(path, "application/json")
        success = {_SUCCESS.get((path, method), "200"): {"description": "done", "content": {kind: {}}}}
    failure = {"application/json": {"schema": {"$ref": _REF.format(model="Error")}}}
    codes = _FAILURES if method in SAFE_METHODS else (*_FAILURES, _OTHER_ORIGIN)
    return success | {code: {"description": "a failure, in words", "content": failure} for code in sorted(codes)}


def _schemas() -> dict[str, Any]:
    schemas: dict[str, Any] = {"Error": _ERROR}
    for model in (RunSpec, DatasetSpec, PicturesRequest, ControlRequest):
        schema = model.model_json_schema(ref_template=_REF)
        schemas |= schema.pop("$defs", {})
        schemas[model.__name__] = schema
    return schemas


_ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "problems"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "problems": {"type": "array", "items": {"type": "object"}},
            },
        }
    },
}
