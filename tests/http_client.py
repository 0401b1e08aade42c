"""A test client that checks, on every answer of every test, what must hold for all answers."""

import gzip
import json
from collections.abc import Mapping
from typing import Any, NoReturn

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class CheckedClient(FlaskClient):
    """Flask's test client; an answer that breaks a promise fails the test that asked for it."""

    def open(self, *arguments: Any, **options: Any) -> Any:
        """Send a request, check the answer. It is typed as Any, so that a test can look into its JSON at once."""
        answer = super().open(*arguments, **options)
        _check(answer)
        return answer

    def get(self, *arguments: Any, **options: Any) -> Any:
        """Read something."""
        return self.open(*arguments, **options, method="GET")

    def post(self, *arguments: Any, **options: Any) -> Any:
        """Ask for something."""
        return self.open(*arguments, **options, method="POST")

    def delete(self, *arguments: Any, **options: Any) -> Any:
        """Remove something."""
        return self.open(*arguments, **options, method="DELETE")


def strict_json(text: str | bytes) -> Any:
    """Decoded JSON; NaN and Infinity, which Python would take and no browser does, raise ValueError."""
    return json.loads(text, parse_constant=_refuse)


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON.")


def check_trust(status: int, headers: Mapping[str, str]) -> None:
    """What every answer of a server says to the browser about trust, whoever asked and whatever it is."""
    policy = policy_of(headers["Content-Security-Policy"])
    assert policy["default-src"] in (["'self'"], ["'none'"])
    assert policy["default-src"] == ["'none'"] or policy["object-src"] == policy["base-uri"] == ["'none'"]
    assert policy["default-src"] == ["'none'"] or policy["frame-ancestors"]
    assert not {"*", "'unsafe-eval'", "http:", "https:"} & {value for values in policy.values() for value in values}
    assert "'unsafe-inline'" not in policy.get("script-src", [])
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers
    assert "Access-Control-Allow-Origin" not in headers
    assert status in (204, 304) or headers["Content-Type"]


def policy_of(header: str) -> dict[str, list[str]]:
    """The directives of a content security policy."""
    return {name: values for name, *values in (part.split() for part in header.split(";"))}


def _check(answer: TestResponse) -> None:
    check_trust(answer.status_code, answer.headers)
    if answer.mimetype == "application/json" and answer.request.method != "HEAD":
        body = strict_json(_plain(answer))
        if answer.status_code >= 400 and answer.request.path != "/healthz":
            _check_error(body)


def _plain(answer: TestResponse) -> bytes:
    return gzip.decompress(answer.data) if answer.content_encoding == "gzip" else answer.data


def _check_error(body: Any) -> None:
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "problems"}
    assert body["error"]["message"].rstrip(")").endswith((".", "more problem", "more problems"))
    for problem in body["error"]["problems"]:
        assert set(problem) - {"position"} == {"field", "code", "message", "expected", "received"}
