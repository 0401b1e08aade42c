"""When a run has stopped getting better: the rule of Keras' EarlyStopping."""

from dataclasses import dataclass
from math import inf, isnan

from server.domain.spec import EarlyStoppingSpec


@dataclass
class EarlyStopping:
    """Follows one metric; losses should fall, accuracies rise."""

    spec: EarlyStoppingSpec
    best: float | None = None
    best_epoch: int = 0

    def note(self, epoch: int, metric: float) -> None:
        """Take the metric of an ended epoch into account; one that is not a number is no progress."""
        if self._is_better(metric):
            self.best, self.best_epoch = metric, epoch

    def is_over(self, epoch: int) -> bool:
        """Whether there has been no progress for as many epochs as patience lasts."""
        return epoch - self.best_epoch >= self.spec.patience

    def _is_better(self, metric: float) -> bool:
        sign = 1 if self.spec.metric.endswith("accuracy") else -1
        before = -inf if self.best is None else sign * self.best
        return not isnan(metric) and sign * metric - self.spec.min_delta > before
