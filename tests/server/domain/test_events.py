"""Events as plain data: strict JSON, columns that keep their rows."""

from math import inf, isfinite, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.events import LOGGED_KINDS, Columns, finite_only, join_columns, last_row, thin_columns, to_json
from tests.http_client import strict_json

numbers = st.floats() | st.integers() | st.booleans() | st.none()
trees = st.recursive(
    numbers | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)


@st.composite
def columns(draw: st.DrawFn, names: tuple[str, ...] = ("epoch", "step", "loss")) -> Columns:
    """Columns of equal length."""
    rows = draw(st.integers(0, 5))
    return {name: draw(st.lists(st.integers(), min_size=rows, max_size=rows)) for name in names}


def _same_but_finite(sent: Any, received: Any) -> bool:
    if isinstance(sent, float) and not isfinite(sent):
        return received is None
    if isinstance(sent, dict):
        return sent.keys() == received.keys() and all(_same_but_finite(sent[key], received[key]) for key in sent)
    if isinstance(sent, list):
        return len(sent) == len(received) and all(map(_same_but_finite, sent, received))
    return bool(sent == received)


@settings(max_examples=60)
@given(st.dictionaries(st.text(max_size=8), trees, max_size=3))
def test_anything_becomes_strict_json_on_one_line_that_says_the_same(payload: dict[str, Any]) -> None:
    text = to_json(payload)

    assert len(text.splitlines()) == 1
    assert text.isascii()
    assert _same_but_finite(payload, strict_json(text))


@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_not_a_number_becomes_null(value: float) -> None:
    assert to_json({"loss": [0.5, value]}) == '{"loss":[0.5,null]}'
    assert finite_only((value, {"a": value})) == [None, {"a": None}]


def test_a_hostile_title_cannot_leave_its_line() -> None:
    assert to_json({"reason": "a\r\nid: x\n\n\0\u2028"}) == '{"reason":"a\\r\\nid: x\\n\\n\\u0000\\u2028"}'


@settings(max_examples=30)
@given(st.lists(columns(), min_size=1, max_size=4))
def test_joining_keeps_every_row_in_order(parts: list[Columns]) -> None:
    joined = join_columns(parts)

    for name in ("epoch", "step", "loss"):
        assert joined[name] == [value for part in parts for value in part[name]]


def test_joining_leaves_its_parts_as_they_were() -> None:
    first: Columns = {"epoch": [1]}
    join_columns([first, {"epoch": [2]}])

    assert first == {"epoch": [1]}


def test_the_last_row_names_the_metrics_only() -> None:
    assert last_row({"epoch": [1, 2], "step": [5, 10], "loss": [3, 1], "accuracy": [0.5, None]}) == {
        "loss": 1,
        "accuracy": None,
    }


@given(st.integers(0, 3000), st.integers(2, 500))
def test_thinning_keeps_few_rows_evenly_with_the_first_and_the_last(count: int, most: int) -> None:
    epochs = list(range(1, count + 1))
    thin = thin_columns({"epoch": list(epochs), "loss": [2 * epoch for epoch in epochs]}, most)

    kept = [int(epoch or 0) for epoch in thin["epoch"]]
    assert len(kept) == min(count, most)
    assert thin["loss"] == [2 * epoch for epoch in kept]
    assert kept[:1] == epochs[:1]
    assert kept[-1:] == epochs[-1:]
    steps = [later - earlier for earlier, later in zip(kept, kept[1:], strict=False)]
    assert not steps or (min(steps) >= 1 and max(steps) - min(steps) <= 2)


def test_only_what_tells_the_story_is_kept_in_it() -> None:
    """The weights and the gradients of a moment only matter while they are new."""
    assert {"status", "metrics"} == LOGGED_KINDS


def test_thinning_leaves_a_short_curve_alone() -> None:
    short: Columns = {"epoch": [1, 2, 3], "loss": [3, 2, 1]}

    assert thin_columns(short, 3) is short
    assert thin_columns({}, 5) == {}
