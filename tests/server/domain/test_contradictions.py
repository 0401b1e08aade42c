"""Fields that are right one by one and wrong together."""

from typing import Any

import pytest

from server.domain.contradictions import find_contradictions, find_data_contradictions
from server.domain.errors import Problem
from server.domain.spec import RunSpec

FLATTEN = {"kind": "flatten"}
FOUR = [(0, 0, 0), (1, 0, 1), (0, 1, 2), (1, 1, 0)]
CONV = {"kind": "conv2d", "filters": 8, "kernel_size": 3}


def _contradictions(**raw_spec: Any) -> list[Problem]:
    return find_contradictions(RunSpec.model_validate(raw_spec))


def _only(**raw_spec: Any) -> Problem:
    (problem,) = _contradictions(**raw_spec)
    return problem


def _digits(*layers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"dataset": {"name": "digits"}, "layers": layers, **more}


@pytest.mark.parametrize(
    "raw_spec",
    [
        pytest.param({}, id="default"),
        pytest.param({"loss": "binary_crossentropy"}, id="binary for two"),
        pytest.param({"dataset": {"name": "blobs", "classes": 2}, "loss": "binary_crossentropy"}, id="binary blobs"),
        pytest.param({"dataset": {"name": "blobs"}, "loss": "categorical_crossentropy"}, id="categorical for three"),
        pytest.param({"dataset": {"name": "blobs"}, "loss": "huber"}, id="huber for classes"),
        pytest.param({"dataset": {"name": "plane"}, "loss": "huber"}, id="huber for numbers"),
        pytest.param({"optimizer": {"momentum": 0.9, "nesterov": True}}, id="nesterov with momentum"),
        pytest.param({"optimizer": {"name": "adam", "clip_value": 1}}, id="one way to clip"),
        pytest.param({"early_stopping": {"metric": "val_accuracy"}}, id="accuracy of classes"),
        pytest.param({"dataset": {"name": "plane"}, "early_stopping": {}}, id="loss of numbers"),
        pytest.param({"layers": [{"kind": "batch_normalization"}], "batch_size": 1}, id="normalized batches of one"),
        pytest.param({"layers": [FLATTEN, {"kind": "dropout"}, {}]}, id="flatten on points"),
        pytest.param({"dataset": {"samples": 5000}}, id="as many as there may be"),
        pytest.param({"dataset": {"name": "curve"}}, id="a curve beside x2"),
        pytest.param({"dataset": {"name": "curve", "formula": "1/x", "x_min": 1, "x_max": 1.1}}, id="a short curve"),
        pytest.param({"dataset": {"name": "curve", "formula": "sqrt(x)"}}, id="a curve with values on one half"),
        pytest.param({"dataset": {"name": "formula", "formula": "1000000 x"}}, id="a class of large numbers"),
        pytest.param({"dataset": {"name": "circle", "x_min": 3, "x_max": -3}}, id="ends of a line nobody draws"),
        pytest.param({"dataset": {"name": "points", "points": FOUR}}, id="four own points"),
        pytest.param({"dataset": {"name": "circle", "points": [(0, 0, 1)]}}, id="one own point beside others"),
        pytest.param({"dataset": {"name": "plane", "points": [(0, 0, -0.5)]}}, id="a number at an own point"),
        pytest.param(_digits(FLATTEN), id="a picture in a row"),
        pytest.param(_digits({"kind": "global_average_pooling2d"}), id="a picture averaged"),
        pytest.param(_digits({**CONV, "kernel_size": 7}, {"kind": "max_pooling2d"}, FLATTEN, {}), id="last pixel"),
        pytest.param(_digits(CONV, {"kind": "batch_normalization"}, {"kind": "dropout"}, FLATTEN), id="normalized"),
        pytest.param(
            _digits(*[{**CONV, "kernel_size": 7, "padding": "same", "strides": 4}] * 3, FLATTEN), id="padded windows"
        ),
        pytest.param({**_digits(FLATTEN), "dataset": {"name": "digits", "samples": 1797}}, id="all digits"),
    ],
)
def test_what_fits_together_is_accepted(raw_spec: dict[str, Any]) -> None:
    assert _contradictions(**raw_spec) == []


