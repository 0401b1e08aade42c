"""Who waits for which run; they are woken when something was appended.

A channel keeps the newest events of one run as the very bytes that go out, shared by all its streams, the newest frame,
the newest gradients and how far the epoch is. A stream is only a cursor into it: a slow reader costs no memory.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from threading import Condition, Lock

RING_EVENTS = 2048
RING_BYTES = 262_144
"""So much of a run is kept in memory, whichever is reached first; who is further behind reads the store."""

KEPT_CHANNELS = 1024
KEPT_ENDED = 64
"""Channels of ended runs: whoever comes later reads the store."""


MOST_WRITE_BYTES = 65_536
"""A stream takes about this much of the ring at once: so a slow one holds no more, however far it lags."""

STOPPING = "stopping"
DELETED = "deleted"


@dataclass(frozen=True)
class Fresh:
    """What a stream has not sent yet."""

    events: tuple[tuple[int, bytes], ...]
    frame: bytes | None
    frame_number: int
    gradients: bytes | None
    gradients_number: int
    is_ended: bool
    closed_because: str | None
    is_whole: bool
    """False when there are more events than one write takes; the frame waits for the last of them."""
    progress: bytes | None = None
    progress_number: int = 0

    @property
    def is_empty(self) -> bool:
        """True when only time has passed."""
        has_news = self.events or self.frame or self.gradients or self.progress
        return not (has_news or self.is_ended or self.closed_because)


@dataclass(frozen=True)
class Stored:
    """What the store knows of a run whose channel opens: its last number, its end, its newest frame."""

    last_seq: int
    is_ended: bool
    frame: bytes | None = None
    is_deleted: bool = False


class Newest:
    """The newest of what only matters when new, counted so that a stream knows whether it has sent it."""

    def __init__(self, framed: bytes | None = None) -> None:
        self.framed = framed
        self.number = 1 if framed else 0

    def replace(self, framed: bytes) -> None:
        """Something newer has come; streams that were too slow for the last one never see it."""
        self.framed = framed
        self.number += 1

    def clear(self) -> None:
        """What was told is not true any more, and nothing has taken its place."""
        self.framed = None

    def since(self, number: int) -> bytes | None:
        """The newest, unless it is the one of that number or not true any more."""
        return self.framed if self.number > number else None


class Channel:
    """The newest part of one run's story, in memory."""

    def __init__(
        self,
        stored: Stored,
        closed_because: str | None = None,
        ring_events: int = RING_EVENTS,
        ring_bytes: int = RING_BYTES,
    ) -> None:
        self.last_seq = stored.last_seq
        self.is_ended = stored.is_ended
        self.closed_because = DELETED if stored.is_deleted else closed_because
        self._ring: deque[tuple[int, bytes]] = deque()
        self._ring_events = ring_events
        self._most_ring_bytes = ring_bytes
        self._ring_bytes = 0
        self._frame = Newest(stored.frame)
        self._gradients = Newest()
        self._progress = Newest()
        self._changed = Condition()

    @property
    def is_closed(self) -> bool:
        """Whether its streams end although the run may go on."""
        return self.closed_because is not None

    @property
    def is_deleted(self) -> bool:
        """Whether the run is gone: nothing of it may be told any more."""
        return self.closed_because == DELETED

    @property
    def gradients_number(self) -> int:
        """How many gradients were published: a new stream asks for later ones only, while it gets the newest frame."""
        return self._gradients.number

    def publish(
        self,
        events: list[tuple[int, bytes]],
        frame: bytes | None,
        is_ended: bool,
        gradients: bytes | None = None,
        progress: bytes | None = None,
    ) -> None:
        """Append framed events (number, bytes), and replace the newest frame, gradients and progress by newer ones.

        With an event, the progress of before is over: a reader who comes later does not hear of it.
        """
        with self._changed:
            self._keep(events)
            if events:
                self.last_seq = events[-1][0]
                self._progress.clear()
            if progress is not None:
                self._progress.replace(progress)
            if frame is not None:
                self._frame.replace(frame)
            if gradients is not None:
                self._gradients.replace(gradients)
            self.is_ended = self.is_ended or is_ended
            self._changed.notify_all()

    def _keep(self, events: list[tuple[int, bytes]]) -> None:
        self._ring.extend(events)
        self._ring_bytes += sum(len(framed) for _, framed in events)
        while len(self._ring) > self._ring_events or (self._ring_bytes > self._most_ring_bytes and len(self._ring) > 1):
            self._ring_bytes -= len(self._ring.popleft()[1])

    def close(self, because: str = STOPPING) -> None:
        """Tell every stream to end."""
        with self._changed:
            self.closed_because = because
            self._changed.notify_all()

    def wait(  # noqa: PLR0913 - one number for each thing that is told
        self,
        seq: int,
        frame_number: int,
        timeout_s: float,
        gradients_number: int = 0,
        progress_number: int = 0,
    ) -> Fresh:
        """What came after the last event, frame, gradients and progress; waits for something, or until the time is
        over.
        """
        told = (seq, frame_number, gradients_number, progress_number)
        with self._changed:
            self._changed.wait_for(lambda: self._has_news(*told), timeout_s)
            events, is_whole = _first_of(self._events_after(seq))
            return Fresh(
                events=events,
                frame=self._frame.since(frame_number) if is_whole else None,
                frame_number=self._frame.number if is_whole else frame_number,
                gradients=self._gradients.since(gradients_number) if is_whole else None,
                gradients_number=self._gradients.number if is_whole else gradients_number,
                is_ended=self.is_ended,
                closed_because=self.closed_because,
                is_whole=is_whole,
                progress=self._progress.since(progress_number) if is_whole else None,
                progress_number=self._progress.number if is_whole else progress_number,
            )

    def reaches(self, seq: int) -> bool:
        """True when the ring holds every event after a number."""
        with self._changed:
            return seq >= self.last_seq or bool(self._ring and self._ring[0][0] <= seq + 1)

    def _events_after(self, seq: int) -> list[tuple[int, bytes]]:
        """From the newest backwards: a stream that keeps up looks at few of the thousands in the ring."""
        return list(takewhile(lambda entry: entry[0] > seq, reversed(self._ring)))[::-1]

    def _has_news(self, seq: int, frame_number: int, gradients_number: int, progress_number: int) -> bool:
        is_newer = self._frame.number > frame_number or self._gradients.number > gradients_number
        is_newer = is_newer or self._progress.since(progress_number) is not None
        return self.last_seq > seq or is_newer or self.is_closed or self.is_ended


