"""Training in NumPy: nothing is compiled, so a pupil sees the first metrics in the same moment.

It computes what Keras computes, to the rounding of float32: the layers, losses and optimizers stand in numpy_layers,
numpy_losses and numpy_optimizers; here they are put together and driven.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from server.datasets.splits import Features, as_inputs
from server.domain.layers import (
    AveragePooling2DSpec,
    BatchNormalizationSpec,
    Conv2DSpec,
    DenseSpec,
    DropoutSpec,
    FlattenSpec,
    GlobalAveragePooling2DSpec,
    MaxPooling2DSpec,
)
from server.domain.shapes import LayerPlan
from server.domain.spec import LossName, RunSpec, classes_of, loss_of
from server.training.numpy_layers import (
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Floats,
    GlobalAveragePooling2D,
    Layer,
    MaxPooling2D,
    Place,
    make_signal,
)
from server.training.numpy_losses import LOSSES, Penalty
from server.training.numpy_optimizers import Movable, clipping_of, optimizer_kind
from server.training.rates import Rates
from server.training.tally import Tally

Values: TypeAlias = npt.NDArray[np.float32]

MOST_MEASURED_SAMPLES = 512
"""Samples measured at a time, if memory allows."""

MOST_MEASURED_NUMBERS = 250_000
"""Outputs and patches that all layers together may hold while they measure: 1 MB."""

MOST_NETWORKS = 8
"""Networks kept, one for each number of rows: those of two batch sizes and of the chunks of two shares are fewer."""


_LAYERS: dict[type[Any], type[Layer]] = {
    DenseSpec: Dense,
    DropoutSpec: Dropout,
    BatchNormalizationSpec: BatchNormalization,
    FlattenSpec: Flatten,
    Conv2DSpec: Conv2D,
    MaxPooling2DSpec: MaxPooling2D,
    AveragePooling2DSpec: AveragePooling2D,
    GlobalAveragePooling2DSpec: GlobalAveragePooling2D,
}


@dataclass(frozen=True)
class Inspection:
    """A network seen from inside at one moment, on one batch.

    gradient, weights and update float32 [trainable], in the order of the layers: of loss and penalty before clipping;
    as they are; and what one update would add. `spreads`: for each layer, float32 [units], how far the answers of each
    unit (channel of a picture) to the samples lie apart.
    """

    gradient: Values
    weights: Values
    update: Values
    spreads: list[Floats]


class NumpyTrainer:
    """Trains and measures one network; serves any run of its spec but one call at a time, since it holds work space."""

    def __init__(self, spec: RunSpec, plans: Sequence[LayerPlan], batch_size: int) -> None:
        """`plans`: every layer in place, from `plan_network`; `batch_size`: rows of a full batch.

        Raises ValueError for a cross-entropy of numbers.
        """
        self._batch_size = batch_size
        self._memory = _Memory(plans, optimizer_kind(spec.optimizer).slot_kinds)
        self._builder = _Builder(spec, self._memory.places(plans, spec.seed))
        self._networks: dict[int, _Network] = {}
        movable = Movable(self._memory.parameters, self._memory.gradient, self._memory.slots)
        self._optimizer = optimizer_kind(spec.optimizer)(spec.optimizer, movable)
        self._penalty = Penalty(movable.parameters, movable.gradient, self._memory.is_kernel)
        self._clip = clipping_of(spec.optimizer, movable.gradient, self._memory.variable_sizes)
        self._most_measured = _most_measured(plans)

    def train(  # noqa: PLR0913 - one argument for each thing that training depends on
        self,
        values: Values,
        features: Floats,
        labels: Floats,
        step: int,
        rates: Rates,
        tally: Tally | None = None,
    ) -> Values:
        """One update for each batch of rows; the last may be smaller. Returns the new state.

        values float32 [state]; features [rows, *sample_shape] and labels [rows, outputs], float32, in the order of
        training; `step` updates came before the first of these. How the batches went is added to the `tally`; no other
        argument is changed.
        """
        self._memory.load(values)
        self._optimizer.take(rates.learning_rate)
        self._penalty.take(rates)
        full = len(features) // self._batch_size * self._batch_size
        # A run that diverges is a lesson, not a fault: its numbers become infinite without a word.
        with np.errstate(all="ignore"):
            if full:
                self._train_batches(self._batch_size, features[:full], labels[:full], step, tally)
            if full < len(features):
                rest = len(features) - full
                step += full // self._batch_size
                self._train_batches(rest, features[full:], labels[full:], step, tally)
        return self._memory.store(values)

    def measure(self, values: Values, features: Features, labels: Floats) -> tuple[float, float]:
        """Sum of the loss over the samples, without penalty, and how many predictions are right, 0.0 for regression.

        Shapes as in `train`; pictures may still be uint8, and more than there are labels.
        """
        self._memory.load(values)
        loss = right = 0.0
        with np.errstate(all="ignore"):
            for start in range(0, len(labels), self._most_measured):
                chunk = slice(start, min(start + self._most_measured, len(labels)))
                more_loss, more_right = self._measure_chunk(as_inputs(features[chunk]), labels[chunk])
                loss, right = loss + more_loss, right + more_right
        return loss, right if self._builder.is_classification else 0.0

    def inspect(self, values: Values, features: Floats, labels: Floats, step: int, rates: Rates) -> Inspection:
        """What one update on these rows would do; shapes as in `train`. Nothing is changed."""
        memory = self._memory
        memory.load(values)
        self._optimizer.take(rates.learning_rate)
        self._penalty.take(rates)
        with np.errstate(all="ignore"):
            network = self._network(len(features))
            (batch,), (targets,) = network.batches(features, labels)
            spreads = network.spreads(batch)
            network.learn(batch, targets, step)
            self._penalty.add()
            gradient, weights = memory.gradient.copy(), memory.parameters.copy()
            if self._clip:
                self._clip()
            self._optimizer.update(step)
            return Inspection(gradient, weights, memory.parameters - weights, spreads)

    def _train_batches(self, rows: int, features: Floats, labels: Floats, step: int, tally: Tally | None) -> None:
        network, penalty, optimizer, clip = self._network(rows), self._penalty, self._optimizer, self._clip
        for batch, targets in zip(*network.batches(features, labels), strict=True):
            network.learn(batch, targets, step, tally)
            penalty.add()
            if clip:
                clip()
            optimizer.update(step)
            step += 1

    def _measure_chunk(self, features: Floats, labels: Floats) -> tuple[float, int]:
        network = self._network(len(features))
        (batch,), (targets,) = network.batches(features, labels)
        return network.measure(batch, targets)

    def _network(self, rows: int) -> "_Network":
        if rows not in self._networks:
            if len(self._networks) >= MOST_NETWORKS:
                self._networks.clear()
            self._networks[rows] = self._builder.build(rows)
        return self._networks[rows]


class _Memory:
    """A run's state in the order of work: what the optimizer moves lies together, then averages, then slots."""

    def __init__(self, plans: Sequence[LayerPlan], slot_kinds: int) -> None:
        arrays = [(plan, place, prod(shape)) for plan in plans for place, shape in enumerate(plan.weights)]
        is_moved = np.concatenate([np.full(size, place < 2) for _, place, size in arrays])
        trainable = int(is_moved.sum())
        slots = np.arange(slot_kinds * trainable) + len(is_moved)
        self._order = np.concatenate([np.flatnonzero(is_moved), np.flatnonzero(~is_moved), slots])
        self._is_in_order = bool(is_moved.all())
        self._state = np.zeros(len(self._order), np.float32)
        self.parameters = self._state[:trainable]
        self._averages = self._state[trainable : len(is_moved)]
        self.slots = self._state[len(is_moved) :].reshape(slot_kinds, trainable)
        self.gradient = np.zeros(trainable, np.float32)
        moved = [(plan, place, size) for plan, place, size in arrays if place < 2]
        self.variable_sizes = [size for *_, size in moved]
        self.is_kernel = np.concatenate(
            [np.full(size, _is_kernel(plan, place), np.float32) for plan, place, size in moved]
        )

    def load(self, values: Values) -> None:
        """Take over a run's state."""
        if self._is_in_order:
            self._state[...] = values
        else:
            np.take(values, self._order, out=self._state)

    def store(self, values: Values) -> Values:
        """The state in the order in which it came."""
        if self._is_in_order:
            return self._state.copy()
        stored = np.empty_like(values)
        stored[self._order] = self._state
        return stored

    def places(self, plans: Sequence[LayerPlan], seed: int) -> list[Place]:
        """Each layer's parts of the vectors."""
        places = []
        moved = averaged = 0
        for index, plan in enumerate(plans):
            more_averaged = sum(prod(shape) for shape in plan.weights) - plan.trainable
            mine = slice(moved, moved + plan.trainable)
            averages = self._averages[averaged : averaged + more_averaged]
            # The loss takes the logits of the last layer: it knows the activation that follows from the labels.
            activation = "linear" if index == len(plans) - 1 else getattr(plan.layer, "activation", "linear")
            weights, gradient = self.parameters[mine], self.gradient[mine]
            places.append(Place(index, plan, activation, seed, weights, gradient, averages))
            moved, averaged = moved + plan.trainable, averaged + more_averaged
        return places


