"""Preloaded into a worker: goes wrong while a file beside it says so, as a program whose files are being replaced."""

import os
import time
from pathlib import Path
from typing import Any

TROUBLE = "FAILING_START"
"""The variable that names the file: its text is `exit`, `slow` or empty."""

SLOW_S = 1.5


def dask_setup(worker: Any) -> None:
    """Called by Dask when the process starts: end before it is ready, or be slow."""
    kind = Path(os.environ[TROUBLE]).read_text("utf-8")
    if kind == "exit":
        os._exit(3)
    if kind == "slow":
        time.sleep(SLOW_S)
