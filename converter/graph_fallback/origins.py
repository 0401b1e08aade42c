"""Whom an operation belongs to: layers get scopes that name them exactly, and node names are read back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_MARK = "..L"
_MARKED_SEGMENT = re.compile(r"(?P<name>.*)\.\.L(?P<number>\d+)(?:_\d+)?")


@dataclass(frozen=True)
class Origins:
    """The layers of a model by the number that their scopes carry: (name, class) each."""

    names: tuple[tuple[str, str], ...]
    numbers: dict[int, int]

    @classmethod
    def of_layers(cls, layers: Sequence[Any], model: Any) -> Origins:
        """Number all layers of a model; the model itself comes first, for operations that belong to no layer."""
        ordered = [model, *(layer for layer in layers if layer is not model)]
        names = tuple((str(layer.name), type(layer).__name__) for layer in ordered)
        return cls(names, {id(layer): number for number, layer in enumerate(ordered)})

    def scope_of(self, layer: Any) -> str:
        """Name the scope of a layer: letters that TensorFlow takes, and its number."""
        number = self.numbers[id(layer)]
        return f"{plain(self.names[number][0])}{_MARK}{number}"

    def owner_of(self, node_name: str) -> tuple[str, str]:
        """Find the name and class of the innermost layer whose scope a node lies in."""
        for segment in reversed(node_name.split("/")):
            found = _MARKED_SEGMENT.fullmatch(segment)
            if found:
                return self.names[int(found["number"])]
        return self.names[0]


def plain(name: str) -> str:
    """Write a name with the letters TensorFlow and TensorFlow.js take in names of nodes, without accents."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^A-Za-z0-9_]+", "_", letters).strip("_")
    return kept if kept and kept[0].isalpha() else f"n_{kept}".rstrip("_")


def without_marks(text: str) -> str:
    """Take the numbers of layers out of a text that Keras or TensorFlow wrote."""
    return re.sub(r"\.\.L\d+", "", text)


def readable(node_name: str) -> str:
    """Take the numbers of layers out of the name of a node, and the models it is nested in."""
    segments = [found["name"] if (found := _MARKED_SEGMENT.fullmatch(part)) else part for part in node_name.split("/")]
    return "/".join(segments)
