"""Controls: what may be asked, and the state that follows."""

from typing import Any

import pytest

from server.domain.controls import (
    KEPT_EDITS,
    BiasEdit,
    ControlState,
    WeightEdit,
    apply_control,
    initial_controls,
    parse_control,
    parse_speed,
    place_of,
)
from server.domain.errors import InvalidControl, Problem
from server.domain.layers import DenseSpec
from server.domain.shapes import plan_network, weights_count
from server.domain.spec import RunSpec
from tests.builders import make_controls, make_spec

SPEC = make_spec()  # inputs 2, hidden 4 and 2, output 1


def _apply(state: ControlState, **raw_control: Any) -> ControlState:
    return apply_control(state, parse_control(raw_control, SPEC))


def _problems(**raw_control: Any) -> list[Problem]:
    with pytest.raises(InvalidControl) as caught:
        parse_control(raw_control, SPEC)
    return list(caught.value.problems)


def test_a_run_begins_as_its_spec_says() -> None:
    spec = make_spec(optimizer={"learning_rate": 0.1}, regularization={"l1": 0.2, "l2": 0.3})

    state = initial_controls(spec, paused=True, speed=30)

    assert state.to_payload() == {
        "version": 0,
        "paused": True,
        "learning_rate": 0.1,
        "l1": 0.2,
        "l2": 0.3,
        "speed": 30,
        "gradients": False,
    }


@pytest.mark.parametrize(
    ("before", "control", "changes"),
    [
        pytest.param({}, {"action": "pause"}, {"paused": True}, id="pause"),
        pytest.param({"paused": True}, {"action": "pause"}, {}, id="pause again"),
        pytest.param({"paused": True}, {"action": "resume"}, {"paused": False}, id="resume"),
        pytest.param({}, {"action": "resume"}, {}, id="resume what runs"),
        pytest.param({}, {"action": "stop"}, {"stop": True}, id="stop"),
        pytest.param({}, {"action": "step"}, {"paused": True, "epochs_granted": 1}, id="step"),
        pytest.param(
            {"paused": True, "epochs_granted": 3},
            {"action": "step", "epochs": 5},
            {"epochs_granted": 8},
            id="several steps on top",
        ),
        pytest.param({}, {"action": "set", "learning_rate": 0.5}, {"learning_rate": 0.5}, id="set learning rate"),
        pytest.param({}, {"action": "set", "l1": 0.1, "l2": 0.2}, {"l1": 0.1, "l2": 0.2}, id="set regularization"),
        pytest.param({"speed": 60.0}, {"action": "set", "speed": None}, {"speed": None}, id="set speed to the fastest"),
        pytest.param({}, {"action": "set", "speed": 5}, {"speed": 5.0}, id="set speed"),
        pytest.param(
            {}, {"action": "set", "l1": None, "l2": 0.2}, {"l2": 0.2}, id="a null beside a value says nothing"
        ),
        pytest.param({}, {"action": "set", "l2": 0}, {"l2": 0.0}, id="zero is a value"),
        pytest.param({"speed": 60.0}, {"action": "set", "l1": 1}, {"l1": 1.0}, id="a speed that is not named stays"),
        pytest.param({}, {"action": "set", "gradients": True}, {"gradients": True}, id="ask for gradients"),
        pytest.param({"gradients": True}, {"action": "set", "gradients": False}, {"gradients": False}, id="no more"),
        pytest.param({"gradients": True}, {"action": "pause"}, {"paused": True}, id="a pause keeps the gradients"),
        pytest.param({"gradients": True}, {"action": "set", "l1": 1}, {"l1": 1.0}, id="a rate keeps the gradients"),
    ],
)
def test_an_action_changes_what_it_names_and_the_version(
    before: dict[str, Any], control: dict[str, Any], changes: dict[str, Any]
) -> None:
    state = make_controls(SPEC).model_copy(update=before)

    assert _apply(state, **control) == state.model_copy(update={"version": state.version + 1, **changes})


def test_versions_count_one_by_one() -> None:
    state = make_controls(SPEC)
    for expected in (1, 2, 3):
        state = _apply(state, action="pause")
        assert state.version == expected


