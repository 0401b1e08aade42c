"""Our exceptions.

PublicError            its text is safe and useful to show to a pupil
├── InvalidInput       something a person sent cannot be used; carries every problem found
│   ├── InvalidSpec
│   └── InvalidControl
├── MalformedRequest   the body is not what HTTP or JSON allow
├── NotAllowed         whoever asks may not do this, or not from there
├── TooManyRequests    of one kind from one address; says when to try again
├── NotFound           no such run or file
├── WrongStatus        the run is in a status that does not allow this
├── TooLarge           what was sent has more bytes than are accepted
├── StorageFull        there is no room for what was sent
├── ServerFull         no place left for now; says when to try again
└── Unavailable        a part of the server does not answer
    └── StorageUnavailable  nothing can be stored or looked up for now; an OSError too
"""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with what was sent: where, what was expected, what came.

    `position` is the character of a text at which it stopped making sense, counted from 1.
    """

    field: str
    code: str
    message: str
    expected: str | None = None
    received: object = None
    position: int | None = None

    def to_payload(self) -> dict[str, object]:
        """Plain data for the JSON answer."""
        payload = {
            "field": self.field,
            "code": self.code,
            "message": self.message,
            "expected": self.expected,
            "received": self.received,
        }
        return payload if self.position is None else {**payload, "position": self.position}


@dataclass
class PublicError(Exception):
    """An error whose sentence may be shown to anybody: it names the cause and the cure."""

    message: str
    code: str = "error"
    problems: Sequence[Problem] = field(default_factory=tuple)
    retry_after_s: int | None = None

    def __str__(self) -> str:
        """The sentence."""
        return self.message


class InvalidInput(PublicError):
    """Values that cannot be used; `problems` names all of them at once."""


class InvalidSpec(InvalidInput):
    """A specification with at least one problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(_headline("specification", problems), "invalid_spec", tuple(problems))


class InvalidControl(InvalidInput):
    """A control with at least one problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(_headline("control", problems), "invalid_control", tuple(problems))


class MalformedRequest(PublicError):
    """The request cannot be read at all."""

    def __init__(self, message: str, code: str = "malformed_request") -> None:
        super().__init__(message, code)


class NotAllowed(PublicError):
    """Whoever asks may not do this, or not from there."""

    def __init__(self, message: str, code: str = "not_allowed") -> None:
        super().__init__(message, code)


class TooManyRequests(PublicError):
    """Too many of one kind from one address; the cure is to wait."""

    def __init__(self, message: str, retry_after_s: int) -> None:
        wait = f"{message} Wait {retry_after_s} {'second' if retry_after_s == 1 else 'seconds'}, then try again."
        super().__init__(wait, "too_many_requests", (), retry_after_s)


class NotFound(PublicError):
    """The thing asked for does not exist (any more)."""

    def __init__(self, message: str, code: str = "not_found") -> None:
        super().__init__(message, code)


class WrongStatus(PublicError):
    """The run's status does not allow what was asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "wrong_status")


class TooLarge(PublicError):
    """More bytes than are accepted."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "too_large")


class StorageFull(PublicError):
    """There is no room for what was sent; somebody has to make some."""


class ServerFull(PublicError):
    """All places are taken for now."""

    def __init__(self, message: str, retry_after_s: int = 5) -> None:
        super().__init__(message, "server_full", (), retry_after_s)


class Unavailable(PublicError):
    """A part of the server that is needed does not answer."""

    def __init__(self, message: str, retry_after_s: int = 5) -> None:
        super().__init__(message, "unavailable", (), retry_after_s)


class StorageUnavailable(Unavailable, OSError):
    """The database is locked, full, broken or out of reach; as an OSError, what waits for storage tries again."""


def _headline(noun: str, problems: Sequence[Problem]) -> str:
    """The first problem in full, and how many more there are."""
    others = len(problems) - 1
    rest = f" (and {others} more {'problem' if others == 1 else 'problems'})" if others else ""
    return f"The {noun} cannot be used: {problems[0].message}{rest}"
