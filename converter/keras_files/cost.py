"""What one answer of a live model takes, in memory and in work, from the shapes it was built with.

A small file can ask for any amount of both. Sizes that are not known before the data comes count as one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import keras

from converter.errors import InvalidConfiguration, quoted
from converter.keras_files.budget import Shape, numbers_of

MAX_NUMBERS = 250_000_000
"""Numbers in all tensors together while a model answers once."""

MAX_MULTIPLICATIONS = 300_000_000_000
"""Work of one answer; VGG16 makes 250 thousand million for 16 pictures."""


def cost_of(model: Any) -> Cost:
    """What a live Sequential or functional model takes to answer for one row.

    Raises InvalidConfiguration beyond MAX_NUMBERS and MAX_MULTIPLICATIONS.
    """
    cost = Cost()
    cost.bear_model(model)
    return cost


class Cost:
    """Adds up numbers and multiplications; raises InvalidConfiguration beyond the limits."""

    def __init__(self) -> None:
        self.numbers = 0
        self.multiplications = 0
        self._models: dict[int, Cost] = {}

    def bear(self, layer: str, numbers: int, multiplications: int) -> None:
        """Count what a layer takes."""
        self.numbers += numbers
        self.multiplications += multiplications
        if self.numbers > MAX_NUMBERS or self.multiplications > MAX_MULTIPLICATIONS:
            raise InvalidConfiguration(
                f"Layer {quoted(layer)}: to answer once, the model takes more than {MAX_NUMBERS} numbers in memory or "
                f"{MAX_MULTIPLICATIONS} multiplications; use a smaller model or smaller inputs."
            )

    def bear_call(self, operation: Any, inputs: Iterable[Any], outputs: Iterable[Any]) -> None:
        """Count one call of a layer or function on symbolic tensors."""
        given = [tuple(tensor.shape) for tensor in inputs]
        made = [tuple(tensor.shape) for tensor in outputs]
        name = str(operation.name)
        self.bear(name, sum(map(numbers_of, made)), _multiplications(operation, given, made))
        if _is_attention(operation):
            self.bear(name, *_attention(operation, given))
        for model, times in _models_in(operation, given):
            inner = self._inner(model)
            self.bear(name, times * inner.numbers, times * inner.multiplications)

    def _inner(self, model: Any) -> Cost:
        if id(model) not in self._models:
            cost = Cost()
            cost._models = self._models  # noqa: SLF001 - our own class
            cost.bear_model(model)
            self._models[id(model)] = cost
        return self._models[id(model)]

    def bear_model(self, model: Any) -> None:
        """Count every call of a built Sequential or functional model, models inside it included."""
        functional = getattr(model, "_functional", None) or model
        for nodes in functional._nodes_by_depth.values():  # noqa: SLF001 - the only list of a model's calls
            for node in nodes:
                if node.is_input:
                    self.bear(str(node.operation.name), sum(numbers_of(one.shape) for one in node.outputs), 0)
                else:
                    self.bear_call(node.operation, node.input_tensors, node.outputs)


def _models_in(operation: Any, given: Sequence[Shape]) -> Iterator[tuple[Any, int]]:
    """Models that a call of an operation calls, and how often."""
    if _is_model(operation):
        yield operation, 1
    inner = getattr(operation, "layer", None)
    if isinstance(operation, keras.layers.TimeDistributed) and _is_model(inner):
        steps = given[0][:2] if given else ()
        yield inner, numbers_of(steps)


def _is_model(operation: Any) -> bool:
    return isinstance(operation, keras.Model)


# ---- Work -----------------------------------------------------------------------------------------------------


def _multiplications(operation: Any, given: Sequence[Shape], made: Sequence[Shape]) -> int:
    """An upper bound: each weight of a kernel is used once at every position."""
    if _is_model(operation):
        return 0
    numbers = sum(map(numbers_of, made))
    if not isinstance(operation, keras.Layer):
        return numbers + _product(operation, given, made)
    window = getattr(operation, "pool_size", None)
    pooled = numbers * (math.prod(window) if isinstance(window, (tuple, list)) else 1)
    return pooled + _kernels(operation) * _positions(operation, [*given, *made])


def _kernels(layer: Any) -> int:
    """Weights that are multiplied; an embedding is looked up."""
    if isinstance(layer, keras.layers.Embedding):
        return 0
    return sum(numbers_of(weight.shape) for weight in layer.weights if len(weight.shape) >= 2)


def _positions(layer: Any, shapes: Sequence[Shape]) -> int:
    is_first = getattr(layer, "data_format", None) == "channels_first"
    return max((numbers_of([*shape[:1], *shape[2:]] if is_first else shape[:-1]) for shape in shapes), default=1)


def _is_attention(operation: Any) -> bool:
    return "Attention" in type(operation).__name__ and isinstance(operation, keras.Layer)


def _attention(layer: Any, given: Sequence[Shape]) -> tuple[int, int]:
    """The table of scores, one number for each pair of positions and each head."""
    positions = sorted((numbers_of(shape[1:-1]) for shape in given), reverse=True) or [1]
    heads = next((value for name in _HEADS if (value := getattr(layer, name, None))), 1)
    scores = int(heads) * positions[0] * positions[min(1, len(positions) - 1)]
    width = max((shape[-1] or 1 for shape in given if shape), default=1)
    batch = max((shape[0] or 1 for shape in given if shape), default=1)
    per_score = width if "Additive" in type(layer).__name__ or heads == 1 else _head_size(layer)
    return batch * scores * (width if "Additive" in type(layer).__name__ else 1), batch * scores * per_score * 2


_HEADS = ("num_heads", "_num_heads", "num_query_heads")


def _head_size(layer: Any) -> int:
    sizes = [getattr(layer, name, None) for name in ("key_dim", "_key_dim", "head_dim", "value_dim")]
    return max([int(size) for size in sizes if size] or [1])


def _product(operation: Any, given: Sequence[Shape], made: Sequence[Shape]) -> int:
    """Functions of keras.ops that multiply tensors with each other."""
    name = type(operation).__name__
    numbers = [numbers_of(shape) for shape in given]
    if name == "Matmul" and given and given[0]:
        return sum(map(numbers_of, made)) * (given[0][-1] or 1)
    if name == "Einsum":
        return _einsum(str(operation.subscripts), given)
    if name in ("Conv", "DepthwiseConv", "SeparableConv", "Dot", "Tensordot", "Inner", "DotProductAttention"):
        return math.prod(numbers)
    window = getattr(operation, "pool_size", 1)
    return sum(map(numbers_of, made)) * (math.prod(window) if isinstance(window, (tuple, list)) else int(window))


def _einsum(subscripts: str, given: Sequence[Shape]) -> int:
    sizes: dict[str, int] = {}
    hidden = 1
    for labels, shape in zip(subscripts.partition("->")[0].split(","), given, strict=False):
        named = labels.replace("...", "").strip()
        hidden = max(hidden, numbers_of(shape) if "..." in labels else 1)
        for label, size in zip(named, shape[-len(named) :] if named else (), strict=False):
            sizes[label] = max(sizes.get(label, 1), size or 1)
    return math.prod(sizes.values()) * hidden
