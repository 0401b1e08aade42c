"""A checked Keras configuration to the topology of a TF.js layers model: one flat functional model.

Nested models are inlined, because TF.js counts their calls differently and keeps no prefix in weight names. Layers
are numbered anew, because TF.js numbers the calls of a shared layer in the order in which they become possible
(`Container.fromConfig` in tfjs-layers 4.22, container.ts), not in the order in which they are listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count

from converter.errors import InvalidConfiguration, quoted
from converter.layer_rules import RULES
from converter.model_config import (
    LayerConfig,
    LayerPath,
    ModelConfig,
    Shape,
    TensorRef,
    WeightSpec,
    calls_in_order,
    input_shapes,
)
from converter.pieces import SOURCE, DoesNotFit, LayerRule, Piece, numbers_of

MAX_CALLS = 10_000
MAX_NUMBERS = 250_000_000
"""Numbers in all tensors together while a model answers once."""

MAX_MULTIPLICATIONS = 300_000_000_000
"""Work of one answer; VGG16 makes 250 thousand million for 16 pictures."""

# TF.js keeps layers in plain JavaScript objects, where these names are there from the start.
_JAVASCRIPT_NAMES = frozenset(
    ["constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf"]
)


@dataclass(frozen=True)
class Tensor:
    """What one call of one flat layer makes."""

    layer: int
    call: int
    shape: Shape


@dataclass
class FlatLayer:
    """One TF.js layer, the Keras layer it comes from (and which part of its translation it is), and its calls."""

    name: str
    piece: Piece
    path: LayerPath
    part: int = 0
    calls: list[tuple[Tensor, ...]] = field(default_factory=list)


@dataclass(frozen=True)
class NamedShape:
    """An input or output of the finished model."""

    name: str
    shape: Shape


@dataclass(frozen=True)
class Topology:
    """The finished topology: `model_config` as TF.js reads it, and what the weights have to be."""

    model_config: dict[str, object]
    weights: tuple[WeightSpec, ...]
    inputs: tuple[NamedShape, ...]
    outputs: tuple[NamedShape, ...]
    layer_count: int
    renamed: tuple[tuple[str, str], ...]


def build_topology(model: ModelConfig, shapes: Sequence[Shape] | None = None) -> Topology:
    """Translate a checked Keras model, for inputs of any batch or for inputs of exactly these shapes.

    Raises InvalidConfiguration if its parts do not fit together, or if an answer to such inputs would take more memory
    or work than MAX_NUMBERS and MAX_MULTIPLICATIONS allow; sizes that are not known count as one.
    """
    flattening = _Flattening()
    if shapes is None:
        shapes = [(None, *sizes) for _, *sizes in input_shapes(model)]
    inputs = [flattening.add_input(model, ref, shape) for ref, shape in zip(model.inputs, shapes, strict=True)]
    outputs = flattening.distinct_outputs(inputs, flattening.inline(model, (), inputs))
    layers = flattening.layers
    kept = _reachable(layers, inputs, outputs)
    numbers = _tfjs_call_numbers(layers, kept)
    return Topology(
        model_config=_model_config(model.name, layers, numbers, inputs, outputs),
        weights=tuple(spec for index in numbers for spec in _weights_of(layers[index])),
        inputs=tuple(NamedShape(layers[t.layer].name, t.shape) for t in inputs),
        outputs=tuple(NamedShape(layers[t.layer].name, t.shape) for t in outputs),
        layer_count=len(numbers),
        renamed=tuple(_renamed(layers[index] for index in numbers)),
    )


# ---- Names ----------------------------------------------------------------------------------------------------


def tfjs_name(keras_name: str) -> str:
    """Make a layer name TF.js accepts: letters, digits, `-`, `.` and `_`, starting with a letter or digit.

    A slash is replaced too: TF.js drops middle parts of `a/b/c` when it looks for weights.
    """
    return re.sub(r"[^A-Za-z0-9._-]", "_", keras_name).lstrip("._-") or "layer"


def _unique(name: str, taken: Iterable[str]) -> str:
    if name not in taken and name not in _JAVASCRIPT_NAMES:
        return name
    return next(new for i in count(1) if (new := f"{name}_{i}") not in taken)


def _renamed(layers: Iterable[FlatLayer]) -> Iterable[tuple[str, str]]:
    first_parts = (layer for layer in layers if layer.path and layer.part == 0)
    return ((layer.path[-1], layer.name) for layer in first_parts if layer.path[-1] != layer.name)


# ---- Inlining -------------------------------------------------------------------------------------------------


class _Flattening:
    """Collects flat layers while the calls of the Keras model are replayed in order."""

    def __init__(self) -> None:
        self.layers: list[FlatLayer] = []
        self._index: dict[tuple[LayerPath, int], int] = {}
        self._names: set[str] = set()
        self._calls = 0
        self._numbers = 0
        self._multiplications = 0

    def add_input(self, model: ModelConfig, ref: TensorRef, shape: Shape) -> Tensor:
        """Add the TF.js input for one input layer of the outermost model."""
        layer = next(layer for layer in model.layers if layer.name == ref.layer)
        (piece,) = RULES["InputLayer"].translate(layer.arguments, shape)
        index = self._place((layer.name,), 0, piece)
        self.layers[index].calls.append(())
        self._bear(numbers_of(shape), 0)
        return Tensor(index, 0, shape)

    def inline(self, model: ModelConfig, path: LayerPath, inputs: Sequence[Tensor]) -> list[Tensor]:
        """Replay every call of `model` on `inputs`; returns its outputs."""
        if len(inputs) != len(model.inputs):
            raise InvalidConfiguration(
                f"Model {quoted(model.name)} takes {len(model.inputs)} inputs, but is called with {len(inputs)}."
            )
        made = dict(zip(model.inputs, inputs, strict=True))
        for layer, call in calls_in_order(model):
            taken = [_made(made, ref, layer) for ref in layer.calls[call]]
            for index, tensor in enumerate(self._call(layer, (*path, layer.name), taken)):
                made[TensorRef(layer.name, call, index)] = tensor
        return [_made(made, ref, None) for ref in model.outputs]

    def _call(self, layer: LayerConfig, path: LayerPath, taken: Sequence[Tensor]) -> list[Tensor]:
        self._calls += 1
        if self._calls > MAX_CALLS:
            raise InvalidConfiguration(f"The model makes more than {MAX_CALLS} calls of layers, too many to convert.")
        if layer.inner is not None:
            return self.inline(layer.inner, path, taken)
        (source,) = taken
        return [self._apply(layer, path, source)]

    def _apply(self, layer: LayerConfig, path: LayerPath, source: Tensor) -> Tensor:
        """Add one call of one Keras layer: a call of each of its pieces."""
        rule = RULES[layer.class_name]
        answers: list[Tensor] = []
        shape, pieces = _translated(rule, layer, source.shape)
        self._bear(len(pieces) * numbers_of(shape), rule.work(layer.arguments, source.shape, shape))
        for number, piece in enumerate(pieces):
            takes = tuple(source if i == SOURCE else answers[i] for i in piece.takes)
            index = self._place(path, number, piece)
            self.layers[index].calls.append(takes)
            answers.append(Tensor(index, len(self.layers[index].calls) - 1, shape))
        return answers[-1] if answers else source

    def _bear(self, numbers: int, multiplications: int) -> None:
        """Count what an answer takes; a small file can ask for any amount of it."""
        self._numbers += numbers
        self._multiplications += multiplications
        if self._numbers > MAX_NUMBERS or self._multiplications > MAX_MULTIPLICATIONS:
            raise InvalidConfiguration(
                f"To check the model it has to answer once, which takes more than {MAX_NUMBERS} numbers in memory or "
                f"{MAX_MULTIPLICATIONS} multiplications; use a smaller model or smaller inputs."
            )

    def _place(self, path: LayerPath, number: int, piece: Piece) -> int:
        """Find or make the flat layer of one piece; a shared layer has to be the same in every call."""
        index = self._index.setdefault((path, number), len(self.layers))
        if index == len(self.layers):
            wanted = tfjs_name(path[-1]) + (f"_part{number + 1}" if number else "")
            name = _unique(wanted, self._names)
            self._names.add(name)
            self.layers.append(FlatLayer(name, piece, path, number))
        elif self.layers[index].piece != piece:
            raise InvalidConfiguration(f"Layer {quoted(path[-1])} is called on inputs of different shapes.")
        return index

    def distinct_outputs(self, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> list[Tensor]:
        """Give every output a layer of its own: TF.js answers null for an output that is also an input or repeated."""
        taken = {tensor.layer for tensor in inputs}
        distinct = []
        for tensor in outputs:
            own = tensor if tensor.layer not in taken else self._copied(tensor)
            taken.add(own.layer)
            distinct.append(own)
        return distinct

    def _copied(self, tensor: Tensor) -> Tensor:
        index = len(self.layers)
        name = _unique(f"{self.layers[tensor.layer].name}_output", self._names)
        self._names.add(name)
        piece = Piece("Activation", {"activation": "linear"})
        self.layers.append(FlatLayer(name, piece, (), calls=[(tensor,)]))
        return Tensor(index, 0, tensor.shape)


def _translated(rule: LayerRule, layer: LayerConfig, shape: Shape) -> tuple[Shape, tuple[Piece, ...]]:
    """What a layer makes of an input of this shape, and the pieces that make it."""
    try:
        return rule.output_shape(layer.arguments, shape), rule.translate(layer.arguments, shape)
    except DoesNotFit as misfit:
        raise InvalidConfiguration.of_argument(layer.name, misfit.what, misfit.expected, misfit.received) from misfit


def _made(made: dict[TensorRef, Tensor], ref: TensorRef, layer: LayerConfig | None) -> Tensor:
    if ref not in made:
        taker = "the model's outputs" if layer is None else layer.name
        raise InvalidConfiguration.of_argument(taker, "tensor", "one that a layer makes", ref.layer)
    return made[ref]


# ---- Numbering ------------------------------------------------------------------------------------------------

CallNumbers = dict[int, dict[int, int]]
"""Flat layer -> its call as listed -> the number TF.js gives it; insertion order is TF.js' order of calls."""


