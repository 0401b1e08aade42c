"""Compiled programs: the loops over batches and epochs inside one computation of TensorFlow.

Which way to train serves a network is decided by `program_for`, in one place, by one rule that `make bench` justifies:

- small dense networks: whole epochs in one XLA program, measuring included (`EpochProgram`). Their time goes into
  calls, not into numbers, and inside the program a call costs next to nothing;
- networks with convolutions, and very wide ones: batches in a plain graph (`BatchProgram`). TensorFlow's own
  convolutions are several times faster than NumPy's, and thirty times faster than the gradients XLA makes of them on a
  processor; and it multiplies large matrices on all cores;
- all other dense networks: none. Their time goes into products of matrices, at which NumPy is as fast or faster, and
  nothing has to be compiled or kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from math import prod
from typing import Any, TypeAlias
from weakref import ReferenceType, ref

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from server.datasets.splits import RunData, as_inputs
from server.training.build import Values
from server.training.network import Network, Tensors
from server.training.rates import Rates
from server.training.recipe import Recipe
from server.training.seeding import dropout_seed
from server.training.tally import Tally

Rows: TypeAlias = npt.NDArray[np.float32]

EPOCH_PROGRAM_MULTIPLICATIONS = 60_000
"""Most work per update, measuring included, at which XLA is at least twice as fast as NumPy."""

EPOCH_PROGRAM_NUMBERS = 2_000_000
"""Most numbers of all samples: a program of whole epochs holds them all as float32, 8 MB."""

WIDE_WEIGHTS = 400_000
"""From here on TensorFlow, which uses all cores, is faster than NumPy: 6 and 11 ms a batch at 500,000 weights."""

CALL_MULTIPLICATIONS = 250_000_000
"""From so much work of a batch on, forwards, each batch is a call of its own.

A loop inside the graph saves up to half a millisecond a batch, but a large batch takes longer in it: measured 34
against 27 ms with three convolutions on pictures of CIFAR-10, 174 against 163 ms with six.
"""

_SUMS = 2
"""What a batch tells behind the weights: see `Network.learn`."""


@dataclass(frozen=True)
class Samples:
    """A run's data as tensors, train samples first: features [samples, *sample_shape], labels [samples, outputs]."""

    features: tf.Tensor
    labels: tf.Tensor


@dataclass(frozen=True)
class EpochOutcome:
    """The state after some epochs, and a row float32 [epochs, metrics + 1] of each; the last column: 1 if finite."""

    values: Values
    rows: Rows