class _Network:
    """The layers and the loss for a fixed number of rows."""

    def __init__(self, builder: "_Builder", rows: int) -> None:
        self._source = make_signal(builder.places[0].plan.inputs, rows, is_wanted=False)
        self._layers: list[Layer] = []
        signal = self._source
        for place in builder.places:
            self._layers.append(_LAYERS[type(place.plan.layer)](place, signal))
            signal = self._layers[-1].output
        self._loss = LOSSES[builder.loss](builder.output_activation, signal)
        self._forwards = [layer.forward for layer in self._layers]
        # What lies beneath the first weights need not know any gradient.
        self._backwards = [layer.backward for layer in reversed(self._layers) if layer.output.is_wanted]
        self._rows = rows

    def batches(self, features: Floats, labels: Floats) -> tuple[Floats, Floats]:
        """Rows as [batches, *input] and [batches, outputs, rows], as `learn` and `measure` take them."""
        count = len(features) // self._rows
        inputs = features.reshape(count, self._rows, *features.shape[1:])
        if features.ndim == 2:
            inputs = np.ascontiguousarray(inputs.transpose(0, 2, 1))
        targets = labels.reshape(count, self._rows, labels.shape[1]).transpose(0, 2, 1)
        return inputs, np.ascontiguousarray(self._loss.targets_of(targets))

    def learn(self, batch: Floats, targets: Floats, step: int, tally: Tally | None = None) -> None:
        """Write the gradient of the loss of one batch; `step` updates came before."""
        self._source.values[...] = batch
        for forward in self._forwards:
            forward(step)
        if tally:
            tally.add(self._rows, *self._loss.measure(targets))
        self._loss.backward(targets)
        for backward in self._backwards:
            backward()

    def spreads(self, batch: Floats) -> list[Floats]:
        """How far the answers of each unit lie apart, layer by layer."""
        self._source.values[...] = batch
        for layer in self._layers:
            layer.infer()
        answers = [layer.output.values for layer in self._layers]
        return [np.ptp(values, axis=1 if values.ndim == 2 else (0, 1, 2)) for values in answers]

    def measure(self, batch: Floats, targets: Floats) -> tuple[float, int]:
        """Sum of the loss over the rows, and how many predictions are right."""
        self._source.values[...] = batch
        for layer in self._layers:
            layer.infer()
        return self._loss.measure(targets)


