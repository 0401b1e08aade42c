"""The ceilings, as far as other places rely on their relation to each other."""

from server.config import Settings
from server.domain import limits
from server.domain.shapes import plan_network, weights_count
from server.domain.spec import FEATURE_NAMES
from tests.builders import make_spec


def test_a_server_trains_no_longer_than_a_spec_may_ask() -> None:
    assert Settings().most_epochs <= limits.MAX_EPOCHS


def test_the_largest_network_is_too_large_for_frames() -> None:
    largest = make_spec(
        features=list(FEATURE_NAMES), layers=[{"units": limits.MAX_UNITS} for _ in range(limits.MAX_LAYERS)]
    )

    assert weights_count(largest) > limits.MAX_FRAME_WEIGHTS
    assert weights_count(make_spec()) < limits.MAX_FRAME_WEIGHTS


def test_history_and_frames_have_the_ceilings_of_the_contract() -> None:
    assert (limits.MAX_HISTORY_ROWS, limits.MAX_FRAME_WEIGHTS) == (5_000, 20_000)


def test_the_largest_kernel_fits_the_smallest_pictures() -> None:
    largest = {"kind": "conv2d", "kernel_size": limits.MAX_KERNEL_SIZE}
    spec = make_spec(dataset={"name": "digits"}, layers=[largest, {"kind": "flatten"}])

    assert plan_network(spec)[0].outputs[:2] == (2, 2)
