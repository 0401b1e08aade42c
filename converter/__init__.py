"""Keras 3 models to TensorFlow.js: `convert(model_or_path, out_dir)`.

Importing this package is cheap: Keras is loaded by the first conversion that needs it. It stands alone: it knows
nothing of servers, and can be used from a terminal (`python -m converter model.keras out/`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

# The function takes the name of its module on purpose; imported here once, nothing can swap them back.
from converter.convert import convert
from converter.errors import ConversionError, InputRefused, UnsupportedLayer, VerificationFailed, WeightMismatch
from converter.report import Report

if TYPE_CHECKING:
    from pathlib import Path


def to_keras(path: str | Path) -> Any:
    """Read a TensorFlow.js layers model back into a live Keras model: the folder or its model.json, quantized or not.

    It may be one of ours or one that the browser saved with `model.save`. For files of your own: sizes in them are not
    bounded. Raises subclasses of InputRefused for files it cannot read.
    """
    from converter.keras_from_layers_model import read_model  # noqa: PLC0415 - loads Keras, which takes seconds

    return read_model(path)


__all__ = [
    "ConversionError",
    "InputRefused",
    "Report",
    "UnsupportedLayer",
    "VerificationFailed",
    "WeightMismatch",
    "convert",
    "to_keras",
]
