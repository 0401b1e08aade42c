"""Under which names this server may be asked.

A page of evil.example may let its name point to this machine (DNS rebinding). The browser then takes us for
evil.example and lets that page read every answer. All such a request shows is its header `Host`: it bears the
stranger's name. So only names that are known to be ours are answered; all others get 400, on pages, the interface and
streams alike.

An address in digits is no name. Nobody can let it point elsewhere: a browser that sends `Host: 192.168.1.5` has
connected to that very address. So every address is answered, also one that this machine does not know it has (behind
a router or in a container), and a class needs no setting. The machine's own name is answered when the server listens
beyond this machine: it is looked up in the school's network, where a stranger's page has no say.
"""

import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import ip_address

from flask import Flask, request

from server.config import Settings
from server.domain.errors import MalformedRequest

_HOST = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,253}))(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
_LOOPBACK_NAMES = frozenset({"localhost", "ip6-localhost", "localhost.localdomain"})
_SHOWN_CHARACTERS = 80


@dataclass(frozen=True)
class KnownHosts:
    """The names that are ours, in small letters: whole ones, and domains (`.school.example`) with all names below."""

    names: frozenset[str]
    domains: tuple[str, ...] = ()

    def has(self, raw_host: str) -> bool:
        """Whether a header `Host` is an address in digits or one of these names; its port does not matter."""
        match = _HOST.fullmatch(raw_host)
        if match is None:
            return False
        address, name = match[1], (match[2] or "").lower().removesuffix(".")
        return is_address(address or name) or name in self.names or name.endswith(self.domains)


def known_hosts(settings: Settings, machine_name: Callable[[], str] = socket.gethostname) -> KnownHosts:
    """The names of a server with these settings; `machine_name` is asked when others can reach it."""
    own = settings.host.lower()
    trusted = {name.lower() for name in settings.trusted_hosts}
    names = _LOOPBACK_NAMES | {own} | {name for name in trusted if not name.startswith(".")}
    if not is_loopback(own):
        names |= set(_names_of(machine_name().lower()))
    return KnownHosts(frozenset(names), tuple(sorted(name for name in trusted if name.startswith("."))))


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens there."""
    return host in _LOOPBACK_NAMES or (is_address(host) and ip_address(host).is_loopback)


def is_address(text: str) -> bool:
    """Whether a text is an address in digits, of version 4 or 6."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def register_hosts(app: Flask, known: KnownHosts) -> None:
    """Refuse requests under any other name."""

    @app.before_request
    def refuse_unknown_host() -> None:
        # Without the header (HTTP/1.0) no browser asks; werkzeug's `request.host` would invent one.
        raw_host = request.environ.get("HTTP_HOST")
        if raw_host is not None and not known.has(raw_host):
            raise MalformedRequest(_sentence(raw_host), "unknown_host")


def _sentence(raw_host: str) -> str:
    return (
        f"This server does not answer under the name {raw_host[:_SHOWN_CHARACTERS]!r}. Open it by its address in "
        "digits, or let whoever runs it add the name to the setting trusted_hosts."
    )


def _names_of(machine_name: str) -> Iterable[str]:
    """A machine's name, its first part, and how neighbours call it (`teacher-pc.local`)."""
    first = machine_name.partition(".")[0]
    return (machine_name, first, f"{first}.local") if first else ()
