"""A run at one moment with everything it needs to go on as if nothing had happened."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from server.domain.events import Payload
from server.training.batchwise import Moment
from server.training.course import Memory
from server.training.frames import decode_weights, encode_weights
from server.training.rates import Rates


@dataclass(frozen=True)
class Checkpoint:
    """The state float32 [weights and slots] of a moment, and what was decided before it.

    `version` is that of the controls that were applied, `granted` the number of epochs that were granted as steps and
    trained; `best_epoch` is where early stopping saw the best metric, `best_metric`, and `best` the way back there.
    """

    moment: Moment
    version: int = 0
    granted: int = 0
    best_metric: float | None = None
    best_epoch: int = 0
    best: Memory | None = None

    def to_payload(self, weights_count: int) -> Payload:
        """Plain data; arrays are base64 of float32 little-endian. `weights` alone are what is drawn."""
        values = self.moment.values
        return {
            "epoch": self.moment.epoch,
            "step": self.moment.step,
            "weights": encode_weights(values[:weights_count]),
            "slots": encode_weights(values[weights_count:]),
            "version": self.version,
            "granted": self.granted,
            "best_metric": self.best_metric,
            "best_epoch": self.best_epoch,
            "best": _remembered(self.best) if self.best else None,
        }


def checkpoint_from(payload: Payload) -> Checkpoint:
    """The inverse of `to_payload`. Raises KeyError or ValueError when something is missing or broken."""
    values = np.concatenate([decode_weights(payload["weights"]), decode_weights(payload["slots"])])
    return Checkpoint(
        Moment(payload["epoch"], payload["step"], values),
        payload["version"],
        payload["granted"],
        payload["best_metric"],
        payload["best_epoch"],
        _memory_from(payload["best"]) if payload["best"] else None,
    )


def _remembered(memory: Memory) -> Payload:
    start = memory.moment
    rates = [[each.learning_rate, each.l1, each.l2] for each in memory.rates]
    return {"epoch": start.epoch, "step": start.step, "values": encode_weights(start.values), "rates": rates}


def _memory_from(payload: Payload) -> Memory:
    rates: Sequence[Sequence[float]] = payload["rates"]
    moment = Moment(payload["epoch"], payload["step"], decode_weights(payload["values"]))
    return Memory(moment, tuple(Rates(*each) for each in rates))
