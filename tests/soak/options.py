"""What a part of the soak is told."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """How long to soak, and how to show progress. `is_smoke`: small and short, to see that everything is measured."""

    is_smoke: bool
    minutes: float
    say: Callable[[str], None]

    def pick(self, smoke: float, full: float) -> float:
        """The one for this kind of soak."""
        return smoke if self.is_smoke else full

    def count(self, smoke: int, full: int) -> int:
        """The same for whole numbers."""
        return smoke if self.is_smoke else full
