"""From an untrusted value to a frozen specification, or to the list of all its problems."""

from collections.abc import Iterator
from math import inf, nan, nextafter
from typing import Any

import pytest

from server.domain.errors import InvalidSpec, Problem
from server.domain.events import to_json
from server.domain.spec import RunSpec
from server.domain.validation import parse_preview, parse_run_spec
from tests.http_client import strict_json

# Every number of a spec: where it stands, its smallest and its largest value.
BOUNDS: dict[str, tuple[float, float]] = {
    "dataset.samples": (20, 5000),
    "dataset.noise": (0.0, 50.0),
    "dataset.train_fraction": (0.1, 0.9),
    "dataset.seed": (0, 2**31 - 1),
    "layers[0].units": (1, 64),
    "optimizer.learning_rate": (0.0, 10.0),
    "regularization.l1": (0.0, 10.0),
    "regularization.l2": (0.0, 10.0),
    "batch_size": (1, 256),
    "epochs": (1, 100_000),
    "seed": (0, 2**31 - 1),
}
MINIMA = [(field, low) for field, (low, _) in BOUNDS.items()]
MAXIMA = [(field, high) for field, (_, high) in BOUNDS.items()]
WHOLE = [field for field, (low, _) in BOUNDS.items() if isinstance(low, int)]


def _raw_spec(field: str, value: object) -> dict[str, Any]:
    """A raw spec that says one thing, at a path such as `layers[0].units`."""
    first, _, rest = field.partition(".")
    inner = _raw_spec(rest, value) if rest else value
    return {first[:-3]: [inner]} if first.endswith("[0]") else {first: inner}


def _value_at(spec: RunSpec, field: str) -> object:
    value: Any = spec
    for part in field.replace("[0]", ".0").split("."):
        value = value[int(part)] if part.isdigit() else getattr(value, part)
    return value


def _problems(raw_spec: object) -> list[Problem]:
    with pytest.raises(InvalidSpec) as caught:
        parse_run_spec(raw_spec)
    return list(caught.value.problems)


def _bounds_of_schema(node: dict[str, Any], definitions: dict[str, Any], path: str = "") -> Iterator[str]:
    """Paths of every number in a JSON schema."""
    if "$ref" in node:
        node = definitions[node["$ref"].rsplit("/", 1)[-1]]
    for option in node.get("anyOf", []):
        yield from _bounds_of_schema(option, definitions, path)
    if node.get("type") in ("integer", "number"):
        yield path
    if "items" in node:
        yield from _bounds_of_schema(node["items"], definitions, f"{path}[0]")
    for name, child in node.get("properties", {}).items():
        yield from _bounds_of_schema(child, definitions, f"{path}.{name}".removeprefix("."))


def test_the_table_of_bounds_has_every_number_of_the_schema() -> None:
    schema = RunSpec.model_json_schema()

    assert sorted(_bounds_of_schema(schema, schema["$defs"])) == sorted(BOUNDS)


@pytest.mark.parametrize(("field", "value"), [*MINIMA, *MAXIMA])
def test_a_number_at_its_bound_is_accepted(field: str, value: float) -> None:
    assert _value_at(parse_run_spec(_raw_spec(field, value)), field) == value


@pytest.mark.parametrize(("field", "low"), MINIMA)
def test_a_number_below_its_bound_is_refused(field: str, low: float) -> None:
    _assert_out_of_range(field, low - 1 if isinstance(low, int) else nextafter(low, -inf))


@pytest.mark.parametrize(("field", "high"), MAXIMA)
def test_a_number_above_its_bound_is_refused(field: str, high: float) -> None:
    _assert_out_of_range(field, high + 1 if isinstance(high, int) else nextafter(high, inf))


def _assert_out_of_range(field: str, value: float) -> None:
    low, high = (int(bound) if float(bound).is_integer() else bound for bound in BOUNDS[field])
    (problem,) = _problems(_raw_spec(field, value))

    assert problem.field == field
    assert problem.expected == f"{low} to {high}"
    assert problem.received == value
    assert field in problem.message


def test_the_example_of_the_contract_gets_the_answer_of_the_contract() -> None:
    (problem,) = _problems({"layers": [{"units": 4}, {"units": 500}]})

    assert (problem.field, problem.expected, problem.received) == ("layers[1].units", "1 to 64", 500)
    assert problem.message == "layers[1].units must be a whole number, 1 to 64, but 500 was received."