def _reachable(
    layers: Sequence[FlatLayer], inputs: Sequence[Tensor], outputs: Sequence[Tensor]
) -> set[tuple[int, int]]:
    """The calls that outputs depend on, and all inputs; TF.js refuses weights of any other layer."""
    kept = {(tensor.layer, tensor.call) for tensor in inputs}
    waiting = [(tensor.layer, tensor.call) for tensor in outputs]
    while waiting:
        key = waiting.pop()
        if key not in kept:
            kept.add(key)
            waiting.extend((t.layer, t.call) for t in layers[key[0]].calls[key[1]])
    return kept


def _tfjs_call_numbers(layers: Sequence[FlatLayer], kept: set[tuple[int, int]]) -> CallNumbers:
    """Replay TF.js' passes over the layers: in each pass a layer makes those of its calls whose inputs exist."""
    waiting = {i: calls for i in range(len(layers)) if (calls := _kept_calls(layers, kept, i))}
    numbers: CallNumbers = {index: {} for index in waiting}
    while any(waiting.values()):
        for index, calls in waiting.items():
            still_waiting = []
            for call in calls:
                if all(t.call in numbers[t.layer] for t in layers[index].calls[call]):
                    numbers[index][call] = len(numbers[index])
                else:
                    still_waiting.append(call)
            waiting[index] = still_waiting
    return numbers


