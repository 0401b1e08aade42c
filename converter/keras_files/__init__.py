"""Model files of strangers: `open_model(path)` gives a live Keras model, and nothing in the file is ever run."""

from __future__ import annotations

from converter.keras_files.opening import OpenedModel, open_model

__all__ = ["OpenedModel", "open_model"]
