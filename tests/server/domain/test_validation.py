"""From an untrusted value to a frozen specification, or to the list of all its problems."""

from collections.abc import Iterator
from math import inf, nan, nextafter
from typing import Any

import pytest

from server.domain.errors import InvalidSpec, Problem
from server.domain.events import to_json
from server.domain.layers import LAYER_KINDS
from server.domain.spec import RunSpec
from server.domain.validation import parse_preview, parse_run_spec
from tests.http_client import strict_json

# Every number of a spec: where it stands, its smallest and its largest value. A layer's begins with its kind.
BOUNDS: dict[str, tuple[float, float]] = {
    "dataset.samples": (20, 5000),
    "dataset.noise": (0.0, 50.0),
    "dataset.train_fraction": (0.1, 0.9),
    "dataset.classes": (2, 6),
    "dataset.images.side": (8, 128),
    "dataset.images.classes": (2, 1000),
    "dataset.x_min": (-10.0, 10.0),
    "dataset.x_max": (-10.0, 10.0),
    "dataset.seed": (0, 2**31 - 1),
    "dense.units": (1, 64),
    "dropout.rate": (0.0, 0.9),
    "conv2d.filters": (1, 256),
    "conv2d.kernel_size": (1, 7),
    "conv2d.strides": (1, 4),
    "max_pooling2d.pool_size": (2, 4),
    "average_pooling2d.pool_size": (2, 4),
    "augmentation.shift": (0.0, 0.5),
    "augmentation.rotate": (0.0, 180.0),
    "augmentation.zoom": (0.0, 0.5),
    "augmentation.noise": (0.0, 0.5),
    "base.unfrozen": (0, 160),
    "optimizer.learning_rate": (0.0, 10.0),
    "optimizer.schedule.every_epochs": (1, 100_000),
    "optimizer.schedule.epochs": (1, 100_000),
    "optimizer.schedule.final_fraction": (0.0, 1.0),
    "early_stopping.patience": (1, 100_000),
    "early_stopping.min_delta": (0.0, 1.0),
    "regularization.l1": (0.0, 10.0),
    "regularization.l2": (0.0, 10.0),
    "batch_size": (1, 256),
    "epochs": (1, 100_000),
    "seed": (0, 2**31 - 1),
}
# The numbers with a bound that they must not reach: the bounds, values just inside, values just outside, the words.
HALF_OPEN: dict[str, tuple[tuple[float, float], tuple[float, float], str]] = {
    "batch_normalization.momentum": ((0.0, nextafter(1, 0)), (nextafter(0, -1), 1.0), "at least 0, less than 1"),
    "optimizer.momentum": ((0.0, nextafter(1, 0)), (nextafter(0, -1), 1.0), "at least 0, less than 1"),
    "optimizer.clip_norm": ((nextafter(0, 1), 1000.0), (0.0, nextafter(1000, inf)), "more than 0, at most 1000"),
    "optimizer.clip_value": ((nextafter(0, 1), 1000.0), (0.0, nextafter(1000, inf)), "more than 0, at most 1000"),
    "optimizer.schedule.factor": ((nextafter(0, 1), 1.0), (0.0, nextafter(1, inf)), "more than 0, at most 1"),
}
NUMBERS = [*BOUNDS, *HALF_OPEN]
MAY_BE_NULL = ["epochs", "optimizer.clip_norm", "optimizer.clip_value"]
MINIMA = [(place, low) for place, (low, _) in BOUNDS.items()]
MAXIMA = [(place, high) for place, (_, high) in BOUNDS.items()]
WHOLE = [place for place, (low, _) in BOUNDS.items() if isinstance(low, int)]


def _raw_spec(place: str, value: object) -> dict[str, Any]:
    """A raw spec that says one thing, at a place such as `optimizer.schedule.factor` or `conv2d.filters`."""
    first, _, rest = place.partition(".")
    if place.startswith("dataset.images."):
        images = {"collection": "a" * 20, place.rpartition(".")[2]: value}
        return _pictures({"kind": "dropout"}) | {"dataset": {"name": "own_images", "images": images}}
    if first in ("augmentation", "base"):
        return _pictures({"kind": "dropout"}) | {first: {rest: value}}
    if first in LAYER_KINDS:
        return _pictures({"kind": first, rest: value}) if "2d" in first else {"layers": [{"kind": first, rest: value}]}
    return {first: _raw_spec(rest, value) if rest else value}


