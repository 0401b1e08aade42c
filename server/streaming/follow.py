"""First the past, then the present: the bytes of one open stream."""

from collections.abc import Callable, Generator, Iterator, Sequence
from random import Random
from typing import TypeAlias

from server.streaming.sse import BYE, HEARTBEAT, OPENING, Cursor, frame_event, frame_goodbye
from server.streaming.subscriptions import Channel, Fresh

ReadPast: TypeAlias = Callable[[int], Sequence[tuple[int, str, str]]]
"""The next stored events after a number: (seq, kind, data); empty at the end of the store."""


class Follower:
    """One client that follows one run from a cursor on."""

    def __init__(self, channel: Channel, read_past: ReadPast, generation: str, seq: int, heartbeat_s: float) -> None:
        self._channel = channel
        self._read_past = read_past
        self._generation = generation
        self._seq = seq
        self._frame_number = 0
        self._gradients_number = channel.gradients_number
        self._heartbeat_s = heartbeat_s

    def follow(self) -> Generator[bytes, None, None]:
        """Chunks to write; each ends at the end of an event. Ends when the run or the server does."""
        yield OPENING
        yield from self._past()
        while True:
            fresh = self._channel.wait(self._seq, self._frame_number, self._heartbeat_s, self._gradients_number)
            if fresh.is_empty:
                yield HEARTBEAT
                continue
            yield from self._catch_up(fresh)
            if chunk := self._present(fresh):
                yield chunk
            if fresh.is_closed:
                yield frame_goodbye(500 + Random().randrange(2000))
                return
            if fresh.is_ended and self._seq >= self._channel.last_seq:
                yield BYE
                return

    def catch_up(self) -> Iterator[bytes]:
        """What there is now, the newest frame and gradients included, without waiting for more."""
        yield OPENING
        yield from self._past()
        fresh = self._channel.wait(self._seq, self._frame_number, 0)
        yield from self._catch_up(fresh)
        yield self._present(fresh)
        if fresh.is_ended and self._seq >= self._channel.last_seq:
            yield BYE

    def _past(self) -> Iterator[bytes]:
        """Stored events until the ring of the channel takes over."""
        while not self._channel.reaches(self._seq):
            page = self._read_past(self._seq)
            if not page:
                # Events are stored before they are published, so these were deleted with their run: wait for its end.
                self._seq = self._channel.last_seq
                return
            yield b"".join(self._framed(seq, kind, data) for seq, kind, data in page)
            self._seq = page[-1][0]

    def _catch_up(self, fresh: Fresh) -> Iterator[bytes]:
        """A reader slower than the ring reads what it missed from the store."""
        if fresh.events and fresh.events[0][0] > self._seq + 1:
            yield from self._past()

    def _present(self, fresh: Fresh) -> bytes:
        """New events, then the newest frame and gradients, in one write."""
        new = [(seq, framed) for seq, framed in fresh.events if seq > self._seq]
        if new:
            self._seq = new[-1][0]
        self._frame_number, self._gradients_number = fresh.frame_number, fresh.gradients_number
        return b"".join(framed for _, framed in new) + (fresh.frame or b"") + (fresh.gradients or b"")

    def _framed(self, seq: int, kind: str, data: str) -> bytes:
        return frame_event(kind, data, Cursor(self._generation, seq))