@pytest.mark.parametrize("field", BOUNDS)
@pytest.mark.parametrize(
    "value",
    [
        pytest.param("10", id="text"),
        pytest.param(True, id="true"),
        pytest.param(nan, id="NaN"),
        pytest.param(inf, id="infinity"),
        pytest.param(-inf, id="minus infinity"),
        pytest.param([1], id="list"),
        pytest.param({}, id="object"),
    ],
)
def test_only_a_number_is_a_number(field: str, value: object) -> None:
    assert [problem.field for problem in _problems(_raw_spec(field, value))] == [field]


@pytest.mark.parametrize("field", [field for field in BOUNDS if field != "epochs"])
def test_null_is_a_number_nowhere_but_in_epochs(field: str) -> None:
    assert [problem.field for problem in _problems(_raw_spec(field, None))] == [field]


def test_epochs_may_be_null() -> None:
    assert parse_run_spec({"epochs": None}).epochs is None


@pytest.mark.parametrize("field", WHOLE)
def test_a_fraction_is_not_a_whole_number(field: str) -> None:
    (problem,) = _problems(_raw_spec(field, 2.5))

    assert "a whole number" in problem.message


@pytest.mark.parametrize(
    ("field", "allowed"),
    [
        ("dataset.name", ["circle", "xor", "gauss", "spiral", "plane", "gauss_hills"]),
        ("layers[0].kind", ["dense"]),
        ("layers[0].activation", ["relu", "tanh", "sigmoid", "linear"]),
        ("loss", ["auto", "binary_crossentropy", "mse", "mae"]),
        ("optimizer.name", ["sgd", "adagrad", "rmsprop", "adam"]),
    ],
)
def test_a_name_must_be_one_of_those_known(field: str, allowed: list[str]) -> None:
    (problem,) = _problems(_raw_spec(field, "Circle"))

    assert (problem.field, problem.expected) == (field, "one of " + ", ".join(allowed))
    assert problem.message.endswith('but "Circle" was received.')


@pytest.mark.parametrize(
    ("raw_spec", "field"),
    [
        pytest.param({"epoch": 5}, "epoch", id="top"),
        pytest.param({"dataset": {"nme": "xor"}}, "dataset.nme", id="in the data"),
        pytest.param({"layers": [{}, {"unit": 3}]}, "layers[1].unit", id="in a layer"),
        pytest.param({"optimizer": {"lr": 1}}, "optimizer.lr", id="in the optimizer"),
    ],
)
def test_an_unknown_field_is_a_problem(raw_spec: object, field: str) -> None:
    (problem,) = _problems(raw_spec)

    assert (problem.field, problem.code) == (field, "extra_forbidden")
    assert problem.message == f"{field} is not known here; remove it or correct its spelling."


@pytest.mark.parametrize(
    ("raw_spec", "field", "expected"),
    [
        pytest.param([], "", "an object", id="a list"),
        pytest.param(None, "", "an object", id="null"),
        pytest.param("circle", "", "an object", id="a text"),
        pytest.param({"dataset": "circle"}, "dataset", "an object", id="data as text"),
        pytest.param({"optimizer": None}, "optimizer", "an object", id="optimizer null"),
        pytest.param({"layers": {"units": 4}}, "layers", "a list of 0 to 8 entries", id="layers as object"),
        pytest.param({"layers": [4]}, "layers[0]", "an object", id="layer as number"),
        pytest.param({"features": "x1"}, "features", "a list of 1 to 7 entries", id="features as text"),
    ],
)
def test_a_value_of_another_kind_is_a_problem(raw_spec: object, field: str, expected: str) -> None:
    (problem,) = _problems(raw_spec)

    assert (problem.field, problem.expected) == (field, expected)


def test_eight_hidden_layers_are_accepted_and_nine_are_not() -> None:
    assert len(parse_run_spec({"layers": [{}] * 8}).layers) == 8
    assert [problem.field for problem in _problems({"layers": [{}] * 9})] == ["layers"]


@pytest.mark.parametrize(
    ("features", "fields"),
    [
        pytest.param([], ["features"], id="none"),
        pytest.param(["x1", "x1"], ["features"], id="one twice"),
        pytest.param(["x3"], ["features[0]"], id="unknown"),
        pytest.param(["x1", "cos_x1"], ["features[1]"], id="unknown behind a known one"),
        pytest.param(["x1"] * 8, ["features"], id="too many"),
    ],
)
def test_features_are_known_and_named_once(features: list[str], fields: list[str]) -> None:
    assert [problem.field for problem in _problems({"features": features})] == fields


def test_all_problems_are_told_at_once() -> None:
    raw_spec = {
        "dataset": {"name": "moon", "noise": 51},
        "layers": [{"units": 0}, {"activation": "swish"}],
        "batch_size": "10",
        "colour": "blue",
    }

    assert sorted(problem.field for problem in _problems(raw_spec)) == [
        "batch_size",
        "colour",
        "dataset.name",
        "dataset.noise",
        "layers[0].units",
        "layers[1].activation",
    ]


