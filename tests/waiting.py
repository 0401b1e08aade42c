"""Waiting for what another process or thread will do."""

import time
from collections.abc import Callable

PATIENCE_S = 30.0
PAUSE_S = 0.02


def wait_until(is_so: Callable[[], object]) -> None:
    """Return as soon as something holds. Raises AssertionError when it never does."""
    end_s = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end_s, "what was waited for did not happen"
        time.sleep(PAUSE_S)
