"""A Keras model to the topology of a TF.js layers model, by the rules: one flat functional model.

Nested models are inlined, because TF.js counts their calls differently and keeps no prefix in weight names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from converter.errors import UnsupportedLayer
from converter.flat_dtypes import FLOAT, FlatDtypes
from converter.flat_model import FlatLayer, FlatModel, model_config, number_calls, weights_of
from converter.layer_rules import InnerLayer, NotExpressible, Place, Source, Weights, find_rule
from converter.mask_flow import MaskKey, Masks, keras_masks, masks_of, refuse_other_masks
from converter.masks import needs_masks
from converter.model_graph import Call, ModelGraph, NamedTensor, Operation, OperationPath, Shape, Tensor, without_masks

_INPUT_DTYPES = {"float": "float32", "bfloat": "float32", "int": "int32", "uint": "int32", "bool": "bool"}


@dataclass(frozen=True)
class Topology:
    """The finished topology: `model_config` as TF.js reads it, and what became of each Keras layer.

    `arrays` are the weights by their TF.js names, in the order of the layers; `translated` pairs each Keras layer (name
    and class) with the TF.js classes that stand for it, none for a layer that was dropped.
    """

    model_config: dict[str, object]
    arrays: Mapping[str, NDArray[np.generic]]
    inputs: tuple[NamedTensor, ...]
    outputs: tuple[NamedTensor, ...]
    layer_count: int
    renamed: tuple[tuple[str, str], ...]
    translated: tuple[tuple[str, str, tuple[str, ...]], ...]


def build_topology(graph: ModelGraph) -> Topology:
    """Translate a model. Raises UnsupportedLayer, naming the first layer that TF.js' layers cannot express."""
    calls = _needed(graph)
    translation = _Translation(needs_masks(calls, graph.calls), any(call.config.get("stateful") for call in calls))
    inputs = [translation.add_input(*named) for named in zip(graph.input_names, graph.inputs, strict=True)]
    translation.translate_all(calls, graph)
    flat = translation.flat
    outputs = flat.distinct_outputs(inputs, [translation.place(tensor) for tensor in graph.outputs])
    return _finished(graph, translation, inputs, outputs)


def _needed(graph: ModelGraph) -> list[Call]:
    """The calls an output depends on, in order; those that only make masks are not among them."""
    makers = {id(tensor): call for call in graph.calls for tensor in call.outputs}
    waiting = list(graph.outputs)
    needed: set[int] = set()
    while waiting:
        call = makers.get(id(waiting.pop()))
        if call is not None and id(call) not in needed:
            needed.add(id(call))
            waiting.extend(without_masks(call))
    return [call for call in graph.calls if id(call) in needed]


def _finished(
    graph: ModelGraph, translation: _Translation, inputs: Sequence[Place], outputs: Sequence[Place]
) -> Topology:
    layers = translation.flat.layers
    numbers = number_calls(layers, inputs, outputs)
    kept = [layers[index] for index in numbers]
    return Topology(
        model_config=model_config(graph.name, layers, numbers, inputs, outputs),
        arrays={name: array for layer in kept for name, array in weights_of(layer)},
        inputs=tuple(map(_named, _names_of(layers, inputs), graph.inputs)),
        outputs=tuple(map(_named, _names_of(layers, outputs), graph.outputs)),
        layer_count=len(kept),
        renamed=tuple(_renamed(kept)),
        translated=tuple((path[-1], kind, tuple(classes)) for (path, kind), classes in translation.translated.items()),
    )


def _names_of(layers: Sequence[FlatLayer], places: Iterable[Place]) -> list[str]:
    """Names of the layers that make these tensors."""
    return [layers[place.layer].name for place in places]


def _named(name: str, tensor: Tensor) -> NamedTensor:
    return NamedTensor(name, tensor.shape, input_dtype(tensor.dtype))


def _renamed(layers: Iterable[FlatLayer]) -> Iterable[tuple[str, str]]:
    first_parts = (layer for layer in layers if layer.path and layer.part == 0)
    return ((layer.path[-1], layer.name) for layer in first_parts if layer.path[-1] != layer.name)


