"""The child of `exports/deployment.py`: `python -m server.exports FOLDER` makes the slow formats of its model.keras."""

import os
import sys
from pathlib import Path
from threading import Thread

import keras

from server.exports.saved_model import write_saved_model
from server.exports.tflite import tflite_file


def main(folder: Path) -> None:
    """Write `saved_model/` and `model.tflite` beside `model.keras`, a file of ours."""
    model = keras.models.load_model(folder / "model.keras", compile=False)
    write_saved_model(model, folder / "saved_model")
    (folder / "model.tflite").write_bytes(tflite_file(model, folder / "saved_model"))


def _leave_with_parent() -> None:
    """The parent holds the other end of standard input, and says nothing: its end is that of the pipe."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    Thread(target=_leave_with_parent, daemon=True).start()
    main(Path(sys.argv[1]))
