"""Models that remember something from one answer to the next: a graph model cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from converter.errors import UnsupportedLayer
from converter.graph_fallback.origins import Origins

RANDOM_INSTEAD = "leave the random part out of the model that is converted, such as a VAE's sampling: use its mean"


def refuse_stateful_layers(layers: Sequence[Any]) -> None:
    """Raise UnsupportedLayer for a recurrent layer with stateful=True."""
    for layer in layers:
        if isinstance(layer, keras.layers.RNN) and layer.stateful:
            raise UnsupportedLayer(
                layer.name,
                type(layer).__name__,
                "remembers its state between calls (stateful=True), which a graph model cannot",
                instead="build the layer with stateful=False, or pass the state in and out (return_state=True)",
            )


def refuse_changed_variables(function: Any, origins: Origins) -> None:
    """Raise UnsupportedLayer where a traced call changes a variable: the next answer would be another."""
    seeds = {tensor.name for variable, tensor in _captured(function) if "seed" in variable.name}
    for operation in function.graph.get_operations():
        if operation.type.startswith(_CHANGES):
            is_random = any(tensor.name in seeds for tensor in operation.inputs)
            name, class_name = origins.owner_of(operation.name)
            reason = "draws random numbers" if is_random else "changes a variable"
            instead = RANDOM_INSTEAD if is_random else "convert a model that answers from its inputs alone"
            raise UnsupportedLayer(name, class_name, f"{reason} whenever the model answers", instead=instead)


_CHANGES = ("Assign", "ResourceScatter", "ResourceApply", "ResourceStridedSliceAssign")


def _captured(function: Any) -> list[tuple[Any, tf.Tensor]]:
    """Pair the variables of a concrete function with the tensors that stand for them inside."""
    handles = {id(variable.handle): variable for variable in function.graph.variables}
    captures = function.graph.captures
    return [(handles[id(outside)], inside) for outside, inside in captures if id(outside) in handles]