@pytest.mark.parametrize(
    ("dataset", "loss", "code", "fitting"),
    [
        ({"name": "plane"}, "binary_crossentropy", "loss_needs_classes", "mse, mae, huber"),
        ({"name": "gauss_hills"}, "categorical_crossentropy", "loss_needs_classes", "mse, mae, huber"),
        (
            {"name": "circle"},
            "categorical_crossentropy",
            "loss_needs_more_classes",
            "binary_crossentropy, mse, mae, huber",
        ),
        (
            {"name": "blobs", "classes": 2},
            "categorical_crossentropy",
            "loss_needs_more_classes",
            "binary_crossentropy, mse, mae, huber",
        ),
        (
            {"name": "blobs", "classes": 3},
            "binary_crossentropy",
            "loss_needs_two_classes",
            "categorical_crossentropy, mse, mae, huber",
        ),
    ],
    ids=lambda value: value.get("name") if isinstance(value, dict) else None,
)
def test_a_cross_entropy_needs_its_number_of_classes(
    dataset: dict[str, Any], loss: str, code: str, fitting: str
) -> None:
    problem = _only(dataset=dataset, loss=loss)

    assert (problem.field, problem.code, problem.received) == ("loss", code, loss)
    assert problem.expected == f"one of auto, {fitting}"
    assert loss in problem.message
    assert dataset["name"] in problem.message


@pytest.mark.parametrize(
    ("optimizer", "field", "code", "expected", "received"),
    [
        ({"name": "adam", "momentum": 0.9}, "momentum", "momentum_needs_sgd", "0 with adam", 0.9),
        ({"name": "rmsprop", "momentum": 0.1}, "momentum", "momentum_needs_sgd", "0 with rmsprop", 0.1),
        ({"name": "adagrad", "nesterov": True}, "nesterov", "nesterov_needs_sgd", "false with adagrad", True),
        ({"name": "sgd", "nesterov": True}, "nesterov", "nesterov_needs_momentum", "false without momentum", True),
        ({"clip_norm": 1.0, "clip_value": 0.5}, "clip_value", "two_ways_to_clip", "null beside clip_norm", 0.5),
    ],
)
def test_an_optimizer_takes_what_it_can_use(
    optimizer: dict[str, Any], field: str, code: str, expected: str, received: object
) -> None:
    problem = _only(optimizer=optimizer)

    assert (problem.field, problem.code) == (f"optimizer.{field}", code)
    assert (problem.expected, problem.received) == (expected, received)
    assert problem.message.startswith(f"optimizer.{field} must be ")


@pytest.mark.parametrize("metric", ["accuracy", "val_accuracy"])
def test_numbers_have_no_accuracy_to_stop_at(metric: str) -> None:
    problem = _only(dataset={"name": "plane"}, early_stopping={"metric": metric})

    assert (problem.field, problem.code) == ("early_stopping.metric", "metric_needs_classes")
    assert (problem.expected, problem.received) == ("one of loss, val_loss", metric)


