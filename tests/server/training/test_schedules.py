"""Schedules give the shares that Keras' own schedules give at the first step of each epoch."""

import keras
import pytest

from server.domain.spec import ScheduleSpec
from server.training.schedules import rate_share

STEPS = 25


def test_a_constant_schedule_leaves_the_rate_alone() -> None:
    assert {rate_share(ScheduleSpec(), epoch) for epoch in (1, 10, 1000)} == {1.0}


@pytest.mark.parametrize("epoch", [1, 20, 21, 40, 41, 100])
def test_steps_are_those_of_exponential_decay_with_a_staircase(epoch: int) -> None:
    schedule = ScheduleSpec(name="step", every_epochs=20, factor=0.5)
    theirs = keras.optimizers.schedules.ExponentialDecay(1.0, 20 * STEPS, 0.5, staircase=True)
    assert rate_share(schedule, epoch) == pytest.approx(float(theirs((epoch - 1) * STEPS)), rel=1e-6)


@pytest.mark.parametrize("final_fraction", [0.0, 0.1])
@pytest.mark.parametrize("epoch", [1, 2, 50, 100, 101, 500])
def test_the_cosine_is_that_of_cosine_decay(epoch: int, final_fraction: float) -> None:
    schedule = ScheduleSpec(name="cosine", epochs=100, final_fraction=final_fraction)
    theirs = keras.optimizers.schedules.CosineDecay(1.0, 100 * STEPS, alpha=final_fraction)
    assert rate_share(schedule, epoch) == pytest.approx(float(theirs((epoch - 1) * STEPS)), rel=1e-5, abs=1e-7)
