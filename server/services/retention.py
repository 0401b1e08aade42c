"""Runs that nobody has opened for long are removed, so that the database of a school does not grow for ever."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.domain.errors import PublicError
from server.services.runs import RunService
from server.services.store import Store
from server.storage import retention

MOST_AT_ONCE = 200
"""A sweep removes so many at most: it must not keep the database from those who train."""

_NOTED_AGAIN = timedelta(days=1)
"""A run that lives long is written down as opened no more often than this."""


@dataclass(frozen=True)
class Retention:
    """Remembers which runs were opened, and removes ended ones that were not for the time of `keep`.

    `now` is wall time with its zone: days count also while the server is down.
    """

    store: Store
    runs: RunService
    keep: timedelta
    now: Callable[[], datetime]

    def sweep(self) -> None:
        """Raises StorageUnavailable; what was opened until then is noted in the next sweep."""
        now = self.now()
        self._note_opened(now)
        with self.store.database.read() as session:
            unopened = retention.unopened_since(session, now - self.keep, MOST_AT_ONCE)
        for run_id in unopened:
            self._remove(run_id)

    def _note_opened(self, now: datetime) -> None:
        opened = self.store.activity.take_opened()
        try:
            with self.store.database.write() as session:
                retention.note_opened(session, opened, now)
                retention.note_live_as_opened(session, now, now - _NOTED_AGAIN)
        except OSError:
            self.store.activity.give_back_opened(opened)
            raise

    def _remove(self, run_id: str) -> None:
        try:
            self.runs.delete_run(run_id)
        except PublicError:
            logging.getLogger(__name__).warning("The old run %s was not removed; it will be tried again.", run_id)
