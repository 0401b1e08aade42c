"""How many epochs are due, told by a clock that the test holds."""

import pytest

from server.training.pace import MOST_OWED_S, SLICE_S, TICK_S, Pace


def run_for(pace: Pace, seconds: float, epoch_s: float = 0.0001) -> int:
    """Obey the pace for some seconds of a simulated clock; returns the epochs that ran."""
    now_s, ran = 0.0, 0
    while now_s < seconds:
        due = pace.due_epochs(now_s)
        if due:
            pace.ran(due, due * epoch_s)
            now_s += due * epoch_s
            ran += due
        else:
            now_s += pace.wait_s()
    return ran


@pytest.mark.parametrize("speed", [1, 5, 30, 60, 500])
def test_a_pace_gives_its_epochs_per_second(speed: float) -> None:
    pace = Pace(64)
    pace.restart(speed, 0.0)
    assert run_for(pace, 10.0) == pytest.approx(10 * speed, rel=0.05, abs=2)


def test_the_first_epoch_is_due_at_once() -> None:
    pace = Pace(64)
    pace.restart(1.0, 100.0)
    assert pace.due_epochs(100.0) == 1


def test_a_run_that_was_held_up_does_not_rush() -> None:
    pace = Pace(1000)
    pace.restart(60.0, 0.0)
    pace.ran(pace.due_epochs(0.0), 0.001)
    assert pace.due_epochs(60.0) <= 60 * MOST_OWED_S


def test_it_never_waits_less_than_a_tick() -> None:
    pace = Pace(64)
    pace.restart(10_000.0, 0.0)
    assert pace.wait_s() >= TICK_S


@pytest.mark.parametrize(("epoch_s", "epochs"), [(0.0001, 64), (SLICE_S / 5, 5), (1.0, 1)])
def test_as_fast_as_possible_fits_a_slice(epoch_s: float, epochs: int) -> None:
    pace = Pace(64)
    pace.restart(None, 0.0)
    assert pace.due_epochs(0.0) == 1
    pace.ran(1, epoch_s)
    assert pace.due_epochs(0.0) == epochs
