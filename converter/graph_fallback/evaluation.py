"""A written graph model, run by TensorFlow: what other weights (rounded ones, say) do to its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from converter.graph_fallback.fusion import taken_apart
from converter.graph_fallback.graph_model import GraphModel
from converter.graph_fallback.interface import read_interface
from converter.graph_fallback.topology import with_arrays

Array = NDArray[np.generic]


def evaluate(graph_model: GraphModel, arrays: Mapping[str, Array], inputs: Sequence[Array]) -> list[Array]:
    """Run a graph model with the given arrays on inputs in the order of `graph_model.inputs`.

    Returns the outputs in the order of `graph_model.outputs`. Raises KeyError when an array is missing.
    """
    graph_def = taken_apart(with_arrays(graph_model.topology, arrays))
    placeholders = [_tensor_name(graph_model, "inputs", given.name) for given in graph_model.inputs]
    wanted = [_tensor_name(graph_model, "outputs", made.name) for made in graph_model.outputs]
    fed = {
        name: np.asarray(array, given.dtype)
        for name, array, given in zip(placeholders, inputs, graph_model.inputs, strict=True)
    }
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        tf.import_graph_def(graph_def, name="")
        return [np.asarray(output) for output in session.run(wanted, fed)]


def ask(model: Any, inputs: Sequence[Array]) -> list[Array]:
    """Ask a live Keras model of any kind; inputs and outputs in the order of its graph model."""
    interface = read_interface(model)
    tensors = [tf.constant(array, given.dtype) for array, given in zip(inputs, interface.inputs, strict=True)]
    return [np.asarray(output) for output in keras.tree.flatten(interface.ask(tensors))]


def _tensor_name(graph_model: GraphModel, side: str, name: str) -> str:
    return str(graph_model.signature[side][name]["name"])
