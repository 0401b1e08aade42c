"""How many epochs a run may run now: so many a second, or as fast as the other runs allow."""

from dataclasses import dataclass

TICK_S = 1 / 30
"""Pictures and metrics leave a run at most this often; the eye sees no more."""

UPDATE_S = 0.0014
"""What an update of one run costs this machine in all, from the program to the page; see `tick_s`."""

LONGEST_TICK_S = 0.5


def tick_s(runs: int) -> float:
    """How often a run tells when so many train in one process: rather fewer updates, all in time, than a backlog."""
    return min(max(TICK_S, runs * UPDATE_S), LONGEST_TICK_S)


SLICE_S = 0.025
"""A turn aims at this length, half of what fairness to the other runs allows."""

LONE_SLICE_S = 0.125
"""A run that trains alone may take so long before it looks whether somebody wants something of it."""


def slice_s(runs: int) -> float:
    """How long a turn may be when so many train in one process: calls into a large network each cost a few ms."""
    return LONE_SLICE_S if runs <= 1 else SLICE_S


MOST_OWED_S = 0.5
"""A run that could not keep its pace (a busy server) does not rush afterwards to catch up more than this."""

FAST_PATIENCE_S = 0.25
"""A run that is asked for 'as fast as possible' lets the others pass, but never waits longer than about this."""


@dataclass
class Pace:
    """Counts the epochs a run owes. Times are seconds of a monotonic clock that is passed in."""

    speed: float | None = None
    _since_s: float = 0.0
    _owed: float = 1.0
    _last_turn_s: float = float("-inf")

    def restart(self, speed: float | None, now_s: float) -> None:
        """Begin to count anew: after a pause, or with another speed."""
        self.speed = speed
        self._since_s = now_s
        # The first epoch is due at once: a press of Run answers in the same moment.
        self._owed = 1.0
        self._last_turn_s = float("-inf")

    def due_epochs(self, now_s: float) -> int | None:
        """Epochs to run now; None for any number."""
        if self.speed is None:
            return None
        most_owed = max(self.speed * MOST_OWED_S, 1.0)
        self._owed = min(self._owed + (now_s - self._since_s) * self.speed, most_owed)
        self._since_s = now_s
        return int(self._owed)

    def ran(self, epochs: int, now_s: float) -> None:
        """Take note of a turn in which so many epochs have ended."""
        self._owed -= epochs
        self._last_turn_s = now_s

    def next_s(self, now_s: float, tick_s: float = TICK_S) -> float:
        """When the next turn is due: an epoch is owed and a tick has passed, so that its epochs go together."""
        if self.speed is None:
            return now_s
        return max(self._since_s + (1.0 - self._owed) / self.speed, self._last_turn_s + tick_s)