def input_dtype(dtype: str) -> str:
    """The TF.js dtype for one of Keras: float32, int32, bool, or the name as it is where there is none."""
    return _INPUT_DTYPES.get(dtype.rstrip("0123456789"), dtype)


class _Translation:
    """Replays the calls of the Keras model in order, each by its rule."""

    def __init__(
        self, is_masked: bool = False, has_states: bool = False, reserve: Callable[[str], str] | None = None
    ) -> None:
        self.flat = FlatModel()
        self.has_states = has_states
        self.translated: dict[tuple[OperationPath, str], list[str]] = {}
        self.is_masked = is_masked
        self.masks: dict[Place, Masks] = {}
        self._dtypes = FlatDtypes()
        self._floats: dict[Place, Place] = {}
        self._reserve = reserve or self.flat.unique_name
        self._mask_keys: dict[int, MaskKey] = {}
        self._places: dict[int, Place] = {}
        self._inner: dict[tuple[OperationPath, Shape], InnerLayer] = {}

    def add_input(self, name: str, tensor: Tensor) -> Place:
        """Add the TF.js input for one input of the model."""
        dtype = input_dtype(tensor.dtype)
        if len(tensor.shape) < 2 or dtype not in _INPUT_DTYPES.values():
            reason = f"is an input of shape {list(tensor.shape)} and dtype {tensor.dtype}"
            raise UnsupportedLayer(name, "InputLayer", reason, instead="use inputs of numbers, one row per sample")
        batch = tensor.shape[0] if self.has_states else None
        config = {"batch_input_shape": [batch, *tensor.shape[1:]], "dtype": dtype}
        place = self.flat.add_call((name,), 0, FlatLayer(name, "InputLayer", config, path=(name,)), ())
        self._dtypes.note(place, dtype)
        self._places[id(tensor)] = place
        return place

    def add_call(self, layer: FlatLayer, sources: Sequence[Source], dtype: str) -> Place:
        """Add one call of one TF.js layer that answers in this dtype in Keras."""
        places = [self.place(source) for source in sources]
        if self._dtypes.must_be_floats(layer.class_name, places, dtype):
            places = list(map(self._as_float, places))
        made = self.flat.add_call(layer.path, layer.part, layer, places)
        self._dtypes.note(made, self._dtypes.answer_of(layer.class_name, places))
        return made

    def _as_float(self, place: Place) -> Place:
        if self._dtypes.of(place) == FLOAT:
            return place
        if place not in self._floats:
            self._floats[place] = self.flat.follow(place, "float", "Rescaling", scale=1.0, offset=0.0)
        return self._floats[place]

    def translate_all(self, calls: Iterable[Call], graph: ModelGraph) -> None:
        """Add these calls of a model. Raises UnsupportedLayer also where TF.js would mix up the masks."""
        self._mask_keys = keras_masks(graph.calls)
        for call in calls:
            self.translate(call)
        refuse_other_masks(self.flat, self.masks)

    def translate(self, call: Call) -> None:
        """Add one call of one Keras layer."""
        operation = call.operation
        emitter = _Emitter(self, call, masks_of(call, self._mask_keys))
        try:
            answer = find_rule(call).translate(call, emitter)
        except NotExpressible as refusal:
            raise UnsupportedLayer(
                operation.name, operation.class_name, refusal.reason, instead=refusal.instead
            ) from refusal
        self.translated[operation.path, operation.class_name] = emitter.classes
        answers = answer if isinstance(answer, tuple) else (answer,)
        for tensor, source in zip(call.outputs, answers, strict=True):
            self.put(tensor, source)

    def put(self, tensor: Tensor, source: Source) -> None:
        """Note where the flat model makes a tensor of the Keras model."""
        self._places[id(tensor)] = self.place(source)

    def place(self, source: Source) -> Place:
        """Where the flat model makes a tensor."""
        return source if isinstance(source, Place) else self._places[id(source)]

    def inner(self, wrapper: Call, operation: Operation, shape: Shape, answer: Shape) -> InnerLayer:
        """Say an operation on its own, once for each wrapper and each shape that is called on."""
        key = (wrapper.operation.path, wrapper.input.shape)
        if key not in self._inner:
            graph = operation.graph or _graph_of(operation, shape, answer)
            self._inner[key] = _inner_layer(graph, lambda name: self._reserve(f"{wrapper.operation.name}_{name}"))
        return self._inner[key]


