"""What to write instead of the operations that TensorFlow.js does not know or answers wrongly, by family."""

from __future__ import annotations

from collections.abc import Mapping

from converter.graph_fallback.rules import (
    contractions,
    convolutions,
    elementwise,
    images,
    layouts,
    padding,
    randomness,
    reductions,
    spectra,
    structure,
)
from converter.graph_fallback.transcription import Rule

RULES: Mapping[str, Rule] = {
    **elementwise.RULES,
    **structure.RULES,
    **reductions.RULES,
    **contractions.RULES,
    **layouts.RULES,
    **padding.RULES,
    **convolutions.RULES,
    **images.RULES,
    **spectra.RULES,
    **randomness.RULES,
}
