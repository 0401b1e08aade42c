"""A built Keras model as plain data: which layers are called on which tensors, in order, nested models inlined.

Read from a live model by `keras_model`; nothing here knows Keras. All of it is compared by identity: two calls of one
layer share the same `Operation`, and whatever takes a tensor holds the very `Tensor` that a call made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

Shape = tuple[int | None, ...]
"""Sizes per axis, the batch axis first; None is a size not known before the data comes."""

OperationPath = tuple[str, ...]
"""Names of an operation and the models around it, outermost first."""


def numbers_of(shape: Shape) -> int:
    """How many numbers a tensor has; sizes that are not known yet count as one."""
    return prod(1 if size is None else size for size in shape)


@dataclass(frozen=True, eq=False)
class Tensor:
    """One value between two calls; `dtype` is Keras' name of it."""

    shape: Shape
    dtype: str = "float32"


@dataclass(frozen=True)
class NamedTensor:
    """An input or output of a finished model: its name there, its shape, and float32, int32 or bool."""

    name: str
    shape: Shape
    dtype: str = "float32"


@dataclass(frozen=True, eq=False)
class Operation:
    """One layer ("Dense"), one function of keras.ops ("ops.Add"), or one class of somebody else ("package>Class").

    `config` holds the arguments it was made with, `changed` the names of those that are not Keras' defaults, `inner`
    the operations it wraps, by the name of the attribute, and `graph` the calls inside if it is a model itself.
    `read_weights` returns its arrays by Keras' names of them.
    """

    path: OperationPath
    class_name: str
    config: Mapping[str, Any] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    inner: Mapping[str, Operation] = field(default_factory=dict)
    graph: ModelGraph | None = None
    weights: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Keras' name of it."""
        return self.path[-1]


@dataclass(frozen=True, eq=False)
class Call:
    """One call of an operation: its arguments by name, in order, tensors in them as Tensor; and what it made."""

    operation: Operation
    arguments: Mapping[str, Any]
    outputs: tuple[Tensor, ...]

    @property
    def config(self) -> Mapping[str, Any]:
        """What the operation was made with."""
        return self.operation.config

    @property
    def weights(self) -> Mapping[str, NDArray[np.generic]]:
        """The operation's arrays by Keras' names."""
        return self.operation.weights

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """The tensors of the first argument."""
        return tuple(tensors_in(next(iter(self.arguments.values()), None)))

    @property
    def input(self) -> Tensor:
        """The first tensor of the first argument."""
        return self.inputs[0]

    @property
    def output(self) -> Tensor:
        """The first tensor it made."""
        return self.outputs[0]

    @property
    def extras(self) -> dict[str, Any]:
        """The arguments after the first that say anything."""
        rest = list(self.arguments.items())[1:]
        return {name: value for name, value in rest if not _says_nothing(name, value)}


def _says_nothing(name: str, value: object) -> bool:
    if name == "training":  # whatever was asked for, a model that is asked for its answer is not training
        return True
    if isinstance(value, Mapping):
        value = list(value.values())
    return value is None or (isinstance(value, (list, tuple)) and all(item is None for item in value))


@dataclass(frozen=True, eq=False)
class ModelGraph:
    """A whole model: every call comes after those whose tensors it takes."""

    name: str
    calls: tuple[Call, ...]
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]


def tensors_in(value: object) -> Iterator[Tensor]:
    """Tensors inside an argument, in Keras' order: lists as they are, dictionaries by sorted key."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, Mapping):
        for key in sorted(value):
            yield from tensors_in(value[key])
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from tensors_in(item)


def without_masks(call: Call) -> Iterable[Tensor]:
    """The tensors a call computes with; masks are told apart, for TF.js makes its own."""
    for name, value in call.arguments.items():
        if name != "mask":
            yield from tensors_in(value)
