"""Small models to translate, each with its inputs, and how they are asked: Keras, TensorFlow and TensorFlow.js."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from converter.graph_fallback import GraphModel, ask, build_graph_model
from converter.shards import cut, manifest, manifest_entries, pack

Table = Mapping[str, Callable[[], Any]]
"""Makers of models, by what they show."""


@dataclass(frozen=True)
class Asked:
    """A translated model, what it was asked, and what Keras answers."""

    model: Any
    graph_model: GraphModel
    inputs: Sequence[Any]
    outputs: Sequence[Any]


def asked(make: Callable[[], Any], below: int = 4, rows: int = 3) -> Asked:
    """Make a model, give it random weights, translate it, and ask Keras."""
    keras.utils.set_random_seed(1)
    random = np.random.default_rng(7)
    model = make()
    randomise(model, random)
    graph_model = build_graph_model(model)
    inputs = [_input(tensor, random, below, rows) for tensor in graph_model.inputs]
    return Asked(model, graph_model, inputs, ask(model, inputs))


def randomise(model: Any, random: np.random.Generator) -> None:
    """Give all weights random values; variances stay positive."""
    for variable in model.variables:
        if "float" in str(variable.dtype):
            numbers = random.normal(0, 0.5, variable.shape)
            variable.assign(np.abs(numbers) + 0.5 if "variance" in variable.path else numbers)


def _input(tensor: Any, random: np.random.Generator, below: int, rows: int) -> Any:
    unknown = [rows, *[7] * (len(tensor.shape) - 1)]
    shape = [size or unknown[axis] for axis, size in enumerate(tensor.shape)]
    if tensor.dtype == "int32":
        return random.integers(0, below, shape).astype("int32")
    if tensor.dtype == "bool":
        return random.integers(0, 2, shape).astype(bool)
    return random.normal(0, 1, shape).astype("float32")


def write(folder: Path, question: Asked) -> Path:
    """Write a model and its probe as a folder that TensorFlow.js reads."""
    graph_model = question.graph_model
    shards = cut(pack(graph_model.arrays.values()))
    description = {
        "format": "graph-model",
        "modelTopology": graph_model.topology,
        "signature": graph_model.signature,
        "weightsManifest": manifest(manifest_entries(graph_model.arrays), list(shards)),
        "userDefinedMetadata": {"execution": "executeAsync" if graph_model.is_async else "predict"},
    }
    folder.mkdir(parents=True)
    (folder / "model.json").write_text(json.dumps(description), encoding="utf-8")
    (folder / "probe.json").write_text(json.dumps(_probe(question)), encoding="utf-8")
    for name, content in shards.items():
        (folder / name).write_bytes(content)
    return folder


def _probe(question: Asked) -> dict[str, Any]:
    named = zip(question.graph_model.inputs, question.inputs, strict=True)
    return {
        "inputs": [
            {"name": tensor.name, "dtype": tensor.dtype, "shape": list(array.shape), "data": array.ravel().tolist()}
            for tensor, array in named
        ],
        "outputs": [
            {"shape": list(array.shape), "data": np.asarray(array, float).ravel().tolist()}
            for array in question.outputs
        ],
    }


def sequential(shape: tuple[int | None, ...], *layers: Callable[[], Any], **options: Any) -> Callable[[], Any]:
    """Say how to make a Sequential model from layers that are made when it is."""
    return lambda: keras.Sequential([keras.Input(shape, **options), *(layer() for layer in layers)])


def functional(shape: tuple[int | None, ...], body: Callable[[Any], Any], **options: Any) -> Callable[[], Any]:
    """Say how to make a functional model of one input."""

    def make() -> Any:
        given = keras.Input(shape, **options)
        return keras.Model(given, body(given))

    return make


def of_two(first: tuple[int | None, ...], second: tuple[int | None, ...], body: Callable[[Any, Any], Any]) -> Any:
    """Say how to make a functional model of two inputs."""

    def make() -> Any:
        left, right = keras.Input(first), keras.Input(second)
        return keras.Model([left, right], body(left, right))

    return make


def operations(graph_model: GraphModel) -> set[str]:
    """List the kinds of operations in a graph model and in its functions."""
    topology = graph_model.topology
    functions = topology.get("library", {}).get("function", [])
    inner = [node for function in functions for node in function["nodeDef"]]
    return {node["op"] for node in [*topology["node"], *inner]}
