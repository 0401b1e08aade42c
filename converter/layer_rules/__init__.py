"""One rule per Keras layer, by family: which TF.js layers answer alike, or why none do."""

from __future__ import annotations

from converter.layer_rules import (
    activations,
    convolution,
    core,
    merging,
    normalization,
    operations,
    pooling,
    recurrent,
    regularization,
    reshaping,
    wrappers,
)
from converter.layer_rules.rule import (
    REASONS,
    RULES,
    Emit,
    InnerLayer,
    NotExpressible,
    Place,
    Source,
    Weights,
    find_rule,
)

FAMILIES = (
    activations,
    convolution,
    core,
    merging,
    normalization,
    operations,
    pooling,
    recurrent,
    regularization,
    reshaping,
    wrappers,
)

__all__ = [
    "FAMILIES",
    "REASONS",
    "RULES",
    "Emit",
    "InnerLayer",
    "NotExpressible",
    "Place",
    "Source",
    "Weights",
    "find_rule",
]