class EpochProgram:
    """Whole epochs of a small network, measuring included, in one XLA program."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._network = Network(recipe)
        self._columns = len(recipe.metric_names) + 1
        self._most_epochs = recipe.slice_epochs
        self._seed_count = len(_seeds_of(recipe, 0))

    @cached_property
    def _loop(self) -> Any:
        """The traced loop. Called as a concrete function, it costs a third of what `tf.function` adds to a call."""
        recipe = self._recipe
        count = recipe.train_count + recipe.val_count
        floats: list[tuple[int, ...]] = [(count, *recipe.sample_shape), (count, recipe.outputs)]
        signature = [
            tf.TensorSpec((recipe.state_count + 3 * self._most_epochs,)),
            tf.TensorSpec((self._most_epochs * recipe.train_count + 2 + self._seed_count,), tf.int32),
            *(tf.TensorSpec(shape) for shape in floats),
        ]
        return tf.function(self._run_epochs, jit_compile=True, autograph=False).get_concrete_function(*signature)

    def compile(self) -> None:
        """Trace and compile now, by running no epoch."""
        recipe = self._recipe
        count = recipe.train_count + recipe.val_count
        samples = Samples(tf.zeros((count, *recipe.sample_shape)), tf.zeros((count, recipe.outputs)))
        orders = np.zeros((self._most_epochs, recipe.train_count), np.int32)
        self.advance(np.zeros(recipe.state_count, np.float32), samples, orders, 0, [], 0)

    def advance(  # noqa: PLR0913 - the arguments of the compiled program, each of its own kind
        self,
        values: Values,
        samples: Samples,
        orders: npt.NDArray[np.int32],
        step: int,
        rates: list[Rates],
        seed: int,
    ) -> EpochOutcome:
        """Run one epoch for each of the rates, at most `slice_epochs`; orders int32 [slice_epochs, train samples]."""
        numbers = np.zeros((self._most_epochs, 3), np.float32)
        for row, rate in enumerate(rates):
            numbers[row] = (rate.learning_rate, rate.l1, rate.l2)
        # One table of each dtype: handing over an array costs about as much as training an epoch.
        floats = np.concatenate([values, numbers.ravel()])
        counts = np.array([len(rates), step, *_seeds_of(self._recipe, seed)], np.int32)
        integers = np.concatenate([orders.ravel(), counts])
        told = self._loop(tf.constant(floats), tf.constant(integers), samples.features, samples.labels).numpy()
        rows = told[self._recipe.state_count :].reshape(self._most_epochs, self._columns)
        return EpochOutcome(told[: self._recipe.state_count], rows[: len(rates)])

    def _run_epochs(self, floats: tf.Tensor, integers: tf.Tensor, features: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        """The state after the epochs and their rows, all in one flat tensor: one copy out of the program."""
        values, numbers = tf.split(floats, [self._recipe.state_count, -1])
        table, counts = tf.split(integers, [-1, 2 + self._seed_count])
        rates, orders = tf.reshape(numbers, (-1, 3)), tf.reshape(table, (self._most_epochs, -1))
        tensors = self._network.unpack(values)
        rows = tf.zeros((self._most_epochs, self._columns), tf.float32)

        def run_epoch(epoch: tf.Tensor, rows: tf.Tensor, *tensors: tf.Tensor) -> tuple[tf.Tensor, ...]:
            shuffled = tf.gather(features, orders[epoch]), tf.gather(labels, orders[epoch])
            step = counts[1] + epoch * self._recipe.steps_per_epoch
            trained = self._train_epoch(tensors, shuffled, step, rates[epoch], counts[2:])
            row = self._measure(trained, features, labels)
            return epoch + 1, tf.tensor_scatter_nd_update(rows, [[epoch]], [row]), *trained

        loop = tf.while_loop(lambda epoch, *_: epoch < counts[0], run_epoch, (0, rows, *tensors))
        return self._network.pack([*loop[2:], loop[1]])

    def _train_epoch(
        self,
        tensors: tuple[tf.Tensor, ...],
        shuffled: tuple[tf.Tensor, tf.Tensor],
        step: tf.Tensor,
        rates: tf.Tensor,
        seeds: tf.Tensor,
    ) -> list[tf.Tensor]:
        """Every sample once: full batches, then the smaller last one, as Keras does."""
        features, labels = shuffled
        size = self._recipe.batch_size
        full_batches, remainder = divmod(self._recipe.train_count, size)

        def run_batch(batch: tf.Tensor, *tensors: tf.Tensor) -> tuple[tf.Tensor, ...]:
            rows = _rows(features, batch * size, size), _rows(labels, batch * size, size)
            return batch + 1, *self._network.update(tensors, *rows, step + batch, rates, seeds)

        trained = list(tf.while_loop(lambda batch, *_: batch < full_batches, run_batch, (0, *tensors))[1:])
        if remainder:
            last = features[-remainder:], labels[-remainder:]
            trained = self._network.update(trained, *last, step + full_batches, rates, seeds)
        return trained

    def _measure(self, tensors: list[tf.Tensor], features: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        """One row: the metrics on all samples after the epoch, and 1 when every weight is finite."""
        cut = self._recipe.train_count
        train = self._network.measure(tensors, features[:cut], labels[:cut])
        val = self._network.measure(tensors, features[cut:], labels[cut:])
        finite = tf.cast(self._network.are_finite(tensors), tf.float32)
        return tf.stack([*(metric for pair in zip(train, val, strict=True) for metric in pair), finite])


class BatchProgram:
    """A few batches of a network at a time, small ones in a graph loop; measuring apart, in chunks.

    Whether there is a loop depends on the recipe, never on the clock: the two need not round alike.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._network = Network(recipe)
        self._held: tuple[ReferenceType[Values], Tensors] | None = None
        self._has_loop = recipe.batch_size * recipe.sample_multiplications < CALL_MULTIPLICATIONS
        train = self._run_batches if self._has_loop else self._run_batch
        self._train = {size: self._function(partial(train, size), 5) for size in _batch_sizes(recipe)}
        self._measure = self._function(self._measure_rows, 3)

    def compile(self) -> None:
        """Trace what an epoch needs, by training on nothing that is kept."""
        values = np.zeros(self._recipe.state_count, np.float32)
        for size in self._train:
            self.train(values, *self._blank(size), 0, Rates(0.0, 0.0, 0.0), 0)
        self.measure(values, *self._blank(1))

    def train(  # noqa: PLR0913
        self,
        values: Values,
        features: Rows,
        labels: Rows,
        step: int,
        rates: Rates,
        seed: int,
        tally: Tally | None = None,
    ) -> Values:
        """One update for each batch of the rows, which come in the order of training; the last may be smaller.

        How the batches went is added to the `tally`.
        """
        size = self._recipe.batch_size
        state = self._state_of(values)
        numbers = np.array([rates.learning_rate, rates.l1, rates.l2], np.float32)
        for start, end in self._calls(len(features)):
            batch_size = min(size, end - start)
            batches = (end - start) // batch_size
            counts = np.array([batches, step + start // size, *_seeds_of(self._recipe, seed)], np.int32)
            rows = features[start:end], labels[start:end]
            sums, *state = self._train[batch_size](state, *rows, numbers, counts)
            if tally:
                tally.add(end - start, *sums.numpy().tolist())
        return self._values_of(state)

    def measure(self, values: Values, features: Rows, labels: Rows) -> tuple[float, float]:
        """Sum of the loss over the samples, and how many are right (0 for regression)."""
        loss, *accuracy = self._measure(self._state_of(values), features, labels).numpy().tolist()
        return loss * len(features), round(accuracy[0] * len(features)) if accuracy else 0.0

    def _calls(self, count: int) -> Iterator[tuple[int, int]]:
        """Rows that go in together, from and to: full batches, at once or one by one, then the smaller last one."""
        size = self._recipe.batch_size
        full = count // size * size
        together = max(full, 1) if self._has_loop else size
        yield from ((start, start + together) for start in range(0, full, together))
        if count > full:
            yield full, count

    def _run_batch(  # noqa: PLR0913
        self,
        batch_size: int,
        state: Tensors,
        features: tf.Tensor,
        labels: tf.Tensor,
        rates: tf.Tensor,
        counts: tf.Tensor,
    ) -> Tensors:
        rows = _rows(features, 0, batch_size), _rows(labels, 0, batch_size)
        learned, sums = self._network.learn(state, *rows, counts[1], rates, counts[2:])
        return [sums, *learned]

    def _run_batches(  # noqa: PLR0913
        self,
        batch_size: int,
        state: Tensors,
        features: tf.Tensor,
        labels: tf.Tensor,
        rates: tf.Tensor,
        counts: tf.Tensor,
    ) -> Tensors:
        def run_batch(batch: tf.Tensor, sums: tf.Tensor, *tensors: tf.Tensor) -> tuple[tf.Tensor, ...]:
            rows = _rows(features, batch * batch_size, batch_size), _rows(labels, batch * batch_size, batch_size)
            learned, more = self._network.learn(tensors, *rows, counts[1] + batch, rates, counts[2:])
            return batch + 1, sums + more, *learned

        # The iterations depend on one another, yet TensorFlow must be free to look ahead: told to keep to one of them,
        # it also keeps the parts of one from running side by side, and a convolutional network takes 1.5 times as long.
        first = (0, tf.zeros(_SUMS), *state)
        loop = tf.while_loop(lambda batch, *_: batch < counts[0], run_batch, first)
        return list(loop[1:])

    def _measure_rows(self, state: Tensors, features: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        return tf.stack(self._network.measure(state, features, labels))

    def _state_of(self, values: Values) -> Tensors:
        """A state as one tensor per variable; the one that was told last need not be taken apart again."""
        held = self._held
        if held and held[0]() is values:
            return held[1]
        shapes = self._network.shapes
        parts = np.split(values, np.cumsum([prod(shape) for shape in shapes])[:-1])
        return [tf.constant(part.reshape(shape)) for part, shape in zip(parts, shapes, strict=True)]

    def _values_of(self, state: Tensors) -> Values:
        """The same in one row. It is remembered where it comes from for as long as somebody has it."""
        values: Values = np.concatenate([np.asarray(tensor, np.float32).ravel() for tensor in state])
        self._held = (ref(values, self._forget), state)
        return values

    def _forget(self, gone: ReferenceType[Values]) -> None:
        if self._held and self._held[0] is gone:
            self._held = None

    def _function(self, traced: Callable[..., Any], arguments: int) -> Any:
        """One graph for every number of rows."""
        recipe = self._recipe
        state = [tf.TensorSpec(shape) for shape in self._network.shapes]
        shapes: list[Any] = [(None, *recipe.sample_shape), (None, recipe.outputs), (3,)]
        signature = [state, *(tf.TensorSpec(shape) for shape in shapes), tf.TensorSpec((None,), tf.int32)]
        return tf.function(traced, autograph=False, input_signature=signature[:arguments])

    def _blank(self, count: int) -> tuple[Rows, Rows]:
        recipe = self._recipe
        shapes = (count, *recipe.sample_shape), (count, recipe.outputs)
        return np.zeros(shapes[0], np.float32), np.zeros(shapes[1], np.float32)


Program: TypeAlias = EpochProgram | BatchProgram


def program_for(recipe: Recipe) -> type[Program] | None:
    """The kind of program that serves a recipe best; None: NumPy does. This is the rule."""
    if recipe.has_convolutions or recipe.weights_count > WIDE_WEIGHTS:
        return BatchProgram
    if recipe.spec.dataset.points:
        # Somebody lays points one by one: each makes another number of samples, and so would compile another program.
        return None
    if not recipe.spec.augmentation.is_none or recipe.sample_numbers > EPOCH_PROGRAM_NUMBERS:
        # Such samples are made, or read from the disk, batch by batch.
        return None
    is_small = recipe.epoch_multiplications <= EPOCH_PROGRAM_MULTIPLICATIONS * recipe.steps_per_epoch
    return EpochProgram if is_small else None


def samples_of(run_data: RunData) -> Samples:
    """The data of a run as tensors, made once a run."""
    train, val = run_data.train, run_data.val
    features = np.concatenate([as_inputs(share.features[:]) for share in (train, val)])
    labels = np.concatenate([train.labels, val.labels])
    return Samples(tf.constant(features), tf.constant(labels))


def wake_compiler() -> None:
    """Let XLA start: it says hello on standard error the first time it compiles anything."""
    tf.function(lambda: tf.constant(1.0) + 1.0, jit_compile=True)()


def _seeds_of(recipe: Recipe, seed: int) -> list[int]:
    """The seed of each dropout layer's masks."""
    layers = [index for index, plan in enumerate(recipe.plans) if plan.layer.kind == "dropout"]
    return [dropout_seed(seed, index) for index in layers]


def _rows(tensor: tf.Tensor, start: tf.Tensor, count: int) -> tf.Tensor:
    """Rows `start` to `start + count`, of a shape that is known while compiling."""
    begin = tf.concat([[start], tf.zeros(len(tensor.shape) - 1, tf.int32)], 0)
    rows = tf.slice(tensor, begin, [count, *([-1] * (len(tensor.shape) - 1))])
    return tf.ensure_shape(rows, (count, *tensor.shape[1:]))


def _batch_sizes(recipe: Recipe) -> set[int]:
    """The sizes of an epoch's batches: the usual one, and that of a smaller last one."""
    return {recipe.batch_size, recipe.train_count % recipe.batch_size} - {0}
