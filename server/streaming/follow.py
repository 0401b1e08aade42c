"""First the past, then the present: the bytes of one open stream."""

from collections.abc import Callable, Generator, Iterator, Sequence
from random import Random
from typing import TypeAlias

from server.streaming.sse import (
    BYE,
    OPENING,
    Cursor,
    frame_closed,
    frame_event,
    frame_gap,
    frame_goodbye,
    frame_heartbeat,
)
from server.streaming.subscriptions import DELETED, STOPPING, Channel, Fresh

ReadPast: TypeAlias = Callable[[int], Sequence[tuple[int, str, str]]]
"""The next stored events after a number: (seq, kind, data); empty at the end of the store."""

MOST_ANSWER_BYTES = 262_144
"""An answer without waiting is handed over as a whole: who is further behind asks again for the rest."""


class Follower:
    """One client that follows one run from a cursor on."""

    def __init__(self, channel: Channel, read_past: ReadPast, generation: str, seq: int, heartbeat_s: float) -> None:
        self._channel = channel
        self._read_past = read_past
        self._generation = generation
        self._seq = seq
        self._frame_number = 0
        self._gradients_number = channel.gradients_number
        self._progress_number = 0
        self._heartbeat_s = heartbeat_s

    def follow(self) -> Generator[bytes, None, None]:
        """Chunks to write; each ends at the end of an event. Ends when the run or the server does."""
        yield OPENING
        yield from self._past()
        while True:
            fresh = self._wait(self._heartbeat_s)
            if fresh.is_empty:
                yield frame_heartbeat(self._cursor())
                continue
            yield from self._told(fresh)
            if fresh.closed_because == STOPPING:
                yield frame_goodbye(500 + Random().randrange(2501))
            if fresh.closed_because or self._has_told_end(fresh):
                return

    def _wait(self, timeout_s: float) -> Fresh:
        return self._channel.wait(
            self._seq, self._frame_number, timeout_s, self._gradients_number, self._progress_number
        )

    def catch_up(self) -> Iterator[bytes]:
        """What there is now, the newest frame and gradients included, without waiting for more."""
        yield OPENING
        size_bytes = 0
        for chunk in self._now():
            yield chunk
            size_bytes += len(chunk)
            if size_bytes > MOST_ANSWER_BYTES:
                return

    def _now(self) -> Iterator[bytes]:
        self._gradients_number = 0
        yield from self._past()
        is_whole = False
        while not is_whole:
            fresh = self._wait(0)
            is_whole = fresh.is_whole or fresh.closed_because == DELETED
            yield from self._told(fresh)

    def _told(self, fresh: Fresh) -> Iterator[bytes]:
        """What is fresh, and the end of the run; of a deleted one only that it is deleted."""
        if fresh.closed_because == DELETED:
            yield frame_closed(DELETED)
            return
        yield from self._catch_up(fresh)
        if chunk := self._present(fresh):
            yield chunk
        if self._has_told_end(fresh) and not fresh.closed_because:
            yield BYE

    def _has_told_end(self, fresh: Fresh) -> bool:
        return fresh.is_ended and self._seq >= self._channel.last_seq

    def _past(self) -> Iterator[bytes]:
        """Stored events until the ring of the channel takes over; what the store does not have is told as a gap."""
        while not (self._channel.reaches(self._seq) or self._channel.is_deleted):
            page = self._read_past(self._seq)
            missing = [] if page else [self._gap_until(self._channel.last_seq)]
            yield b"".join([part for event in page for part in self._retold(*event)] + missing)

    def _retold(self, seq: int, kind: str, data: str) -> Iterator[bytes]:
        """A stored event, and before it the gap of those that are missing between it and the one told last."""
        if seq > self._seq + 1:
            yield self._gap_until(seq - 1)
        self._seq = seq
        yield frame_event(kind, data, self._cursor())

    def _gap_until(self, seq: int) -> bytes:
        """Events are stored before they are published, so these were taken out of the store behind our back."""
        missing_from, self._seq = self._seq + 1, seq
        return frame_gap(missing_from, self._cursor())

    def _catch_up(self, fresh: Fresh) -> Iterator[bytes]:
        """A reader slower than the ring reads what it missed from the store."""
        if fresh.events and fresh.events[0][0] > self._seq + 1:
            yield from self._past()

    def _present(self, fresh: Fresh) -> bytes:
        """New events, then the newest frame, gradients and progress, in one write."""
        new = [(seq, framed) for seq, framed in fresh.events if seq > self._seq]
        if new:
            self._seq = new[-1][0]
        self._frame_number, self._gradients_number = fresh.frame_number, fresh.gradients_number
        self._progress_number = fresh.progress_number
        passing = (fresh.frame, fresh.gradients, fresh.progress)
        return b"".join(framed for _, framed in new) + b"".join(each for each in passing if each)

    def _cursor(self) -> Cursor:
        return Cursor(self._generation, self._seq)