class _Emitter:
    """Adds the TF.js layers of one call of one Keras layer (see Emit)."""

    def __init__(self, translation: _Translation, call: Call, masks: Masks) -> None:
        self._masks = masks
        self._call = call
        self.classes: list[str] = []
        self.is_masked = translation.is_masked
        self._translation = translation

    def __call__(self, class_name: str, *sources: Source, weights: Weights | None = None, **config: object) -> Place:
        part = len(self.classes)
        self.classes.append(class_name)
        path = self._call.operation.path
        name = path[-1] + (f"_part{part + 1}" if part else "")
        plain = {key: _plain(value) for key, value in config.items()}
        if self._call.config.get("trainable") is False:  # a frozen layer stays frozen for who trains on in the browser
            plain["trainable"] = False
        # A TimeDistributed layer notes the length of the first sequence it is called on (wrappers.ts).
        shapes = [source.shape for source in sources if isinstance(source, Tensor)]
        kept_to = shapes[0] if class_name == "TimeDistributed" else ()
        layer = FlatLayer(name, class_name, plain, weights or {}, path, part, kept_to)
        place = self._translation.add_call(layer, sources, self._call.output.dtype)
        self._translation.masks[place] = self._masks
        return place

    def rule(self, operation: Operation, source: Source, shape: Shape, answer: Shape | None = None) -> Source:
        given, made = Tensor(shape), Tensor(answer or shape)
        self._translation.put(given, source)
        call = Call(operation, {"inputs": given}, (made,))
        answers = find_rule(call).translate(call, self)
        return self._translation.place(answers[0] if isinstance(answers, tuple) else answers)

    def inner(self, operation: Operation, shape: Shape, answer: Shape) -> InnerLayer:
        return self._translation.inner(self._call, operation, shape, answer)


def _plain(value: Any) -> Any:
    """Make a value JSON has."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(item) for item in value]
    number = value.item() if isinstance(value, np.generic) else value
    if isinstance(number, float) and not isfinite(number):
        raise NotExpressible(f"is made with the number {number}, which cannot be written down")
    return number


# ---- Layers inside layers -------------------------------------------------------------------------------------


def _graph_of(operation: Operation, shape: Shape, answer: Shape) -> ModelGraph:
    given, made = Tensor(shape), Tensor(answer)
    call = Call(operation, {"inputs": given}, (made,))
    return ModelGraph(operation.name, (call,), (given,), (made,), ("input",), (operation.name,))


def _inner_layer(graph: ModelGraph, rename: Callable[[str], str]) -> InnerLayer:
    """The one TF.js layer that stands for a small model, or that model as a layer, its layers renamed."""
    if len(graph.inputs) != 1 or len(graph.outputs) != 1:
        raise NotExpressible("wraps a model with several inputs or outputs")
    translation = _Translation(reserve=rename)
    calls = _needed(graph)
    if needs_masks(calls, graph.calls):
        raise NotExpressible("wraps a model that skips masked steps")
    inputs = [translation.add_input(graph.input_names[0], graph.inputs[0])]
    translation.translate_all(calls, graph)
    outputs = translation.flat.distinct_outputs(inputs, [translation.place(graph.outputs[0])])
    layers = translation.flat.layers
    if len(layers) == 2 and len(layers[1].calls) == 1:
        own = layers[1]
        return InnerLayer(own.class_name, {"name": own.name, "trainable": True, **own.config}, own.weights)
    for layer in layers:
        layer.name = rename(layer.name)
    numbers = number_calls(layers, inputs, outputs)
    config = model_config(rename(graph.name), layers, numbers, inputs, outputs)["config"]
    weights = {f"/{name}": array for layer in layers for name, array in weights_of(layer)}
    return InnerLayer("Functional", cast(Mapping[str, object], config), weights)
