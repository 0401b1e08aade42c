"""The compiled loop gives the numbers of plain Keras, and compiles once per architecture."""

from typing import Any

import keras
import numpy as np
import pytest

from server.datasets.splits import RunData, make_run_data
from server.domain.spec import RunSpec
from server.training.build import build_loss, build_model, build_optimizer
from server.training.programs import (
    SLICE_EPOCHS,
    EpochProgram,
    ProgramCache,
    Rates,
    SliceOutcome,
    initial_state,
    metric_names,
    program_key,
    tensors_of,
)
from server.training.seeding import sample_orders
from tests.builders import make_spec

EPOCHS = 2
"""With 250 training samples and batches of 10 these are 50 steps."""

MOST_RELATIVE_DIFFERENCE = 1e-5

CASES: dict[str, dict[str, Any]] = {
    "sgd": {},
    "adagrad": {"optimizer": {"name": "adagrad", "learning_rate": 0.05}},
    "rmsprop": {"optimizer": {"name": "rmsprop", "learning_rate": 0.01}},
    "adam": {"optimizer": {"name": "adam", "learning_rate": 0.01}},
    "l1": {"regularization": {"l1": 0.01}},
    "l2": {"regularization": {"l2": 0.01}},
    "l1 and l2": {"regularization": {"l1": 0.003, "l2": 0.003}},
    "relu": {"layers": [{"units": 5, "activation": "relu"}]},
    "sigmoid": {"layers": [{"units": 5, "activation": "sigmoid"}]},
    "linear": {"layers": [{"units": 5, "activation": "linear"}]},
    "no hidden layer": {"layers": []},
    "a smaller last batch": {"batch_size": 30},
    "one batch an epoch": {"batch_size": 250},
    "a batch larger than the data": {"batch_size": 256},
    "batches of one": {"batch_size": 1, "dataset": {"samples": 100}},
    "mse on classes": {"loss": "mse"},
    "mae on classes": {"loss": "mae"},
    "numbers": {"dataset": {"name": "plane"}},
    "mae on numbers": {"dataset": {"name": "gauss_hills"}, "loss": "mae"},
    "all features": {"features": ["x1", "x2", "x1_squared", "x2_squared", "x1x2", "sin_x1", "sin_x2"]},
}


def rates_of(spec: RunSpec) -> Rates:
    return Rates(spec.optimizer.learning_rate, spec.regularization.l1, spec.regularization.l2)


def run_program(spec: RunSpec, epochs: int = EPOCHS) -> SliceOutcome:
    program = EpochProgram(spec)
    samples = tensors_of(make_run_data(spec))
    state, _ = initial_state(spec, samples)
    orders = sample_orders(spec.seed, 1, epochs, program.samples, SLICE_EPOCHS)
    return program.advance(state, samples, orders, epochs, rates_of(spec))


def run_plain_keras(spec: RunSpec, run_data: RunData) -> keras.Model:
    """The same batches through `train_on_batch`, with Keras' own regularizers."""
    model = build_model(spec)
    for layer in model.layers:
        layer.kernel_regularizer = keras.regularizers.L1L2(spec.regularization.l1, spec.regularization.l2)
        layer.kernel.regularizer = layer.kernel_regularizer
    model.compile(optimizer=build_optimizer(spec, model), loss=build_loss(spec))
    samples = len(run_data.train.labels)
    for order in sample_orders(spec.seed, 1, EPOCHS, samples, EPOCHS):
        for start in range(0, samples, spec.batch_size):
            batch = order[start : start + spec.batch_size]
            model.train_on_batch(run_data.train.features[batch], run_data.train.labels[batch])
    return model


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES.keys())
def test_the_loop_moves_the_weights_as_plain_keras_does(changes: dict[str, Any]) -> None:
    spec = make_spec(**changes)
    expected = run_plain_keras(spec, make_run_data(spec)).get_weights()
    received = [tensor.numpy() for tensor in run_program(spec).state.weights]
    for ours, theirs in zip(received, expected, strict=True):
        scale = np.maximum(np.abs(theirs), np.abs(theirs).max())
        assert np.max(np.abs(ours - theirs) / scale) <= MOST_RELATIVE_DIFFERENCE