def _pictures(layer: dict[str, Any]) -> dict[str, Any]:
    """A raw spec of a layer that needs a picture."""
    return {"dataset": {"name": "digits"}, "layers": [layer, {"kind": "flatten"}]}


def _field(place: str) -> str:
    first, _, rest = place.partition(".")
    return f"layers[0].{rest}" if first in LAYER_KINDS else place


def _value_at(spec: RunSpec, field: str) -> object:
    value: Any = spec
    for part in field.replace("[0]", ".0").split("."):
        value = value[int(part)] if part.isdigit() else getattr(value, part)
    return value


def _problems(raw_spec: object) -> list[Problem]:
    with pytest.raises(InvalidSpec) as caught:
        parse_run_spec(raw_spec)
    return list(caught.value.problems)


def _numbers_of_schema(node: dict[str, Any], definitions: dict[str, Any], path: str = "") -> Iterator[str]:
    """Places of every number in a JSON schema."""
    if "$ref" in node:
        node = definitions[node["$ref"].rsplit("/", 1)[-1]]
    for option in node.get("anyOf", []):
        yield from _numbers_of_schema(option, definitions, path)
    for member in node.get("items", {}).get("oneOf", []):
        name = member["$ref"].rsplit("/", 1)[-1]
        yield from _numbers_of_schema(member, definitions, definitions[name]["properties"]["kind"]["const"])
    if node.get("type") in ("integer", "number") and "enum" not in node:
        yield path
    for name, child in node.get("properties", {}).items():
        yield from _numbers_of_schema(child, definitions, f"{path}.{name}".removeprefix("."))


def test_the_tables_of_bounds_have_every_number_of_the_schema() -> None:
    schema = RunSpec.model_json_schema()

    assert sorted(_numbers_of_schema(schema, schema["$defs"])) == sorted(NUMBERS)


@pytest.mark.parametrize(("place", "value"), [*MINIMA, *MAXIMA])
def test_a_number_at_its_bound_is_accepted(place: str, value: float) -> None:
    assert _value_at(parse_run_spec(_raw_spec(place, value)), _field(place)) == value


@pytest.mark.parametrize(("place", "low"), MINIMA)
def test_a_number_below_its_bound_is_refused(place: str, low: float) -> None:
    _assert_out_of_range(place, low - 1 if isinstance(low, int) else nextafter(low, -inf))


@pytest.mark.parametrize(("place", "high"), MAXIMA)
def test_a_number_above_its_bound_is_refused(place: str, high: float) -> None:
    _assert_out_of_range(place, high + 1 if isinstance(high, int) else nextafter(high, inf))


def _assert_out_of_range(place: str, value: float) -> None:
    low, high = (int(bound) if float(bound).is_integer() else bound for bound in BOUNDS[place])
    (problem,) = _problems(_raw_spec(place, value))

    assert problem.field == _field(place)
    assert problem.expected == f"{low} to {high}"
    assert problem.received == value
    assert problem.field in problem.message


@pytest.mark.parametrize("place", HALF_OPEN)
def test_a_bound_that_must_not_be_reached_is_told_as_such(place: str) -> None:
    inside, outside, expected = HALF_OPEN[place]

    for value in inside:
        assert _value_at(parse_run_spec(_raw_spec(place, value)), _field(place)) == value
    for value in outside:
        (problem,) = _problems(_raw_spec(place, value))
        assert (problem.field, problem.expected, problem.received) == (_field(place), expected, value)


def test_the_example_of_the_contract_gets_the_answer_of_the_contract() -> None:
    (problem,) = _problems({"layers": [{"units": 4}, {"units": 500}]})

    assert (problem.field, problem.expected, problem.received) == ("layers[1].units", "1 to 64", 500)
    assert problem.message == "layers[1].units must be a whole number, 1 to 64, but 500 was received."


@pytest.mark.parametrize("place", NUMBERS)
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
def test_only_a_number_is_a_number(place: str, value: object) -> None:
    assert [problem.field for problem in _problems(_raw_spec(place, value))] == [_field(place)]


