"""Strict JSON answers."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from server.domain.events import to_json


def json_answer(payload: Mapping[str, Any], status: int = 200) -> Response:
    """A JSON answer without NaN; never cached, because everything here moves."""
    answer = Response(to_json(payload), status, mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer
