"""Making collections beside the requests: a few child processes at once, the others wait in line."""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from server.collecting.job import Job
from server.domain.errors import PublicError, ServerFull, Unavailable

MOST_WAITING = 100
"""Jobs in line; a class of 30 sends its archives within a minute."""

KEPT_FAILURES = 200


class Maker(Protocol):
    """One child process."""

    def run(self, tell: Callable[[float], None]) -> None:
        """Do the job. Raises PublicError."""

    def stop(self) -> None:
        """End it."""


@dataclass
class Preparation:
    """How far one job is. `error` stays for a while, so that whoever waits can read why."""

    job: Job
    maker: Maker
    progress: float | None = None
    error: PublicError | None = None
    is_over: bool = False
    looked_through: threading.Event = field(default_factory=threading.Event)
    """Set when the files are in order as far as can be seen from outside, or when it is over."""

    def tell(self, share: float) -> None:
        """Take the share that is done."""
        self.progress = share
        self.looked_through.set()


class Workshop:
    """Does jobs one after the other in `threads` threads, and remembers those that failed."""

    def __init__(self, make: Callable[[Job], Maker], threads: int) -> None:
        self._make = make
        self._threads = threads
        self._line: queue.SimpleQueue[tuple[Preparation, Callable[[], None]]] = queue.SimpleQueue()
        self._preparations: dict[str, Preparation] = {}
        self._lock = threading.Lock()
        self._started = 0

    def find(self, name: str) -> Preparation | None:
        """The job of a collection that is in line, at work or failed."""
        return self._preparations.get(name)

    def put(self, job: Job, afterwards: Callable[[], None]) -> Preparation:
        """Take a job in; `afterwards` is called when it is over, whatever came of it.

        One that is at work already is not taken in again. Raises ServerFull.
        """
        with self._lock:
            there = self._preparations.get(job.name)
            if there is not None and not there.is_over and there.error is None:
                return there
            if sum(not each.is_over for each in self._preparations.values()) >= MOST_WAITING:
                raise ServerFull("Too many images are being prepared just now. Try again in a minute.", 60)
            preparation = Preparation(job, self._make(job))
            self._preparations.pop(job.name, None)
            self._preparations[job.name] = preparation
            self._forget_old_failures()
            self._line.put((preparation, afterwards))
            if self._started < self._threads:
                self._started += 1
                threading.Thread(target=self._work, daemon=True).start()
        return preparation

    def forget(self, name: str) -> bool:
        """Stop a job, or forget its failure. Returns whether there was one."""
        with self._lock:
            preparation = self._preparations.pop(name, None)
        if preparation is None:
            return False
        preparation.maker.stop()
        return True

    def close(self) -> None:
        """Stop all jobs."""
        for name in list(self._preparations):
            self.forget(name)

    def _forget_old_failures(self) -> None:
        over = [name for name, each in self._preparations.items() if each.is_over]
        for name in over[: max(0, len(over) - KEPT_FAILURES)]:
            del self._preparations[name]

    def _work(self) -> None:
        while True:
            preparation, afterwards = self._line.get()
            try:
                preparation.maker.run(preparation.tell)
            except PublicError as error:
                preparation.error = error
            except Exception:
                logging.getLogger(__name__).exception("Images could not be prepared.")
                preparation.error = Unavailable("The images could not be prepared. Please try again.")
            self._end(preparation, afterwards)

    def _end(self, preparation: Preparation, afterwards: Callable[[], None]) -> None:
        try:
            afterwards()
        except OSError:
            logging.getLogger(__name__).exception("Something was left behind.")
        with self._lock:
            preparation.is_over = True
            is_ours = self._preparations.get(preparation.job.name) is preparation
            if preparation.error is None and is_ours:
                del self._preparations[preparation.job.name]
        preparation.looked_through.set()
