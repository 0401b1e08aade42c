"""How many epochs a run may run now: so many a second, as many as granted, or as fast as fits a slice."""

from dataclasses import dataclass

TICK_S = 1 / 30
"""Pictures and metrics leave a run at most this often; the eye sees no more."""

SLICE_S = 0.025
"""A slice of a run that is asked for 'as fast as possible' aims at this length, half of what fairness allows."""

MOST_OWED_S = 0.2
"""A run that could not keep its pace (a busy server) does not rush afterwards to catch up more than this."""


@dataclass
class Pace:
    """Counts the epochs a run owes. Times are seconds of a monotonic clock that is passed in."""

    slice_epochs: int
    speed: float | None = None
    _since_s: float | None = None
    _owed: float = 0.0
    _epoch_s: float = 0.0

    def restart(self, speed: float | None, now_s: float) -> None:
        """Begin to count anew: after a pause, or with another speed."""
        self.speed = speed
        self._since_s = now_s
        # The first epoch is due at once: a press of Run answers in the same moment.
        self._owed = 1.0

    def due_epochs(self, now_s: float) -> int:
        """Epochs to run now, 0 to `slice_epochs`."""
        if self.speed is None:
            return self._epochs_of_a_slice()
        since_s = self._since_s if self._since_s is not None else now_s
        most_owed = max(self.speed * MOST_OWED_S, 1.0)
        self._owed = min(self._owed + (now_s - since_s) * self.speed, most_owed)
        self._since_s = now_s
        return min(int(self._owed), self.slice_epochs)

    def ran(self, epochs: int, took_s: float) -> None:
        """Take note of a slice that has been run."""
        self._owed -= epochs
        self._epoch_s = took_s / epochs

    def wait_s(self) -> float:
        """Seconds until the next epoch is due, and at least one tick: epochs of one tick go together."""
        if self.speed is None:
            return 0.0
        return max((1.0 - self._owed) / self.speed, TICK_S)

    def _epochs_of_a_slice(self) -> int:
        if self._epoch_s == 0.0:
            return 1
        return min(max(int(SLICE_S / self._epoch_s), 1), self.slice_epochs)
