"""The formats that take seconds, SavedModel and TensorFlow Lite, made in a process of their own.

TensorFlow keeps what it has traced for ever, its converter holds Python's lock for seconds, and a fault in its native
code ends the process: none of that may happen to a worker that trains the runs of a class.
"""

import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Lock

from server.domain.errors import Unavailable

TIMEOUT_S = 240.0
"""A small network takes about six seconds, most of it to load TensorFlow; a MobileNetV2 about half a minute."""

GROWING = "growing"
"""What the child has not finished is called so."""

_ROOT = Path(__file__).resolve().parents[2]
_NICENESS = 5
_TOLD_BYTES = 4_000
_one_at_a_time = Lock()


class DeploymentFailed(Exception):
    """The child has not made the files; the text is the end of what it wrote."""


def deployment_files(keras_file: bytes, timeout_s: float = TIMEOUT_S) -> dict[str, bytes]:
    """`saved_model/...` and `model.tflite` of a `.keras` file of ours: a pure function, one at a time in a process.

    Without `model.tflite` when TensorFlow Lite cannot make it, or its native code ended the process.
    Raises Unavailable when it takes too long, DeploymentFailed when it cannot be done.
    """
    with _one_at_a_time, tempfile.TemporaryDirectory(prefix="deployment-") as name:
        folder = Path(name)
        (folder / "model.keras").write_bytes(keras_file)
        _run_child(folder, timeout_s)
        finished = [path for path in sorted((folder / "saved_model").rglob("*")) if path.is_file()]
        finished += folder.glob("model.tflite")
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in finished}


def _run_child(folder: Path, timeout_s: float) -> None:
    """The child's standard input stays open as long as this process lives: its end tells the child to end, too."""
    niced = f"import os, runpy; os.nice({_NICENESS}); runpy.run_module('server.exports', run_name='__main__')"
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "TF_CPP_MIN_LOG_LEVEL": "2"}
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(
            [sys.executable, "-c", niced, str(folder)],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        with child:
            try:
                exit_code = child.wait(timeout_s)
            except subprocess.TimeoutExpired as error:
                child.kill()
                message = "Making this file took too long, so it was stopped. Try again when less is going on."
                raise Unavailable(message) from error
        errors.seek(0)
        told = errors.read().decode(errors="replace")[-_TOLD_BYTES:]
        if not (folder / "saved_model").is_dir():
            raise DeploymentFailed(told)
        if not (folder / "model.tflite").is_file():
            logging.getLogger(__name__).error("TensorFlow Lite ended with %s: %s", exit_code, told)
