"""The model for telephones and small computers, proved before it is handed over."""

import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

TOLERANCE = 1e-4
"""Largest |ours - Keras'| / max(1, |Keras'|) that comes of adding in another order."""

_ROWS = 8


class WrongAnswers(Exception):
    """The file answers otherwise than Keras: a fault of the conversion, so nobody gets it."""


def tflite_file(model: keras.Model, saved_model: Path) -> bytes:
    """The bytes of the file of a model whose SavedModel lies in a folder; float32 throughout. Raises WrongAnswers."""
    content: bytes = tf.lite.TFLiteConverter.from_saved_model(str(saved_model)).convert()
    rows = np.random.default_rng(0).random((_ROWS, *model.input_shape[1:]), np.float32)
    expected = np.asarray(model(rows, training=False))
    difference = np.max(np.abs(tflite_answers(content, rows) - expected) / np.maximum(1, np.abs(expected)))
    if not difference <= TOLERANCE:
        raise WrongAnswers(f"The TensorFlow Lite file differs from Keras by {difference}.")
    return content


def tflite_answers(content: bytes, rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """What a file answers to rows of inputs, computed by TensorFlow's own interpreter."""
    with warnings.catch_warnings():
        # It asks to be replaced by a package of its own; TensorFlow 2.19 still brings it.
        warnings.filterwarnings("ignore", message=r"\s*Warning: tf.lite.Interpreter is deprecated")
        interpreter: Any = tf.lite.Interpreter(model_content=content, num_threads=1)
    (asked,), (answered,) = interpreter.get_input_details(), interpreter.get_output_details()
    interpreter.resize_tensor_input(asked["index"], rows.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(asked["index"], rows)
    interpreter.invoke()
    answers: npt.NDArray[np.float32] = interpreter.get_tensor(answered["index"])
    return answers