@pytest.mark.parametrize("place", [place for place in NUMBERS if place not in MAY_BE_NULL])
def test_null_is_no_number_where_a_number_is_needed(place: str) -> None:
    assert [problem.field for problem in _problems(_raw_spec(place, None))] == [_field(place)]


@pytest.mark.parametrize("place", MAY_BE_NULL)
def test_null_says_that_there_is_no_bound(place: str) -> None:
    assert _value_at(parse_run_spec(_raw_spec(place, None)), place) is None


@pytest.mark.parametrize("place", WHOLE)
def test_a_fraction_is_not_a_whole_number(place: str) -> None:
    (problem,) = _problems(_raw_spec(place, 2.5))

    assert "a whole number" in problem.message


@pytest.mark.parametrize(
    ("place", "allowed"),
    [
        (
            "dataset.name",
            [
                *("circle", "xor", "gauss", "spiral", "moons", "blobs", "formula", "points"),
                *("plane", "gauss_hills", "surface", "curve", "digits"),
                *("mnist", "fashion_mnist", "cifar10", "own_images"),
            ],
        ),
        ("dense.activation", ["relu", "tanh", "sigmoid", "linear"]),
        ("conv2d.activation", ["relu", "tanh", "sigmoid", "linear"]),
        ("conv2d.padding", ["valid", "same"]),
        ("max_pooling2d.padding", ["valid", "same"]),
        ("average_pooling2d.padding", ["valid", "same"]),
        ("loss", ["auto", "binary_crossentropy", "categorical_crossentropy", "mse", "mae", "huber"]),
        ("optimizer.name", ["sgd", "adagrad", "rmsprop", "adam"]),
        ("optimizer.schedule.name", ["constant", "step", "cosine"]),
        ("early_stopping.metric", ["loss", "val_loss", "accuracy", "val_accuracy"]),
    ],
)
def test_a_name_must_be_one_of_those_known(place: str, allowed: list[str]) -> None:
    (problem,) = _problems(_raw_spec(place, "Circle"))

    assert (problem.field, problem.expected) == (_field(place), "one of " + ", ".join(allowed))
    assert problem.message.endswith('but "Circle" was received.')


@pytest.mark.parametrize("kind", ["Dense", "conv", "", 5, None, True, ["dense"], {}, "x" * 1000])
def test_an_unknown_kind_of_layer_is_a_problem_of_its_kind(kind: object) -> None:
    (problem,) = _problems({"layers": [{}, {"kind": kind, "units": 4}]})

    assert (problem.field, problem.code) == ("layers[1].kind", "literal_error")
    assert problem.expected == "one of " + ", ".join(LAYER_KINDS)
    assert problem.received == kind if len(str(kind)) < 200 else len(str(problem.received)) <= 201
    assert strict_json(to_json(problem.to_payload()))["message"].startswith("layers[1].kind must be one of dense, ")


@pytest.mark.parametrize("kind", LAYER_KINDS)
def test_a_field_of_another_kind_of_layer_is_unknown(kind: str) -> None:
    stranger = "rate" if kind == "dense" else "units"
    (problem,) = _problems({"layers": [{"kind": kind, stranger: 1}]})

    assert (problem.field, problem.code) == (f"layers[0].{stranger}", "extra_forbidden")


@pytest.mark.parametrize("place", ["optimizer.nesterov", "early_stopping.restore_best"])
@pytest.mark.parametrize("value", [0, 1, "true", None, []])
def test_only_true_and_false_are_true_or_false(place: str, value: object) -> None:
    (problem,) = _problems(_raw_spec(place, value))

    assert (problem.field, problem.expected, problem.received) == (place, "true or false", value)


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
        pytest.param({"layers": {"units": 4}}, "layers", "a list of 0 to 32 entries", id="layers as object"),
        pytest.param({"layers": [4]}, "layers[0]", "an object", id="layer as number"),
        pytest.param({"layers": [None]}, "layers[0]", "an object", id="layer null"),
        pytest.param({"layers": [{}, "conv2d"]}, "layers[1]", "an object", id="layer as its kind"),
        pytest.param({"layers": [[]]}, "layers[0]", "an object", id="layer as list"),
        pytest.param({"early_stopping": True}, "early_stopping", "an object", id="early stopping as a switch"),
        pytest.param({"optimizer": {"schedule": "step"}}, "optimizer.schedule", "an object", id="schedule as text"),
        pytest.param({"features": "x1"}, "features", "a list of 1 to 7 entries", id="features as text"),
        pytest.param(
            {"dataset": {"formula": 5}}, "dataset.formula", "a text of at most 200 characters", id="formula as number"
        ),
        pytest.param(
            {"dataset": {"points": "here"}}, "dataset.points", "a list of 0 to 500 entries", id="points as text"
        ),
        pytest.param({"dataset": {"points": [1]}}, "dataset.points[0]", "a list of 3 entries", id="point as number"),
        pytest.param(
            {"dataset": {"points": [[0, 0, 1, 1]]}}, "dataset.points[0]", "a list of 3 entries", id="point too long"
        ),
    ],
)
def test_a_value_of_another_kind_is_a_problem(raw_spec: object, field: str, expected: str) -> None:
    (problem,) = _problems(raw_spec)

    assert (problem.field, problem.expected) == (field, expected)


