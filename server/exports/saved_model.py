"""The SavedModel of a model: what TensorFlow itself, TensorFlow Serving and its converters read."""

from pathlib import Path

import keras


def write_saved_model(model: keras.Model, folder: Path) -> None:
    """Write the folder that `tf.saved_model.load` and `keras.layers.TFSMLayer` read; it takes batches of any size."""
    model.export(folder, verbose=False)