class _Builder:
    """What all networks of a trainer have in common."""

    def __init__(self, spec: RunSpec, places: list[Place]) -> None:
        self.places = places
        self.loss: LossName = loss_of(spec)
        self.is_classification = classes_of(spec.dataset) is not None
        self.output_activation = self._activation()

    def build(self, rows: int) -> _Network:
        """A network for so many rows."""
        return _Network(self, rows)

    def _activation(self) -> str:
        if self.is_classification:
            return "sigmoid" if self.places[-1].plan.outputs == (1,) else "softmax"
        if self.loss in ("binary_crossentropy", "categorical_crossentropy"):
            raise ValueError(f"Expected the loss mse, mae or huber for labels that are numbers, received {self.loss}.")
        return "linear"


def _is_kernel(plan: LayerPlan, place: int) -> bool:
    return place == 0 and isinstance(plan.layer, DenseSpec | Conv2DSpec)


def _most_measured(plans: Sequence[LayerPlan]) -> int:
    """How many samples are measured at a time."""
    numbers = sum(prod(plan.outputs) + _patches(plan) for plan in plans)
    return min(max(MOST_MEASURED_NUMBERS // numbers, 1), MOST_MEASURED_SAMPLES)


def _patches(plan: LayerPlan) -> int:
    """Numbers of a convolution's table of patches, for one sample."""
    if not isinstance(plan.layer, Conv2DSpec):
        return 0
    return prod(plan.outputs[:2]) * prod(plan.weights[0][:-1])
