"""Compiled programs give the numbers of plain Keras, and compile once per architecture."""

from math import inf
from typing import Any

import numpy as np
import pytest

from server.datasets.splits import RunData
from server.training.build import Values, initial_values
from server.training.programs import (
    BatchProgram,
    EpochOutcome,
    EpochProgram,
    program_for,
    samples_of,
)
from server.training.rates import Rates
from server.training.recipe import Recipe
from server.training.seeding import sample_order, sample_orders
from tests.builders import make_spec
from tests.keras_oracle import largest_difference, measure_plainly, rates_of, train_plainly
from tests.recipes import CASES, DROPOUT, EVERY_KIND, make_recipe, random_pictures

EPOCHS = 2
"""With 250 training samples and batches of 10 these are 50 steps."""

MOST_RELATIVE_DIFFERENCE = 1e-5


@pytest.fixture(params=["in a loop", "a call for each"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How batches are trained, whatever the size of the network."""
    kind: str = request.param
    monkeypatch.setattr("server.training.programs.CALL_MULTIPLICATIONS", inf if kind == "in a loop" else 0)
    return kind


def run_epochs(program: EpochProgram, recipe: Recipe, run_data: RunData, epochs: int = EPOCHS) -> EpochOutcome:
    orders = sample_orders(recipe.spec.seed, 1, epochs, recipe.train_count, recipe.slice_epochs)
    rates = [rates_of(recipe)] * epochs
    return program.advance(initial_values(recipe), samples_of(run_data), orders, 0, rates, recipe.spec.seed)


def run_batches(program: BatchProgram, recipe: Recipe, run_data: RunData, batches_of_a_call: int) -> Values:
    values, step = initial_values(recipe), 0
    rows = batches_of_a_call * recipe.batch_size
    for epoch in range(1, EPOCHS + 1):
        order = sample_order(recipe.spec.seed, epoch, recipe.train_count)
        for start in range(0, recipe.train_count, rows):
            chunk = order[start : start + rows]
            features, labels = run_data.train.features[chunk], run_data.train.labels[chunk]
            values = program.train(values, features, labels, step, rates_of(recipe), recipe.spec.seed)
            step += -(-len(chunk) // recipe.batch_size)
    return values


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES.keys())
def test_the_loop_of_epochs_moves_the_weights_as_plain_keras_does(changes: dict[str, Any]) -> None:
    recipe, run_data = make_recipe(**changes)
    ours = run_epochs(EpochProgram(recipe), recipe, run_data).values[: recipe.weights_count]
    assert largest_difference(ours, train_plainly(recipe, run_data, EPOCHS)) <= MOST_RELATIVE_DIFFERENCE


@pytest.mark.parametrize("changes", DROPOUT.values(), ids=DROPOUT.keys())
def test_its_masks_of_dropout_are_those_of_keras_in_xla(changes: dict[str, Any]) -> None:
    recipe, run_data = make_recipe(**changes)
    ours = run_epochs(EpochProgram(recipe), recipe, run_data).values[: recipe.weights_count]
    theirs = train_plainly(recipe, run_data, EPOCHS, in_xla=True)
    assert largest_difference(ours, theirs) <= MOST_RELATIVE_DIFFERENCE


@pytest.mark.parametrize("changes", (EVERY_KIND | DROPOUT).values(), ids=(EVERY_KIND | DROPOUT).keys())
def test_a_loop_of_batches_does_too(changes: dict[str, Any]) -> None:
    recipe, run_data = make_recipe(**changes)
    ours = run_batches(BatchProgram(recipe), recipe, run_data, 4)[: recipe.weights_count]
    assert largest_difference(ours, train_plainly(recipe, run_data, EPOCHS)) <= MOST_RELATIVE_DIFFERENCE


@pytest.mark.parametrize("name", ["convolution", "dropout"])
@pytest.mark.usefixtures("way")
def test_small_and_large_batches_do_both(name: str) -> None:
    recipe, run_data = make_recipe(**(EVERY_KIND | DROPOUT)[name])
    ours = run_batches(BatchProgram(recipe), recipe, run_data, 4)[: recipe.weights_count]
    assert largest_difference(ours, train_plainly(recipe, run_data, EPOCHS)) <= MOST_RELATIVE_DIFFERENCE


@pytest.mark.usefixtures("way")
def test_how_many_batches_a_call_takes_does_not_show() -> None:
    recipe, run_data = make_recipe(**DROPOUT["dropout"], batch_size=30)
    program = BatchProgram(recipe)
    few, many = run_batches(program, recipe, run_data, 1), run_batches(program, recipe, run_data, 9)
    assert np.array_equal(few, many)


@pytest.mark.parametrize("name", ["sgd", "numbers", "four classes", "mse on four classes", "huber on numbers"])
def test_the_metrics_of_an_epoch_are_those_of_keras_evaluate(name: str) -> None:
    recipe, run_data = make_recipe(**CASES[name])
    outcome = run_epochs(EpochProgram(recipe), recipe, run_data)
    expected = measure_plainly(recipe, run_data, outcome.values[: recipe.weights_count])
    assert outcome.rows[-1, :-1].tolist() == pytest.approx(expected, rel=1e-5)


def test_a_batch_program_measures_as_keras_evaluate() -> None:
    recipe, run_data = make_recipe(**EVERY_KIND["flatten"])
    values = initial_values(recipe)
    program = BatchProgram(recipe)
    expected = measure_plainly(recipe, run_data, values[: recipe.weights_count])
    for place, share in enumerate((run_data.train, run_data.val)):
        loss, right = program.measure(values, share.features, share.labels)
        assert loss / len(share.labels) == pytest.approx(expected[place], rel=1e-5)
        assert right / len(share.labels) == pytest.approx(expected[2 + place])


def test_the_last_column_says_whether_the_weights_are_finite() -> None:
    recipe, run_data = make_recipe(dataset={"name": "plane"}, optimizer={"name": "sgd", "learning_rate": 10}, layers=[])
    rows = run_epochs(EpochProgram(recipe), recipe, run_data, 20).rows
    assert rows[0, -1] in (0, 1)
    assert rows[-1, -1] == 0
    assert not np.isfinite(rows[-1, 0])


def test_a_rate_that_changes_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe, run_data = make_recipe()
    program = EpochProgram(recipe)
    program.compile()
    orders = sample_orders(0, 1, 1, recipe.train_count, recipe.slice_epochs)
    traced: list[str] = []
    monkeypatch.setattr(EpochProgram, "_run_epochs", lambda *arguments: traced.append("again"))
    for rate in (0.1, 0.2, 0.3):
        program.advance(initial_values(recipe), samples_of(run_data), orders, 0, [Rates(rate, rate, rate)], 0)
    assert traced == []


@pytest.mark.usefixtures("way")
def test_a_graph_of_batches_serves_every_number_of_them() -> None:
    recipe, run_data = make_recipe(batch_size=30)
    program = BatchProgram(recipe)
    for batches in (1, 2, 9):
        run_batches(program, recipe, run_data, batches)
    assert [loop.experimental_get_tracing_count() for loop in program._train.values()] == [1, 1]  # noqa: SLF001


def test_two_runs_of_one_program_do_not_disturb_each_other() -> None:
    recipes = [make_recipe(seed=seed) for seed in (1, 2)]
    program = EpochProgram(recipes[0][0])
    alone = run_epochs(program, *recipes[0], 3).values
    states = [initial_values(recipe) for recipe, _ in recipes]
    for epoch in range(1, 4):
        for index, (recipe, run_data) in enumerate(recipes):
            orders = sample_orders(recipe.spec.seed, epoch, 1, recipe.train_count, recipe.slice_epochs)
            step = (epoch - 1) * recipe.steps_per_epoch
            outcome = program.advance(states[index], samples_of(run_data), orders, step, [rates_of(recipe)], index + 1)
            states[index] = outcome.values
    assert np.array_equal(states[0], alone)


@pytest.mark.usefixtures("way")
def test_a_program_of_batches_that_remembers_one_run_serves_two_in_turns() -> None:
    recipe, run_data = make_recipe(batch_size=30)
    program = BatchProgram(recipe)
    features, labels = run_data.train.features[:60], run_data.train.labels[:60]

    def trained(values: Values, step: int) -> Values:
        return program.train(values, features, labels, step, rates_of(recipe), 0)

    starts = [initial_values(recipe), initial_values(recipe) + np.float32(0.1)]
    alone = [trained(trained(start, 0), 2) for start in starts]
    first, second = (trained(start, 0) for start in starts)
    np.testing.assert_array_equal([trained(first, 2), trained(second, 2)], alone)
    np.testing.assert_array_equal(trained(first.copy(), 2), alone[0])


def test_masks_of_dropout_follow_from_the_seed_of_the_run_and_not_from_the_program() -> None:
    first, second = (make_recipe(**DROPOUT["dropout"], seed=seed) for seed in (1, 2))
    shared, own = EpochProgram(first[0]), EpochProgram(second[0])
    assert np.array_equal(run_epochs(shared, *second).values, run_epochs(own, *second).values)
    assert not np.array_equal(run_epochs(shared, *first).values, run_epochs(shared, *second).values)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        pytest.param({}, EpochProgram, id="small and dense"),
        pytest.param({"layers": [{"units": 8}] * 6}, EpochProgram, id="deep and narrow"),
        pytest.param({"layers": [{"units": 16}] * 8}, None, id="large and dense"),
        pytest.param(EVERY_KIND["convolution"], BatchProgram, id="with convolutions"),
    ],
)
def test_one_rule_chooses_the_kind_of_program(changes: dict[str, Any], kind: type | None) -> None:
    assert program_for(make_recipe(**changes)[0]) is kind


def test_a_compiled_graph_is_ready_for_every_batch_and_chunk() -> None:
    recipe, run_data = random_pictures(make_spec(**EVERY_KIND["flatten"]), 28, 75, 25)
    program = BatchProgram(recipe)
    program.compile()
    run_batches(program, recipe, run_data, 2)
    program.measure(initial_values(recipe), run_data.val.features, run_data.val.labels)
    loops = [*program._train.values(), program._measure]  # noqa: SLF001
    assert [loop.experimental_get_tracing_count() for loop in loops] == [1, 1, 1]
