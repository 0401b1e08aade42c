"""The engine as the benchmark sees it: everything that touches its Python interface is here."""

import time
from typing import TYPE_CHECKING

from server.datasets.splits import RunData
from server.processor import prepare_processor
from server.training.pace import TICK_S, slice_s
from tests.bench.networks import Network

if TYPE_CHECKING:
    from server.training.recipe import Recipe


def become_like_a_worker() -> None:
    """Prepare this process as a worker's is, before TensorFlow is loaded."""
    prepare_processor()


class EngineRunner:
    """Trains through the path a run takes: slices of a course, told epoch by epoch, and frames as often as in a run.

    Ready when the program is compiled and has taken over from the slower beginning of a run.
    """

    def __init__(self, network: Network, samples: RunData) -> None:
        from server.training.checkpoints import Checkpoint
        from server.training.compiler import ProgramCache
        from server.training.course import Course
        from server.training.opening import opening_epochs
        from server.training.rates import Rates
        from server.training.report import Reporter
        from server.training.schedules import rate_share

        def rates_of(epoch: int) -> Rates:
            rate, schedule = network.spec.optimizer.learning_rate, network.spec.optimizer.schedule
            penalty = network.spec.regularization
            return Rates(rate * rate_share(schedule, epoch), penalty.l1, penalty.l2)

        recipe = _recipe(network)
        self.loss = float("nan")
        self._rates_of = rates_of
        self._checkpoint = Checkpoint
        self._course = Course(recipe, samples, ProgramCache(), time.monotonic)
        self._report = Reporter(lambda kind, payload: None, recipe)
        self.train(1)
        first_loss = self.loss
        # One epoch beyond the opening: it waits for the program.
        self.train(opening_epochs(recipe))
        self.loss = first_loss

    def train(self, epochs: int) -> None:
        """Train so many epochs, slice after slice."""
        end = self._course.moment.epoch + epochs
        while (epoch := self._course.moment.epoch) < end:
            rows = self._course.advance(end - epoch, self._rates_of, slice_s(1)).rows
            self._report.rows(epoch + 1, rows)
            self._report.tick(time.monotonic(), self._checkpoint(self._course.moment), TICK_S)
            self.loss = float(rows[-1][0]) if len(rows) else self.loss


def _recipe(network: Network) -> "Recipe":
    """The recipe of a network whose pictures may be larger than any a specification can name."""
    from server.domain.shapes import plan_layers
    from server.training.recipe import Recipe

    plans = plan_layers(network.spec.layers, network.sample_shape, network.outputs)
    return Recipe(network.spec, plans, network.train_count, network.val_count)