@pytest.mark.parametrize(
    ("raw_spec", "field", "expected", "received"),
    [
        pytest.param({"layers": [CONV]}, "layers[0]", "a picture (height, width, channels)", [2], id="conv on points"),
        pytest.param(
            {"layers": [{}, {"kind": "max_pooling2d"}]},
            "layers[1]",
            "a picture (height, width, channels)",
            [4],
            id="pooling behind dense",
        ),
        pytest.param(
            {"features": ["x1"], "layers": [{"kind": "global_average_pooling2d"}]},
            "layers[0]",
            "a picture (height, width, channels)",
            [1],
            id="averaged points",
        ),
        pytest.param(
            _digits({}),
            "layers[0]",
            "one row of numbers (put a flatten layer before it)",
            [8, 8, 1],
            id="dense on a picture",
        ),
        pytest.param(
            _digits(CONV, {"kind": "dropout"}, {}),
            "layers[2]",
            "one row of numbers (put a flatten layer before it)",
            [6, 6, 8],
            id="dense behind conv",
        ),
        pytest.param(
            _digits(CONV, {**CONV, "kernel_size": 7}, FLATTEN),
            "layers[1]",
            "at least 7 by 7 pixels",
            [6, 6, 8],
            id="window larger than the picture",
        ),
        pytest.param(
            _digits({**CONV, "kernel_size": 7}, {"kind": "average_pooling2d", "pool_size": 3}, FLATTEN),
            "layers[1]",
            "at least 3 by 3 pixels",
            [2, 2, 8],
            id="pool larger than the picture",
        ),
        pytest.param(
            _digits(CONV),
            "layers",
            "one row of numbers at the end (add a flatten layer)",
            [6, 6, 8],
            id="no row at the end",
        ),
        pytest.param(
            _digits(), "layers", "one row of numbers at the end (add a flatten layer)", [8, 8, 1], id="no layer at all"
        ),
    ],
)
def test_a_layer_that_cannot_follow_is_told_with_what_comes_in(
    raw_spec: dict[str, Any], field: str, expected: str, received: list[int]
) -> None:
    problem = _only(**raw_spec)

    assert (problem.field, problem.code) == (field, "impossible_shape")
    assert (problem.expected, problem.received) == (expected, received)
    assert " x ".join(map(str, received)) in problem.message


def test_the_output_layer_that_cannot_follow_says_what_to_do() -> None:
    message = _only(**_digits(CONV)).message

    assert message == (
        "layers end in a picture of 6 x 6 x 8, but the output layer needs one row of numbers; "
        "add a flatten layer at the end."
    )


def test_more_samples_than_there_are_digits_are_refused() -> None:
    problem = _only(**{**_digits(FLATTEN), "dataset": {"name": "digits", "samples": 1798}})

    assert (problem.field, problem.code) == ("dataset.samples", "less_than_equal")
    assert (problem.expected, problem.received) == ("20 to 1797", 1798)


def test_all_contradictions_are_told_at_once() -> None:
    problems = _contradictions(
        dataset={"name": "plane"},
        features=["x1", "x2", "x1"],
        layers=[CONV],
        loss="binary_crossentropy",
        optimizer={"name": "adam", "momentum": 0.5, "nesterov": True, "clip_norm": 1, "clip_value": 1},
        early_stopping={"metric": "accuracy"},
    )

    assert [problem.field for problem in problems] == [
        "features",
        "loss",
        "optimizer.momentum",
        "optimizer.nesterov",
        "optimizer.clip_value",
        "early_stopping.metric",
        "layers[0]",
    ]
    assert len({problem.code for problem in problems}) == len(problems)


def test_only_data_and_features_contradict_each_other_in_a_preview() -> None:
    spec = RunSpec.model_validate(
        {"dataset": {"name": "digits", "samples": 2000}, "features": ["x1", "x1"], "loss": "binary_crossentropy"}
    )

    assert [problem.field for problem in find_data_contradictions(spec)] == ["features", "dataset.samples"]


def test_every_problem_is_a_sentence_that_ends() -> None:
    for problem in _contradictions(loss="categorical_crossentropy", features=["x1", "x1"], layers=[CONV]):
        assert problem.message.endswith(".")
        assert problem.field in problem.message


# ---- Formulas and own points ----------------------------------------------------------------------------------


def _data_problem(features: tuple[str, ...] = ("x1", "x2"), **dataset: Any) -> Problem:
    (problem,) = find_data_contradictions(RunSpec.model_validate({"dataset": dataset, "features": features}))
    return problem


