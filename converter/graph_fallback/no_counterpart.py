"""How a rule says that an operation cannot be written for TensorFlow.js."""

from __future__ import annotations


class NoCounterpart(Exception):
    """Raised by a rule for an operation that cannot be written for TensorFlow.js, with what to use instead."""

    def __init__(self, reason: str, instead: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.instead = instead
