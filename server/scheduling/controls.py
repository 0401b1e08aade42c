"""The worker's end of controls: a mailbox per run, holding the state the run should be in."""

from collections.abc import Callable
from threading import Condition, Lock
from typing import TypeAlias

from server.domain.controls import ControlState


class RunMailbox:
    """The newest wish about one run. Older versions than the one here are ignored: delivery may repeat itself."""

    def __init__(self, controls: ControlState, on_change: Callable[[], None] = lambda: None) -> None:
        self._controls = controls
        self._on_change = on_change
        self._changed = Condition()

    def read(self) -> ControlState:
        """The state the run should be in."""
        return self._controls

    def put(self, controls: ControlState) -> None:
        """Take over a newer state and wake the run."""
        with self._changed:
            if controls.version <= self._controls.version:
                return
            self._controls = controls
            self._changed.notify_all()
        self._on_change()

    def wait(self, version: int, timeout_s: float | None) -> None:
        """Return when the state is newer than `version`, or after the time."""
        with self._changed:
            self._changed.wait_for(lambda: self._controls.version > version, timeout_s)


Address: TypeAlias = tuple[str, int]
"""Of a mailbox: the run, and which attempt to train it."""


class Mailboxes:
    """The mailboxes of the runs that live in this process."""

    def __init__(self) -> None:
        self._by_address: dict[Address, RunMailbox] = {}
        self._lock = Lock()

    def open(
        self, address: Address, controls: ControlState, on_change: Callable[[], None] = lambda: None
    ) -> RunMailbox:
        """A mailbox for a run that begins here; `on_change` is called after a newer state has come in."""
        with self._lock:
            mailbox = self._by_address[address] = RunMailbox(controls, on_change)
        return mailbox

    def close(self, address: Address) -> None:
        """The run is over."""
        with self._lock:
            self._by_address.pop(address, None)

    def versions(self) -> dict[Address, int]:
        """Who lives here, and which controls have arrived."""
        with self._lock:
            return {address: mailbox.read().version for address, mailbox in self._by_address.items()}

    def deliver(self, address: Address, controls: ControlState) -> bool:
        """Put a state into the run's mailbox; False when the run does not live here."""
        with self._lock:
            mailbox = self._by_address.get(address)
        if mailbox:
            mailbox.put(controls)
        return mailbox is not None