def _kept_calls(layers: Sequence[FlatLayer], kept: set[tuple[int, int]], index: int) -> list[int]:
    return [call for call in range(len(layers[index].calls)) if (index, call) in kept]


# ---- JSON -----------------------------------------------------------------------------------------------------


def _model_config(
    name: str,
    layers: Sequence[FlatLayer],
    numbers: CallNumbers,
    inputs: Sequence[Tensor],
    outputs: Sequence[Tensor],
) -> dict[str, object]:
    def reference(tensor: Tensor) -> list[object]:
        return [layers[tensor.layer].name, numbers[tensor.layer][tensor.call], 0]

    def entry(index: int) -> dict[str, object]:
        layer = layers[index]
        nodes = [[[*reference(t), {}] for t in layer.calls[call]] for call in numbers[index]]
        return {
            "class_name": layer.piece.class_name,
            "name": layer.name,
            "config": {"name": layer.name, "trainable": True, **layer.piece.config},
            "inbound_nodes": [node for node in nodes if node],
        }

    config = {
        "name": tfjs_name(name),
        "trainable": True,
        "layers": [entry(index) for index in numbers],
        "input_layers": [reference(tensor) for tensor in inputs],
        "output_layers": [reference(tensor) for tensor in outputs],
    }
    return {"class_name": "Functional", "config": config}


def _weights_of(layer: FlatLayer) -> Iterable[WeightSpec]:
    for position, (name, shape) in enumerate(layer.piece.weights):
        yield WeightSpec(layer.path, name, position, f"{layer.name}/{name}", shape)
