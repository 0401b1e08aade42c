"""Which operations the graph models of TensorFlow.js 4.22 can have, and what to do about the others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

import tensorflow as tf

from converter.errors import UnsupportedLayer
from converter.graph_fallback.memory import RANDOM_INSTEAD
from converter.graph_fallback.origins import Origins
from converter.tfjs_package import package_folder

_ANSWERED_WRONGLY = frozenset(
    {"MatrixBandPart", "BitwiseAnd", "EnsureShape", "Mod", "Select", "Print", "ImageProjectiveTransformV3", "Einsum"}
)
"""Listed by TensorFlow.js, but its entries read the wrong inputs, mean something else, or lack a backend."""

_RANDOM = frozenset(
    {
        "Multinomial", "PlaceholderWithDefault", "RandomStandardNormal", "RandomUniform", "RandomUniformInt",
        "TruncatedNormal",
    }
)  # fmt: skip
"""Different each time; a placeholder with a default stands for the next seed."""


_INSTEAD = {
    "text": "turn text into numbers in JavaScript, before the model, and feed the numbers",
    "linear algebra": "compute that with fixed matrices before converting, or leave it out of the model",
    "other": "leave that step out of the model and do it in JavaScript, or write it with simpler keras.ops",
}
_LINEAR_ALGEBRA = frozenset(
    {
        "Cholesky", "LogMatrixDeterminant", "LuDecomposition", "Lu", "MatrixDeterminant", "MatrixInverse",
        "MatrixSolve", "MatrixSolveLs", "MatrixTriangularSolve", "Qr", "SelfAdjointEigV2", "Eig", "Svd",
    }
)  # fmt: skip
_TEXT = ("AsString", "HashTable", "Lookup", "Regex", "StaticRegex", "String")

_UNUSED_LISTS = frozenset({"control", "hash_table", "ragged", "sparse", "string", "tfdf"})
"""Families that need tables, lists or text beside the graph."""

_LOOPS = frozenset({"While", "StatelessWhile"})
_ASYNCHRONOUS = _LOOPS | {
    "ListDiff", "NonMaxSuppressionV2", "NonMaxSuppressionV3", "NonMaxSuppressionV4", "NonMaxSuppressionV5", "Where",
}  # fmt: skip


@cache
def listed_operations() -> frozenset[str]:
    """Read the names of all operations that TensorFlow.js says it knows."""
    folder = package_folder() / "op_list"
    paths = [path for path in sorted(folder.glob("*.json")) if path.stem not in _UNUSED_LISTS]
    entries = [entry for path in paths for entry in json.loads(path.read_text("utf-8"))]
    return frozenset(entry["tfOpName"] for entry in entries)


def can_run(kind: str) -> bool:
    """Say whether TensorFlow.js runs an operation, and answers as TensorFlow does."""
    return kind in _LOOPS or kind in listed_operations() - _ANSWERED_WRONGLY - _RANDOM


def needs_waiting(kind: str) -> bool:
    """Say whether TensorFlow.js runs an operation in `executeAsync` only."""
    return kind in _ASYNCHRONOUS


@dataclass(frozen=True)
class Judge:
    """Refuses operations in the name of the layers that `origins` knows."""

    origins: Origins

    def check(self, operation: tf.Operation, name: str) -> None:
        """Raise UnsupportedLayer, naming the layer, the operation and a way out, unless TensorFlow.js can run it."""
        if not can_run(operation.type):
            reads_text = any(tensor.dtype == tf.string for tensor in operation.inputs)
            raise self.refusal(name, *_explanation(operation.type, reads_text))

    def refusal(self, name: str, reason: str, instead: str) -> UnsupportedLayer:
        """Make the error for an operation, by the name of its node."""
        layer, class_name = self.origins.owner_of(name)
        return UnsupportedLayer(layer, class_name, reason, instead=instead or _INSTEAD["other"])


def _explanation(kind: str, reads_text: bool) -> tuple[str, str]:
    if kind in _RANDOM or kind.startswith(("StatelessRandom", "StatelessTruncated", "StatelessParameterized")):
        return "draws random numbers whenever the model answers", RANDOM_INSTEAD
    if reads_text or kind.startswith(_TEXT):
        return f"works on text ({kind}), which a graph model cannot", _INSTEAD["text"]
    family = "linear algebra" if kind in _LINEAR_ALGEBRA else "other"
    return f"uses the TensorFlow operation {kind}, which TensorFlow.js does not have or answers wrongly", _INSTEAD[
        family
    ]
