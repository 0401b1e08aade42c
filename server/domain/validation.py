"""From an untrusted value to a frozen specification, or to the list of all its problems."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from math import isfinite
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from server.domain.contradictions import find_contradictions, find_data_contradictions
from server.domain.errors import InvalidSpec, Problem
from server.domain.pictures import PicturesRequest
from server.domain.plane_bounds import find_plane_problems
from server.domain.spec import COLLECTED, RunSpec, kind_of

Model = TypeVar("Model", bound=BaseModel)

LONGEST_NAME = 100
"""A field's path is cut to this many characters when it goes back into an error message."""


def parse_run_spec(raw_spec: object) -> RunSpec:
    """A RunSpec from decoded JSON; missing fields take their defaults.

    Raises InvalidSpec with every problem found, each with field, expected and received.
    """
    return _without(find_contradictions, _parse_spec(raw_spec))


def parse_preview(raw_request: object) -> RunSpec:
    """A RunSpec for its data alone: `dataset` and `features`, whatever network they would need. Raises InvalidSpec."""
    if not isinstance(raw_request, dict):
        raise InvalidSpec([wrong_value("", "wrong_type", "an object with dataset and features", raw_request)])
    problems = unknown_fields(raw_request, ("dataset", "features"))
    if problems:
        raise InvalidSpec(problems)
    named = {name: value for name, value in raw_request.items() if value is not None}
    spec = _without(find_data_contradictions, _parse_spec(named))
    if spec.dataset.name in COLLECTED:
        raise InvalidSpec([_too_many_to_list(spec.dataset.name)])
    return spec


def parse_pictures(raw_request: object) -> PicturesRequest:
    """What is asked of the pictures of a data set. Raises InvalidSpec."""
    if isinstance(raw_request, dict):
        raw_request = {name: value for name, value in raw_request.items() if value is not None}
    request = parse_strictly(PicturesRequest, raw_request)
    _without(find_data_contradictions, RunSpec(dataset=request.dataset))
    if kind_of(request.dataset.name) != "image":
        raise InvalidSpec([_no_pictures(request.dataset.name)])
    return request


def _no_pictures(name: str) -> Problem:
    message = f"dataset.name must be a set of pictures, but {name} was received: its samples are points."
    return Problem("dataset.name", "no_pictures", message, "a set of pictures, such as digits", name)


def _too_many_to_list(name: str) -> Problem:
    message = f"dataset.name must be another one here, but {name} was received: ask for its pictures in pieces, "
    return Problem("dataset.name", "too_many_to_list", f"{message}with POST /api/datasets/pictures.", None, name)


def _parse_spec(raw_spec: object) -> RunSpec:
    """With the narrower bounds of points, whose problems take the place of those that the schema has at a field."""
    narrow = find_plane_problems(raw_spec)
    fields = {problem.field for problem in narrow}
    try:
        spec = parse_strictly(RunSpec, raw_spec)
    except InvalidSpec as error:
        wide = [problem for problem in error.problems if problem.field not in fields]
        raise InvalidSpec([*narrow, *wide]) from error
    if narrow:
        others = find_contradictions(spec)
        raise InvalidSpec([*narrow, *(problem for problem in others if problem.field not in fields)])
    return spec


def _without(find_problems: Callable[[RunSpec], list[Problem]], spec: RunSpec) -> RunSpec:
    problems = find_problems(spec)
    if problems:
        raise InvalidSpec(problems)
    return spec


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
    path, node = _place(schema, details["loc"])
    if details["type"] == "union_tag_invalid":
        return _unknown_kind(schema, path, node, details["input"])
    field = _path(path)
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


def _unknown_kind(
    schema: Mapping[str, Any], path: list[int | str], union: Mapping[str, Any], raw_object: Mapping[str, object]
) -> Problem:
    """An object whose `kind` names no member of a union."""
    kinds = [_kind_of(_resolved(schema, member)) for member in union["oneOf"]]
    expected = "one of " + ", ".join(map(str, kinds))
    return wrong_value(_path([*path, "kind"]), "literal_error", expected, raw_object["kind"])


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
    if node.keys() & _BOUNDS:
        return _range(node)
    if node.get("type") == "array":
        return _list_of(node.get("minItems", 0), node.get("maxItems", "any number of"))
    if "maxLength" in node:
        return f"a text of at most {node['maxLength']} characters"
    return _KINDS.get(str(node.get("type")), "another kind of value")


_BOUNDS = {"minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"}
_KINDS = {"object": "an object", "integer": "a whole number", "number": "a number", "boolean": "true or false"}


def _list_of(fewest: int, most: object) -> str:
    return f"a list of {fewest} entries" if fewest == most else f"a list of {fewest} to {most} entries"


def _range(node: Mapping[str, Any]) -> str:
    lowest, highest = _plain(node.get("minimum", "-infinity")), _plain(node.get("maximum", "infinity"))
    if "exclusiveMinimum" in node:
        return f"more than {_plain(node['exclusiveMinimum'])}, at most {highest}"
    if "exclusiveMaximum" in node:
        return f"at least {lowest}, less than {_plain(node['exclusiveMaximum'])}"
    return f"{lowest} to {highest}"


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


def _place(schema: Mapping[str, Any], location: Iterable[int | str]) -> tuple[list[int | str], Mapping[str, Any]]:
    """Where a field stands, and the part of the JSON schema that describes it (empty where there is none).

    Pydantic names the chosen member of a union as a step of its own; nobody sent that, so it is left out.
    """
    path: list[int | str] = []
    node = _resolved(schema, schema)
    for part in location:
        if "oneOf" in node:
            members = (_resolved(schema, member) for member in node["oneOf"])
            node = next((member for member in members if _kind_of(member) == part), {})
        else:
            path.append(part)
            child = _entry(node, part) if isinstance(part, int) else node.get("properties", {}).get(part)
            node = _resolved(schema, child if isinstance(child, dict) else {})
    return path, node


def _entry(node: Mapping[str, Any], index: int) -> object:
    """What the schema says of an entry of a list; of a short one each place may be described by itself."""
    places = node.get("prefixItems", [])
    return places[index] if index < len(places) else node.get("items")


def _kind_of(member: Mapping[str, Any]) -> object:
    """The word by which a member of a union is chosen."""
    return member["properties"]["kind"]["const"]


def _resolved(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """The node itself behind a `$ref` or a 'this or null'."""
    for option in node.get("anyOf", []):
        if option.get("type") != "null":
            return _resolved(schema, option)
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[-1]
        return schema["$defs"][name]  # type: ignore[no-any-return]
    return node
