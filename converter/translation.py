"""The two ways to say a Keras model in TF.js, and which one a model takes.

A layers model can be looked into, trained further and saved in the browser, and always answers at once; so it is the
first choice. What TF.js' layers cannot express becomes a graph model, which only answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from converter.errors import UnsupportedLayer, UnsupportedOption, quoted
from converter.input_ranges import Range, input_ranges
from converter.model_graph import ModelGraph, NamedTensor
from converter.tfjs_package import package_folder
from converter.topology import Topology, build_topology

FORMATS = ("auto", "layers", "graph")

_THE_SAME = frozenset({"Activation", "Dense", "Dropout"})

Arrays = Mapping[str, NDArray[np.generic]]
Answers = Sequence[NDArray[Any]]


@dataclass(frozen=True)
class Translation:
    """A model in the words of TF.js, before anything is written.

    `parts` are the entries of model.json that differ between the formats; `reason` says why it is no layers model;
    `layers` pairs each Keras layer (name, class) with the TF.js classes that stand for it. `ranges` hold the numbers a
    probe may ask about, input by input. `ask` asks the Keras model itself; `evaluate` answers like the written model
    would with other arrays.
    """

    format: str
    parts: Mapping[str, Any]
    arrays: Arrays
    inputs: tuple[NamedTensor, ...]
    outputs: tuple[NamedTensor, ...]
    ranges: tuple[Range | None, ...]
    ask: Callable[[Any, Sequence[NDArray[Any]]], Answers]
    evaluate: Callable[[Arrays, Sequence[NDArray[Any]]], Answers]
    reason: str | None = None
    is_async: bool = False
    layer_count: int = 0
    renamed: tuple[tuple[str, str], ...] = ()
    layers: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def is_word_for_word(self) -> bool:
        """Whether every layer became the layer of the same name, of kinds that are the same in TF.js to the letter."""
        return self.format == "layers" and all(
            class_name in _THE_SAME and tfjs_classes == (class_name,) for _, class_name, tfjs_classes in self.layers
        )

    @property
    def execution(self) -> str:
        """The method of the loaded model that answers: predict, or executeAsync where a graph has loops."""
        return "executeAsync" if self.is_async else "predict"


def translate(model: Any, format: str, keras_version: str) -> Translation:
    """Translate a live model; `format` is auto, layers or graph. Raises subclasses of InputRefused."""
    graph, refusal = _read(model)
    if format != "graph":
        try:
            if refusal is not None:
                raise refusal
            assert graph is not None  # there is a graph or a refusal
            return _layers_model(build_topology(graph), graph, keras_version)
        except UnsupportedLayer as error:
            if format == "layers":
                raise _without_graph_model(error) from error
            refusal = error
    return _graph_model(model, graph, None if format == "graph" else _reason(refusal))


def as_graph_model(model: Any, reason: str) -> Translation:
    """Translate a live model to a graph model, `reason` being why it is no layers model."""
    return _graph_model(model, _read(model)[0], reason)


def _without_graph_model(error: UnsupportedLayer) -> UnsupportedLayer:
    instead = error.instead or "leave --format layers out to get a graph model"
    return UnsupportedLayer(error.layer, error.class_name, error.reason, instead=instead)


def _reason(refusal: UnsupportedLayer | None) -> str | None:
    if refusal is None:
        return None
    return f"Layer {quoted(refusal.layer)} (class {quoted(refusal.class_name)}) {refusal.reason}."


def _read(model: Any) -> tuple[ModelGraph | None, UnsupportedLayer | None]:
    from converter import keras_model  # noqa: PLC0415 - whoever has a model has Keras loaded

    try:
        return keras_model.read_graph(model), None
    except UnsupportedLayer as refusal:
        return None, refusal


def _layers_model(topology: Topology, graph: ModelGraph, keras_version: str) -> Translation:
    written = {"keras_version": keras_version, "backend": "tensorflow", "model_config": topology.model_config}

    def ask(model: Any, inputs: Sequence[NDArray[Any]]) -> Answers:
        from converter import keras_model  # noqa: PLC0415 - takes seconds to load

        return keras_model.answer(model, inputs)

    def evaluate(arrays: Arrays, inputs: Sequence[NDArray[Any]]) -> Answers:
        from converter import keras_from_layers_model  # noqa: PLC0415 - takes seconds to load

        return keras_from_layers_model.evaluate(written, arrays, inputs)

    return Translation(
        format="layers",
        parts={"format": "layers-model", "modelTopology": written},
        arrays=topology.arrays,
        inputs=topology.inputs,
        outputs=topology.outputs,
        ranges=tuple(input_ranges(graph)),
        ask=ask,
        evaluate=evaluate,
        layer_count=topology.layer_count,
        renamed=topology.renamed,
        layers=topology.translated,
    )


def _refuse_missing_package(reason: str | None) -> None:
    try:
        package_folder()
    except ModuleNotFoundError as error:
        raise UnsupportedOption(
            f"{reason or 'A graph model was asked for.'} A graph model needs the Python package tensorflowjs, which is "
            "not installed here (there is none for Linux on ARM); convert the model on another machine."
        ) from error


def _graph_model(model: Any, graph: ModelGraph | None, reason: str | None) -> Translation:
    from converter import graph_fallback  # noqa: PLC0415 - loads TensorFlow

    _refuse_missing_package(reason)
    made = graph_fallback.build_graph_model(model)

    def evaluate(arrays: Arrays, inputs: Sequence[NDArray[Any]]) -> Answers:
        return graph_fallback.evaluate(made, arrays, inputs)

    return Translation(
        format="graph",
        parts={"format": "graph-model", "modelTopology": made.topology, "signature": made.signature},
        arrays=made.arrays,
        inputs=made.inputs,
        outputs=made.outputs,
        ranges=tuple(input_ranges(graph)) if graph else (None,) * len(made.inputs),
        ask=graph_fallback.ask,
        evaluate=evaluate,
        reason=reason,
        is_async=made.is_async,
        layer_count=len({call.operation.path for call in graph.calls}) if graph else len(model.layers),
        notes=made.notes,
    )
