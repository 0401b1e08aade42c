"""A TF.js layers model while it is built: one flat functional model, and its JSON.

Layers are numbered anew, because TF.js numbers the calls of a shared layer in the order in which they become possible
(`Container.fromConfig` in tfjs-layers 4.22, container.ts), not in the order in which they are listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from converter.layer_rules.rule import Place, Weights
from converter.model_graph import OperationPath

# TF.js keeps layers in plain JavaScript objects, where these names are there from the start.
_JAVASCRIPT_NAMES = frozenset(
    ["constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf"]
)


def tfjs_name(keras_name: str) -> str:
    """Make a layer name TF.js accepts: letters, digits, `-`, `.` and `_`, starting with a letter or digit.

    A slash is replaced too: TF.js drops middle parts of `a/b/c` when it looks for weights.
    """
    return re.sub(r"[^A-Za-z0-9._-]", "_", keras_name).lstrip("._-") or "layer"


@dataclass
class FlatLayer:
    """One TF.js layer, the Keras layer it comes from (and which part of its translation it is), and its calls.

    `kept_to` is the shape of its input, if TF.js takes no other once it has seen one.
    """

    name: str
    class_name: str
    config: Mapping[str, Any]
    weights: Weights = field(default_factory=dict)
    path: OperationPath = ()
    part: int = 0
    kept_to: tuple[int | None, ...] = ()
    calls: list[tuple[Place, ...]] = field(default_factory=list)


_Key = tuple[OperationPath, int]


class FlatModel:
    """The layers of the finished model in the order in which they were added; `order` are their calls."""

    def __init__(self) -> None:
        self.layers: list[FlatLayer] = []
        self.order: list[Place] = []
        self._variants: dict[_Key, list[int]] = {}
        self._names: set[str] = set()

    def unique_name(self, wanted: str) -> str:
        """Reserve a name that no layer has yet."""
        name = tfjs_name(wanted)
        if name in self._names or name in _JAVASCRIPT_NAMES:
            name = next(new for number in count(1) if (new := f"{name}_{number}") not in self._names)
        self._names.add(name)
        return name

    def add_call(self, path: OperationPath, part: int, layer: FlatLayer, sources: Sequence[Place]) -> Place:
        """Call the layer that is this part of a Keras layer: that of an earlier call if it is the same, or a new one.

        A shared Keras layer may need other settings for inputs of another shape; then TF.js gets two layers, with the
        same weights.
        """
        index = self._find_or_add((path, part), layer)
        self.layers[index].calls.append(tuple(sources))
        self.order.append(Place(index, len(self.layers[index].calls) - 1))
        return self.order[-1]

    def _find_or_add(self, key: _Key, layer: FlatLayer) -> int:
        variants = self._variants.setdefault(key, [])
        for index in variants:
            if _settings(self.layers[index]) == _settings(layer):
                return index
        layer.name = self.unique_name(layer.name)
        self.layers.append(layer)
        variants.append(len(self.layers) - 1)
        return variants[-1]

    def distinct_outputs(self, inputs: Sequence[Place], outputs: Sequence[Place]) -> list[Place]:
        """Give every output a layer of its own: TF.js answers null for an output that is also an input or repeated."""
        taken = {place.layer for place in inputs}
        distinct = []
        for place in outputs:
            own = place if place.layer not in taken else self.follow(place, "output", "Activation", activation="linear")
            taken.add(own.layer)
            distinct.append(own)
        return distinct

    def follow(self, place: Place, role: str, class_name: str, **config: Any) -> Place:
        """Let a layer that no Keras layer stands for follow on a tensor."""
        layer = FlatLayer(f"{self.layers[place.layer].name}_{role}", class_name, config)
        return self.add_call((), len(self.layers), layer, [place])


def _settings(layer: FlatLayer) -> tuple[object, ...]:
    return layer.class_name, layer.config, layer.kept_to


def weights_of(layer: FlatLayer) -> Iterable[tuple[str, NDArray[np.generic]]]:
    """The full TF.js names of a layer's weights, and their arrays."""
    for name, array in layer.weights.items():
        yield (name[1:] if name.startswith("/") else f"{layer.name}/{name}"), array


# ---- Numbering ------------------------------------------------------------------------------------------------

CallNumbers = dict[int, dict[int, int]]
"""Flat layer -> its call as listed -> the number TF.js gives it; insertion order is TF.js' order of calls."""


def number_calls(layers: Sequence[FlatLayer], inputs: Sequence[Place], outputs: Sequence[Place]) -> CallNumbers:
    """Replay TF.js' passes over the layers: in each pass a layer makes those of its calls whose inputs exist.

    Calls no output depends on are left out, for TF.js refuses their weights; inputs always stay.
    """
    kept = _reachable(layers, inputs, outputs)
    waiting = {i: calls for i in range(len(layers)) if (calls := _kept_calls(layers, kept, i))}
    numbers: CallNumbers = {index: {} for index in waiting}
    while any(waiting.values()):
        for index, calls in waiting.items():
            still_waiting = []
            for call in calls:
                if all(place.call in numbers[place.layer] for place in layers[index].calls[call]):
                    numbers[index][call] = len(numbers[index])
                else:
                    still_waiting.append(call)
            waiting[index] = still_waiting
    return numbers


def _reachable(layers: Sequence[FlatLayer], inputs: Sequence[Place], outputs: Sequence[Place]) -> set[tuple[int, int]]:
    kept = {(place.layer, place.call) for place in inputs}
    waiting = [(place.layer, place.call) for place in outputs]
    while waiting:
        key = waiting.pop()
        if key not in kept:
            kept.add(key)
            waiting.extend((place.layer, place.call) for place in layers[key[0]].calls[key[1]])
    return kept


def _kept_calls(layers: Sequence[FlatLayer], kept: set[tuple[int, int]], index: int) -> list[int]:
    return [call for call in range(len(layers[index].calls)) if (index, call) in kept]


# ---- JSON -----------------------------------------------------------------------------------------------------


def model_config(
    name: str,
    layers: Sequence[FlatLayer],
    numbers: CallNumbers,
    inputs: Sequence[Place],
    outputs: Sequence[Place],
) -> dict[str, object]:
    """Write the model as TF.js reads it: class Functional, and inside it one entry for each layer."""

    def reference(place: Place) -> list[object]:
        return [layers[place.layer].name, numbers[place.layer][place.call], place.index]

    def entry(index: int) -> dict[str, object]:
        layer = layers[index]
        nodes = [[[*reference(place), {}] for place in layer.calls[call]] for call in numbers[index]]
        return {
            "class_name": layer.class_name,
            "name": layer.name,
            "config": {"name": layer.name, "trainable": True, **layer.config},
            "inbound_nodes": [node for node in nodes if node],
        }

    config = {
        "name": tfjs_name(name),
        "trainable": True,
        "layers": [entry(index) for index in numbers],
        "input_layers": [reference(place) for place in inputs],
        "output_layers": [reference(place) for place in outputs],
    }
    return {"class_name": "Functional", "config": config}
