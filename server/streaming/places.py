"""A bounded number of open streams: one too many is refused at once instead of starving every other request."""

from collections.abc import Generator, Iterator
from threading import Lock


class StreamPlaces:
    """Counts the open streams."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._free = most
        self._lock = Lock()

    @property
    def taken(self) -> int:
        """Open streams now."""
        with self._lock:
            return self.most - self._free

    def take(self) -> bool:
        """Take a place; False when none is free."""
        with self._lock:
            if self._free == 0:
                return False
            self._free -= 1
            return True

    def give_back(self) -> None:
        """Free a place."""
        with self._lock:
            self._free += 1


class PlacedStream(Iterator[bytes]):
    """A stream that gives its place back once, whether it was read to its end, cut, or never begun."""

    def __init__(self, chunks: Generator[bytes, None, None], places: StreamPlaces) -> None:
        self._chunks = chunks
        self._places = places
        self._is_open = True

    def __next__(self) -> bytes:
        """The next chunk."""
        return next(self._chunks)

    def close(self) -> None:
        """Called by the server when the connection is over."""
        if self._is_open:
            self._is_open = False
            self._chunks.close()
            self._places.give_back()
