"""Data that take long to make are made beside the training, in one thread: what a base says about pictures."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from threading import Event

from server.datasets.collections import Library
from server.domain.events import Payload
from server.domain.spec import RunSpec
from server.training.embeddings import Prepared, prepare


class NotWanted(Exception):
    """The run was stopped meanwhile."""


@dataclass
class Preparation:
    """The data of one run in the making. `clock` gives seconds."""

    clock: Callable[[], float]
    future: Future[Prepared] = field(default_factory=Future)
    _stopped: Event = field(default_factory=Event)
    _done: int = 0
    _total: int = 0
    _begun_s: float | None = None

    @property
    def is_done(self) -> bool:
        """Whether `result` answers at once."""
        return self.future.done()

    def result(self) -> Prepared:
        """What was made, or the error that ended it."""
        return self.future.result()

    def stop(self) -> None:
        """Nobody waits for it any more."""
        self._stopped.set()

    def progress(self) -> Payload | None:
        """How far it has come, as a `progress` event tells it; None before the first picture."""
        begun_s, done, total = self._begun_s, self._done, self._total
        if begun_s is None or not done:
            return None
        remaining_s = (self.clock() - begun_s) * (total - done) / done
        return {
            "epoch": 1,
            "phase": "embedding",
            "batch": done,
            "batches": total,
            "loss": None,
            "accuracy": None,
            "remaining_s": round(remaining_s, 1),
        }

    def tell(self, done: int, total: int) -> None:
        """So many pictures of so many are done. Raises NotWanted."""
        if self._stopped.is_set():
            raise NotWanted
        if self._begun_s is None:
            self._begun_s = self.clock()
        self._done, self._total = done, total


class Preparations:
    """One thread for all runs of a process: each of them uses all cores by itself."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedder")

    def begin(self, spec: RunSpec, library: Library, clock: Callable[[], float]) -> Preparation:
        """Make the data of a spec with a base when those asked for before are made."""
        preparation = Preparation(clock)
        preparation.future = self._thread.submit(partial(prepare, spec, library, preparation.tell))
        return preparation
