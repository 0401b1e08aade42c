"""Weights in two bytes or one."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra import numpy as some_arrays

from converter import tfjs_package
from converter.quantization import KINDS, quantize, quantize_to_levels
from converter.shards import unpack

FINITE = some.floats(width=32, allow_nan=False, allow_infinity=False)
SHAPES = some_arrays.array_shapes(min_dims=0, max_dims=3, max_side=5)
FLOATS = some_arrays.arrays(np.float32, SHAPES, elements=FINITE)
ORDINARY = some_arrays.arrays(np.float32, SHAPES, elements=some.floats(-100, 100, width=32))
LEVELS = ("uint16", "uint8")


def _value(array: Any, kind: str) -> np.ndarray:
    return quantize({"a": array}, kind).values()["a"]


def _is_quantized(array: Any, kind: str) -> bool:
    return "quantization" in quantize({"a": array}, kind).entries[0]


@given(FLOATS, some.sampled_from([np.uint8, np.uint16]))
def test_our_levels_are_those_of_tensorflowjs_to_the_last_bit(array: np.ndarray, levels: type) -> None:
    theirs, about = tfjs_package.load_submodule("quantization").quantize_weights(array, levels)

    ours, ours_about = quantize_to_levels(array, levels)

    np.testing.assert_array_equal(ours, theirs)
    assert (ours.dtype, ours.shape) == (np.dtype(levels), array.shape)
    assert ours_about == {"min": about["min"], "scale": about["scale"]}


@given(ORDINARY, some.sampled_from(LEVELS))
def test_no_number_moves_by_more_than_half_a_level(array: np.ndarray, kind: str) -> None:
    quantized = quantize({"a": array}, kind)
    scale = quantized.entries[0].get("quantization", {"scale": 0})["scale"]

    moved = np.abs(quantized.values()["a"].astype("f8") - array)

    # Reading back rounds to float32 once more.
    assert (moved <= scale / 2 * (1 + 1e-9) + np.abs(array).max() * 2.0**-23).all()


@given(ORDINARY)
def test_half_precision_keeps_three_digits_of_each_number(array: np.ndarray) -> None:
    moved = np.abs(_value(array, "float16").astype("f8") - array)

    assert (moved <= np.maximum(np.abs(array) * 2.0**-11, 2.0**-25)).all()


@given(FLOATS, some.sampled_from(KINDS))
def test_finite_weights_stay_finite_whatever_their_size(array: np.ndarray, kind: str) -> None:
    assert np.isfinite(_value(array, kind)).all()


@given(some.lists(FLOATS, max_size=4), some.sampled_from(KINDS))
def test_stored_weights_come_back_from_their_bytes(arrays: list[np.ndarray], kind: str) -> None:
    quantized = quantize({f"layer_{number}/kernel": array for number, array in enumerate(arrays)}, kind)
    (group,) = quantized.manifest([])

    back = unpack(group["weights"], quantized.packed())

    assert list(back) == list(quantized.arrays)
    assert all(back[name].tobytes() == array.tobytes() for name, array in quantized.arrays.items())


@pytest.mark.parametrize(("kind", "size_bytes"), [("none", 800), ("float16", 400), ("uint16", 400), ("uint8", 200)])
def test_weights_take_two_bytes_or_one(kind: str, size_bytes: int) -> None:
    array = np.random.default_rng(0).normal(size=(10, 20)).astype("f4")

    assert len(quantize({"a": array}, kind).packed()) == size_bytes


@pytest.mark.parametrize("kind", LEVELS)
def test_zero_stays_zero(kind: str) -> None:
    array = np.array([[-0.37, 0, 0, 1.91]], "f4")

    value = _value(array, kind)

    assert _is_quantized(array, kind)
    np.testing.assert_array_equal(value[array == 0], 0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("constant", [0.0, 1.0, -0.5, 3e30, 1e-30])
def test_a_constant_weight_stays_what_it_is(constant: float, kind: str) -> None:
    array = np.full((2, 3), constant, "f4")

    np.testing.assert_allclose(_value(array, kind), array, rtol=2.0**-11)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "array",
    [np.array([[1, -7]], "i4"), np.array([[True, False]]), np.zeros((0, 3), "f4"), np.array(0.1, "f4")],
)
def test_whole_numbers_truth_values_empty_weights_and_single_numbers_are_not_touched(
    array: np.ndarray, kind: str
) -> None:
    assert not _is_quantized(array, kind)
    np.testing.assert_array_equal(_value(array, kind), array)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_do_not_spoil_the_others(bad: float, kind: str) -> None:
    array = np.array([[1.5, bad, -2.5]], "f4")

    np.testing.assert_array_equal(_value(array, kind), array)


@pytest.mark.parametrize(
    ("array", "kind"),
    [
        pytest.param(np.array([[70_000.0, 1]], "f4"), "float16", id="too large for half precision"),
        pytest.param(np.array([[1e-9, -2e-9]], "f4"), "float16", id="too small for half precision"),
        pytest.param(np.array([1e-12], "f4"), "float16", id="an epsilon"),
        pytest.param(np.array([1e-14, 1.0], "f4"), "float16", id="variances in half precision"),
        pytest.param(np.array([0.001, 0.01, 40.0], "f4"), "uint8", id="variances in levels"),
    ],
)
def test_what_would_not_survive_is_left_alone(array: np.ndarray, kind: str) -> None:
    assert not _is_quantized(array, kind)
    np.testing.assert_array_equal(_value(array, kind), array)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="should be one of none, float16, uint16, uint8"):
        quantize({}, "int4")


def test_weights_are_quantized_where_tensorflowjs_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    array = np.array([[-1.0, 0.25, 3.0]], "f4")
    with_it = quantize({"a": array}, "uint8")

    def missing(_: str) -> Any:
        raise ModuleNotFoundError

    monkeypatch.setattr(tfjs_package, "load_submodule", missing)
    without_it = quantize({"a": array}, "uint8")

    assert without_it.entries == with_it.entries
    assert without_it.packed() == with_it.packed()
