"""Which numbers a probe may ask about."""

from typing import Any

from converter.input_ranges import input_ranges
from tests.converter.graphs import GraphMaker, make_operation


def _embedding(size: int) -> Any:
    return make_operation(f"embedding_{size}", "Embedding", input_dim=size, output_dim=3)


def test_an_input_nobody_looks_up_may_be_anything() -> None:
    maker = GraphMaker(x=(2,))
    made = maker.call(make_operation("d"), maker.inputs["x"])

    assert input_ranges(maker.finish(made)) == [None]


def test_ids_stay_inside_the_smallest_table() -> None:
    maker = GraphMaker(x=(2,), y=(2,))
    made = [maker.call(_embedding(size), maker.inputs["x"]) for size in (7, 5)]

    assert input_ranges(maker.finish(*made)) == [(0, 4), None]


def test_ids_are_followed_through_layers_that_hand_them_on() -> None:
    maker = GraphMaker(x=(2,))
    turned = maker.call(make_operation("reshape", "Reshape"), maker.inputs["x"])
    made = maker.call(_embedding(9), turned)

    assert input_ranges(maker.finish(made)) == [(0, 8)]


def test_what_a_layer_computes_is_no_longer_an_id() -> None:
    maker = GraphMaker(x=(2,))
    made = maker.call(_embedding(9), maker.call(make_operation("d"), maker.inputs["x"]))

    assert input_ranges(maker.finish(made)) == [None]
