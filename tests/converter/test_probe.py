"""Seeded inputs, the answers to them, and the measure of difference."""

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from converter.errors import UnusableProbe
from converter.model_graph import NamedTensor
from converter.probe import (
    MAX_NUMBERS,
    TOLERANCE,
    About,
    ask_again,
    build_probe,
    difference,
    make_inputs,
    probe_payload,
)

POINTS = NamedTensor("points", (None, 2))
IDS = NamedTensor("ids", (None, 5), "int32")
FLAGS = NamedTensor("flags", (None, 3), "bool")


def _as_it_is(inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
    return [np.asarray(array, np.float32) for array in inputs]


# ---- Inputs ---------------------------------------------------------------------------------------------------


def test_the_probe_is_the_same_every_time_and_reaches_far() -> None:
    (first,), (second,) = (make_inputs([POINTS], [None]) for _ in range(2))

    np.testing.assert_array_equal(first, second)
    assert (first.shape, first.dtype) == ((16, 2), np.float32)
    assert not first[0].any()
    assert np.abs(first).max() == 100
    assert np.sum(np.abs(first) <= 6) == 28


def test_every_kind_of_input_gets_samples_of_its_kind() -> None:
    points, ids, flags = make_inputs([POINTS, IDS, FLAGS], [None, (0, 9), None])

    assert [array.dtype.name for array in (points, ids, flags)] == ["float32", "int32", "bool"]
    assert (ids.min(), ids.max()) == (0, 9)
    assert flags.any()
    assert not flags.all()


def test_ids_that_come_as_float32_are_whole_and_in_range() -> None:
    (ids,) = make_inputs([NamedTensor("ids", (None, 40))], [(0, 3)])

    assert ids.dtype == np.float32
    assert set(np.unique(ids)) == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((4, 2), (4, 2)), ((1, 2), (1, 2)), ((None, 1), (16, 1)), ((None,), (16,)), ((None, 96, 96, 3), (8, 96, 96, 3))],
)
def test_fixed_batches_are_kept_and_large_inputs_get_fewer_rows(shape: Any, expected: tuple[int, ...]) -> None:
    probe = build_probe([NamedTensor("x", shape)], lambda inputs: [np.asarray(inputs[0]).sum(keepdims=True)])

    assert probe.inputs[0].shape == expected


def test_inputs_are_written_short() -> None:
    (points,) = make_inputs([NamedTensor("x", (None, 50))], [None])

    assert max(map(len, map(repr, points.ravel().tolist()))) <= len("-5.96875")


# ---- Asking ---------------------------------------------------------------------------------------------------


