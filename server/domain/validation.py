"""From an untrusted value to a frozen specification, or to the list of all its problems."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from math import isfinite
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from server.domain.errors import InvalidSpec, Problem
from server.domain.spec import RunSpec, problem_of

Model = TypeVar("Model", bound=BaseModel)

LONGEST_NAME = 100
"""A field's path is cut to this many characters when it goes back into an error message."""


def parse_run_spec(raw_spec: object) -> RunSpec:
    """A RunSpec from decoded JSON; missing fields take their defaults.

    Raises InvalidSpec with every problem found, each with field, expected and received.
    """
    spec = parse_strictly(RunSpec, raw_spec)
    problems = _contradictions(spec)
    if problems:
        raise InvalidSpec(problems)
    return spec


def parse_preview(raw_request: object) -> RunSpec:
    """The RunSpec whose data a preview shows: only `dataset` and `features` matter to it. Raises InvalidSpec."""
    if not isinstance(raw_request, dict):
        raise InvalidSpec([wrong_value("", "wrong_type", "an object with dataset and features", raw_request)])
    problems = unknown_fields(raw_request, ("dataset", "features"))
    if problems:
        raise InvalidSpec(problems)
    return parse_run_spec({name: value for name, value in raw_request.items() if value is not None})


def parse_strictly(model: type[Model], raw_value: object) -> Model:
    """Validate decoded JSON without any conversion ("10" is not 10, true is not 1).

    Raises InvalidSpec with every problem found.
    """
    try:
        # Going through JSON text gives JSON's strict rules: an array may become a tuple.
        return model.model_validate_json(json.dumps(raw_value), strict=True)
    except ValidationError as error:
        raise InvalidSpec(problems_of(model, error)) from error


def problems_of(model: type[BaseModel], error: ValidationError) -> list[Problem]:
    """Pydantic's findings in our words."""
    schema = _schema_of(model)
    found = error.errors(include_url=False)
    return [_problem(schema, details) for details in found if not _only_lost_entries(details)]


def _only_lost_entries(details: ErrorDetails) -> bool:
    """A list counts as too short when its entries are invalid; each of them is a problem of its own already."""
    return details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]


def unknown_fields(raw_object: Mapping[str, object], known: Iterable[str]) -> list[Problem]:
    """A problem for each name that is not known, in the order they came."""
    kind = "extra_forbidden"
    received = [(_short_name(name), value) for name, value in raw_object.items() if name not in known]
    return [Problem(name, kind, _sentence(name, kind, None, None), None, _short(value)) for name, value in received]


def wrong_value(field: str, code: str, expected: str, received: object) -> Problem:
    """A problem with a value of a request; the field "" is the body itself."""
    return Problem(
        field, code, _sentence(field or "the body", code, expected, _short(received)), expected, _short(received)
    )


def _problem(schema: Mapping[str, Any], details: ErrorDetails) -> Problem:
    field = _path(details["loc"])
    node = _schema_at(schema, details["loc"])
    expected = _expected(details["type"], node)
    # Of a missing field Pydantic tells the object around it, which is not what was received for it.
    received = None if details["type"] == "missing" else _short(details.get("input"))
    kind = f"a whole number, {expected}" if node.get("type") == "integer" else expected
    return Problem(
        field=field,
        code=details["type"],
        message=_sentence(field, details["type"], kind, received),
        expected=expected,
        received=received,
    )


def _sentence(field: str, kind: str, expected: str | None, received: object) -> str:
    name = field or "the specification"
    if kind == "extra_forbidden":
        return f"{name} is not known here; remove it or correct its spelling."
    if kind == "missing":
        return f"{name} is missing; expected {expected}."
    return f"{name} must be {expected}, but {json.dumps(received)} was received."


def _expected(kind: str, node: Mapping[str, Any]) -> str | None:
    """What a field accepts, in words, from its JSON schema."""
    if kind == "extra_forbidden":
        return None
    options = node.get("enum") or ([node["const"]] if "const" in node else None)
    if options:
        return "one of " + ", ".join(str(option) for option in options)
    if node.keys() & {"minimum", "exclusiveMinimum", "maximum"}:
        return _range(node)
    if node.get("type") == "array":
        return f"a list of {node.get('minItems', 0)} to {node.get('maxItems', 'any number of')} entries"
    return {"object": "an object", "integer": "a whole number", "number": "a number"}.get(
        str(node.get("type")), "another kind of value"
    )


def _range(node: Mapping[str, Any]) -> str:
    highest = _plain(node.get("maximum", "infinity"))
    if "exclusiveMinimum" in node:
        return f"more than {_plain(node['exclusiveMinimum'])}, at most {highest}"
    return f"{_plain(node.get('minimum', '-infinity'))} to {highest}"


def _plain(bound: object) -> str:
    """A bound as a person writes it: 10, not 10.0."""
    return str(int(bound)) if isinstance(bound, float) and bound.is_integer() else str(bound)


def _short(received: object) -> object:
    """The received value, cut when it is long: it goes back into an error message."""
    text = json.dumps(received, default=str)
    is_plain = len(text) <= 200 and not (isinstance(received, float) and not isfinite(received))
    return received if is_plain else text[:200] + ("…" if len(text) > 200 else "")


def _path(location: Iterable[int | str]) -> str:
    """`("layers", 1, "units")` as `layers[1].units`."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return _short_name(path)


def _short_name(name: str) -> str:
    """A name, cut when it is long: an unknown one is the sender's, and goes back several times."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


@cache
def _schema_of(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _schema_at(schema: Mapping[str, Any], location: Iterable[int | str]) -> Mapping[str, Any]:
    """The part of the JSON schema that describes one field; empty where there is none."""
    node: Mapping[str, Any] = schema
    for part in location:
        node = _resolved(schema, node)
        child = node.get("items") if isinstance(part, int) else node.get("properties", {}).get(part)
        node = child if isinstance(child, dict) else {}
    return _resolved(schema, node)


def _resolved(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """The node itself behind a `$ref` or a 'this or null'."""
    for option in node.get("anyOf", []):
        if option.get("type") != "null":
            return _resolved(schema, option)
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[-1]
        return schema["$defs"][name]  # type: ignore[no-any-return]
    return node


def _contradictions(spec: RunSpec) -> list[Problem]:
    """Problems between fields, which no single field shows."""
    return [*_repeated_features(spec), *_loss_without_classes(spec)]


def _repeated_features(spec: RunSpec) -> list[Problem]:
    if len(set(spec.features)) == len(spec.features):
        return []
    return [
        Problem(
            field="features",
            code="repeated",
            message="features must name each input once; remove the repeated names.",
            expected="each name once",
            received=list(spec.features),
        )
    ]


def _loss_without_classes(spec: RunSpec) -> list[Problem]:
    if spec.loss != "binary_crossentropy" or problem_of(spec.dataset.name) == "classification":
        return []
    return [
        Problem(
            field="loss",
            code="loss_needs_classes",
            message=f"loss must be auto, mse or mae for the numbers of {spec.dataset.name}: "
            "binary_crossentropy compares classes.",
            expected="one of auto, mse, mae",
            received=spec.loss,
        )
    ]
