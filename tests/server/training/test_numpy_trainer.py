"""The NumPy trainer gives the numbers of plain Keras, changes no argument, and diverges without a word."""

from dataclasses import dataclass
from math import prod
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest

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
from server.domain.shapes import LayerPlan, Shape, plan_layers, plan_network
from server.domain.spec import RegularizationSpec, RunSpec, classes_of, loss_of, outputs_of
from server.training.numpy_trainer import MOST_MEASURED_SAMPLES, MOST_NETWORKS, NumpyTrainer
from server.training.rates import Rates
from tests.builders import make_spec

Floats = npt.NDArray[np.float32]

BATCH_SIZE = 10
BATCHES = 30
WITH_A_SMALLER_LAST_BATCH = BATCHES * BATCH_SIZE + 7
MOST_RELATIVE_DIFFERENCE = 1e-5

DENSE = {"kind": "dense", "units": 5}
CONV = {"kind": "conv2d", "filters": 3}
FLAT = {"kind": "flatten"}
NORM = {"kind": "batch_normalization"}
MAX, AVERAGE = {"kind": "max_pooling2d"}, {"kind": "average_pooling2d"}
SAME = {"padding": "same"}
CLASSES = {"dataset": {"name": "blobs", "classes": 4}}
NUMBERS = {"dataset": {"name": "plane"}}
DIGITS = {"dataset": {"name": "digits"}}


def optimizer(name: str, learning_rate: float = 0.05, **options: Any) -> dict[str, Any]:
    return {"optimizer": {"name": name, "learning_rate": learning_rate, **options}}


def with_layers(*layers: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"layers": layers, **changes}


def pictures(*layers: dict[str, Any]) -> dict[str, Any]:
    return with_layers(*layers, **DIGITS, **optimizer("sgd", 0.1))


def table(cases: dict[str, dict[str, Any]]) -> list[Any]:
    return [pytest.param(changes, id=name) for name, changes in cases.items()]


CASES: dict[str, dict[str, Any]] = {
    "sgd": optimizer("sgd"),
    "momentum": optimizer("sgd", momentum=0.9),
    "nesterov": optimizer("sgd", momentum=0.9, nesterov=True),
    "adagrad": optimizer("adagrad"),
    "rmsprop": optimizer("rmsprop", 0.01),
    "adam": optimizer("adam", 0.01),
    "a rate of zero": optimizer("adam", 0.0),
    "clip by norm": optimizer("sgd", clip_norm=0.05),
    "clip by a norm that is never reached": optimizer("sgd", clip_norm=1000.0),
    "clip by norm, adam": optimizer("adam", 0.01, clip_norm=0.01),
    "clip by value": optimizer("sgd", clip_value=0.02),
    "clip by value, rmsprop": optimizer("rmsprop", 0.01, clip_value=0.02),
    "l1": {"regularization": {"l1": 0.02}},
    "l2": {"regularization": {"l2": 0.02}},
    "l1 and l2, adam": {"regularization": {"l1": 0.01, "l2": 0.01}, **optimizer("adam", 0.01)},
    "l1 and l2, clipped": {"regularization": {"l1": 0.1, "l2": 0.1}, **optimizer("sgd", clip_norm=0.1)},
    "relu": with_layers({**DENSE, "activation": "relu"}, {**DENSE, "activation": "relu"}),
    "sigmoid": with_layers({**DENSE, "activation": "sigmoid"}),
    "linear": with_layers({**DENSE, "activation": "linear"}),
    "no hidden layer": with_layers(),
    "eight layers": with_layers(*[DENSE] * 8),
    "mse of two classes": {"loss": "mse"},
    "mae of two classes": {"loss": "mae"},
    "huber of two classes": {"loss": "huber"},
    "four classes": CLASSES,
    "four classes, adam": CLASSES | optimizer("adam", 0.01),
    "mse of four classes": {**CLASSES, "loss": "mse"},
    "mae of four classes": {**CLASSES, "loss": "mae"},
    "huber of four classes": {**CLASSES, "loss": "huber"},
    "mse of numbers": NUMBERS,
    "mae of numbers": {**NUMBERS, "loss": "mae"},
    "huber of numbers": {**NUMBERS, "loss": "huber"},
    "normalization": with_layers(DENSE, {**NORM, "momentum": 0.9}, DENSE),
    "normalized input": with_layers(NORM, DENSE),
    "normalization, adam, l2": with_layers(DENSE, NORM, **optimizer("adam", 0.01), regularization={"l2": 0.01}),
    "dropout of nothing": with_layers(DENSE, {"kind": "dropout", "rate": 0}, DENSE),
    "a row laid out in a row": with_layers(DENSE, FLAT, DENSE),
}