def _needs_size(least: int) -> Any:
    def ask(inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        if inputs[0].shape[1] < least:
            raise ValueError("Negative dimension size")
        return [inputs[0].mean(axis=1, dtype=np.float32)]

    return ask


@pytest.mark.parametrize(("least", "chosen"), [(1, 3), (4, 8), (200, 256)])
def test_unknown_sizes_are_chosen_large_enough_for_the_model(least: int, chosen: int) -> None:
    probe = build_probe([NamedTensor("x", (None, None, 1))], _needs_size(least))

    assert probe.inputs[0].shape[1] == chosen


def test_a_model_that_fails_on_every_size_is_refused_with_its_own_words() -> None:
    with pytest.raises(UnusableProbe, match="Negative dimension size"):
        build_probe([NamedTensor("x", (None, None, 1))], _needs_size(10_000))


def test_ids_outside_an_unknown_table_are_not_insisted_on() -> None:
    table = np.arange(2, dtype=np.float32)

    probe = build_probe([IDS], lambda inputs: [table[inputs[0]]])

    assert set(np.unique(probe.inputs[0])) == {0, 1}


def test_a_model_without_an_answer_to_a_row_of_padding_is_asked_about_rows_with_something_in_them() -> None:
    def mean_of_what_is_there(inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        is_there = inputs[0] != 0
        with np.errstate(invalid="ignore"):
            return [(inputs[0].sum(axis=1) / is_there.sum(axis=1)).astype("f4")]

    probe = build_probe([IDS], mean_of_what_is_there, ranges=[(0, 9)])

    assert probe.rows == 16
    assert (probe.inputs[0] == 0).any()
    assert (probe.inputs[0] != 0).any(axis=1).all()


def test_a_row_of_padding_is_asked_about_where_there_is_an_answer() -> None:
    probe = build_probe([IDS], _as_it_is, ranges=[(0, 9)])

    assert (probe.inputs[0] == 0).all(axis=1).any()


def test_a_network_that_cannot_answer_far_out_rows_is_asked_nearer_ones() -> None:
    def overflow(inputs: Any) -> Any:
        return [np.where(np.abs(inputs[0]) > 50, np.inf, inputs[0])]

    probe = build_probe([POINTS], overflow)

    assert np.abs(probe.inputs[0]).max() == 6
    assert np.isfinite(probe.outputs[0]).all()


def test_answers_that_tremble_at_far_out_rows_are_avoided() -> None:
    probe = build_probe([POINTS], lambda inputs: [np.sin(10 * inputs[0])])

    assert np.abs(probe.inputs[0]).max() == 6


def test_another_model_is_asked_about_the_same_inputs() -> None:
    probe = build_probe([POINTS], _as_it_is)

    again = ask_again(probe, lambda inputs: [2 * inputs[0]])

    np.testing.assert_array_equal(again.inputs[0], probe.inputs[0])
    np.testing.assert_array_equal(again.outputs[0], 2 * probe.outputs[0])


def test_another_model_that_answers_with_no_numbers_is_refused_too() -> None:
    probe = build_probe([POINTS], _as_it_is)

    with pytest.raises(UnusableProbe):
        ask_again(probe, lambda inputs: [np.full(inputs[0].shape, np.inf, "f4")])


def test_a_network_that_never_answers_with_numbers_is_refused() -> None:
    with pytest.raises(UnusableProbe, match="infinity or not-a-number"):
        build_probe([POINTS], lambda inputs: [np.full((16, 1), np.nan, "f4")])


def test_a_probe_too_large_to_write_is_refused() -> None:
    with pytest.raises(UnusableProbe, match=f"at most {MAX_NUMBERS}"):
        build_probe([NamedTensor("x", (None, MAX_NUMBERS + 1))], lambda inputs: [np.zeros((1, 1), "f4")])


# ---- Given inputs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given_inputs",
    [
        [[[1, 2]], [[1, 2, 3, 4, 5]]],
        {"ids": [[1, 2, 3, 4, 5]], "points": [[1, 2]]},
        (np.ones((1, 2)), np.ones((1, 5), "i8")),
    ],
)
def test_inputs_may_be_given_in_order_or_by_name(given_inputs: Any) -> None:
    probe = build_probe([POINTS, IDS], _as_it_is, given=given_inputs)

    assert [(array.shape, array.dtype.name) for array in probe.inputs] == [((1, 2), "float32"), ((1, 5), "int32")]


@pytest.mark.parametrize(
    "given_inputs",
    [
        pytest.param([[1, 2, 3]], id="other width"),
        pytest.param(np.zeros((0, 2)), id="no rows"),
        pytest.param([[1, np.nan]], id="not a number"),
        pytest.param([["a", "b"]], id="words"),
        pytest.param([[1], [1, 2]], id="ragged"),
        pytest.param({"other": [[1, 2]]}, id="another name"),
    ],
)
def test_given_inputs_that_do_not_fit_are_refused_with_what_was_expected(given_inputs: Any) -> None:
    with pytest.raises(UnusableProbe, match=r"points \[None, 2\] float32"):
        build_probe([POINTS], _as_it_is, given=given_inputs)


@pytest.mark.parametrize("second", [np.ones((2, 5), "i4"), np.full((1, 5), 0.5)])
def test_several_given_inputs_have_to_go_together(second: Any) -> None:
    with pytest.raises(UnusableProbe):
        build_probe([POINTS, IDS], _as_it_is, given=[np.ones((1, 2)), second])


# ---- Difference -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "expected", "measured"),
    [
        ([1.0, -2.0], [1.0, -2.0], 0.0),
        ([0.5], [0.25], 0.25),
        ([1001.0], [1000.0], 0.001),
        ([0.0, 9.0], [0.0, 10.0], 0.1),
        ([1.0], [[1.0]], math.inf),
        ([math.nan], [0.0], math.inf),
        ([math.nan], [math.nan], math.inf),
        ([math.inf], [math.inf], math.inf),
        ([], [], 0.0),
    ],
)
def test_the_difference_is_relative_to_large_answers_and_absolute_for_small(
    ours: Any, expected: Any, measured: float
) -> None:
    assert difference([np.array(ours, "f4")], [np.array(expected, "f4")]) == pytest.approx(measured)


def test_a_missing_answer_is_the_largest_difference() -> None:
    assert difference([np.zeros(1)], [np.zeros(1), np.zeros(1)]) == math.inf


@given(some.lists(some.floats(-1e6, 1e6, width=32), min_size=1, max_size=20), some.floats(1e-3, 1))
def test_no_difference_beyond_the_tolerance_is_missed(numbers: list[float], by: float) -> None:
    expected = np.array(numbers)
    other = expected.copy()
    other[-1] += by * max(1.0, abs(other[-1]))

    assert difference([other], [expected]) > TOLERANCE


# ---- The file -------------------------------------------------------------------------------------------------


def test_the_file_holds_plain_numbers_in_the_order_of_the_model() -> None:
    outputs = [NamedTensor("sum", (None, 1)), NamedTensor("any", (None, 1), "bool")]
    probe = build_probe(
        [POINTS, FLAGS],
        lambda inputs: [inputs[0].sum(axis=1, keepdims=True), inputs[1].any(axis=1, keepdims=True)],
        given=[[[1, 2]], [[True, False, True]]],
    )

    payload: Any = json.loads(json.dumps(probe_payload(probe, [POINTS, FLAGS], outputs, About("abc", "3.9"))))

    assert payload == {
        "inputs": [
            {"name": "points", "shape": [1, 2], "dtype": "float32", "data": [1.0, 2.0]},
            {"name": "flags", "shape": [1, 3], "dtype": "bool", "data": [1, 0, 1]},
        ],
        "outputs": [
            {"name": "sum", "shape": [1, 1], "dtype": "float32", "data": [3.0]},
            {"name": "any", "shape": [1, 1], "dtype": "bool", "data": [1]},
        ],
        "tolerance": TOLERANCE,
        "weights_sha256": "abc",
        "keras_version": "3.9",
    }
