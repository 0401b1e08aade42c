"""What Dask loads into a worker process before it counts as ready: TensorFlow, and a compiled default network."""

import os
import sys
from typing import Any

from server.log_lines import configure_log
from server.native_log import native_log_held
from server.processor import prepare_processor

SWITCH_INTERVAL_S = 0.0005
"""Python hands its lock on this often, so that an event does not wait for a computing thread."""


def dask_setup(worker: Any) -> None:
    """Called by Dask when the process starts: become quick, quiet and warm."""
    configure_log(os.environ.get("NEURAL_PLAYGROUND_LOG_FORMAT", "text"))
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    prepare_processor()
    with native_log_held():
        from server import worker as front_door

        front_door.begin(worker)