PICTURES: dict[str, dict[str, Any]] = {
    "flatten": pictures(FLAT, DENSE),
    "convolution": pictures(CONV, FLAT),
    "convolutions": pictures(CONV, CONV, FLAT),
    "same padding": pictures({**CONV, **SAME}, {**CONV, **SAME}, FLAT),
    "strides": pictures(CONV, {**CONV, "strides": 2}, FLAT),
    "strides and same padding": pictures({**CONV, **SAME, "strides": 2}, {**CONV, **SAME, "strides": 2}, FLAT),
    "strides past the kernel": pictures(
        {**CONV, **SAME, "kernel_size": 2}, {**CONV, **SAME, "kernel_size": 1, "strides": 3}, FLAT
    ),
    "an even kernel": pictures(CONV, {**CONV, **SAME, "kernel_size": 4, "activation": "tanh"}, FLAT),
    "max pooling": pictures({**CONV, "activation": "tanh"}, MAX, FLAT),
    "max pooling, same padding": pictures({**CONV, "activation": "tanh"}, {**MAX, **SAME, "pool_size": 4}, FLAT),
    "max pooling of the input": pictures(MAX, CONV, FLAT),
    "average pooling": pictures({**CONV, "activation": "sigmoid"}, AVERAGE, FLAT),
    "average pooling, same padding": pictures(CONV, {**AVERAGE, **SAME, "pool_size": 4}, FLAT),
    "pooling that leaves pixels over": pictures(CONV, {**MAX, "pool_size": 4}, FLAT),
    "global average pooling": pictures(CONV, {"kind": "global_average_pooling2d"}),
    "normalization of channels": pictures({**CONV, "activation": "linear"}, NORM, CONV, FLAT),
    "normalization of pictures": pictures(NORM, CONV, {**NORM, "momentum": 0.5}, FLAT),
    "a whole network": pictures(
        {**CONV, **SAME}, NORM, MAX, {"kind": "dropout", "rate": 0}, CONV, {**AVERAGE, **SAME}, FLAT, DENSE
    )
    | {"regularization": {"l1": 0.001, "l2": 0.001}}
    | optimizer("adam", 0.01),
}


@dataclass
class Problem:
    """A spec with its plans, the values a run begins with, and random samples."""

    spec: RunSpec
    plans: tuple[LayerPlan, ...]
    values: Floats
    features: Floats
    labels: Floats

    @property
    def rates(self) -> Rates:
        penalty = self.spec.regularization
        return Rates(self.spec.optimizer.learning_rate, penalty.l1, penalty.l2)

    def trainer(self, batch_size: int = BATCH_SIZE) -> NumpyTrainer:
        return NumpyTrainer(self.spec, self.plans, batch_size)

    def train(self, trainer: NumpyTrainer | None = None) -> Floats:
        return (trainer or self.trainer()).train(self.values, self.features, self.labels, 0, self.rates)


def make_problem(changes: dict[str, Any], sample: Shape | None = None, rows: int = BATCHES * BATCH_SIZE) -> Problem:
    """Random samples of a shape, or else of the shape of the spec's data set."""
    spec = make_spec(**changes)
    plans = plan_layers(spec.layers, sample, outputs_of(spec.dataset)) if sample else plan_network(spec)
    generator = np.random.default_rng(5)
    features = generator.normal(size=(rows, *plans[0].inputs)).astype(np.float32)
    weights = [first_weights(plan, place, generator) for plan in plans for place in range(len(plan.weights))]
    trainable = sum(plan.trainable for plan in plans)
    slots = np.full(len(slot_names(spec)) * trainable, 0.1 if spec.optimizer.name == "adagrad" else 0, np.float32)
    return Problem(spec, plans, np.concatenate([*weights, slots]), features, make_labels(spec, rows, generator))


