"""How many epochs are due, and when the next turn is."""

import pytest

from server.training.pace import LONE_SLICE_S, LONGEST_TICK_S, MOST_OWED_S, SLICE_S, TICK_S, Pace, slice_s, tick_s


def paced(speed: float | None) -> Pace:
    pace = Pace()
    pace.restart(speed, 100.0)
    return pace


def test_the_first_epoch_is_due_at_once() -> None:
    pace = paced(60.0)
    assert pace.next_s(100.0) <= 100.0
    assert pace.due_epochs(100.0) == 1


@pytest.mark.parametrize("speed", [1.0, 30.0, 60.0, 1000.0])
def test_as_many_epochs_are_due_as_the_speed_says(speed: float) -> None:
    pace, now_s, ended = paced(speed), 100.0, 0
    while now_s < 110.0:
        now_s = max(now_s + 0.001, pace.next_s(now_s))
        due = pace.due_epochs(now_s)
        assert due is not None
        pace.ran(due, now_s)
        ended += due
    assert ended == pytest.approx(10 * speed + 1, abs=max(speed * TICK_S, 1) + 1)


def test_epochs_of_one_tick_go_together() -> None:
    pace = paced(1000.0)
    pace.ran(1, 100.0)
    assert pace.next_s(100.001) == pytest.approx(100.0 + TICK_S)


def test_a_slow_run_waits_for_its_next_epoch() -> None:
    pace = paced(2.0)
    pace.due_epochs(100.0)
    pace.ran(1, 100.0)
    assert pace.next_s(100.1) == pytest.approx(100.5)


def test_what_could_not_be_kept_up_is_caught_up_only_a_little() -> None:
    pace = paced(60.0)
    assert pace.due_epochs(1000.0) == int(60 * MOST_OWED_S)


def test_a_run_without_a_speed_is_always_due_for_any_number() -> None:
    pace = paced(None)
    assert pace.due_epochs(100.0) is None
    pace.ran(64, 100.0)
    assert pace.next_s(100.0) == 100.0


def test_the_more_runs_train_the_less_often_each_of_them_tells() -> None:
    assert tick_s(1) == tick_s(10) == TICK_S
    assert TICK_S < tick_s(50) < tick_s(100) < 1 / 5
    assert tick_s(10_000) == LONGEST_TICK_S


def test_only_a_run_that_is_alone_has_long_turns() -> None:
    assert [slice_s(runs) for runs in (0, 1, 2, 100)] == [LONE_SLICE_S, LONE_SLICE_S, SLICE_S, SLICE_S]
