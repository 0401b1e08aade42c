"""All that decides how a network is trained, apart from the numbers that may change while it is."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil, prod

from server.domain.estimate import chunk_samples, slot_kinds
from server.domain.layers import Conv2DSpec
from server.domain.mobilenet import BaseTail, base_tail
from server.domain.shapes import LayerPlan, Shape, count_weights, plan_network
from server.domain.spec import RunSpec, all_samples, loss_of, problem_of, train_samples

SLICE_ORDERS = 32_768
"""Numbers in the table of orders that goes into one call: an eighth of a megabyte."""

MOST_SLICE_EPOCHS = 256
"""So many that what a call costs beside its epochs does not show."""


FEWEST_MEASURED = 2_000
"""Training samples that are always measured, if there are so many: half a percent of accuracy is seen in them."""


@dataclass(frozen=True)
class Recipe:
    """A spec, its layers in place, and how many samples there are of each share.

    `tail` is the part of a base that is trained before these layers.
    """

    spec: RunSpec
    plans: tuple[LayerPlan, ...]
    train_count: int
    val_count: int
    tail: BaseTail | None = None

    @property
    def sample_shape(self) -> Shape:
        """Shape of one sample; of a run that starts from a base, of what its frozen part says about one."""
        return self.tail.inputs if self.tail else self.plans[0].inputs

    @property
    def outputs(self) -> int:
        """Units of the output layer."""
        return self.plans[-1].outputs[0]

    @property
    def is_classification(self) -> bool:
        """Whether the labels are classes, so that an accuracy can be told."""
        return problem_of(self.spec.dataset.name) == "classification"

    @property
    def output_activation(self) -> str:
        """Keras' name of the activation that fits the labels."""
        if not self.is_classification:
            return "linear"
        return "sigmoid" if self.outputs == 1 else "softmax"

    @property
    def batch_size(self) -> int:
        """Samples of a full batch: never more than there are."""
        return min(self.spec.batch_size, self.train_count)

    @property
    def measured_count(self) -> int:
        """How many training samples are measured after an epoch, the first ones.

        All of them, but with convolutions: there it would cost a third of the training, so as many do as test it.
        """
        most = max(self.val_count, FEWEST_MEASURED) if self.has_convolutions else self.train_count
        return min(self.train_count, most)

    @property
    def steps_per_epoch(self) -> int:
        """Updates of one epoch, the smaller last batch included."""
        return ceil(self.train_count / self.batch_size)

    @property
    def slice_epochs(self) -> int:
        """Most epochs of one call of a program of whole epochs, whose orders of samples go in as one table."""
        return min(max(SLICE_ORDERS // self.train_count, 8), MOST_SLICE_EPOCHS)

    @property
    def metric_names(self) -> tuple[str, ...]:
        """Keras' names of what is measured each epoch, in the order of a row."""
        losses = ("loss", "val_loss")
        return (*losses, "accuracy", "val_accuracy") if self.is_classification else losses

    @cached_property
    def weights_count(self) -> int:
        """Numbers of the state that are weights."""
        return count_weights(self.plans) + (self.tail.weights_count if self.tail else 0)

    @cached_property
    def trainable_count(self) -> int:
        """Weights that the optimizer moves."""
        return sum(plan.trainable for plan in self.plans) + (self.tail.trainable_count if self.tail else 0)

    @property
    def slot_kinds(self) -> int:
        """How many numbers the optimizer remembers of each trainable weight."""
        return slot_kinds(self.spec.optimizer)

    @property
    def state_count(self) -> int:
        """Numbers of a run's whole state: its weights, then the slots of its optimizer, kind after kind."""
        return self.weights_count + self.slot_kinds * self.trainable_count

    @property
    def has_convolutions(self) -> bool:
        """Whether a layer slides over a picture."""
        return self.tail is not None or any(isinstance(plan.layer, Conv2DSpec) for plan in self.plans)

    @cached_property
    def sample_multiplications(self) -> int:
        """Multiplications of one sample on its way forwards."""
        return sum(plan.multiplications for plan in self.plans) + (self.tail.multiplications if self.tail else 0)

    @cached_property
    def epoch_multiplications(self) -> int:
        """Multiplications of an epoch: its updates, and the measuring."""
        return self.sample_multiplications * (3 * self.train_count + self.measured_count + self.val_count)

    @property
    def sample_numbers(self) -> int:
        """Numbers of all samples of both shares, labels left out."""
        return prod(self.sample_shape) * (self.train_count + self.val_count)

    @property
    def chunk_samples(self) -> int:
        """Samples that are measured together: few enough to end in time, and always the same number."""
        return chunk_samples(self.plans, self.tail.multiplications if self.tail else 0)

    @cached_property
    def key(self) -> str:
        """What decides the compiled code: shapes, activations, loss, optimizer; no rate and no seed."""
        optimizer = self.spec.optimizer
        kind = (optimizer.name, self.slot_kinds, optimizer.momentum, optimizer.nesterov)
        clip = (optimizer.clip_norm, optimizer.clip_value)
        layers = [plan.layer for plan in self.plans]
        sizes = (self.sample_shape, self.train_count, self.val_count, self.batch_size)
        base = self.spec.base if self.tail else None
        return repr((base, layers, sizes, loss_of(self.spec), self.output_activation, kind, clip))


def recipe_of(spec: RunSpec) -> Recipe:
    """The recipe of a spec whose layers are known to fit one another."""
    count = train_samples(spec)
    tail = base_tail(spec.base) if spec.base else None
    return Recipe(spec, plan_network(spec), count, all_samples(spec) - count, tail)
