"""Follow the events of a run."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from server.domain.events import to_json
from server.domain.status import is_terminal
from server.services.runs import RunService
from server.services.store import Store
from server.storage import event_log
from server.storage.runs import Run
from server.streaming.follow import Follower
from server.streaming.sse import OPENING, Cursor, frame_event, parse_cursor

PAGE_EVENTS = 16
"""A slow reader holds this many stored events at once; one of a fast run has up to some 16 kB."""


@dataclass(frozen=True)
class StreamService:
    """Opens streams of events."""

    store: Store
    runs: RunService
    heartbeat_s: float

    def is_over(self, run: Run, raw_cursor: str | None) -> bool:
        """True when a client has seen the whole story: there is nothing to stream."""
        cursor = parse_cursor(raw_cursor or "")
        return is_terminal(run.status) and cursor == Cursor(run.generation, run.last_seq)

    def follow(self, run: Run, raw_cursor: str | None) -> Generator[bytes, None, None]:
        """The bytes of a stream: from the cursor on, from the beginning without one.

        A cursor that is not of this story gets a `reset` with the whole picture, then goes on from there.
        """
        seq = _known_seq(run, raw_cursor)
        if seq is None:
            return self._reset_and_follow(run.run_id, *self._reset(run.run_id))
        return self._noted(run.run_id, self._follower(run, seq).follow())

    def catch_up(self, run: Run, raw_cursor: str | None) -> bytes:
        """What a stream from the cursor on would say at once, as a whole: for a client that asks again and again."""
        seq = _known_seq(run, raw_cursor)
        self.store.activity.note(run.run_id)
        if seq is None:
            return self._reset(run.run_id)[0]
        return b"".join(self._follower(run, seq).catch_up())

    def _follower(self, run: Run, seq: int) -> Follower:
        channel = self.store.subscriptions.channel(run.run_id)

        def read_past(after: int) -> Sequence[tuple[int, str, str]]:
            with self.store.database.read() as session:
                page = event_log.read_after(session, run.run_id, after, PAGE_EVENTS)
            return [(event.seq, event.kind, event.data) for event in page]

        return Follower(channel, read_past, run.generation, seq, self.heartbeat_s)

    def _noted(self, run_id: str, chunks: Generator[bytes, None, None]) -> Generator[bytes, None, None]:
        """The same chunks; each, heartbeats too, says that somebody still watches."""
        for chunk in chunks:
            self.store.activity.note(run_id)
            yield chunk

    def _reset_and_follow(self, run_id: str, reset: bytes, seq: int) -> Generator[bytes, None, None]:
        yield reset
        yield from self._noted(run_id, self._follower(self.runs.get_run(run_id), seq).follow())

    def _reset(self, run_id: str) -> tuple[bytes, int]:
        """The whole picture, and the number of the last event in it."""
        history = self.runs.history(run_id)
        cursor = parse_cursor(history["cursor"])
        assert cursor is not None
        return OPENING + frame_event("reset", to_json(history), cursor), cursor.seq


def _known_seq(run: Run, raw_cursor: str | None) -> int | None:
    """The number a cursor stands for; 0 without a cursor; None when it is not of this run's story."""
    if not raw_cursor:
        return 0
    cursor = parse_cursor(raw_cursor)
    is_ours = cursor is not None and cursor.generation == run.generation and cursor.seq <= run.last_seq
    return cursor.seq if cursor and is_ours else None
