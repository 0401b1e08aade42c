"""The way back: a TF.js layers model as a live Keras model that answers the same.

Reads what this converter writes, and what `model.save` of TF.js writes in a browser. Importing this file imports Keras,
which takes seconds: import it where it is needed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from converter.errors import InputRefused, InvalidConfiguration, UnreadableArchive, WeightMismatch, quoted
from converter.quantization import dequantize
from converter.shards import Array, unpack
from converter.tfjs_layer import Config, LayerMaker, snake_keys
from converter.verify import read_json

_MODELS = ("Functional", "Model", "Sequential")
_EXPECTED = "The model.json should be of a TF.js layers model"


def read_model(path: str | os.PathLike[str]) -> Any:
    """Read a folder that holds model.json, or any such JSON file with its weights beside it, as a Keras model.

    Quantized weights are read as what they stand for. Raises UnreadableArchive when files are missing or damaged,
    UnsupportedLayer for a layer Keras has no counterpart of, WeightMismatch when the weights do not fit the layers.
    """
    given = Path(path)
    file = given / "model.json" if given.is_dir() else given
    try:
        written = read_json(file)
        topology, groups = written["modelTopology"], written["weightsManifest"]
        arrays = {name: array for group in groups for name, array in _read_group(file.parent, group).items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableArchive(f"{quoted(str(file))} is no readable layers model of TF.js ({error}).") from error
    if written.get("format", "layers-model") != "layers-model":
        raise InputRefused(f"{quoted(str(file))} is a graph model; only layers models can be read back into Keras.")
    return build_model(topology, arrays)


def _read_group(folder: Path, group: Config) -> dict[str, Array]:
    # Only names of files beside model.json: a path could lead anywhere.
    names = [str(path).removeprefix("./") for path in group["paths"]]
    if any(Path(name).name != name or "\\" in name for name in names):
        raise ValueError("its weights lie in another folder")
    stored = unpack(group["weights"], b"".join((folder / name).read_bytes() for name in names))
    return dequantize(group["weights"], stored)


def build_model(topology: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], *, is_bare: bool = False) -> Any:
    """Build a Keras model from `modelTopology` and its weights by their TF.js names.

    `is_bare` leaves out what only training needs: regularizers, constraints, ways to begin. Raises
    InvalidConfiguration, UnsupportedLayer and WeightMismatch as `read_model` does.
    """
    maker = LayerMaker(lambda inner: _build(inner, maker), is_bare)
    entry = _model_entry(topology)
    try:
        model = _build(entry, maker)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InvalidConfiguration(f"{_EXPECTED} whose layers fit together, but they do not: {reason}") from error
    weights = dict(arrays)
    for name, variable in _named_variables(model.name, model, arrays):
        variable.assign(_taken(weights, name, tuple(variable.shape)))
    if weights:
        raise WeightMismatch(f"No layer takes the weight {quoted(next(iter(weights)))}.")
    return model


def evaluate(
    topology: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], inputs: Sequence[NDArray[Any]]
) -> list[NDArray[np.float32]]:
    """Answer inputs (one array each, rows first, in order) as the TF.js model does, as float32 arrays in order."""
    model = build_model(topology, arrays, is_bare=True)
    outputs = keras.tree.flatten(model(_one_or_all(list(inputs)), training=False))
    return [np.asarray(keras.ops.convert_to_numpy(output), dtype=np.float32) for output in outputs]


def _model_entry(topology: Config) -> Config:
    entry = topology.get("model_config", topology) if isinstance(topology, Mapping) else None
    if not isinstance(entry, Mapping) or entry.get("class_name") not in _MODELS:
        raise InvalidConfiguration(f"{_EXPECTED}: a Functional or Sequential one.")
    return entry


def _name_of(entry: Config) -> str:
    return str(entry.get("name") or entry["config"]["name"])


# ---- Building -------------------------------------------------------------------------------------------------


def _build(entry: Config, maker: LayerMaker) -> Any:
    config = snake_keys(entry["config"])
    name = str(config.get("name") or "model")
    if entry["class_name"] == "Sequential":
        return keras.Sequential(list(_sequential_layers(config, maker)), name=name)
    inputs: dict[str, Any] = {}

    def start(layer: Config) -> Any:
        inputs[_name_of(layer)] = _input(layer)
        return inputs[_name_of(layer)]

    outputs = _Replay(maker, start).run(config)
    given = [inputs[reference[0]] for reference in _references(config["input_layers"])]
    return keras.Model(_one_or_all(given), _one_or_all(outputs), name=name)


def _one_or_all(tensors: Sequence[Any]) -> Any:
    return tensors[0] if len(tensors) == 1 else list(tensors)


def _input(entry: Config) -> Any:
    config = snake_keys(entry["config"])
    return keras.Input(batch_shape=_shape(config), dtype=config.get("dtype") or "float32", name=_name_of(entry))


def _shape(config: Config) -> tuple[int | None, ...]:
    shape = config.get("batch_input_shape") or config.get("batch_shape")
    if not isinstance(shape, (list, tuple)):
        raise InvalidConfiguration(f"{_EXPECTED} whose input has a batch_input_shape, but it has {quoted(shape)}.")
    return tuple(shape)


def _sequential_layers(config: Config, maker: LayerMaker) -> Iterator[Any]:
    layers = config["layers"]
    if layers and layers[0]["class_name"] != "InputLayer":
        first = snake_keys(layers[0]["config"])
        if layers[0]["class_name"] not in _MODELS:
            yield keras.Input(batch_shape=_shape(first), dtype=_first_dtype(layers[0]))
    for entry in layers:
        yield _input(entry) if entry["class_name"] == "InputLayer" else maker.make(entry)


def _first_dtype(entry: Config) -> str:
    return "int32" if entry["class_name"] == "Embedding" else "float32"


_Reference = tuple[str, int, int]
"""A tensor: the name of the layer that makes it, which of its calls, which of its outputs."""


def _references(value: Any) -> list[_Reference]:
    """Read [name, call, output] of each tensor; a single one may come without the list around it."""
    several = [value] if value and isinstance(value[0], str) else value
    return [(str(name), int(call), int(output)) for name, call, output, *_ in several]


class _Replay:
    """Makes the layers of a functional model and calls them in the order of TF.js.

    TF.js goes over the layers again and again; each makes those of its calls whose inputs exist already, and the number
    of a call is the order in which it became possible (`Container.fromConfig`, tfjs-layers 4.22). A model inside the
    model counts the call on its own inputs as the first.
    """

    def __init__(self, maker: LayerMaker, start: Callable[[Config], Any]) -> None:
        self._maker = maker
        self._start = start
        self._layers: dict[str, Any] = {}
        self._made: dict[str, list[list[Any]]] = {}

    def run(self, config: Config) -> list[Any]:
        """Make every call; returns the outputs of the model."""
        waiting = dict(map(self._prepare, config["layers"]))
        while any(waiting.values()):
            before = sum(map(len, waiting.values()))
            for name, nodes in waiting.items():
                waiting[name] = [node for node in nodes if not self._call(name, _references(node))]
            if sum(map(len, waiting.values())) == before:
                raise InvalidConfiguration(f"{_EXPECTED}, but some of its layers wait for each other.")
        return [self._made[name][call][output] for name, call, output in _references(config["output_layers"])]

    def _prepare(self, entry: Config) -> tuple[str, list[Any]]:
        name = _name_of(entry)
        if entry["class_name"] == "InputLayer":
            self._made[name] = [[self._start(entry)]]
            return name, []
        self._layers[name] = self._maker.make(entry)
        self._made[name] = [[]] if entry["class_name"] in _MODELS else []
        return name, list(entry.get("inbound_nodes") or ())

    def _call(self, name: str, references: Sequence[_Reference]) -> bool:
        """Make one call of a layer if it can be made yet."""
        if any(call >= len(self._made[source]) for source, call, _ in references):
            return False
        inputs = [self._made[source][call][output] for source, call, output in references]
        answer = _answer_of(self._layers[name], inputs)
        self._made[name].append(list(answer) if isinstance(answer, (list, tuple)) else [answer])
        return True


_RECURRENT = (keras.layers.RNN, keras.layers.Bidirectional, keras.layers.ConvLSTM2D)


def _answer_of(layer: Any, inputs: Sequence[Any]) -> Any:
    if len(inputs) > 1 and isinstance(layer, _RECURRENT):
        return layer(inputs[0], initial_state=list(inputs[1:]))
    return layer(_one_or_all(inputs))


# ---- Weights --------------------------------------------------------------------------------------------------


def _taken(weights: dict[str, NDArray[Any]], name: str, shape: tuple[int, ...]) -> NDArray[Any]:
    """Take one array out. Raises WeightMismatch when it is missing or has another shape."""
    array = weights.pop(name, None)
    if array is None or array.shape != shape:
        received = "is missing" if array is None else f"has the shape {list(array.shape)}"
        raise WeightMismatch(f"The weight {quoted(name)} should have the shape {list(shape)}, but {received}.")
    return array


def _named_variables(name: str, layer: Any, known: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """The variables of a layer by the names TF.js gives them."""
    if isinstance(layer, keras.Model):
        for inner in layer.layers:
            yield from _named_variables(inner.name, inner, known)
    elif isinstance(layer, keras.layers.Bidirectional):
        for direction, inner in (("forward", layer.forward_layer), ("backward", layer.backward_layer)):
            yield from _named_variables(_path_of_direction(f"{name}/{direction}_", known), inner, known)
    elif isinstance(layer, keras.layers.TimeDistributed):
        yield from _named_variables(name, layer.layer, known)
    elif isinstance(getattr(layer, "cell", None), keras.layers.StackedRNNCells):
        for number, cell in enumerate(layer.cell.cells):
            yield from _named_variables(f"{name}/RNNCell_{number}", cell, known)
    else:
        for variable in layer.weights:
            weight = "depthwise_kernel" if isinstance(layer, keras.layers.DepthwiseConv2D) else variable.name
            yield f"{name}/{variable.name if variable.name != 'kernel' else weight}", variable


def _path_of_direction(start: str, known: Iterable[str]) -> str:
    """Where the weights of one direction are: Keras drops a word from the inner layer's name that TF.js keeps."""
    found = next((weight for weight in known if weight.startswith(start)), start)
    return found.rpartition("/")[0] if found != start else start
