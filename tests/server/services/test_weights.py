"""The newest weights: of the last picture, or of the checkpoint."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from server.services.weights import NewestWeights

RUN = "a" * 20
REMEMBERED = 512


@pytest.fixture
def kept() -> dict[str, dict[str, Any]]:
    """Checkpoints by run."""
    return {}


@pytest.fixture
def weights(kept: dict[str, dict[str, Any]]) -> NewestWeights:
    return NewestWeights(kept.get)


def _moment(epoch: int) -> dict[str, Any]:
    return {"epoch": epoch, "step": 25 * epoch, "weights": "AACAPw=="}


def test_the_newest_weights_are_found(weights: NewestWeights) -> None:
    assert weights.find(RUN) is None
    weights.note(RUN, _moment(1))
    weights.note(RUN, _moment(2))

    assert weights.find(RUN) == _moment(2)
    assert weights.find("b" * 20) is None


def test_what_only_training_needs_is_no_part_of_a_picture(
    weights: NewestWeights, kept: dict[str, dict[str, Any]]
) -> None:
    weights.note(RUN, _moment(1) | {"slots": "AACAPw==", "version": 3})
    kept["b"] = _moment(2) | {"slots": "", "version": 0}

    assert weights.find(RUN) == _moment(1)
    assert weights.find("b") == _moment(2)


def test_a_run_nobody_has_heard_of_for_long_has_those_of_its_checkpoint(
    weights: NewestWeights, kept: dict[str, dict[str, Any]]
) -> None:
    kept[RUN] = _moment(4)
    assert weights.find(RUN) == _moment(4)

    weights.note(RUN, _moment(5))
    assert weights.find(RUN) == _moment(5)


def test_the_first_weights_can_be_waited_for(weights: NewestWeights) -> None:
    waits = Event()

    def wait() -> object:
        waits.set()
        return weights.wait(RUN, 10)

    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(wait)
        waits.wait()
        weights.note("b" * 20, _moment(9))
        weights.note(RUN, _moment(1))
        assert waiting.result(timeout=5) == _moment(1)


def test_weights_that_are_there_are_not_waited_for(weights: NewestWeights) -> None:
    weights.note(RUN, _moment(1))
    begun_s = time.monotonic()

    assert weights.wait(RUN, 10) == _moment(1)
    assert time.monotonic() - begun_s < 4


def test_a_wait_for_weights_ends_with_its_time(weights: NewestWeights) -> None:
    assert weights.wait(RUN, 0.005) is None


def test_the_weights_of_a_forgotten_run_are_not_in_memory(weights: NewestWeights) -> None:
    weights.note(RUN, _moment(1))

    weights.forget(RUN)
    weights.forget("nobody")
    assert weights.find(RUN) is None


def test_memory_holds_the_runs_that_were_heard_of_last(weights: NewestWeights) -> None:
    weights.note("first", _moment(1))
    weights.note("second", _moment(1))
    for number in range(REMEMBERED - 2):
        weights.note(f"run{number}", _moment(1))
    weights.note("first", _moment(2))
    weights.note("one more", _moment(1))

    assert weights.find("first") == _moment(2)
    assert weights.find("second") is None
