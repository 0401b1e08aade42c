"""A worker process that hangs is told, given up and replaced; what revives later is not heard."""

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from server.services import supervisor
from tests.faults.bench import Web, assert_undisturbed, wait_for_end
from tests.faults.fake_trainer import FAULT_EPOCH, Mode
from tests.waiting import wait_until

EPOCHS = 100


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second of silence is told, one is too long: with 10 and 30 the same happens later."""
    monkeypatch.setattr(supervisor, "SILENT_S", 0.6)
    monkeypatch.setattr(supervisor, "GIVE_UP_S", 1.2)


@pytest.mark.parametrize(
    "mode",
    [
        pytest.param(Mode.HANG, id="a turn that never ends, while the process answers"),
        pytest.param(Mode.FREEZE, id="the process is stopped"),
        pytest.param(Mode.HOLD_LOCK, id="C code that never gives Python's lock back"),
    ],
)
@pytest.mark.usefixtures("impatient")
def test_a_worker_that_hangs_is_replaced_and_its_runs_go_on(web: Web, mode: Mode) -> None:
    run_id = web.start(mode, epochs=EPOCHS, dataset={"seed": 5})
    neighbours = [web.start(epochs=None) for _ in range(3)]
    web.wait_for(run_id, "finished")

    assert_undisturbed(web, run_id, 5, EPOCHS)
    (silent,) = web.told(run_id, "not_responding")
    assert (silent["status"], silent["epoch"], silent["attempt"]) == ("running", FAULT_EPOCH, 1)
    (lost,) = web.told(run_id, "worker_lost")
    assert lost["attempt"] == 2
    for neighbour in neighbours:
        epoch = web.run(neighbour).epoch
        web.wait_for_epoch(neighbour, epoch + 3)
    assert 1 in {web.run(neighbour).attempt for neighbour in neighbours}
    web.wait_for_workers()


@pytest.fixture
def stopped_pids() -> Iterator[list[int]]:
    """Processes that a test has stopped; they go on behind it."""
    pids: list[int] = []
    yield pids
    for pid in pids:
        try:
            os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:
            continue


def test_a_worker_that_answers_again_in_time_keeps_its_runs(
    web: Web, monkeypatch: pytest.MonkeyPatch, stopped_pids: list[int]
) -> None:
    monkeypatch.setattr(supervisor, "SILENT_S", 0.5)
    runs = {web.start(epochs=EPOCHS * 5, dataset={"seed": seed}): seed for seed in range(4)}
    for run_id in runs:
        web.wait_for_epoch(run_id, 5)
    stopped = next(iter(runs))
    stopped_pids.append(web.home(stopped))
    os.kill(stopped_pids[0], signal.SIGSTOP)
    wait_until(lambda: web.told(stopped, "not_responding"))
    os.kill(stopped_pids[0], signal.SIGCONT)

    for run_id, seed in runs.items():
        web.wait_for(run_id, "finished")
        assert_undisturbed(web, run_id, seed, EPOCHS * 5)
        assert web.run(run_id).attempt == 1


async def _cut_off(address: str, dask_scheduler: Any) -> None:
    """Called on the scheduler: that worker is lost."""
    await dask_scheduler.remove_worker(address, close=False, stimulus_id="cable")


def test_a_worker_that_revives_after_its_run_went_to_another_stores_no_row_and_ends(
    web: Web, stopped_pids: list[int]
) -> None:
    """As a machine whose cable was cut: the scheduler has given it up, and it comes back."""
    run_id = web.start(epochs=EPOCHS * 5, dataset={"seed": 9})
    web.wait_for_epoch(run_id, 5)
    address = next(worker for worker, runs in web.living().items() if runs)
    stopped_pids.append(web.home(run_id))
    os.kill(stopped_pids[0], signal.SIGSTOP)
    web.client.run_on_scheduler(_cut_off, address)
    wait_until(lambda: web.run(run_id).attempt == 2)
    os.kill(stopped_pids[0], signal.SIGCONT)
    web.wait_for(run_id, "finished")

    assert_undisturbed(web, run_id, 9, EPOCHS * 5)
    wait_for_end(stopped_pids[0])
    # A worker that ends because its scheduler does not know it takes its nanny with it.
    web.mend()
    web.wait_for_workers()


def test_an_attempt_that_still_trains_when_the_next_one_has_begun_is_told_to_end(web: Web) -> None:
    run_id = web.start(epochs=None)
    web.wait_for_epoch(run_id, 5)
    web.services.supervisor.lose(run_id, 1, lost="worker")
    wait_until(lambda: web.run(run_id).epoch > web.run(run_id).attempt_epoch)

    wait_until(lambda: [tuple(each) for runs in web.living().values() for each in runs] == [(run_id, 2)])
    epochs = web.runs.history(run_id)["epoch"]
    assert epochs == list(range(1, len(epochs) + 1))
