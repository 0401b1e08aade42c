"""Exceptions become one JSON shape; the only file that knows the status codes of failures."""

import errno
import logging

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from server.domain.errors import (
    InvalidInput,
    MalformedRequest,
    NotAllowed,
    NotFound,
    PublicError,
    ServerFull,
    StorageFull,
    TooLarge,
    TooManyRequests,
    Unavailable,
    WrongStatus,
)
from server.domain.events import to_json

_STATUS_CODES: tuple[tuple[type[PublicError], int], ...] = (
    (InvalidInput, 422),
    (MalformedRequest, 400),
    (NotAllowed, 403),
    (NotFound, 404),
    (WrongStatus, 409),
    (TooManyRequests, 429),
    (TooLarge, 413),
    (ServerFull, 503),
    (StorageFull, 507),
    (Unavailable, 503),
)

_HTTP_SENTENCES = {
    400: "The request cannot be read. Check its address, headers and body.",
    404: "There is nothing at this address. The addresses are listed in /api/openapi.json.",
    405: "This address does not know this method. The header 'Allow' names those it knows.",
    413: "The body is larger than this server accepts (1 MB; a zip file of images: 200 MB). Send less.",
    431: "The headers of this request are larger than this server accepts. Send less.",
    507: "The disk of the server is almost full, so this was not taken in. Tell the person who looks after it.",
    501: "This server does not read bodies that are sent in this way. Send a plain one or in chunks.",
}


def register_errors(app: Flask) -> None:
    """Answer every failure with a sentence."""
    app.register_error_handler(PublicError, answer_public_error)
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(Exception, _answer_fault)


def answer_public_error(error: PublicError) -> Response:
    """A failure that has a sentence, as an answer."""
    status = next((code for kind, code in _STATUS_CODES if isinstance(error, kind)), 500)
    problems = [problem.to_payload() for problem in error.problems]
    answer = _answer(status, error.code, error.message, problems)
    if error.retry_after_s is not None:
        answer.headers["Retry-After"] = str(error.retry_after_s)
    return answer


def _answer_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    message = _HTTP_SENTENCES.get(status, error.description or "The request failed.")
    answer = _answer(status, _code_of(error.name or "error"), message, [])
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after", "location"):
            answer.headers[name] = value
    return answer


_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def _answer_fault(error: Exception) -> Response:
    """A fault of ours: the log tells the teacher what happened, the answer claims no cause."""
    logging.getLogger(__name__).exception("Fault while answering %s %s", request.method, request.path)
    if isinstance(error, OSError) and error.errno in _DISK_FULL:
        message = "The disk of the server is full, so this was not done. Tell the person who looks after the server."
        return _answer(507, "disk_full", message, [])
    return _answer(500, "internal_error", "Something went wrong on the server. Please try again.", [])


def refusal_body(status: int, name: str) -> bytes:
    """What the web server says when it refuses a request by itself; `name` is that of the status, as HTTP has it."""
    return _error_json(_code_of(name), _HTTP_SENTENCES.get(status, "The request failed."), []).encode()


def _answer(status: int, code: str, message: str, problems: list[dict[str, object]]) -> Response:
    if _wants_page():
        return Response(render_template("error.html", message=message), status, mimetype="text/html")
    return Response(_error_json(code, message, problems), status, mimetype="application/json")


def _error_json(code: str, message: str, problems: list[dict[str, object]]) -> str:
    return to_json({"error": {"code": code, "message": message, "problems": problems}})


def _code_of(name: str) -> str:
    return name.lower().replace(" ", "_")


def _wants_page() -> bool:
    """A person who mistyped an address gets a page; everything under /api gets JSON."""
    return not request.path.startswith(("/api", "/healthz")) and request.accept_mimetypes.accept_html
