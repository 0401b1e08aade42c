"""What a run will cost, against sums made by hand and against the shapes of Keras."""

from math import prod
from typing import Any

import pytest

from server.config import Settings
from server.domain import estimate as costs
from server.domain.estimate import chunk_samples, estimate_run, slot_kinds
from server.domain.shapes import plan_network
from server.domain.spec import FEATURE_NAMES, OptimizerSpec, RunSpec
from tests.builders import make_spec


def _digits(*layers: dict[str, Any], **changes: Any) -> RunSpec:
    data = {"name": "digits", "samples": 1797, "train_fraction": 0.8}
    return make_spec(**{"dataset": data, "layers": [*layers, {"kind": "flatten"}], **changes})


def _conv(filters: int, kernel_size: int = 3) -> dict[str, Any]:
    return {"kind": "conv2d", "filters": filters, "kernel_size": kernel_size, "padding": "same"}


LARGEST_OF_THE_PAGE = make_spec(
    features=list(FEATURE_NAMES),
    layers=[{"units": 16}] * 8,
    dataset={"samples": 5000, "train_fraction": 0.9},
    optimizer={"name": "adam"},
    batch_size=1,
)
LARGEST_OF_ALL = _digits(*[_conv(256, 7)] * 7, batch_size=256, optimizer={"name": "adam"})


def test_the_default_network_is_counted_by_hand() -> None:
    estimate = estimate_run(make_spec())

    state = 4 * 25 + 25  # four copies of 25 weights without slots, their gradients
    answers = 2 + 4 + 2 + 1
    trained, measured = 10 * 4 * answers, 500 * answers
    samples = 2 * 500 * (2 + 1)
    multiplications = 2 * 4 + 4 * 2 + 2 * 1
    operations = 2 * multiplications * (3 * 250 + 500)
    assert (estimate.weights, estimate.memory_bytes) == (25, 4 * (state + trained + measured + samples))
    assert estimate.epoch_s == pytest.approx(operations / costs.OPERATIONS_PER_S + 25 * 3 * costs.DENSE_LAYER_S)


def test_a_convolution_is_counted_by_hand() -> None:
    estimate = estimate_run(_digits(_conv(4), batch_size=256))

    weights = (9 * 4 + 4) + (256 * 10 + 10)
    answers, patches = 64 + 256 + 256 + 10, 64 * 9
    last_batch = 1438 - 5 * 256
    work = (256 + last_batch) * (4 * answers + 2 * patches) + 1797 * answers
    assert estimate.weights == weights
    assert estimate.memory_bytes == 4 * (5 * weights + work + 2 * 1797 * (64 + 10))


@pytest.mark.parametrize(
    ("optimizer", "kinds"),
    [
        ({"name": "sgd"}, 0),
        ({"name": "sgd", "momentum": 0.9}, 1),
        ({"name": "adagrad"}, 1),
        ({"name": "rmsprop"}, 1),
        ({"name": "adam"}, 2),
    ],
)
def test_an_optimizer_remembers_so_many_numbers_of_each_weight(optimizer: dict[str, Any], kinds: int) -> None:
    plain, remembering = make_spec(), make_spec(optimizer=optimizer)

    assert slot_kinds(OptimizerSpec(**optimizer)) == kinds
    assert (
        estimate_run(remembering).memory_bytes - estimate_run(plain).memory_bytes == 4 * costs.STATE_COPIES * kinds * 25
    )


def test_moving_averages_have_no_slots() -> None:
    layers = [{"units": 4}, {"kind": "batch_normalization"}]
    plain, adam = (estimate_run(make_spec(layers=layers, optimizer={"name": name})) for name in ("sgd", "adam"))

    trainable = (2 * 4 + 4) + 2 * 4 + (4 + 1)
    assert plain.weights == trainable + 2 * 4
    assert adam.memory_bytes - plain.memory_bytes == 4 * costs.STATE_COPIES * 2 * trainable


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [
        pytest.param(make_spec(), make_spec(layers=[{"units": 64}, {"units": 64}]), id="units"),
        pytest.param(make_spec(), make_spec(layers=[{}] * 8), id="layers"),
        pytest.param(make_spec(), make_spec(dataset={"samples": 5000}), id="samples"),
        pytest.param(make_spec(), make_spec(features=list(FEATURE_NAMES)), id="features"),
        pytest.param(_digits(_conv(4)), _digits(_conv(8)), id="filters"),
        pytest.param(_digits(_conv(4)), _digits(_conv(4, 7)), id="kernel"),
    ],
)
def test_more_costs_more(smaller: RunSpec, larger: RunSpec) -> None:
    one, other = estimate_run(smaller), estimate_run(larger)

    assert one.memory_bytes < other.memory_bytes
    assert one.epoch_s < other.epoch_s


def test_small_batches_cost_time_and_large_ones_memory() -> None:
    one, many = (estimate_run(_digits(*[_conv(64, 7)] * 3, batch_size=size)) for size in (1, 256))

    assert one.epoch_s > many.epoch_s
    assert one.memory_bytes < many.memory_bytes


def test_a_batch_is_never_larger_than_the_data() -> None:
    sizes = (16, 256)
    few = [make_spec(dataset={"samples": 20, "train_fraction": 0.8}, batch_size=size) for size in sizes]

    assert estimate_run(few[0]) == estimate_run(few[1])


@pytest.mark.parametrize("spec", [make_spec(), LARGEST_OF_THE_PAGE, _digits(_conv(64)), LARGEST_OF_ALL], ids=str)
def test_samples_are_measured_in_chunks_of_bounded_work(spec: RunSpec) -> None:
    plans = plan_network(spec)
    samples = chunk_samples(plans)

    assert 16 <= samples <= costs.MOST_CHUNK_SAMPLES
    work = samples * sum(plan.multiplications for plan in plans)
    assert work <= costs.CHUNK_MULTIPLICATIONS or samples == 16


def test_the_largest_network_of_the_page_is_well_inside_the_limits() -> None:
    estimate, settings = estimate_run(LARGEST_OF_THE_PAGE), Settings()

    assert estimate.weights == 2_049
    assert estimate.memory_bytes < settings.most_run_mb * 1e6 / 100
    assert estimate.epoch_s < settings.most_epoch_s / 3


def test_the_largest_network_of_all_is_beyond_both_limits() -> None:
    estimate, settings = estimate_run(LARGEST_OF_ALL), Settings()

    assert estimate.memory_bytes > settings.most_run_mb * 1e6
    assert estimate.epoch_s > settings.most_epoch_s


def test_no_network_of_dense_layers_is_beyond_a_limit() -> None:
    widest = make_spec(
        features=list(FEATURE_NAMES),
        layers=[{"units": 64}] * 8,
        dataset={"samples": 5000, "train_fraction": 0.9},
        optimizer={"name": "adam"},
        batch_size=1,
    )
    estimate, settings = estimate_run(widest), Settings()

    assert estimate.memory_bytes < settings.most_run_mb * 1e6
    assert estimate.epoch_s < settings.most_epoch_s


def test_each_sample_of_a_batch_costs_what_all_layers_hold_forwards_and_backwards() -> None:
    one, two = (_digits(*[_conv(64, 7)] * 3, batch_size=size) for size in (1, 2))
    plans = plan_network(one)
    answers = prod(plans[0].inputs) + sum(prod(plan.outputs) for plan in plans)
    patches = 64 * 49 * (1 + 64 + 64)  # places of the window, its size, channels of each convolution

    difference = estimate_run(two).memory_bytes - estimate_run(one).memory_bytes
    assert difference == 4 * (4 * answers + 2 * patches)