def test_a_state_is_never_changed_in_place() -> None:
    state = make_controls(SPEC)
    _apply(state, action="set", weight={"layer": 0, "row": 0, "unit": 0, "value": 1})

    assert state == make_controls(SPEC)


def test_an_edit_carries_the_version_that_asked_for_it() -> None:
    weight = {"layer": 0, "row": 1, "unit": 3, "value": 0.5}
    bias = {"layer": 2, "unit": 0, "value": -0.5}

    state = _apply(_apply(make_controls(SPEC), action="pause"), action="set", weight=weight, bias=bias)

    assert state.edits == ((2, WeightEdit(**weight)), (2, BiasEdit(**bias)))


def test_edits_are_kept_in_order_and_only_the_newest_of_them() -> None:
    state = make_controls(SPEC)
    for number in range(KEPT_EDITS + 3):
        state = _apply(state, action="set", bias={"layer": 0, "unit": 0, "value": number})

    assert [edit.value for _, edit in state.edits] == list(range(3, KEPT_EDITS + 3))


def test_a_state_survives_the_way_through_json() -> None:
    state = _apply(make_controls(SPEC), action="set", weight={"layer": 0, "row": 1, "unit": 3, "value": 0.5})
    state = _apply(state, action="set", bias={"layer": 0, "unit": 1, "value": 2})

    assert ControlState.model_validate(state.model_dump(mode="json")) == state


@pytest.mark.parametrize(
    ("raw_control", "fields"),
    [
        pytest.param({}, ["action"], id="nothing"),
        pytest.param({"action": "fly"}, ["action"], id="unknown action"),
        pytest.param({"action": None}, ["action"], id="null action"),
        pytest.param({"action": "pause", "colour": 1}, ["colour"], id="unknown field"),
        pytest.param({"action": "step", "epochs": 0}, ["epochs"], id="no step"),
        pytest.param({"action": "step", "epochs": 1001}, ["epochs"], id="too many steps"),
        pytest.param({"action": "step", "epochs": True}, ["epochs"], id="true steps"),
        pytest.param({"action": "set"}, ["action"], id="set nothing"),
        pytest.param({"action": "set", "epochs": 3}, ["action"], id="set epochs"),
        pytest.param({"action": "set", "learning_rate": None}, ["action"], id="set a rate to nothing"),
        pytest.param(
            {"action": "set", "l1": None, "l2": None, "gradients": None, "weight": None, "bias": None, "epochs": 3},
            ["action"],
            id="set everything to nothing",
        ),
        pytest.param({"action": "set", "learning_rate": -0.1}, ["learning_rate"], id="negative rate"),
        pytest.param({"action": "set", "learning_rate": 10.1}, ["learning_rate"], id="rate above the slider"),
        pytest.param({"action": "set", "learning_rate": "1"}, ["learning_rate"], id="rate as text"),
        pytest.param({"action": "set", "l1": 11, "l2": -1}, ["l1", "l2"], id="two at once"),
        pytest.param({"action": "set", "speed": 0}, ["speed"], id="no speed"),
        pytest.param({"action": "set", "speed": 10_001}, ["speed"], id="too fast"),
        pytest.param({"action": "set", "gradients": None}, ["action"], id="set gradients to nothing"),
        pytest.param({"action": "set", "gradients": 1}, ["gradients"], id="gradients as a number"),
        pytest.param({"action": "set", "gradients": "true"}, ["gradients"], id="gradients as a text"),
        pytest.param({"action": "set", "bias": 3}, ["bias"], id="bias as a number"),
        pytest.param(
            {"action": "set", "bias": {}}, ["bias.layer", "bias.unit", "bias.value"], id="a bias without anything"
        ),
    ],
)
def test_a_control_that_cannot_be_used_names_every_problem(raw_control: dict[str, Any], fields: list[str]) -> None:
    assert [problem.field for problem in _problems(**raw_control)] == fields


@pytest.mark.parametrize("raw_control", [None, [], "pause", 3, True])
def test_a_control_is_an_object(raw_control: object) -> None:
    with pytest.raises(InvalidControl, match="object"):
        parse_control(raw_control, SPEC)


def test_a_speed_of_nothing_is_told_what_a_speed_is() -> None:
    (problem,) = _problems(action="set", speed=0)

    assert problem.expected == "more than 0, at most 10000"


