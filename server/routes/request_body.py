"""The JSON body of a request, read strictly."""

import json
from typing import NoReturn

from flask import request

from server.domain.errors import MalformedRequest


def json_body() -> object:
    """The decoded body. Raises MalformedRequest: another content type, not UTF-8, not JSON, or NaN in it."""
    if not request.is_json:
        raise MalformedRequest(
            "The body must be JSON: send it with the header 'Content-Type: application/json'.", "not_json"
        )
    try:
        return json.loads(request.get_data(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedRequest(f"The body is not valid JSON: {error}.", "not_json") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that JSON knows")
