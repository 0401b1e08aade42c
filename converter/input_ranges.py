"""Which numbers a probe may ask a model about: ids for inputs that are looked up in a table, anything elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from converter.model_graph import Call, ModelGraph, Tensor

Range = tuple[int, int]
"""Lowest and highest whole number."""

# Layers that hand ids on as they are.
_HAND_ON = frozenset(
    [
        *("Concatenate", "Cropping1D", "Dropout", "Flatten", "Identity", "Permute", "RepeatVector", "Reshape"),
        *(
            "ops.Cast",
            "ops.Concatenate",
            "ops.ExpandDims",
            "ops.GetItem",
            "ops.Reshape",
            "ops.Squeeze",
            "ops.Transpose",
        ),
    ]
)

_NARROW = {"int8": (-128, 127), "uint8": (0, 255)}
"""Whole numbers that would turn into others where there are more."""

_AROUND = ("SpectralNormalization", "TimeDistributed")

_SIZE_OF_TABLE = {"CategoryEncoding": "num_tokens", "Embedding": "input_dim", "ReversibleEmbedding": "input_dim"}


def input_ranges(graph: ModelGraph) -> list[Range | None]:
    """The range of each input: the smallest table it is looked up in; None where any number will do."""
    takers: dict[int, list[Call]] = {}
    for call in graph.calls:
        for tensor in call.inputs:
            takers.setdefault(id(tensor), []).append(call)
    return [_range(tensor, takers) for tensor in graph.inputs]


def _range(tensor: Tensor, takers: dict[int, list[Call]]) -> Range | None:
    sizes = list(_tables(tensor, takers))
    narrow = _NARROW.get(tensor.dtype)
    return (0, min([*(size - 1 for size in sizes), *(narrow or ())[1:]])) if sizes else narrow


def _tables(tensor: Tensor, takers: dict[int, list[Call]]) -> Iterable[int]:
    for call in takers.get(id(tensor), ()):
        class_name = call.operation.class_name
        if class_name in _SIZE_OF_TABLE and isinstance(size := call.config.get(_SIZE_OF_TABLE[class_name]), int):
            yield size
        elif class_name in _AROUND and (inner := call.operation.inner["layer"]).class_name in _SIZE_OF_TABLE:
            yield int(inner.config[_SIZE_OF_TABLE[inner.class_name]])
        elif class_name in _HAND_ON:
            for output in call.outputs:
                yield from _tables(output, takers)
