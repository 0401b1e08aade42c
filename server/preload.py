"""What Dask loads into a worker process before it counts as ready: TensorFlow, and a compiled default network."""

import logging
import os
import sys
import time
from typing import Any

from server.log_lines import configure_log
from server.native_log import native_log_held
from server.processor import prepare_processor

SWITCH_INTERVAL_S = 0.0005
"""Python hands its lock on this often, so that an event does not wait for a computing thread."""

BREATH_S = 2.0
"""A worker that cannot be set up waits so long before it ends."""


def dask_setup(worker: Any) -> None:
    """Called by Dask when the process starts: become quick, quiet and warm.

    Dask would count a worker as ready whose setup has failed, and every run it got would fail: it ends instead.
    """
    configure_log(os.environ.get("NEURAL_PLAYGROUND_LOG_FORMAT", "text"))
    try:
        _set_up(worker)
    except Exception:
        logging.getLogger(__name__).exception("The worker could not be set up. Another one is started in a moment.")
        # The nanny starts the next process at once, however often.
        time.sleep(BREATH_S)
        os._exit(1)


def _set_up(worker: Any) -> None:
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    prepare_processor()
    with native_log_held():
        from server import worker as front_door

        front_door.begin(worker)