def first_weights(plan: LayerPlan, place: int, generator: np.random.Generator) -> Floats:
    """Kernels and biases, or gamma, beta, mean and variance, none of them at rest."""
    noise = generator.normal(size=prod(plan.weights[place]))
    if len(plan.weights) == 4:
        return np.float32(0.1 * noise + (1, 0, 0, 1)[place])
    return np.float32(noise / np.sqrt(prod(plan.weights[0][:-1])) if place == 0 else 0.1 * noise)


def make_labels(spec: RunSpec, rows: int, generator: np.random.Generator) -> Floats:
    classes = classes_of(spec.dataset)
    if classes is None:
        return generator.normal(size=(rows, 1)).astype(np.float32)
    drawn = generator.integers(0, classes, rows)
    return drawn[:, None].astype(np.float32) if classes == 2 else np.eye(classes, dtype=np.float32)[drawn]


def slot_names(spec: RunSpec) -> tuple[str, ...]:
    """Where Keras' optimizer keeps what it remembers."""
    names = {"sgd": ("momentums",), "adagrad": ("_accumulators",), "rmsprop": ("_velocities",)}
    if spec.optimizer.name == "sgd" and spec.optimizer.momentum == 0:
        return ()
    return names.get(spec.optimizer.name, ("_momentums", "_velocities"))


# ---- The oracle -----------------------------------------------------------------------------------------------


def build_keras(problem: Problem) -> keras.Sequential:
    """The network in plain Keras with the same weights, ready to train."""
    spec, plans = problem.spec, problem.plans
    layers = [keras_layer(spec, plan, is_last=plan is plans[-1]) for plan in plans]
    model = keras.Sequential([keras.Input(plans[0].inputs), *layers])
    set_weights(model, problem.values)
    kinds = {"sgd": keras.optimizers.SGD, "adagrad": keras.optimizers.Adagrad}
    kinds |= {"rmsprop": keras.optimizers.RMSprop, "adam": keras.optimizers.Adam}
    model.compile(
        optimizer=kinds[spec.optimizer.name](**optimizer_options(spec)), loss=keras_loss(spec), jit_compile=False
    )
    return model


def keras_loss(spec: RunSpec) -> str:
    losses = {"mse": "mean_squared_error", "mae": "mean_absolute_error"}
    return losses.get(loss_of(spec), loss_of(spec))


def evaluate_keras(problem: Problem) -> dict[str, float]:
    """Mean loss without penalty and, for classes, the accuracy."""
    spec = problem.spec.model_copy(update={"regularization": RegularizationSpec()})
    model = build_keras(Problem(spec, problem.plans, problem.values, problem.features, problem.labels))
    accuracy = {None: None, 2: "binary_accuracy"}.get(classes_of(spec.dataset), "categorical_accuracy")
    model.compile(loss=keras_loss(spec), metrics=[accuracy] if accuracy else [], jit_compile=False)
    shown = model.evaluate(problem.features, problem.labels, 1000, 0, return_dict=True)
    return {"loss": shown["loss"], "accuracy": shown[accuracy] if accuracy else 0}


def is_regression(spec: RunSpec) -> bool:
    return classes_of(spec.dataset) is None


def keras_layer(spec: RunSpec, plan: LayerPlan, *, is_last: bool) -> keras.Layer:
    layer, penalty = plan.layer, spec.regularization
    regularizer = keras.regularizers.L1L2(penalty.l1, penalty.l2)
    if isinstance(layer, DenseSpec):
        output = "linear" if is_regression(spec) else "sigmoid" if layer.units == 1 else "softmax"
        return keras.layers.Dense(layer.units, output if is_last else layer.activation, kernel_regularizer=regularizer)
    if isinstance(layer, Conv2DSpec):
        size, strides, padding = layer.kernel_size, layer.strides, layer.padding
        options = {"activation": layer.activation, "kernel_regularizer": regularizer}
        return keras.layers.Conv2D(layer.filters, size, strides, padding, **options)
    return plain_keras_layer(layer)


