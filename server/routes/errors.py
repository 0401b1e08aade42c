"""Exceptions become one JSON shape; the only file that knows the status codes of failures."""

import logging

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from server.domain.errors import (
    InvalidInput,
    MalformedRequest,
    NotFound,
    PublicError,
    ServerFull,
    Unavailable,
    WrongStatus,
)
from server.domain.events import to_json

_STATUS_CODES: tuple[tuple[type[PublicError], int], ...] = (
    (InvalidInput, 422),
    (MalformedRequest, 400),
    (NotFound, 404),
    (WrongStatus, 409),
    (ServerFull, 503),
    (Unavailable, 503),
)

_HTTP_SENTENCES = {
    400: "The request cannot be read. Check its address, headers and body.",
    404: "There is nothing at this address. The addresses are listed in /api/openapi.json.",
    405: "This address does not know this method. The header 'Allow' names those it knows.",
    413: "The body is larger than this server accepts (1 MB). Send less.",
}


def register_errors(app: Flask) -> None:
    """Answer every failure with a sentence."""
    app.register_error_handler(PublicError, _answer_public_error)
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(Exception, _answer_fault)


def _answer_public_error(error: PublicError) -> Response:
    status = next(code for kind, code in _STATUS_CODES if isinstance(error, kind))
    problems = [problem.to_payload() for problem in error.problems]
    answer = _answer(status, error.code, error.message, problems)
    if error.retry_after_s is not None:
        answer.headers["Retry-After"] = str(error.retry_after_s)
    return answer


def _answer_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    message = _HTTP_SENTENCES.get(status, error.description or "The request failed.")
    code = (error.name or "error").lower().replace(" ", "_")
    answer = _answer(status, code, message, [])
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after", "location"):
            answer.headers[name] = value
    return answer


def _answer_fault(error: Exception) -> Response:
    """A fault of ours: the log tells the teacher what happened, the answer claims no cause."""
    logging.getLogger(__name__).exception("Fault while answering %s %s", request.method, request.path)
    return _answer(500, "internal_error", "Something went wrong on the server. Please try again.", [])


def _answer(status: int, code: str, message: str, problems: list[dict[str, object]]) -> Response:
    if _wants_page():
        return Response(render_template("error.html", message=message), status, mimetype="text/html")
    body = to_json({"error": {"code": code, "message": message, "problems": problems}})
    return Response(body, status, mimetype="application/json")


def _wants_page() -> bool:
    """A person who mistyped an address gets a page; everything under /api gets JSON."""
    return not request.path.startswith(("/api", "/healthz")) and request.accept_mimetypes.accept_html
