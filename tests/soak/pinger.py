"""Somebody who asks for ordinary things while something else goes on, and notes how long each answer takes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from tests.soak.servers import SoakServer

EVERY_S = 0.05


@contextmanager
def pinging(server: SoakServer, path: str, every_s: float = EVERY_S) -> Iterator[list[float]]:
    """Milliseconds of each answer, on a connection of its own each time; no answer counts as 30 s."""
    times_ms: list[float] = []
    over = Event()

    def ask_for_ever() -> None:
        while not over.wait(every_s):
            begun_s = time.monotonic()
            try:
                is_answered = server.ask("GET", path)[0] == 200
            except OSError:
                is_answered = False
            times_ms.append((time.monotonic() - begun_s) * 1000 if is_answered else 30_000.0)

    thread = Thread(target=ask_for_ever, daemon=True)
    thread.start()
    try:
        yield times_ms
    finally:
        over.set()
        thread.join(timeout=35)
