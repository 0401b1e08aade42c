"""Runs started and removed over HTTP, on one connection that is kept open, as a browser does."""

import http.client
import json
from collections.abc import Sequence
from typing import Any

from tests.bench.figures import Broken

DEFAULT_UNITS = (4, 2)
"""The hidden layers of the network the page opens with, and the speed it asks for."""

SPEED = 60.0


class RunRequests:
    """What a page asks of the server about runs. Raises Broken when it refuses."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=60)

    def start(self, units: Sequence[int] = DEFAULT_UNITS, seed: int = 0) -> str:
        """Start a run of tanh layers on the circle; returns its id."""
        spec = {"layers": [{"units": count} for count in units], "seed": seed}
        answer = self._ask("POST", "/api/runs", {"spec": spec, "speed": SPEED}, expected=202)
        return str(json.loads(answer)["run_id"])

    def delete(self, run_id: str) -> None:
        """Stop a run and remove what it left."""
        self._ask("DELETE", f"/api/runs/{run_id}", None, expected=204)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: Any, expected: int) -> bytes:
        content = None if body is None else json.dumps(body).encode()
        self._connection.request(method, path, content, {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        received = answer.read()
        if answer.status != expected:
            raise Broken(f"{method} {path} was answered with {answer.status}: {received[:500]!r}")
        return received