@pytest.mark.parametrize(
    ("point", "place", "expected"),
    [
        ([6.1, 0, 0], 0, "-6 to 6"),
        ([0, -6.1, 0], 1, "-6 to 6"),
        ([0, 0, 10.5], 2, "-10 to 10"),
        ([0, 0], 2, "-10 to 10"),
        ([0, "0", 0], 1, "-6 to 6"),
        ([0, True, 0], 1, "-6 to 6"),
        ([nan, 0, 0], 0, "-6 to 6"),
        ([None, 0, 0], 0, "-6 to 6"),
    ],
    ids=str,
)
def test_an_own_point_lies_on_the_plane_and_has_a_label(point: list[Any], place: int, expected: str) -> None:
    (problem,) = _problems({"dataset": {"points": [[-6, 6, 1], point]}})

    assert (problem.field, problem.expected) == (f"dataset.points[1][{place}]", expected)


def test_500_own_points_are_accepted_and_501_are_not() -> None:
    assert len(parse_run_spec({"dataset": {"points": [[0, 0, 0]] * 500}}).dataset.points) == 500
    assert [problem.field for problem in _problems({"dataset": {"points": [[0, 0, 0]] * 501}})] == ["dataset.points"]


def test_a_formula_of_200_characters_is_accepted_and_a_longer_one_is_not() -> None:
    curve = {"name": "curve", "formula": "x" + " " * 199}
    assert parse_run_spec({"dataset": curve}).dataset.formula == curve["formula"]
    (problem,) = _problems({"dataset": {**curve, "formula": "x" + " " * 200}})
    assert (problem.field, problem.code) == ("dataset.formula", "string_too_long")
    assert problem.expected == "a text of at most 200 characters"


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
        "layers": [{"units": 0}, {"activation": "swish"}, {"kind": "conv"}, 4, {"kind": "dropout", "rate": 1}],
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
        "layers[2].kind",
        "layers[3]",
        "layers[4].rate",
    ]


def test_the_headline_tells_the_first_problem_and_counts_the_others() -> None:
    with pytest.raises(InvalidSpec) as caught:
        parse_run_spec({"batch_size": 0, "seed": -1, "loss": "x"})

    assert caught.value.message.startswith("The specification cannot be used: ")
    assert caught.value.message.endswith("(and 2 more problems)")


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
        pytest.param(
            {"dataset": {"name": "digits"}}, ("x1", "x2"), id="pictures, which the default network cannot take"
        ),
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
        pytest.param({"dataset": {"name": "digits", "samples": 1798}}, ["dataset.samples"], id="more than there are"),
        pytest.param({"features": ["x1", "x1"]}, ["features"], id="one twice"),
        pytest.param(
            {
                "dataset": {"name": "curve", "x_min": 1, "x_max": 1, "formula": "x +", "points": [[0, 0, 0]]},
                "features": ["x2"],
            },
            ["features", "dataset.x_max", "dataset.formula", "dataset.points"],
            id="everything about a curve",
        ),
        pytest.param([], [""], id="a list"),
        pytest.param(None, [""], id="null"),
    ],
)
def test_a_preview_that_cannot_be_made_tells_every_problem(raw_request: object, fields: list[str]) -> None:
    with pytest.raises(InvalidSpec) as caught:
        parse_preview(raw_request)

    assert [problem.field for problem in caught.value.problems] == fields
