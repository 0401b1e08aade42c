"""Controls that have to be sent again, by a thread of their own: whoever stores events must not wait for a worker."""

import logging
from collections.abc import Callable
from threading import Condition, Thread

from server.domain.controls import ControlState


class Redelivery:
    """Sends the newest wish about each attempt at a run; one that cannot be sent is asked for again by whoever lags."""

    def __init__(self, deliver: Callable[[str, int, ControlState], None]) -> None:
        self._deliver = deliver
        self._wanted: dict[tuple[str, int], ControlState] = {}
        self._changed = Condition()
        Thread(target=self._send_for_ever, name="redelivery", daemon=True).start()

    def want(self, run_id: str, attempt: int, controls: ControlState) -> None:
        """Send these soon; returns at once."""
        with self._changed:
            self._wanted[run_id, attempt] = controls
            self._changed.notify()

    def _send_for_ever(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted)
                run_id, attempt = next(iter(self._wanted))
                controls = self._wanted.pop((run_id, attempt))
            try:
                self._deliver(run_id, attempt, controls)
            except Exception as error:
                logging.getLogger(__name__).warning("Controls of run %s could not be delivered: %s", run_id, error)
