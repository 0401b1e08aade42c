"""The child of `exports/deployment.py`: `python -m server.exports FOLDER` makes the slow formats of its model.keras."""

import os
import sys
import traceback
from pathlib import Path
from threading import Thread

import keras

from server.exports.deployment import GROWING
from server.exports.saved_model import write_saved_model
from server.exports.tflite import tflite_file


def main(folder: Path) -> None:
    """Write `saved_model/` and `model.tflite` beside `model.keras`, a file of ours.

    Each is there whole or not at all. A fault of TensorFlow Lite, which does not know every network, is only told.
    """
    model = keras.models.load_model(folder / "model.keras", compile=False)
    growing = folder / GROWING
    write_saved_model(model, growing)
    growing.rename(folder / "saved_model")
    try:
        content = tflite_file(model, folder / "saved_model")
    except Exception:
        traceback.print_exc()
        return
    growing.write_bytes(content)
    growing.rename(folder / "model.tflite")


def _leave_with_parent() -> None:
    """The parent holds the other end of standard input, and says nothing: its end is that of the pipe."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    Thread(target=_leave_with_parent, daemon=True).start()
    main(Path(sys.argv[1]))
