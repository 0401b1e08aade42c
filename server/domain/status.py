"""The status of a run. A live one may become any other, as a run whose worker is lost waits again; an end is final."""

from enum import Enum


class RunStatus(str, Enum):
    """Where a run is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"


TERMINAL = frozenset({RunStatus.FINISHED, RunStatus.FAILED, RunStatus.STOPPED})


def is_terminal(status: RunStatus) -> bool:
    """True when nothing can happen to the run any more."""
    return status in TERMINAL