def plain_keras_layer(layer: Any) -> keras.Layer:
    if isinstance(layer, BatchNormalizationSpec):
        return keras.layers.BatchNormalization(momentum=layer.momentum)
    if isinstance(layer, MaxPooling2DSpec):
        return keras.layers.MaxPooling2D(layer.pool_size, padding=layer.padding)
    if isinstance(layer, AveragePooling2DSpec):
        return keras.layers.AveragePooling2D(layer.pool_size, padding=layer.padding)
    kinds = {FlattenSpec: keras.layers.Flatten, GlobalAveragePooling2DSpec: keras.layers.GlobalAveragePooling2D}
    return keras.layers.Dropout(layer.rate) if isinstance(layer, DropoutSpec) else kinds[type(layer)]()


def optimizer_options(spec: RunSpec) -> dict[str, Any]:
    wanted = spec.optimizer
    options = {"learning_rate": wanted.learning_rate, "clipnorm": wanted.clip_norm, "clipvalue": wanted.clip_value}
    return options | ({"momentum": wanted.momentum, "nesterov": wanted.nesterov} if wanted.name == "sgd" else {})


def all_weights(model: keras.Model) -> list[keras.Variable]:
    return [weight for layer in model.layers for weight in layer.weights]


def set_weights(model: keras.Model, values: Floats) -> None:
    start = 0
    for weight in all_weights(model):
        size = prod(weight.shape)
        weight.assign(values[start : start + size].reshape(weight.shape))
        start += size


def train_keras(problem: Problem, batch_size: int = BATCH_SIZE) -> Floats:
    """The state after `train_on_batch` on the same batches."""
    model = build_keras(problem)
    for start in range(0, len(problem.features), batch_size):
        batch = slice(start, start + batch_size)
        model.train_on_batch(problem.features[batch], problem.labels[batch])
    slots = [slot for name in slot_names(problem.spec) for slot in getattr(model.optimizer, name)]
    return np.concatenate([np.ravel(variable.numpy()) for variable in [*all_weights(model), *slots]])


def assert_same(ours: Floats, keras_: Floats) -> None:
    difference = np.abs(ours - keras_) / np.maximum(1, np.abs(keras_))
    assert ours.shape == keras_.shape
    assert np.isfinite(keras_).all()
    assert difference.max() <= MOST_RELATIVE_DIFFERENCE


# ---- The same numbers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", table(CASES | PICTURES))
def test_networks_end_with_the_weights_and_slots_of_keras(changes):
    problem = make_problem(changes)
    assert_same(problem.train(), train_keras(problem))


def test_pictures_need_be_neither_square_nor_grey():
    layers = {**CONV, **SAME, "strides": 2}, {**MAX, **SAME}, {**CONV, **SAME}, {"kind": "global_average_pooling2d"}
    problem = make_problem(pictures(*layers), sample=(11, 14, 2))
    assert_same(problem.train(), train_keras(problem))


def test_the_gradient_of_a_tie_goes_where_keras_sends_it():
    """A kernel of zeros makes the same number of all patches; which of them learns first decides what it becomes."""
    problem = make_problem(pictures({**CONV, "activation": "linear"}, {**MAX, **SAME, "pool_size": 4}, FLAT))
    problem.values[: prod(problem.plans[0].weights[0])] = 0
    assert_same(problem.train(), train_keras(problem))


@pytest.mark.parametrize("name", ["sgd", "four classes, adam", "huber of numbers", "normalization", "a whole network"])
def test_the_last_batch_may_be_smaller(name):
    problem = make_problem((CASES | PICTURES)[name], rows=WITH_A_SMALLER_LAST_BATCH)
    assert_same(problem.train(), train_keras(problem))


@pytest.mark.parametrize("batch_size", [1, 40])
def test_a_batch_may_hold_one_row_or_all(batch_size):
    problem = make_problem(with_layers(DENSE, NORM, DENSE), rows=40)
    assert_same(problem.train(problem.trainer(batch_size)), train_keras(problem, batch_size))