@pytest.mark.parametrize("name", ["circle", "plane"])
def test_the_metrics_of_an_epoch_are_those_of_keras_evaluate(name: str) -> None:
    spec = make_spec(dataset={"name": name})
    outcome = run_program(spec)
    model = build_model(spec)
    model.set_weights([tensor.numpy() for tensor in outcome.state.weights])
    accuracy = [] if name == "plane" else [keras.metrics.BinaryAccuracy(name="accuracy")]
    model.compile(loss=build_loss(spec), metrics=accuracy)
    run_data = make_run_data(spec)
    row = dict(zip(metric_names(spec), outcome.rows[-1], strict=False))
    for prefix, split in (("", run_data.train), ("val_", run_data.val)):
        evaluated = model.evaluate(split.features, split.labels, batch_size=4096, verbose=0, return_dict=True)
        for metric, number in evaluated.items():
            assert row[prefix + metric] == pytest.approx(number, rel=1e-5)


def test_the_last_column_says_whether_the_weights_are_finite() -> None:
    spec = make_spec(dataset={"name": "plane"}, optimizer={"name": "sgd", "learning_rate": 10}, layers=[])
    rows = run_program(spec, 20).rows
    assert rows[0, -1] in (0, 1)
    assert rows[-1, -1] == 0
    assert not np.isfinite(rows[-1, 0])


def test_a_rate_that_changes_compiles_nothing() -> None:
    spec = make_spec()
    program = EpochProgram(spec)
    samples = tensors_of(make_run_data(spec))
    state, _ = initial_state(spec, samples)
    orders = sample_orders(0, 1, 1, program.samples, SLICE_EPOCHS)
    for rate in (0.1, 0.2, 0.3):
        program.advance(state, samples, orders, 1, Rates(rate, rate, rate))
    assert program._loop.experimental_get_tracing_count() == 1  # noqa: SLF001


def test_two_runs_of_one_program_do_not_disturb_each_other() -> None:
    first, second = make_spec(seed=1), make_spec(seed=2)
    program = EpochProgram(first)
    samples = tensors_of(make_run_data(first))
    states = [initial_state(spec, samples)[0] for spec in (first, second)]
    together = list(states)
    for epoch in range(1, 4):
        for index, spec in enumerate((first, second)):
            orders = sample_orders(spec.seed, epoch, 1, program.samples, SLICE_EPOCHS)
            together[index] = program.advance(together[index], samples, orders, 1, rates_of(spec)).state
    orders = sample_orders(first.seed, 1, 3, program.samples, SLICE_EPOCHS)
    alone = program.advance(states[0], samples, orders, 3, rates_of(first)).state
    for ours, theirs in zip(together[0].weights, alone.weights, strict=True):
        assert np.array_equal(ours.numpy(), theirs.numpy())


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        pytest.param({"seed": 7}, True, id="seed"),
        pytest.param({"dataset": {"name": "xor", "seed": 3, "noise": 20}}, True, id="data of the same size"),
        pytest.param({"optimizer": {"name": "sgd", "learning_rate": 1}}, True, id="learning rate"),
        pytest.param({"regularization": {"l2": 0.1}}, True, id="regularization rate"),
        pytest.param({"optimizer": {"name": "adam", "learning_rate": 0.03}}, False, id="optimizer"),
        pytest.param({"layers": [{"units": 4, "activation": "relu"}]}, False, id="layers"),
        pytest.param({"batch_size": 11}, False, id="batch size"),
        pytest.param({"dataset": {"train_fraction": 0.6}}, False, id="training share"),
        pytest.param({"dataset": {"name": "plane"}}, False, id="kind of problem"),
        pytest.param({"features": ["x1"]}, False, id="features"),
        pytest.param({"loss": "mse"}, False, id="loss"),
    ],
)
def test_specs_share_a_program_when_only_rates_seeds_or_samples_differ(changes: dict[str, Any], is_same: bool) -> None:
    assert (program_key(make_spec()) == program_key(make_spec(**changes))) is is_same


def test_the_cache_builds_once_and_forgets_what_was_used_least() -> None:
    built: list[RunSpec] = []

    def build(spec: RunSpec) -> EpochProgram:
        built.append(spec)
        return object.__new__(EpochProgram)

    cache = ProgramCache(build, most=2)
    specs = [make_spec(batch_size=size) for size in (1, 2, 3)]
    first = cache.get(specs[0])
    cache.get(specs[1])
    assert cache.get(specs[0]) is first
    cache.get(specs[2])
    cache.get(specs[0])
    assert built == specs
    cache.get(specs[1])
    assert built == [*specs, specs[1]]