def test_a_missing_field_is_told_as_missing_and_not_as_its_neighbours() -> None:
    *_, problem = _problems(action="set", bias={"layer": 0, "unit": 0})

    assert (problem.field, problem.code, problem.received) == ("bias.value", "missing", None)
    assert problem.message == "bias.value is missing; expected -1000000 to 1000000."


@pytest.mark.parametrize(
    ("edit", "field", "expected"),
    [
        pytest.param({"weight": {"layer": 3, "row": 0, "unit": 0}}, "weight.layer", "0 to 2", id="no such layer"),
        pytest.param({"weight": {"layer": 0, "row": 2, "unit": 0}}, "weight.row", "0 to 1", id="no such input"),
        pytest.param({"weight": {"layer": 0, "row": 0, "unit": 4}}, "weight.unit", "0 to 3", id="no such unit"),
        pytest.param({"weight": {"layer": 2, "row": 2, "unit": 0}}, "weight.row", "0 to 1", id="output: row"),
        pytest.param({"weight": {"layer": 2, "row": 0, "unit": 1}}, "weight.unit", "0 to 0", id="output: unit"),
        pytest.param({"bias": {"layer": 3, "unit": 0}}, "bias.layer", "0 to 2", id="bias of no layer"),
        pytest.param({"bias": {"layer": 1, "unit": 2}}, "bias.unit", "0 to 1", id="bias of no unit"),
    ],
)
def test_an_edit_outside_the_network_is_refused(edit: dict[str, dict[str, int]], field: str, expected: str) -> None:
    ((name, place),) = edit.items()

    (problem,) = _problems(action="set", **{name: place | {"value": 0.5}})

    assert (problem.field, problem.code, problem.expected) == (field, "outside_network", expected)


@pytest.mark.parametrize(
    "edit",
    [
        {"weight": {"layer": 0, "row": 1, "unit": 3, "value": 1e6}},
        {"weight": {"layer": 2, "row": 1, "unit": 0, "value": -1e6}},
        {"bias": {"layer": 2, "unit": 0, "value": 0}},
    ],
)
def test_an_edit_at_the_rim_of_the_network_is_accepted(edit: dict[str, Any]) -> None:
    assert parse_control({"action": "set", **edit}, SPEC).model_fields_set == {"action", *edit}


def test_edits_of_several_places_are_told_together() -> None:
    problems = _problems(
        action="set",
        weight={"layer": 0, "row": 9, "unit": 9, "value": 1},
        bias={"layer": 5, "unit": 0, "value": 1},
    )

    assert [problem.field for problem in problems] == ["weight.unit", "weight.row", "bias.layer"]


def test_what_can_be_set_is_listed() -> None:
    (problem,) = _problems(action="set")

    assert problem.expected == "one of learning_rate, l1, l2, speed, gradients, weight or bias"


CONVOLUTION = make_spec(
    dataset={"name": "digits"},
    layers=[
        {"kind": "conv2d", "filters": 3, "kernel_size": 3},
        {"kind": "batch_normalization"},
        {"kind": "max_pooling2d"},
        {"kind": "flatten"},
        {"units": 5},
        {"kind": "batch_normalization"},
        {"kind": "dropout"},
    ],
)
"""8 x 8 x 1, 6 x 6 x 3, 3 x 3 x 3, 27, 5, 10."""


@pytest.mark.parametrize("name", ["weight", "bias"])
@pytest.mark.parametrize(
    ("layer", "kind"), list(enumerate(["conv2d", "batch_normalization", "max_pooling2d", "flatten"]))
)
def test_only_numbers_of_dense_layers_can_be_set(name: str, layer: int, kind: str) -> None:
    place = {"layer": layer, "unit": 0, "value": 0.5} | ({"row": 0} if name == "weight" else {})

    with pytest.raises(InvalidControl) as caught:
        parse_control({"action": "set", name: place}, CONVOLUTION)

    (problem,) = caught.value.problems
    assert (problem.field, problem.code) == (f"{name}.layer", "not_dense")
    assert (problem.expected, problem.received) == ("one of 4, 7", layer)
    assert kind in problem.message


