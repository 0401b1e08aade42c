"""A worker process that dies costs nothing but time, and who kills workers is found out."""

import random
import time

from server.domain.status import RunStatus
from tests.faults.bench import Web, assert_undisturbed
from tests.faults.fake_trainer import FAULT_EPOCH, Mode
from tests.waiting import wait_until


def test_runs_whose_workers_are_killed_at_ten_moments_tell_every_epoch_once(web: Web) -> None:
    chance = random.Random(0)
    runs = {web.start(epochs=None, dataset={"seed": seed}): seed for seed in range(6)}
    for _ in range(4):
        for run_id in runs:
            wait_until(lambda: web.run(run_id).epoch > web.run(run_id).attempt_epoch)  # noqa: B023
        time.sleep(chance.uniform(0, 0.1))
        victim = chance.choice(list(runs))
        attempt = web.run(victim).attempt
        web.kill(victim)
        wait_until(lambda: web.run(victim).attempt > attempt)  # noqa: B023
    for run_id, seed in runs.items():
        wait_until(lambda: web.run(run_id).epoch > web.run(run_id).attempt_epoch)  # noqa: B023
        assert_undisturbed(web, run_id, seed, web.stop(run_id))

    lost = [status for run_id in runs for status in web.told(run_id, "worker_lost")]
    assert len(lost) >= 10
    assert all(status["status"] == "queued" and f"epoch {status['epoch']}." in status["reason"] for status in lost)
    assert all(web.run(run_id).attempt == 1 + len(web.told(run_id, "worker_lost")) for run_id in runs)


def test_the_runs_of_the_other_worker_notice_nothing(web: Web) -> None:
    runs = [web.start(epochs=None) for _ in range(4)]
    for run_id in runs:
        web.wait_for_epoch(run_id, 5)
    doomed = web.home(runs[0])
    others = [run_id for run_id in runs if web.home(run_id) != doomed]
    assert others
    web.kill(runs[0])
    web.wait_for_epoch(runs[0], 3 * FAULT_EPOCH)

    wait_until(lambda: web.run(runs[0]).attempt == 2)
    for run_id in others:
        assert web.run(run_id).attempt == 1
        assert {status["status"] for status in web.statuses(run_id)} == {"queued", "running"}


def test_a_run_that_kills_its_workers_is_found_out_and_its_neighbours_live(web: Web) -> None:
    neighbours = {web.start(epochs=None, dataset={"seed": seed}): seed for seed in range(4)}
    for run_id in neighbours:
        web.wait_for_epoch(run_id, 5)
    killer = web.start(Mode.OOM)
    run = web.wait_for(killer, "failed")

    assert (run.reason_code, run.epoch) == ("worker_lost", 0)
    assert [status["attempt"] for status in web.told(killer, "worker_lost")] == [2, 3, 4]
    for run_id, seed in neighbours.items():
        wait_until(lambda: web.run(run_id).epoch > web.run(run_id).attempt_epoch)  # noqa: B023
        assert_undisturbed(web, run_id, seed, web.stop(run_id))


def test_a_training_that_fails_by_itself_ends_alone(web: Web) -> None:
    neighbour = web.start(epochs=None)
    failed = web.wait_for(web.start(Mode.RAISE), "failed")
    epoch = web.run(neighbour).epoch

    assert (failed.reason_code, failed.attempt) == ("internal_error", 1)
    web.wait_for_epoch(neighbour, epoch + 5)
    assert web.run(neighbour).attempt == 1


def test_a_run_whose_numbers_grow_beyond_all_bounds_ends_with_a_gap_in_its_curve(web: Web) -> None:
    run = web.wait_for(web.start(Mode.NAN, dataset={"seed": 3}), "failed")
    history = web.runs.history(run.run_id)

    assert (run.reason_code, run.attempt) == ("diverged", 1)
    assert history["epoch"] == list(range(1, FAULT_EPOCH + 2))
    assert history["loss"][FAULT_EPOCH] is None
    assert None not in history["loss"][:FAULT_EPOCH]


def test_a_burst_of_two_hundred_starts_loses_none_and_tells_each_its_place(web: Web) -> None:
    """Twenty places on each of two workers: 40 train, the others wait in two lines."""
    started = {web.start(Mode.SLOW, epochs=None) for _ in range(200)}
    wait_until(lambda: _places(web) == [None] * 40 + sorted([*range(1, 81), *range(1, 81)]))

    assert {run.run_id for run in web.runs.list_runs()} == started
    assert {run.status for run in web.runs.list_runs()} == {RunStatus.RUNNING, RunStatus.QUEUED}


def _places(web: Web) -> list[int | None]:
    """The places in line of all runs, first those of the runs that have none."""
    return sorted((run.position for run in web.runs.list_runs()), key=lambda place: place or 0)
