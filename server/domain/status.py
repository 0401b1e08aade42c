"""The status of a run, and which status may follow which."""

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

_FOLLOWERS: dict[RunStatus, frozenset[RunStatus]] = {
    RunStatus.QUEUED: frozenset({RunStatus.RUNNING, RunStatus.PAUSED}) | TERMINAL - {RunStatus.FINISHED},
    RunStatus.RUNNING: frozenset({RunStatus.PAUSED}) | TERMINAL,
    # A paused run can still be stepped, and so reach its last epoch or diverge; a resumed one may wait for a place.
    RunStatus.PAUSED: frozenset({RunStatus.RUNNING, RunStatus.QUEUED}) | TERMINAL,
    RunStatus.FINISHED: frozenset(),
    RunStatus.FAILED: frozenset(),
    RunStatus.STOPPED: frozenset(),
}


def is_terminal(status: RunStatus) -> bool:
    """True when nothing can happen to the run any more."""
    return status in TERMINAL


def may_follow(current: RunStatus, following: RunStatus) -> bool:
    """True when a run may go from `current` to `following`; repeating a live status is allowed.

    A live status is repeated to report something else, such as a new learning rate.
    """
    if current == following:
        return not is_terminal(current)
    return following in _FOLLOWERS[current]
