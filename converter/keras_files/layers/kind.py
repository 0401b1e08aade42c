"""What is known about one class of layers: the arguments of its constructor and of its calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from converter.keras_files.arguments import Parser


@dataclass(frozen=True)
class LayerKind:
    """A class of layers: constructor arguments it `needs` and `takes`, and `options` of a call beside its inputs."""

    needs: Mapping[str, Parser] = field(default_factory=dict)
    takes: Mapping[str, Parser] = field(default_factory=dict)
    options: frozenset[str] = frozenset(["mask"])

    def parser(self, name: str) -> Parser | None:
        """The parser of an argument, or None for an unknown one."""
        return self.needs.get(name) or self.takes.get(name)


Kinds = Mapping[str, LayerKind]


def alike(class_names: str, kind: LayerKind) -> dict[str, LayerKind]:
    """Give several classes the same kind; names are separated by spaces."""
    return dict.fromkeys(class_names.split(), kind)
