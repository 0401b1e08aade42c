"""What is not well with the server at the moment, told by whoever notices."""

from collections.abc import Callable
from threading import Lock
from typing import Literal, TypeAlias, get_args

Part: TypeAlias = Literal["storage", "checkpoints", "workers"]
"""`storage`: events cannot be stored; `checkpoints`: weights cannot be kept; `workers`: some of ours are missing."""

PARTS: tuple[Part, ...] = get_args(Part)


class Health:
    """Remembers which parts are in trouble; any thread may tell and ask."""

    def __init__(self) -> None:
        self._in_trouble: set[Part] = set()
        self._listeners: list[Callable[[Part, bool], None]] = []
        self._lock = Lock()

    def listen(self, on_change: Callable[[Part, bool], None]) -> None:
        """`on_change(part, is_well)` is called once when trouble begins and once when it ends."""
        self._listeners.append(on_change)

    def tell(self, part: Part, is_well: bool) -> None:
        """How a part is now; telling the same again changes nothing. Raises ValueError for an unknown part."""
        if part not in PARTS:
            raise ValueError(f"{part!r} is no part of the server; expected one of {', '.join(PARTS)}.")
        with self._lock:
            if (part not in self._in_trouble) == is_well:
                return
            if is_well:
                self._in_trouble.remove(part)
            else:
                self._in_trouble.add(part)
        for on_change in self._listeners:
            on_change(part, is_well)

    def problems(self) -> list[Part]:
        """The parts in trouble, always in the same order."""
        with self._lock:
            return [part for part in PARTS if part in self._in_trouble]
