"""How many requests of one address fail, or start runs, in a minute: 429 beyond.

A class of two hundred shares one address behind its school's router. So what a page does in ordinary use is never
counted against it: mistakes of pupils (409, 422) and files that are not there are free, and whoever has used up the
failures of an address gets 429 for further failures only. A pupil's program that guesses addresses does not lock out
the class.
"""

import time
from collections.abc import Callable
from ipaddress import ip_address
from math import ceil

from flask import Flask, Response, request

from server.config import Settings
from server.domain.errors import TooManyRequests
from server.routes.errors import answer_public_error
from server.services.rate_limits import RateLimit

_ORDINARY_FAILURES = frozenset({409, 422, 429})
"""What the page causes in ordinary use: a control that came too late, a formula half written."""

_START = ("runs.start", "POST")
_UPLOADS = (("images.receive", "POST"), ("images.fetch", "POST"), ("bases.fetch", "POST"))


def register_rate_limits(app: Flask, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
    """Count by address; `clock` is monotonic, in seconds."""
    failures = RateLimit(settings.most_failures_per_minute, clock)
    starts = RateLimit(settings.most_starts_per_minute, clock)
    uploads = RateLimit(settings.most_uploads_per_minute, clock)

    @app.before_request
    def count_start() -> None:
        if (request.endpoint, request.method) == _START and (wait_s := starts.count(address_of(request.remote_addr))):
            raise TooManyRequests("Too many runs were started from here within a minute.", ceil(wait_s))

    @app.before_request
    def count_upload() -> None:
        asked = (request.endpoint, request.method)
        if asked in _UPLOADS and (wait_s := uploads.count(address_of(request.remote_addr))):
            raise TooManyRequests("Too many images were sent or asked for from here within a minute.", ceil(wait_s))

    @app.after_request
    def count_failure(answer: Response) -> Response:
        if not _is_counted(answer.status_code):
            return answer
        wait_s = failures.count(address_of(request.remote_addr))
        if not wait_s:
            return answer
        answer.close()
        return answer_public_error(TooManyRequests("Too many requests from here failed within a minute.", ceil(wait_s)))


def address_of(remote_address: str | None) -> str:
    """Who counts as one: an address of version 4, or the network of 64 bits that one household has of version 6."""
    try:
        # Without its scope, the name of a network card behind "%".
        address = ip_address((remote_address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or address.exploded[:19])


def _is_counted(status: int) -> bool:
    is_missing_file = status == 404 and not request.path.startswith("/api")
    return 400 <= status < 500 and status not in _ORDINARY_FAILURES and not is_missing_file