@pytest.mark.parametrize(
    ("edit", "field", "expected"),
    [
        pytest.param({"layer": 4, "row": 27, "unit": 0}, "row", "0 to 26", id="behind the last pixel"),
        pytest.param({"layer": 4, "row": 0, "unit": 5}, "unit", "0 to 4", id="behind the last unit"),
        pytest.param({"layer": 7, "row": 5, "unit": 0}, "row", "0 to 4", id="output: row"),
        pytest.param({"layer": 7, "row": 0, "unit": 10}, "unit", "0 to 9", id="output: class"),
        pytest.param({"layer": 8, "row": 0, "unit": 0}, "layer", "0 to 7", id="behind the output layer"),
    ],
)
def test_bounds_are_those_of_the_layer_in_its_place(edit: dict[str, int], field: str, expected: str) -> None:
    with pytest.raises(InvalidControl) as caught:
        parse_control({"action": "set", "weight": edit | {"value": 1}}, CONVOLUTION)

    assert [(problem.field, problem.expected) for problem in caught.value.problems] == [(f"weight.{field}", expected)]


# conv 3*3*1*3 + 3 = 30, normalization 4*3 = 12, dense 27*5 + 5 = 140, normalization 4*5 = 20, output 5*10 + 10 = 60
@pytest.mark.parametrize(
    ("spec", "edit", "place"),
    [
        pytest.param(SPEC, WeightEdit(layer=0, row=0, unit=0, value=1), 0, id="the first weight"),
        pytest.param(SPEC, WeightEdit(layer=0, row=1, unit=3, value=1), 7, id="the last weight of the first layer"),
        pytest.param(SPEC, BiasEdit(layer=0, unit=0, value=1), 8, id="the first bias"),
        pytest.param(SPEC, WeightEdit(layer=1, row=2, unit=1, value=1), 12 + 5, id="in the middle"),
        pytest.param(SPEC, BiasEdit(layer=2, unit=0, value=1), 24, id="the last number"),
        pytest.param(CONVOLUTION, WeightEdit(layer=4, row=0, unit=0, value=1), 42, id="behind a normalization"),
        pytest.param(CONVOLUTION, WeightEdit(layer=4, row=2, unit=3, value=1), 42 + 13, id="row by row"),
        pytest.param(CONVOLUTION, BiasEdit(layer=4, unit=4, value=1), 42 + 139, id="a bias behind its kernel"),
        pytest.param(CONVOLUTION, WeightEdit(layer=7, row=4, unit=9, value=1), 202 + 49, id="output: weight"),
        pytest.param(CONVOLUTION, BiasEdit(layer=7, unit=9, value=1), 261, id="output: the last of all"),
    ],
)
def test_an_edit_has_its_place_in_the_row_of_all_weights(
    spec: RunSpec, edit: WeightEdit | BiasEdit, place: int
) -> None:
    assert place_of(spec, edit) == place


@pytest.mark.parametrize("spec", [SPEC, CONVOLUTION], ids=["plane", "pictures"])
def test_no_two_edits_have_the_same_place(spec: RunSpec) -> None:
    edits: list[WeightEdit | BiasEdit] = []
    plans = plan_network(spec)
    for layer, plan in enumerate(plans):
        if isinstance(plan.layer, DenseSpec):
            (rows, units), _ = plan.weights
            edits += [WeightEdit(layer=layer, row=r, unit=u, value=0) for r in range(rows) for u in range(units)]
            edits += [BiasEdit(layer=layer, unit=unit, value=0) for unit in range(units)]
    places = [place_of(spec, edit) for edit in edits]

    assert len(set(places)) == len(places)
    assert max(places) == weights_count(spec) - 1


@pytest.mark.parametrize(("raw_speed", "speed"), [(None, None), (1, 1.0), (0.5, 0.5), (10_000, 10_000.0)])
def test_a_speed_is_a_number_or_null(raw_speed: object, speed: float | None) -> None:
    assert parse_speed(raw_speed) == speed


@pytest.mark.parametrize("raw_speed", [0, -1, 10_000.1, True, "60", [], float("nan"), float("inf")])
def test_another_speed_is_refused(raw_speed: object) -> None:
    with pytest.raises(InvalidControl) as caught:
        parse_speed(raw_speed)

    (problem,) = caught.value.problems
    assert (problem.field, problem.expected) == ("speed", "more than 0, at most 10000 (epochs per second), or null")