@pytest.mark.parametrize("changes", [{}, CLASSES], ids=["sigmoid", "softmax"])
@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_saturated_outputs_still_learn_as_in_keras(changes, name):
    """Probabilities round to 0 and 1 there, and Keras would cut them off if it took them for the loss."""
    problem = make_problem(changes | optimizer(name, 0.01))
    count = sum(prod(shape) for plan in problem.plans for shape in plan.weights)
    outputs = problem.plans[-1].outputs[0]
    problem.values[count - outputs : count] = np.linspace(40, -40, outputs)
    assert_same(problem.train(), train_keras(problem))


def test_an_optimizer_goes_on_where_it_stopped():
    """Adam corrects its averages by the number of the step."""
    problem = make_problem(optimizer("adam", 0.01))
    trainer, cut = problem.trainer(), 12 * BATCH_SIZE
    values = trainer.train(problem.values, problem.features[:cut], problem.labels[:cut], 0, problem.rates)
    values = trainer.train(values, problem.features[cut:], problem.labels[cut:], 12, problem.rates)
    np.testing.assert_array_equal(values, problem.train())


# ---- Measuring ------------------------------------------------------------------------------------------------

MEASURED = {
    "two classes": {},
    "mse of two classes": {"loss": "mse"},
    "huber of two classes": {"loss": "huber"},
    "four classes": CLASSES,
    "mae of four classes": {**CLASSES, "loss": "mae"},
    "numbers": NUMBERS,
    "huber of numbers": {**NUMBERS, "loss": "huber"},
    "penalty": {"regularization": {"l1": 1.0, "l2": 1.0}},
    "normalization": with_layers(DENSE, NORM, DENSE),
    "dropout": with_layers(DENSE, {"kind": "dropout", "rate": 0.5}, DENSE),
    "pictures": PICTURES["a whole network"],
}


@pytest.mark.parametrize("changes", table(MEASURED))
def test_loss_and_accuracy_are_those_of_keras_without_the_penalty(changes):
    problem = make_problem(changes)
    loss, right = problem.trainer().measure(problem.values, problem.features, problem.labels)
    count, expected = len(problem.features), evaluate_keras(problem)
    assert loss / count == pytest.approx(expected["loss"], rel=1e-5)
    assert right / count == pytest.approx(expected["accuracy"], rel=1e-6)


def test_many_samples_are_measured_in_pieces_that_add_up():
    problem = make_problem({}, rows=2 * MOST_MEASURED_SAMPLES + 100)
    trainer = problem.trainer()
    whole = trainer.measure(problem.values, problem.features, problem.labels)
    cut = MOST_MEASURED_SAMPLES
    pieces = [
        trainer.measure(problem.values, problem.features[start : start + cut], problem.labels[start : start + cut])
        for start in range(0, len(problem.features), cut)
    ]
    assert whole == pytest.approx(np.sum(pieces, 0))


def test_measuring_between_updates_changes_nothing():
    problem = make_problem(PICTURES["a whole network"])
    trainer, cut = problem.trainer(), 5 * BATCH_SIZE
    values = trainer.train(problem.values, problem.features[:cut], problem.labels[:cut], 0, problem.rates)
    trainer.measure(values, problem.features, problem.labels)
    trainer.measure(problem.values, problem.features[:3], problem.labels[:3])
    values = trainer.train(values, problem.features[cut:], problem.labels[cut:], 5, problem.rates)
    np.testing.assert_array_equal(values, problem.train())


# ---- Repeatability --------------------------------------------------------------------------------------------

REPEATED = {
    "dense": {},
    "dropout": with_layers(DENSE, {"kind": "dropout", "rate": 0.3}, DENSE),
    "pictures": pictures(CONV, {"kind": "dropout", "rate": 0.3}, NORM, MAX, FLAT),
}


@pytest.mark.parametrize("changes", table(REPEATED))
def test_calls_of_one_batch_give_the_bits_of_one_call(changes):
    problem = make_problem(changes, rows=WITH_A_SMALLER_LAST_BATCH)
    trainer, values = problem.trainer(), problem.values
    for step, start in enumerate(range(0, len(problem.features), BATCH_SIZE)):
        batch = slice(start, start + BATCH_SIZE)
        values = trainer.train(values, problem.features[batch], problem.labels[batch], step, problem.rates)
    np.testing.assert_array_equal(values, problem.train())


