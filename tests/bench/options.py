"""What a part of the benchmark is told."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """Whether to be quick rather than sure, and how to show progress."""

    is_quick: bool
    say: Callable[[str], None]

    @property
    def rounds(self) -> int:
        """How often a pair is measured."""
        return 5 if self.is_quick else 7
