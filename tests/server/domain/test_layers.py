"""Kinds of layers: their names, their defaults, and the JSON schema that tells them apart."""

import json
from typing import Any

import pytest

from server.domain.layers import LAYER_KINDS, DenseSpec
from server.domain.spec import RunSpec
from tests.builders import make_spec

SCHEMA = RunSpec.model_json_schema()
# Every keyword of JSON Schema 2020-12 that is used here; `slider` and `plane_maximum` are annotations of our own, which
# it allows.
KEYWORDS = {
    *("$defs", "$ref", "additionalProperties", "anyOf", "const", "default", "description", "enum"),
    *("exclusiveMaximum", "exclusiveMinimum", "items", "maxItems", "maximum", "minItems", "minimum", "oneOf"),
    *("maxLength", "plane_maximum", "prefixItems", "properties", "required", "slider", "title", "type"),
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "dense": {"units": 4, "activation": "tanh"},
    "dropout": {"rate": 0.2},
    "batch_normalization": {"momentum": 0.99},
    "flatten": {},
    "conv2d": {"filters": 8, "kernel_size": 3, "strides": 1, "padding": "valid", "activation": "relu"},
    "max_pooling2d": {"pool_size": 2, "padding": "valid"},
    "average_pooling2d": {"pool_size": 2, "padding": "valid"},
    "global_average_pooling2d": {},
}


def _members() -> dict[str, dict[str, Any]]:
    """The JSON schema of each kind of layer."""
    found = [
        SCHEMA["$defs"][entry["$ref"].rsplit("/", 1)[-1]] for entry in SCHEMA["properties"]["layers"]["items"]["oneOf"]
    ]
    return {schema["properties"]["kind"]["const"]: schema for schema in found}


def _fits(raw_layer: dict[str, Any], schema: dict[str, Any]) -> bool:
    """Whether an object has the names a schema asks for, and the constant."""
    is_named = set(schema.get("required", [])) <= set(raw_layer) <= set(schema["properties"])
    return (
        is_named
        and raw_layer.get("kind", schema["properties"]["kind"]["const"]) == schema["properties"]["kind"]["const"]
    )


def _keywords(node: Any) -> set[str]:
    """Keywords of a schema and of all schemas in it; names of fields and definitions are none."""
    if not isinstance(node, dict):
        return set()
    inner = [*node.get("properties", {}).values(), *node.get("$defs", {}).values(), node.get("items")]
    inner += [*node.get("anyOf", []), *node.get("oneOf", [])]
    return set(node).union(*map(_keywords, inner))


@pytest.mark.parametrize("kind", LAYER_KINDS)
def test_a_kind_has_the_defaults_of_the_documentation(kind: str) -> None:
    layer = RunSpec.model_validate({"layers": [{"kind": kind}]}).layers[0]

    assert layer.model_dump(mode="json") == {"kind": kind, **DEFAULTS[kind]}


def test_every_kind_is_listed_in_the_order_of_the_schema() -> None:
    assert list(_members()) == list(LAYER_KINDS) == list(DEFAULTS)


def test_a_layer_that_names_no_kind_is_dense() -> None:
    assert make_spec(layers=[{"units": 3}]).layers == (DenseSpec(units=3),)


@pytest.mark.parametrize("raw_layer", [{}, {"units": 3}, *({"kind": kind} for kind in LAYER_KINDS)], ids=str)
def test_a_layer_fits_exactly_one_kind_of_the_schema(raw_layer: dict[str, Any]) -> None:
    fitting = [kind for kind, schema in _members().items() if _fits(raw_layer, schema)]

    assert fitting == [raw_layer.get("kind", "dense")]


def test_the_schema_is_plain_json_schema() -> None:
    """Everything that writes forms from a schema understands it, not only programs of ours."""
    assert _keywords(SCHEMA) <= KEYWORDS
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


def test_layers_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        DenseSpec().units = 3  # type: ignore[misc]


def test_the_slider_of_a_number_lies_inside_its_bounds() -> None:
    for schema in _members().values():
        for field in schema["properties"].values():
            slider = field.get("slider", {"minimum": field.get("minimum", 0), "maximum": field.get("minimum", 0)})
            assert field.get("minimum", 0) <= slider["minimum"] <= slider["maximum"] <= field.get("maximum", 1)
