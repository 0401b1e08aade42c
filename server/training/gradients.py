"""What the gradients of a run are like, on request: too small, too large, or dead.

Measured on a fixed batch of the training samples, so that the numbers of two moments can be compared.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf, isfinite, prod

import numpy as np
import numpy.typing as npt

from server.datasets.splits import Split, as_inputs
from server.domain.events import Payload
from server.training.batchwise import Moment
from server.training.numpy_trainer import Inspection, NumpyTrainer
from server.training.rates import Rates
from server.training.recipe import Recipe

EVERY_S = 0.5
"""The gradients are looked at this often at most."""

MOST_SAMPLES = 256
_MOST_MULTIPLICATIONS = 50_000_000
"""About 20 ms of work: looking must not be longer than a turn."""

BINS = 21
"""Of a histogram: an odd number, so that the middle one holds what is about zero."""

STILL = 1e-6
"""A unit whose output differs by less than this between all samples of the batch passes nothing on: it is dead."""


@dataclass
class GradientWatch:
    """Looks at one run's network from time to time. `clock` gives seconds."""

    recipe: Recipe
    train: Split
    clock: Callable[[], float]
    _last_s: float = field(default=-inf)

    def is_due(self) -> bool:
        """Whether the last look is long enough ago."""
        return self.clock() - self._last_s >= EVERY_S

    def look(self, trainer: NumpyTrainer, moment: Moment, rates: Rates) -> list[Payload]:
        """One entry per layer that has weights: `{"name", "layer", "gradient_norm", "update_ratio", ...}`.

        `layer` is the index in the spec, the output layer the one after the last. `gradient_norm`: Euclidean length of
        the gradient of loss and penalty. `update_ratio`: how far one update on this batch would move the weights,
        relative to their own length; about a thousandth is healthy. `dead_units` of `units` (filters of a
        convolution, channels of a normalization) answer the same to every sample. `histogram` says how the gradient of
        the kernel (of a normalization: its scales) is spread.
        """
        self._last_s = self.clock()
        batch = slice(fixed_batch_size(self.recipe))
        features, labels = as_inputs(self.train.features[batch]), self.train.labels[batch]
        return self._layers(trainer.inspect(moment.values, features, labels, moment.step, rates))

    def _layers(self, inspection: Inspection) -> list[Payload]:
        layers, start = [], 0
        for index, plan in enumerate(self.recipe.plans):
            mine = slice(start, start + plan.trainable)
            start = mine.stop
            if plan.trainable:
                spread = inspection.spreads[index]
                layers.append(
                    {
                        "name": plan.name,
                        "layer": index,
                        "gradient_norm": _length(inspection.gradient[mine]),
                        "update_ratio": _ratio(inspection.update[mine], inspection.weights[mine]),
                        "dead_units": int(np.count_nonzero(spread < STILL)),
                        "units": len(spread),
                        "histogram": _histogram(inspection.gradient[mine][: prod(plan.weights[0])]),
                    }
                )
        return layers


def fixed_batch_size(recipe: Recipe) -> int:
    """Samples of the batch that is looked at: the first ones, as many as can be afforded."""
    forwards = sum(plan.multiplications for plan in recipe.plans)
    affordable = max(_MOST_MULTIPLICATIONS // max(3 * forwards, 1), 1)
    return min(MOST_SAMPLES, recipe.train_count, affordable)


def _histogram(values: npt.NDArray[np.float32]) -> Payload | None:
    """Counts between -largest and +largest, so that zero is in the middle; None when a number is beyond all numbers."""
    # Gradients that are all zero lie in the middle of any range.
    largest = float(np.abs(values).max()) or 1.0
    if not isfinite(largest):
        return None
    counts, _ = np.histogram(values.astype(np.float64), BINS, (-largest, largest))
    border = float(f"{largest:.4g}")
    return {"low": -border, "high": border, "counts": counts.tolist()}


def _length(vector: npt.NDArray[np.float32]) -> float:
    return float(f"{np.linalg.norm(vector):.4g}")


def _ratio(update: npt.NDArray[np.float32], weights: npt.NDArray[np.float32]) -> float | None:
    length = float(np.linalg.norm(weights))
    return float(f"{np.linalg.norm(update) / length:.4g}") if length > 0 else None