def test_the_headline_tells_the_first_problem_and_counts_the_others() -> None:
    with pytest.raises(InvalidSpec) as caught:
        parse_run_spec({"batch_size": 0, "seed": -1, "loss": "x"})

    assert caught.value.message.startswith("The specification cannot be used: ")
    assert caught.value.message.endswith("(and 2 more problems)")


@pytest.mark.parametrize("dataset", ["plane", "gauss_hills"])
def test_cross_entropy_of_numbers_is_a_contradiction(dataset: str) -> None:
    (problem,) = _problems({"dataset": {"name": dataset}, "loss": "binary_crossentropy"})

    assert (problem.field, problem.code, problem.expected) == ("loss", "loss_needs_classes", "one of auto, mse, mae")


def test_contradictions_are_told_together() -> None:
    raw_spec = {"dataset": {"name": "plane"}, "loss": "binary_crossentropy", "features": ["x1", "x2", "x1"]}

    assert {problem.code for problem in _problems(raw_spec)} == {"repeated", "loss_needs_classes"}


def test_a_long_value_is_cut_before_it_is_sent_back() -> None:
    (problem,) = _problems({"loss": "x" * 100_000})

    assert isinstance(problem.received, str)
    assert len(problem.received) <= 201
    assert len(problem.message) < 500


@pytest.mark.parametrize(
    ("raw_spec", "beginning"),
    [
        pytest.param({"x" * 300_000: 1}, "x" * 99, id="top"),
        pytest.param({"layers": [{}, {"x" * 300_000: 1}]}, "layers[1]." + "x" * 89, id="in a layer"),
        pytest.param({"x" * 101: 1}, "x" * 99, id="one too long"),
    ],
)
def test_a_long_name_is_cut_before_it_is_sent_back(raw_spec: object, beginning: str) -> None:
    (problem,) = _problems(raw_spec)

    assert problem.field == beginning + "…"
    assert problem.message == f"{problem.field} is not known here; remove it or correct its spelling."


def test_a_name_of_100_characters_is_sent_back_whole() -> None:
    (problem,) = _problems({"x" * 100: 1})

    assert problem.field == "x" * 100


def test_a_long_name_beside_the_specification_is_cut_too() -> None:
    with pytest.raises(InvalidSpec) as caught:
        parse_preview({"x" * 300_000: 1})

    (problem,) = caught.value.problems
    assert problem.field == "x" * 99 + "…"
    assert len(to_json(problem.to_payload())) < 1000


@pytest.mark.parametrize(
    "raw_spec",
    [
        pytest.param({"loss": "\ud800"}, id="half a character"),
        pytest.param({"loss": "a\r\nb\0c"}, id="line breaks and NUL"),
        pytest.param({"\ud800": 1}, id="half a character as a name"),
        pytest.param({"seed": 10**400}, id="a number of 400 digits"),
        pytest.param({"seed": nan}, id="NaN"),
    ],
)
def test_hostile_values_are_problems_that_can_be_sent_as_json(raw_spec: object) -> None:
    for problem in _problems(raw_spec):
        assert strict_json(to_json(problem.to_payload()))["message"]


@pytest.mark.parametrize(
    ("raw_request", "features"),
    [
        pytest.param({}, ("x1", "x2"), id="nothing"),
        pytest.param({"dataset": {"name": "xor"}}, ("x1", "x2"), id="data only"),
        pytest.param({"dataset": {}, "features": None}, ("x1", "x2"), id="features null"),
        pytest.param({"features": ["x2"]}, ("x2",), id="features only"),
    ],
)
def test_a_preview_needs_neither_data_nor_features(raw_request: object, features: tuple[str, ...]) -> None:
    assert parse_preview(raw_request).features == features


@pytest.mark.parametrize(
    ("raw_request", "fields"),
    [
        pytest.param({"dataset": {"noise": -1}, "features": ["x9"]}, ["dataset.noise", "features[0]"], id="both"),
        pytest.param({"datset": {}}, ["datset"], id="misspelt"),
        pytest.param({"dataset": {}, "seed": 3, "layers": []}, ["seed", "layers"], id="more than data"),
        pytest.param([], [""], id="a list"),
        pytest.param(None, [""], id="null"),
    ],
)
def test_a_preview_that_cannot_be_made_tells_every_problem(raw_request: object, fields: list[str]) -> None:
    with pytest.raises(InvalidSpec) as caught:
        parse_preview(raw_request)

    assert [problem.field for problem in caught.value.problems] == fields