def _first_of(events: list[tuple[int, bytes]]) -> tuple[tuple[tuple[int, bytes], ...], bool]:
    """As many events as one write takes, at least one; and whether these are all."""
    size_bytes = 0
    for count, (_, framed) in enumerate(events):
        size_bytes += len(framed)
        if count and size_bytes > MOST_WRITE_BYTES:
            return tuple(events[:count]), False
    return tuple(events), True


class Subscriptions:
    """The channels by run. `load` tells what the store knows of a run that has no channel yet."""

    def __init__(self, load: Callable[[str], Stored], most: int = KEPT_CHANNELS) -> None:
        self._load = load
        self._most = most
        self._channels: OrderedDict[str, Channel] = OrderedDict()
        self._lock = Lock()
        self._is_closed = False

    def channel(self, run_id: str) -> Channel:
        """The channel of a run; it begins at the end of the stored story."""
        with self._lock:
            channel = self._channels.get(run_id)
            if channel is None:
                channel = Channel(self._load(run_id), STOPPING if self._is_closed else None)
                self._forget_ended()
                self._channels[run_id] = channel
            self._channels.move_to_end(run_id)
            return channel

    def find(self, run_id: str) -> Channel | None:
        """The channel of a run, when somebody watched or it happened lately."""
        with self._lock:
            return self._channels.get(run_id)

    def drop(self, run_id: str) -> None:
        """A run is deleted: its streams say so and end."""
        with self._lock:
            channel = self._channels.pop(run_id, None)
        if channel:
            channel.close(DELETED)

    def close(self) -> None:
        """The server stops: every stream says goodbye."""
        with self._lock:
            self._is_closed = True
            channels = list(self._channels.values())
        for channel in channels:
            channel.close()

    def _forget_ended(self) -> None:
        """Make room for one more. Streams that still follow a forgotten channel have its end already; a new one reads
        the store."""
        ended = [run_id for run_id, channel in self._channels.items() if channel.is_ended]
        surplus = max(len(ended) - KEPT_ENDED, len(self._channels) + 1 - self._most)
        for run_id in ended[: max(surplus, 0)]:
            del self._channels[run_id]
