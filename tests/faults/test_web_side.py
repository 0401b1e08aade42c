"""Runs that are deleted, controlled by two, or taken up by the next server while workers go on; clocks that jump."""

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from distributed import scheduler

from server.config import Settings
from server.domain.errors import NotFound
from server.scheduling import by_name
from server.scheduling.cluster import Cluster
from server.services import supervisor
from server.storage import event_log
from tests.faults.bench import Web, assert_undisturbed
from tests.faults.fake_trainer import Mode
from tests.waiting import wait_until

SERVER = Path(__file__).resolve().parents[2] / "server"
TIMES = 20
HOUR_S = 3600.0


def _while_it_trains(web: Web, run_id: str) -> None:
    """Nothing happens beside."""


def _while_it_is_resumed(web: Web, run_id: str) -> None:
    web.services.supervisor.lose(run_id, 1, lost="worker")


def _while_its_checkpoint_is_written(web: Web, run_id: str) -> None:
    for _ in range(5):
        web.store.checkpoints.keep(run_id)


def _while_it_is_controlled(web: Web, run_id: str) -> None:
    try:
        for _ in range(5):
            web.runs.control_run(run_id, {"action": "set", "learning_rate": 0.5})
    except NotFound:
        return


@pytest.mark.parametrize(
    "meanwhile", [_while_it_trains, _while_it_is_resumed, _while_its_checkpoint_is_written, _while_it_is_controlled]
)
def test_nothing_remains_of_a_run_that_is_deleted_whatever_happens_beside(
    web: Web, settings: Settings, meanwhile: Callable[[Web, str], None]
) -> None:
    chance = Random(0)
    run_ids = []
    for _ in range(TIMES):
        run_ids.append(web.start(epochs=None))
        time.sleep(chance.uniform(0, 0.02))
        beside = threading.Thread(target=meanwhile, args=(web, run_ids[-1]))
        beside.start()
        time.sleep(chance.uniform(0, 0.004))
        web.runs.delete_run(run_ids[-1])
        beside.join()

    wait_until(lambda: not any(web.living().values()))
    assert web.runs.list_runs() == []
    with web.store.database.read() as session:
        assert [event_log.read_after(session, run_id, 0) for run_id in run_ids] == [[]] * TIMES
    assert [path for path in (settings.data_dir / "runs").glob("*") if path.name in run_ids] == []


def test_two_who_control_one_run_get_versions_of_their_own_and_the_last_word_counts(web: Web) -> None:
    run_id = web.start(Mode.SLOW, epochs=None)
    wishes: dict[int, float] = {}

    def steer(first: int) -> None:
        for number in range(first, first + 15):
            version = web.runs.control_run(run_id, {"action": "set", "learning_rate": number / 1000})
            wishes[version] = number / 1000

    both = [threading.Thread(target=steer, args=(first,)) for first in (1, 101)]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert sorted(wishes) == list(range(1, 31))
    wait_until(lambda: web.statuses(run_id)[-1]["controls"]["version"] == 30)
    assert web.statuses(run_id)[-1]["controls"]["learning_rate"] == wishes[30]
    assert web.run(run_id).controls.learning_rate == wishes[30]


def _flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("broken", [[], ["checkpoint.json"], ["checkpoint.json", "checkpoint-before.json"]])
def test_after_a_killed_server_and_with_broken_checkpoints_the_story_goes_on_as_if_nothing_had_been(
    settings: Settings, workers: Cluster, broken: list[str]
) -> None:
    first = Web(settings, workers)
    first.wait_for_workers()
    run_id = first.start(epochs=400, dataset={"seed": 6})
    for epoch in (20, 60):
        first.wait_for_epoch(run_id, epoch)
        first.store.checkpoints.keep(run_id)
    first.close(leave=True)
    for name in broken:
        _flip_a_bit(settings.data_dir / "runs" / run_id / name)

    second = Web(settings, workers)
    second.wait_for(run_id, "finished")
    assert_undisturbed(second, run_id, 6, 400)
    # Why it waits is asked of a server that is really killed: here the first lives on in this process, and may hear it.
    told = [(status["attempt"], status["status"]) for status in second.statuses(run_id)]
    assert told == [(1, "queued"), (1, "running"), (2, "queued"), (2, "running"), (2, "finished")]
    second.close()


def test_clocks_that_jump_an_hour_ahead_change_nothing(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = {web.start(epochs=300, dataset={"seed": seed}): seed for seed in range(4)}
    for run_id in runs:
        web.wait_for_epoch(run_id, 10)
    now = time.time
    web.client.run(by_name.call, "fake_trainer:shift_clock", HOUR_S)
    monkeypatch.setattr(time, "time", lambda: now() + HOUR_S)
    monkeypatch.setattr(scheduler, "time", lambda: now() + HOUR_S)
    web.services.supervisor.renew_leases()

    for run_id, seed in runs.items():
        web.wait_for(run_id, "finished")
        assert_undisturbed(web, run_id, seed, 300)
        assert (web.run(run_id).attempt, web.told(run_id, "not_responding")) == (1, [])
    web.client.run(by_name.call, "fake_trainer:set_clock_right")


def test_a_worker_whose_clock_is_set_back_an_hour_loses_no_row(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dask may hold its messages back until the clock has caught up; then it keeps silent, and is replaced."""
    monkeypatch.setattr(supervisor, "SILENT_S", 0.5)
    monkeypatch.setattr(supervisor, "GIVE_UP_S", 1.0)
    run_id = web.start(epochs=300, dataset={"seed": 2})
    web.wait_for_epoch(run_id, 10)
    web.client.run(by_name.call, "fake_trainer:shift_clock", -HOUR_S, workers=[web.address(run_id)])

    web.wait_for(run_id, "finished")
    assert_undisturbed(web, run_id, 2, 300)
    web.client.run(by_name.call, "fake_trainer:set_clock_right")


def test_no_duration_of_ours_is_measured_with_a_clock_that_people_set() -> None:
    wall_clock = re.compile(r"\btime\.time\(|from time import.*\btime\b")
    files = [path for path in SERVER.rglob("*.py") if wall_clock.search(path.read_text("utf-8"))]

    assert files == []
