"""When somebody last cared about a run."""

import pytest

from server.services.activity import Activity
from tests.fakes import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def activity(clock: FakeClock) -> Activity:
    return Activity(clock)


def test_a_run_is_idle_since_somebody_last_cared(activity: Activity, clock: FakeClock) -> None:
    activity.note("a")
    clock.advance(30)
    assert activity.idle_s("a") == 30

    activity.note("a")
    clock.advance(5)
    assert activity.idle_s("a") == 5


def test_a_run_nobody_cared_for_counts_from_the_first_look(activity: Activity, clock: FakeClock) -> None:
    """After a restart nobody knows who watched before."""
    assert activity.idle_s("a") == 0
    clock.advance(60)

    assert activity.idle_s("a") == 60


def test_runs_that_are_over_are_forgotten(activity: Activity, clock: FakeClock) -> None:
    activity.note("a")
    activity.note("b")
    clock.advance(60)
    activity.keep_only({"b"})

    assert (activity.idle_s("a"), activity.idle_s("b")) == (0, 60)


def test_what_was_opened_is_told_once(activity: Activity) -> None:
    activity.note("a")
    activity.note("b")
    activity.note("a")
    assert activity.take_opened() == {"a", "b"}
    assert activity.take_opened() == set()


def test_what_was_opened_and_could_not_be_noted_is_told_again(activity: Activity) -> None:
    activity.note("a")
    opened = activity.take_opened()
    activity.note("b")
    activity.give_back_opened(opened)
    assert activity.take_opened() == {"a", "b"}


def test_a_run_that_is_over_was_opened_all_the_same(activity: Activity) -> None:
    activity.note("a")
    activity.keep_only(())
    assert activity.take_opened() == {"a"}
