"""A client that follows one run in a thread and remembers what came, and when."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from tests.live.running_server import StreamedEvent
from tests.soak.servers import SoakServer


@dataclass
class Followed:
    """Events of one run with the time each came, in nanoseconds of the machine's monotonic clock."""

    run_id: str
    events: list[tuple[int, StreamedEvent]] = field(default_factory=list)
    is_over: bool = False

    def first(self, kind: str, since_ns: int = 0, **wanted: Any) -> tuple[int, Any] | None:
        """When the first event of a kind came since a moment, whose data are as wanted, and these data."""
        for at_ns, event in self.events[:]:
            is_wanted = event.kind == kind and at_ns >= since_ns
            if is_wanted and all(event.data.get(name) == value for name, value in wanted.items()):
                return at_ns, event.data
        return None

    def newest_epoch(self) -> int:
        """The last epoch that was told."""
        epochs = (event.data["epoch"][-1] for _, event in reversed(self.events[:]) if event.kind == "metrics")
        return int(next(epochs, 0))


@contextmanager
def following(server: SoakServer, run_ids: list[str]) -> Iterator[list[Followed]]:
    """Follow runs while the block lasts; their streams end with them."""
    followed = [Followed(run_id) for run_id in run_ids]
    for each in followed:
        Thread(target=_follow, args=(server, each), daemon=True).start()
    try:
        yield followed
    finally:
        for each in followed:
            each.is_over = True


def _follow(server: SoakServer, followed: Followed) -> None:
    with closing(server.running.stream(followed.run_id)) as events:
        for event in events:
            followed.events.append((time.monotonic_ns(), event))
            if followed.is_over:
                return
