"""The page works out shapes and weights by itself; one golden file holds both sides to the same numbers."""

import json
from math import prod
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from server.domain.layers import LayerSpec
from server.domain.shapes import ImpossibleShape, plan_layers

GOLDEN: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "contract" / "image_shapes.json").read_text(encoding="utf-8")
)
LAYERS = TypeAdapter(tuple[LayerSpec, ...])


def _planned(network: dict[str, Any]) -> dict[str, Any]:
    layers = LAYERS.validate_python(network["layers"])
    try:
        plans = plan_layers(layers, tuple(network["sample"]), network["outputs"])
    except ImpossibleShape as error:
        return {"shapes": None, "weights": None, "impossible": {"index": error.index, "received": [*error.received]}}
    shapes = [[*plan.outputs] for plan in plans]
    weights = [sum(prod(shape) for shape in plan.weights) for plan in plans]
    return {"shapes": shapes, "weights": weights, "impossible": None}


@pytest.mark.parametrize("network", GOLDEN, ids=lambda network: network["name"])
def test_the_server_works_out_the_shapes_the_page_works_out(network: dict[str, Any]) -> None:
    assert _planned(network) == {name: network[name] for name in ("shapes", "weights", "impossible")}
