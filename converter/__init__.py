"""Keras 3 models to TensorFlow.js: `convert(model_or_path, out_dir)`.

Importing this package is cheap: Keras is loaded by the first conversion that needs it. It stands alone: it knows
nothing of servers, and can be used from a terminal (`python -m converter model.keras out/`).
"""

from __future__ import annotations

# The function takes the name of its module on purpose; imported here once, nothing can swap them back.
from converter.convert import convert
from converter.errors import ConversionError, InputRefused, UnsupportedLayer, VerificationFailed, WeightMismatch
from converter.report import Report

__all__ = [
    "ConversionError",
    "InputRefused",
    "Report",
    "UnsupportedLayer",
    "VerificationFailed",
    "WeightMismatch",
    "convert",
]
