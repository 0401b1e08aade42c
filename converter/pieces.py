"""What a rule is made of: the TF.js layers that stand for one Keras layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod

from converter.arguments import Arguments, Parser
from converter.model_config import Shape

SOURCE = -1
"""In `Piece.takes`: what the Keras layer itself takes, rather than an earlier piece."""


@dataclass(frozen=True)
class Piece:
    """One TF.js layer of the translation of one Keras layer.

    `takes` numbers the earlier pieces it reads (or SOURCE); `weights` are the names, in Keras' order of storing.
    """

    class_name: str
    config: Mapping[str, object] = field(default_factory=dict)
    takes: tuple[int, ...] = (SOURCE,)
    weights: tuple[tuple[str, tuple[int, ...]], ...] = ()


class DoesNotFit(Exception):
    """A layer cannot take such an input, or not with such arguments; the name of the layer is added by who calls."""

    def __init__(self, what: str, expected: str, received: object) -> None:
        super().__init__(expected)
        self.what = what
        self.expected = expected
        self.received = received


def known_size(count: int | None) -> int:
    """The size of an axis that decides the shape of weights. Raises DoesNotFit."""
    if count is None:
        raise DoesNotFit("last axis of the input", "a known size", None)
    return count


def numbers_of(shape: Shape) -> int:
    """How many numbers a tensor has; sizes that are not known yet count as one."""
    return prod(size or 1 for size in shape)


def no_work(_arguments: Arguments, _shape: Shape, _answer: Shape) -> int:
    """For layers that do no more than look at each number once."""
    return 0


@dataclass(frozen=True)
class LayerRule:
    """What one Keras layer may say, and how it is said in TF.js.

    `parsers` check the arguments that matter, `defaults` are Keras' own for those that may be left out, `required` must
    be there; `ignored` do not change what a trained model answers; any other argument is refused. `output_shape` and
    `translate` may raise DoesNotFit. `translate` returns no piece at all for a layer that passes its input on. `work`
    is the number of multiplications of a call, from the shapes that go in and come out.
    """

    parsers: Mapping[str, Parser]
    ignored: frozenset[str]
    translate: Callable[[Arguments, Shape], tuple[Piece, ...]]
    output_shape: Callable[[Arguments, Shape], Shape]
    defaults: Arguments = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    work: Callable[[Arguments, Shape, Shape], int] = no_work


def after(first: Piece, rest: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Let `rest` work on what `first` answers instead of on the source."""
    shifted = (Piece(p.class_name, p.config, tuple(i + 1 for i in p.takes), p.weights) for p in rest)
    return (first, *shifted)


def in_a_row(*pieces: Piece) -> tuple[Piece, ...]:
    """Let each piece take what the one before it answers."""
    return tuple(Piece(p.class_name, p.config, (number - 1,), p.weights) for number, p in enumerate(pieces))
