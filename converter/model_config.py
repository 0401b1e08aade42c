"""A Keras model's configuration after checking: frozen, small, without Keras.

Sequential and functional models have one form here: layers, the calls made to them, inputs and outputs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from converter.errors import InvalidConfiguration, quoted

Shape = tuple[int | None, ...]
"""Sizes per axis, the batch axis first; None is a size not known before the data comes."""

LayerPath = tuple[str, ...]
"""Names of a layer and the models around it, outermost first."""


@dataclass(frozen=True)
class TensorRef:
    """One output of one call of a layer, counted as Keras counts them."""

    layer: str
    call: int
    index: int


@dataclass(frozen=True)
class LayerConfig:
    """One layer: its checked arguments and the tensors each of its calls takes."""

    name: str
    class_name: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    calls: tuple[tuple[TensorRef, ...], ...] = ()
    inner: ModelConfig | None = None


@dataclass(frozen=True)
class ModelConfig:
    """One model, nested ones inside their layers."""

    name: str
    class_name: str
    layers: tuple[LayerConfig, ...]
    inputs: tuple[TensorRef, ...]
    outputs: tuple[TensorRef, ...]


@dataclass(frozen=True)
class WeightSpec:
    """One array of a layer: where Keras keeps it, how TF.js calls it, and its shape."""

    path: LayerPath
    name: str
    position: int
    tfjs_name: str
    shape: tuple[int, ...]


def input_shapes(model: ModelConfig) -> list[Shape]:
    """Shapes of the model's inputs, in order, as its input layers give them."""
    shapes = {layer.name: layer.arguments.get("batch_shape") for layer in model.layers}
    return [shape for ref in model.inputs if isinstance(shape := shapes[ref.layer], tuple)]


CallKey = tuple[str, int]
"""A layer's name and the number of one of its calls."""


def calls_in_order(model: ModelConfig) -> list[tuple[LayerConfig, int]]:
    """List (layer, call number) so that every call comes after the calls it depends on.

    Raises InvalidConfiguration when a call waits for a tensor that nothing makes, or for itself.
    """
    layers = {layer.name: layer for layer in model.layers}
    missing, dependents = _dependencies(model)
    ready = deque(key for key, count in missing.items() if count == 0)
    ordered: list[tuple[LayerConfig, int]] = []
    while ready:
        name, call = ready.popleft()
        ordered.append((layers[name], call))
        for key in dependents.get((name, call), ()):
            missing[key] -= 1
            if missing[key] == 0:
                ready.append(key)
    _refuse_stuck(key for key, count in missing.items() if count > 0)
    return ordered


def _dependencies(model: ModelConfig) -> tuple[dict[CallKey, int], dict[CallKey, list[CallKey]]]:
    """How many calls each call still waits for, and which calls wait for it."""
    given = {(ref.layer, ref.call) for ref in model.inputs}
    missing: dict[CallKey, int] = {}
    dependents: dict[CallKey, list[CallKey]] = {}
    for layer in model.layers:
        for call, refs in enumerate(layer.calls):
            needed = {(ref.layer, ref.call) for ref in refs} - given
            missing[layer.name, call] = len(needed)
            for key in needed:
                dependents.setdefault(key, []).append((layer.name, call))
    return missing, dependents


def _refuse_stuck(stuck: Iterable[CallKey]) -> None:
    for name, call in stuck:
        raise InvalidConfiguration(
            f"Call {call} of layer {quoted(name)} takes a tensor that no earlier call makes; "
            "save the model again with Keras 3."
        )