@pytest.mark.parametrize("name", ["circle", "blobs", "points", "plane", "digits"])
def test_a_data_set_without_a_law_takes_no_formula(name: str) -> None:
    problem = _data_problem(name=name, formula="x")

    assert (problem.field, problem.code) == ("dataset.formula", "takes_no_formula")
    assert problem.message.endswith("only formula, surface or curve are made from a formula.")


@pytest.mark.parametrize(("name", "position"), [("curve", 1), ("formula", 5), ("surface", 5)])
def test_a_formula_that_cannot_be_read_is_a_problem_with_its_place(name: str, position: int) -> None:
    problem = _data_problem(name=name, formula="x2 +")

    assert (problem.field, problem.received, problem.position) == ("dataset.formula", "x2 +", position)
    assert problem.message.startswith(f"dataset.formula cannot be read. At character {position}: ")


@pytest.mark.parametrize(
    ("name", "formula"),
    [("curve", "log(-1 - x^2)"), ("curve", "1000000"), ("surface", "sqrt(-1)"), ("formula", "log(-1)")],
)
def test_a_law_needs_values_to_draw_samples_from(name: str, formula: str) -> None:
    problem = _data_problem(name=name, formula=formula)

    assert (problem.field, problem.code, problem.received) == ("dataset.formula", "formula_without_values", formula)
    assert ("x from -2 to 2" if name == "curve" else "x1 and x2 from -6 to 6") in problem.message


@pytest.mark.parametrize(("low", "high"), [(2, -2), (1, 1), (0, 0.05)])
def test_a_line_ends_behind_its_beginning(low: float, high: float) -> None:
    problem = _data_problem(name="curve", x_min=low, x_max=high)

    assert (problem.field, problem.code, problem.received) == ("dataset.x_max", "empty_line", high)
    assert problem.expected == f"at least 0.1 above dataset.x_min, which is {low}"


def test_a_curve_needs_a_feature_of_x1() -> None:
    problem = _data_problem(("x2", "x1x2"), name="curve")

    assert (problem.field, problem.code) == ("features", "no_feature_of_a_line")
    assert problem.expected == "at least one of x1, x1_squared, sin_x1"


@pytest.mark.parametrize("name", ["curve", "digits"])
def test_own_points_need_a_plane(name: str) -> None:
    problem = _data_problem(name=name, points=FOUR)

    assert (problem.field, problem.code, problem.received) == ("dataset.points", "takes_no_points", 4)


@pytest.mark.parametrize(
    ("dataset", "label", "expected"),
    [
        ({"name": "circle"}, 2, "0 or 1"),
        ({"name": "formula"}, -1, "0 or 1"),
        ({"name": "circle"}, 0.5, "0 or 1"),
        ({"name": "points", "classes": 4}, 4, "a whole number, 0 to 3"),
        ({"name": "blobs", "classes": 3}, 1.5, "a whole number, 0 to 2"),
    ],
)
def test_the_label_of_an_own_point_is_a_class(dataset: dict[str, Any], label: float, expected: str) -> None:
    problem = _data_problem(**dataset, points=[*FOUR[:2], (0, 0, label), (3, 3, 9), (1, 2, 0)])

    assert (problem.field, problem.code) == ("dataset.points[2][2]", "label_of_no_class")
    assert (problem.expected, problem.received) == (expected, label)
    assert "and the same of 1 point more" in problem.message


@pytest.mark.parametrize("count", [0, 1, 3])
def test_training_needs_four_own_points_but_looking_at_them_does_not(count: int) -> None:
    raw_spec = {"dataset": {"name": "points", "points": FOUR[:count]}}

    assert find_data_contradictions(RunSpec.model_validate(raw_spec)) == []
    problem = _only(**raw_spec)
    assert (problem.field, problem.code, problem.received) == ("dataset.points", "too_few_points", count)
    assert problem.expected == "at least 4 points"
