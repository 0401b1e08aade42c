"""The inputs and outputs of a Keras model: their order, names, shapes and dtypes, and how a call is packed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras

from converter.errors import ModelNotBuilt, quoted
from converter.model_graph import NamedTensor

_INTEGERS = frozenset({"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"})


@dataclass(frozen=True)
class Interface:
    """The inputs of a model, and `ask`: its outputs for tensors in that order, in whatever structure Keras returns."""

    inputs: tuple[NamedTensor, ...]
    ask: Callable[[Sequence[Any]], Any]


def narrowed(dtype: str) -> str:
    """Name the dtype of TensorFlow.js (float32, int32, bool, string, complex64) that stands for one of Keras."""
    if dtype in _INTEGERS:
        return "int32"
    if dtype.startswith("complex"):
        return "complex64"
    return dtype if dtype in {"bool", "string"} else "float32"


def read_interface(model: Any) -> Interface:
    """Read how a model is called. Raises ModelNotBuilt for a model that never saw an input."""
    functional = model._functional if isinstance(model, keras.Sequential) else model  # noqa: SLF001
    if getattr(functional, "_inputs_struct", None) is not None:
        return _of_symbolic_inputs(model, functional._inputs_struct)  # noqa: SLF001
    return _of_recorded_shapes(model)


def output_names(model: Any, outputs: Any) -> list[str]:
    """Name the outputs of a model: keys of a dictionary, else the layers that make them, else "output"."""
    if isinstance(outputs, Mapping):
        return _keys(outputs)
    functional = model._functional if isinstance(model, keras.Sequential) else model  # noqa: SLF001
    flat = keras.tree.flatten(outputs)
    symbolic = keras.tree.flatten(getattr(functional, "_outputs_struct", None))
    if len(symbolic) == len(flat) and all(isinstance(tensor, keras.KerasTensor) for tensor in symbolic):
        return _distinct(map(_maker, symbolic))
    return _distinct("output" for _ in flat)


def _of_symbolic_inputs(model: Any, structure: Any) -> Interface:
    tensors = keras.tree.flatten(structure)
    names = _keys(structure) or _distinct(map(_maker, tensors))
    inputs = tuple(
        NamedTensor(name, tuple(tensor.shape), narrowed(str(tensor.dtype)))
        for name, tensor in zip(names, tensors, strict=True)
    )

    def ask(given: Sequence[Any]) -> Any:
        return model(keras.tree.pack_sequence_as(structure, list(given)), training=False)

    return Interface(inputs, ask)


def _of_recorded_shapes(model: Any) -> Interface:
    """Read a model with code of its own from the shapes it was built with, by the names of its arguments."""
    shapes = _recorded_shapes(model)
    structure = keras.tree.map_shape_structure(_Leaf, shapes)
    leaves = keras.tree.flatten(structure)
    inputs = tuple(
        NamedTensor(name, (None, *leaf.shape[1:]), "float32")
        for name, leaf in zip(_keys(structure), leaves, strict=True)
    )

    def ask(given: Sequence[Any]) -> Any:
        return model(**keras.tree.pack_sequence_as(structure, list(given)), training=False)

    return Interface(inputs, ask)


@dataclass(frozen=True)
class _Leaf:
    """A shape that `keras.tree` takes for one value."""

    shape: tuple[int | None, ...]


def _recorded_shapes(model: Any) -> dict[str, Any]:
    recorded = getattr(model, "_build_shapes_dict", None)
    if not recorded:
        raise ModelNotBuilt(
            f"Model {quoted(model.name)} does not know its input shape yet; call it once on data before converting it."
        )
    arguments = [parameter for parameter in model._call_signature.parameters if parameter != "self"]  # noqa: SLF001
    if set(recorded) == {"input_shape"}:
        return {arguments[0]: recorded["input_shape"]}
    return {name.removesuffix("_shape"): shape for name, shape in recorded.items()}


def _keys(structure: Any) -> list[str]:
    """Name the values of a dictionary by their keys, in Keras' order of them; nothing for other structures."""
    if not isinstance(structure, Mapping):
        return []
    return _distinct("_".join(map(str, path)) for path, _ in keras.tree.flatten_with_path(structure))


def _maker(tensor: Any) -> str:
    return str(tensor._keras_history.operation.name)  # noqa: SLF001 - as Keras names inputs and outputs itself


def _distinct(names: Iterable[str]) -> list[str]:
    """Make names usable as keys in JavaScript's order: none twice, none that looks like a number."""
    taken: dict[str, None] = {}
    for name in names:
        readable = name if name and not name.isdigit() and name != "__proto__" else f"tensor_{name.strip('_')}"
        number = 0
        distinct = readable
        while distinct in taken:
            number += 1
            distinct = f"{readable}_{number}"
        taken[distinct] = None
    return list(taken)
