"""What a rule is: a sentence that says one Keras layer in layers of TF.js.

    @layer_rule("Subtract")
    def subtract(call: Call, emit: Emit) -> Answer:
        first, second = call.inputs
        return emit("Add", first, emit("Rescaling", second, scale=-1.0))

`emit` adds one TF.js layer and returns what it answers. A rule that returns what it was given drops its layer. What a
rule cannot say it refuses with NotExpressible; the layer's name is added by who calls it. An argument that a rule does
not read, that is not Keras' default and that may change the answer is refused for it: a Keras of tomorrow cannot turn
into a silently wrong model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from converter.model_graph import Call, Operation, Shape, Tensor


class NotExpressible(Exception):
    """A layer, or what it is asked to do, has no counterpart among TF.js' layers; the message follows its name."""

    def __init__(self, reason: str, instead: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.instead = instead


@dataclass(frozen=True)
class Place:
    """One tensor of the flat model: which output of which call of which TF.js layer."""

    layer: int
    call: int
    index: int = 0


Source = Tensor | Place
"""What a TF.js layer can take: a tensor of the Keras model, or what an earlier layer of the rule answers."""

Answer = Source | tuple[Source, ...]
"""What a rule returns: one source for each tensor that the call made."""

Weights = Mapping[str, NDArray[np.generic]]


class Emit(Protocol):
    """Adds the TF.js layers of one call of one Keras layer; `is_masked` says whether steps of sequences are skipped."""

    is_masked: bool

    def __call__(self, class_name: str, *sources: Source, weights: Weights = ..., **config: object) -> Place:
        """Add a layer that takes `sources`, and return the first tensor it answers.

        Weights are called `<layer>/<name>`, those whose name begins with a slash just as they are.
        """
        ...

    def rule(self, operation: Operation, source: Source, shape: Shape, answer: Shape | None = None) -> Source:
        """Say another operation that takes `source`, such as an activation; it answers in the same shape or another."""
        ...

    def inner(self, operation: Operation, shape: Shape, answer: Shape) -> InnerLayer:
        """Say an operation as a layer on its own, for a layer that wraps it."""
        ...


def weights_named(call: Call, *names: str) -> Weights:
    """Those of a layer's weights that it has, in this order; what it wraps has weights of its own."""
    return {name: call.weights[name] for name in names if name in call.weights}


@dataclass(frozen=True)
class InnerLayer:
    """A layer to be wrapped; its weights are called by what follows the name of the wrapper."""

    class_name: str
    config: Mapping[str, object]
    weights: Weights


Rule = Callable[[Call, Emit], Answer]


@dataclass(frozen=True)
class LayerRule:
    """A rule, the arguments it reads (None is all), and those of the call beside the first."""

    translate: Rule
    reads: frozenset[str] | None
    takes: frozenset[str]


RULES: dict[str, LayerRule] = {}
"""By class name; functions of keras.ops as "ops.Add"."""

REASONS: dict[str, str] = {}
"""Why a class has no rule."""

_HARMLESS = frozenset(
    [
        *("activity_regularizer", "autocast", "dtype", "implementation", "input_shape", "name", "seed", "sparse"),
        *("supports_masking", "trainable", "unroll", "use_cudnn"),
        *("lora_alpha", "lora_rank", "quantization_config", "ragged"),
    ]
)
"""Arguments that never change what a trained model answers."""


def layer_rule(
    *class_names: str, reads: Iterable[str] | None = (), takes: Iterable[str] = ()
) -> Callable[[Rule], Rule]:
    """Register a rule for these classes. It reads the arguments `reads`, and `takes` of the call beside the first.

    None for `reads` is a rule whose answer does not depend on any argument.
    """

    def register(rule: Rule) -> Rule:
        for name in class_names:
            RULES[name] = LayerRule(rule, None if reads is None else frozenset(reads), frozenset(takes))
        return rule

    return register


def no_rule(reason: str, *class_names: str) -> None:
    """Note why these classes have no rule; `reason` follows the layer's name."""
    REASONS.update(dict.fromkeys(class_names, reason))


def find_rule(call: Call) -> LayerRule:
    """The rule for a call; raises NotExpressible if there is none, or none for what the call asks."""
    rule = RULES.get(call.operation.class_name)
    if rule is None:
        raise NotExpressible(_why_no_rule(call.operation.class_name))
    for name in sorted(call.operation.changed - rule.reads) if rule.reads is not None else ():
        if not _is_harmless(name):
            raise NotExpressible(f"has {name}={_shown(call.config[name])}, which TensorFlow.js layers do not know")
    for name in call.extras:
        if name not in rule.takes and name != "mask":
            raise NotExpressible(f"is called with {name}, which TensorFlow.js layers do not know")
    return rule


def _why_no_rule(class_name: str) -> str:
    if ">" in class_name:
        return "is a custom class"
    return REASONS.get(class_name, "has no counterpart among the layers of TensorFlow.js")


def _is_harmless(name: str) -> bool:
    return name in _HARMLESS or name.endswith(("_initializer", "_regularizer", "_constraint"))


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
