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
            return self._reset_and_follow(run.run_id)
        return self._follow_from(run, seq)

    def _follow_from(self, run: Run, seq: int) -> Generator[bytes, None, None]:
        channel = self.store.subscriptions.channel(run.run_id)

        def read_past(after: int) -> Sequence[tuple[int, str, str]]:
            with self.store.database.read() as session:
                page = event_log.read_after(session, run.run_id, after)
            return [(event.seq, event.kind, event.data) for event in page]

        return self._noted(run.run_id, Follower(channel, read_past, run.generation, seq, self.heartbeat_s).follow())

    def _noted(self, run_id: str, chunks: Generator[bytes, None, None]) -> Generator[bytes, None, None]:
        """The same chunks; each, heartbeats too, says that somebody still watches."""
        for chunk in chunks:
            self.store.activity.note(run_id)
            yield chunk

    def _reset_and_follow(self, run_id: str) -> Generator[bytes, None, None]:
        history = self.runs.history(run_id)
        run = self.runs.get_run(run_id)
        cursor = parse_cursor(history["cursor"])
        assert cursor is not None
        yield OPENING + frame_event("reset", to_json(history), cursor)
        yield from self._follow_from(run, cursor.seq)


def _known_seq(run: Run, raw_cursor: str | None) -> int | None:
    """The number a cursor stands for; 0 without a cursor; None when it is not of this run's story."""
    if not raw_cursor:
        return 0
    cursor = parse_cursor(raw_cursor)
    is_ours = cursor is not None and cursor.generation == run.generation and cursor.seq <= run.last_seq
    return cursor.seq if cursor and is_ours else None
