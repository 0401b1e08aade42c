"""One layer made by hand, and the TF.js layers its rule says it in."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from converter.model_graph import Call, ModelGraph, Operation, Tensor
from converter.topology import Topology, build_topology

Sizes = Sequence[int | None]


def say(
    class_name: str, inputs: Sequence[Sizes], output: Sizes, weights: Mapping[str, Any] | None = None, **config: Any
) -> Topology:
    """Translate a layer called "it" on inputs of these sizes (without the batch)."""
    operation = Operation(("it",), class_name, config, frozenset(config), weights=weights or {})
    given = tuple(Tensor((None, *sizes)) for sizes in inputs)
    made = Tensor((None, *output))
    call = Call(operation, {"inputs": given if len(given) > 1 else given[0]}, (made,))
    names = tuple(f"x{number}" for number in range(len(given)))
    return build_topology(ModelGraph("model", (call,), given, (made,), names, ("it",)))


def layers_of(topology: Topology) -> list[tuple[str, dict[str, Any]]]:
    """Class and configuration of each TF.js layer after the inputs."""
    config: Any = topology.model_config["config"]
    return [(layer["class_name"], layer["config"]) for layer in config["layers"] if layer["class_name"] != "InputLayer"]


def classes_of(topology: Topology) -> list[str]:
    """Classes of the TF.js layers after the inputs."""
    return [class_name for class_name, _ in layers_of(topology)]


def numbered(*shape: int) -> Any:
    """An array of this shape in which every number is another."""
    return np.arange(1, np.prod(shape) + 1, dtype="f4").reshape(shape)