def test_one_trainer_serves_several_runs_in_turn():
    problem, other = make_problem({}), make_problem({})
    other.values = other.values + np.float32(0.1)
    trainer = problem.trainer()
    problem.train(trainer)
    np.testing.assert_array_equal(other.train(trainer), other.train())


def test_networks_for_many_numbers_of_rows_do_not_pile_up():
    problem = make_problem({})
    trainer = problem.trainer()
    expected = problem.train(trainer)
    for rows in range(1, 3 * MOST_NETWORKS):
        trainer.measure(problem.values, problem.features[:rows], problem.labels[:rows])
    np.testing.assert_array_equal(problem.train(trainer), expected)
    assert len(trainer._networks) <= MOST_NETWORKS


@pytest.mark.parametrize("changes", [{}, PICTURES["a whole network"]], ids=["dense", "pictures"])
def test_arguments_stay_as_they_are(changes):
    problem = make_problem(changes)
    arguments = problem.values, problem.features, problem.labels
    before = [array.copy() for array in arguments]
    for array in arguments:
        array.setflags(write=False)
    trained = problem.train()
    problem.trainer().measure(*arguments)
    for array, copy in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(array, copy)
        assert not np.shares_memory(trained, array)


def test_what_was_returned_stays_as_it_is():
    problem = make_problem({})
    trainer = problem.trainer()
    first = problem.train(trainer)
    copy = first.copy()
    trainer.train(first, problem.features, problem.labels, BATCHES, problem.rates)
    np.testing.assert_array_equal(first, copy)
    assert first.dtype == np.float32
    assert first.flags["C_CONTIGUOUS"]


def test_rates_are_those_of_the_call_not_of_the_spec():
    problem = make_problem({})
    faster = make_problem(optimizer("sgd", 0.4) | {"regularization": {"l1": 0.01, "l2": 0.02}})
    trainer = problem.trainer()
    problem.train(trainer)
    trained = trainer.train(problem.values, problem.features, problem.labels, 0, Rates(0.4, 0.01, 0.02))
    np.testing.assert_array_equal(trained, faster.train())


# ---- Divergence and misuse ------------------------------------------------------------------------------------

DIVERGING = {
    "two classes": {},
    "relu": with_layers({**DENSE, "activation": "relu"}),
    "four classes": CLASSES,
    "numbers": with_layers({**DENSE, "activation": "linear"}, **NUMBERS),
    "adam, clipped": optimizer("adam", clip_norm=1.0),
    "penalty": {"regularization": {"l1": 1.0, "l2": 1.0}},
    "normalization": with_layers(DENSE, NORM),
    "pictures": pictures(CONV, MAX, FLAT),
}


@pytest.mark.parametrize("changes", table(DIVERGING))
def test_a_diverging_run_ends_in_no_numbers_without_a_warning(changes):
    """Warnings are errors here."""
    problem = make_problem(changes)
    problem.values *= np.float32(1e30)
    problem.values[0] = np.inf
    values = problem.trainer().train(problem.values, problem.features, problem.labels, 0, Rates(1e30, 1e10, 1e10))
    loss, _ = problem.trainer().measure(values, problem.features, problem.labels)
    assert not np.isfinite(values).all()
    assert not np.isfinite(loss)


def test_a_rate_that_is_too_high_diverges_as_in_keras():
    problem = make_problem(with_layers({**DENSE, "activation": "linear"}, **NUMBERS, **optimizer("sgd", 10.0)))
    assert not np.isfinite(problem.train()).all()
    assert not np.isfinite(train_keras(problem)).all()


def test_a_crossentropy_of_numbers_is_refused():
    spec = make_spec(**NUMBERS).model_copy(update={"loss": "binary_crossentropy"})
    with pytest.raises(ValueError, match="received binary_crossentropy"):
        NumpyTrainer(spec, plan_network(spec), BATCH_SIZE)


def test_no_samples_change_nothing():
    problem = make_problem({}, rows=0)
    np.testing.assert_array_equal(problem.train(), problem.values)
    assert problem.trainer().measure(problem.values, problem.features, problem.labels) == (0.0, 0.0)
