"""Model graphs made by hand: layers called on tensors, without Keras."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from converter.model_graph import Call, ModelGraph, Operation, Tensor


def make_operation(name: str, class_name: str = "Dense", units: int = 2, **config: Any) -> Operation:
    """A layer; by default a Dense of two units on two numbers."""
    if class_name == "Dense":
        config = {"units": units, "activation": "linear", "use_bias": True, **config}
        weights: Mapping[str, Any] = {"kernel": np.ones((2, units), "f4"), "bias": np.zeros(units, "f4")}
    else:
        weights = {}
    return Operation(tuple(name.split("/")), class_name, config, frozenset(config), weights=weights)


class GraphMaker:
    """Calls layers on tensors, one after the other, and remembers the calls."""

    def __init__(self, **inputs: Sequence[int | None]) -> None:
        self.calls: list[Call] = []
        self.inputs = {name: Tensor((None, *sizes)) for name, sizes in inputs.items()}

    def call(self, operation: Operation, tensor: Tensor, **arguments: Any) -> Tensor:
        """Call a layer; the answer has the shape of what it takes."""
        made = Tensor(tensor.shape)
        self.calls.append(Call(operation, {"inputs": tensor, **arguments}, (made,)))
        return made

    def finish(self, *outputs: Tensor, listed: Sequence[Call] | None = None) -> ModelGraph:
        """The whole model; `listed` is another order of its calls."""
        names = tuple(self.inputs)
        calls = tuple(self.calls if listed is None else listed)
        made = tuple(f"output_{number}" for number in range(len(outputs)))
        return ModelGraph("model", calls, tuple(self.inputs.values()), outputs, names, made)


def chain(*operations: Operation, name: str = "x") -> ModelGraph:
    """A model of layers one after the other."""
    maker = GraphMaker(**{name: (2,)})
    tensor = maker.inputs[name]
    for operation in operations:
        tensor = maker.call(operation, tensor)
    return maker.finish(tensor)
