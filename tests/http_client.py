"""A test client that checks, on every answer of every test, what must hold for all answers."""

import gzip
import json
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


def _check(answer: TestResponse) -> None:
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith(("default-src 'self'", "default-src 'none'"))
    assert "'unsafe-eval'" not in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert answer.status_code in (204, 304) or answer.headers["Content-Type"]
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
