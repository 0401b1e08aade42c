"""What a run will cost, worked out before anything is built: numbers to keep, and seconds per epoch.

Both are cautious: an estimate above the truth refuses a run that a fast machine would bear, one below it lets a run
in that everybody else waits for.

Memory, in float32 numbers of four bytes:

    STATE_COPIES x (weights + optimizer slots) + gradients
    + (batch + smaller last batch) x (4 x answers + 2 x patches)      for training
    + chunk x answers                                                 for measuring
    + SAMPLE_COPIES x (features + labels of all samples)

What a base says about each picture counts as a sample, and the part of it that is trained as layers: answers twice.
The pictures of collections are not copied but read from the disk's cache: only their labels count.

Answers are the numbers of one sample and of what each layer makes of it; on the way back there are as many gradients,
and both once more with the border that a window needs. Patches are what a convolution lays out to become one product
of matrices, each pixel as often as a window sees it; they have gradients too. A smaller last batch has its own room.

Time, in seconds per epoch:

    2 x multiplications of one sample x (3 x training samples + all samples)
        / (CONVOLUTION_OPERATIONS_PER_S with convolutions, else OPERATIONS_PER_S)
    + updates x layers x (LAYER_S with convolutions, else DENSE_LAYER_S)

The way back multiplies twice as often as the way forwards; after the epoch all samples of both shares are measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, prod

from server.domain.layers import Conv2DSpec
from server.domain.mobilenet import base_tail, base_weights_count, embedding_shape
from server.domain.shapes import LayerPlan, count_weights, plan_network
from server.domain.spec import COLLECTED, BaseSpec, OptimizerSpec, RunSpec, all_samples, train_samples

STATE_COPIES = 4
"""The state before and after a slice, the best one of early stopping, and the one that is being told."""

SAMPLE_COPIES = 2
"""As made, and as handed to the compiled program."""

OPERATIONS_PER_S = 8e9
"""Of one modest core."""

CONVOLUTION_OPERATIONS_PER_S = 2e10
"""The same of networks with convolutions; one of 64 filters, trained in batches of 32, was measured at 8e10."""

LAYER_S = 3e-4
"""What one layer of a network with convolutions costs in each update however small it is; measured up to 0.35 ms."""

DENSE_LAYER_S = 2e-5
"""The same of networks without; measured 4 microseconds, and 15 for dropout, which draws a mask."""

CHUNK_MULTIPLICATIONS = 2_500_000_000
"""About 40 ms with convolutions. Chunks a third as large cost half as much again for each sample."""

MOST_CHUNK_SAMPLES = 4_096

_NUMBER_BYTES = 4
_SLOTS = {"sgd": 0, "adagrad": 1, "rmsprop": 1, "adam": 2}


@dataclass(frozen=True)
class Estimate:
    """What a run will cost: all weights, bytes at its largest moment, seconds for one epoch alone on a core."""

    weights: int
    memory_bytes: int
    epoch_s: float


def estimate_run(spec: RunSpec) -> Estimate:
    """The cost of a spec whose layers fit one another."""
    plans = plan_network(spec)
    base = _base_cost(spec, spec.base, plans) if spec.base else (0, 0, 0.0)
    weights, numbers = count_weights(plans) + base[0], _numbers(spec, plans) + base[1]
    return Estimate(weights, _NUMBER_BYTES * numbers, _epoch_s(spec, plans) + base[2])


def _base_cost(spec: RunSpec, base: BaseSpec, plans: Sequence[LayerPlan]) -> tuple[int, int, float]:
    """What a base adds: weights, numbers to keep (what is said about each picture too), seconds per epoch."""
    said = SAMPLE_COPIES * all_samples(spec) * prod(embedding_shape(base))
    tail = base_tail(base)
    if tail is None:
        return base_weights_count(base), base_weights_count(base) + said, 0.0
    train = train_samples(spec)
    batch = min(spec.batch_size, train)
    together = max(2 * (batch + train % batch), min(chunk_samples(plans, tail.multiplications), all_samples(spec)))
    state = tail.weights_count + slot_kinds(spec.optimizer) * tail.trainable_count
    answers = sum(prod(layer.outputs) for layer in tail.layers)
    numbers = base_weights_count(base) + said + STATE_COPIES * state + tail.trainable_count + together * answers
    operations = 2 * tail.multiplications * (3 * train + all_samples(spec))
    epoch_s = operations / CONVOLUTION_OPERATIONS_PER_S + ceil(train / batch) * len(tail.layers) * LAYER_S
    return base_weights_count(base), numbers, epoch_s


def slot_kinds(optimizer: OptimizerSpec) -> int:
    """How many numbers an optimizer remembers of each trainable weight."""
    return 1 if optimizer.name == "sgd" and optimizer.momentum > 0 else _SLOTS[optimizer.name]


def chunk_samples(plans: Sequence[LayerPlan], before: int = 0) -> int:
    """Samples that are measured together: few enough to end in time, and always the same number.

    `before` are the multiplications of what is trained before these layers.
    """
    return min(max(CHUNK_MULTIPLICATIONS // max(_forwards(plans) + before, 1), 16), MOST_CHUNK_SAMPLES)


def _numbers(spec: RunSpec, plans: Sequence[LayerPlan]) -> int:
    trainable = sum(plan.trainable for plan in plans)
    state = count_weights(plans) + slot_kinds(spec.optimizer) * trainable
    features = 0 if spec.dataset.name in COLLECTED else prod(plans[0].inputs)
    sample = features + prod(plans[-1].outputs)
    work = _training_numbers(spec, plans) + _measuring_numbers(spec, plans)
    return STATE_COPIES * state + trainable + work + SAMPLE_COPIES * all_samples(spec) * sample


def _training_numbers(spec: RunSpec, plans: Sequence[LayerPlan]) -> int:
    train = train_samples(spec)
    batch = min(spec.batch_size, train)
    return (batch + train % batch) * (4 * _answers(plans) + 2 * _patches(plans))


def _measuring_numbers(spec: RunSpec, plans: Sequence[LayerPlan]) -> int:
    return min(chunk_samples(plans), all_samples(spec)) * _answers(plans)


def _answers(plans: Sequence[LayerPlan]) -> int:
    """Numbers of one sample: what goes in, and what each layer answers."""
    return prod(plans[0].inputs) + sum(prod(plan.outputs) for plan in plans)


def _patches(plans: Sequence[LayerPlan]) -> int:
    """Numbers that all convolutions lay out for one sample; each is multiplied once for each filter."""
    return sum(plan.multiplications // plan.layer.filters for plan in plans if isinstance(plan.layer, Conv2DSpec))


def _epoch_s(spec: RunSpec, plans: Sequence[LayerPlan]) -> float:
    train = train_samples(spec)
    updates = ceil(train / spec.batch_size)
    operations = 2 * _forwards(plans) * (3 * train + all_samples(spec))
    has_convolutions = any(isinstance(plan.layer, Conv2DSpec) for plan in plans)
    layer_s = LAYER_S if has_convolutions else DENSE_LAYER_S
    pace = CONVOLUTION_OPERATIONS_PER_S if has_convolutions else OPERATIONS_PER_S
    return operations / pace + updates * len(plans) * layer_s


def _forwards(plans: Sequence[LayerPlan]) -> int:
    """Multiplications of one sample on its way forwards."""
    return sum(plan.multiplications for plan in plans)
