"""How the batches of an epoch went while it was trained, and how far it has come: what a long epoch tells of itself."""

from dataclasses import dataclass
from typing import Literal

from server.domain.events import Payload


@dataclass
class Tally:
    """Sums over the samples of the batches so far: of the loss without penalty, and of right predictions.

    As in Keras' own progress bar, each batch counts as the network saw it: before its update, with dropout and
    augmentation.
    """

    samples: int = 0
    loss: float = 0.0
    right: float = 0.0

    def add(self, samples: int, loss: float, right: float) -> None:
        """Count more batches in."""
        self.samples += samples
        self.loss += loss
        self.right += right


@dataclass(frozen=True)
class EpochProgress:
    """How far the epoch that is being trained has come; `remaining_s` is what is left of it at its pace so far."""

    epoch: int
    phase: Literal["training", "measuring"]
    batch: int
    batches: int
    loss: float | None
    accuracy: float | None
    elapsed_s: float
    remaining_s: float

    def to_payload(self) -> Payload:
        """Plain data for the event."""
        return {
            "epoch": self.epoch,
            "phase": self.phase,
            "batch": self.batch,
            "batches": self.batches,
            "loss": _rounded(self.loss),
            "accuracy": _rounded(self.accuracy),
            "remaining_s": round(self.remaining_s, 1),
        }


def _rounded(number: float | None) -> float | None:
    return None if number is None else float(f"{number:.4g}")
