"""The newest weights: in memory at once, on disk now and then."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from server.services.weights import KEEP_EVERY_S, NewestWeights
from server.storage.artifacts import Artifacts
from tests.fakes import FakeClock

RUN = "a" * 20
REMEMBERED = 512


class RecordingArtifacts(Artifacts):
    """Real files; remembers for which runs weights were written."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.written: list[str] = []

    def write_weights(self, run_id: str, moment: str) -> None:
        """Write, and remember."""
        self.written.append(run_id)
        super().write_weights(run_id, moment)


@pytest.fixture
def artifacts(tmp_path: Path) -> RecordingArtifacts:
    return RecordingArtifacts(tmp_path / "runs")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def weights(artifacts: Artifacts, clock: FakeClock) -> NewestWeights:
    return NewestWeights(artifacts, clock)


def _moment(epoch: int) -> dict[str, Any]:
    return {"epoch": epoch, "step": 25 * epoch, "weights": "AACAPw=="}


def _kept_epoch(artifacts: Artifacts, run_id: str = RUN) -> int | None:
    text = artifacts.read_weights(run_id)
    return int(json.loads(text)["epoch"]) if text else None


def test_the_newest_weights_are_found(weights: NewestWeights) -> None:
    assert weights.find(RUN) is None
    weights.note(RUN, _moment(1))
    weights.note(RUN, _moment(2))

    assert weights.find(RUN) == _moment(2)
    assert weights.find("b" * 20) is None


def test_weights_are_written_now_and_then(weights: NewestWeights, artifacts: Artifacts, clock: FakeClock) -> None:
    weights.note(RUN, _moment(1))
    weights.keep(RUN, now=False)
    assert _kept_epoch(artifacts) == 1

    clock.advance(KEEP_EVERY_S - 0.01)
    weights.note(RUN, _moment(2))
    weights.keep(RUN, now=False)
    assert _kept_epoch(artifacts) == 1

    clock.advance(0.01)
    weights.note(RUN, _moment(3))
    weights.keep(RUN, now=False)
    assert _kept_epoch(artifacts) == 3


def test_what_is_on_disk_already_is_not_written_again(weights: NewestWeights, artifacts: RecordingArtifacts) -> None:
    weights.note(RUN, _moment(1))
    weights.keep(RUN, now=True)
    weights.keep(RUN, now=True)
    weights.keep("nobody", now=True)

    assert artifacts.written == [RUN]


def test_weights_that_cannot_be_written_stay_in_memory(
    weights: NewestWeights, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "runs").write_text("a file stands where the folder should be")
    weights.note(RUN, _moment(1))
    weights.keep(RUN, now=True)

    assert weights.find(RUN) == _moment(1)
    assert "could not be kept" in caplog.text


def test_weights_to_keep_are_written_at_once(weights: NewestWeights, artifacts: Artifacts) -> None:
    weights.note(RUN, _moment(1))
    weights.note(RUN, _moment(2))
    weights.keep(RUN, now=True)

    assert _kept_epoch(artifacts) == 2


def test_weights_on_disk_are_found_after_a_restart(artifacts: Artifacts, clock: FakeClock) -> None:
    before = NewestWeights(artifacts, clock)
    before.note(RUN, _moment(4))
    before.keep(RUN, now=True)

    assert NewestWeights(artifacts, clock).find(RUN) == _moment(4)


def test_a_stopping_server_keeps_what_is_only_in_memory(weights: NewestWeights, artifacts: RecordingArtifacts) -> None:
    weights.note(RUN, _moment(1))
    weights.note(RUN, _moment(2))
    weights.keep_all()

    assert _kept_epoch(artifacts) == 2


def test_a_stopping_server_writes_nothing_that_is_on_disk_already(
    weights: NewestWeights, artifacts: RecordingArtifacts
) -> None:
    """Hundreds of runs may be remembered, and there are three seconds."""
    for name in "abc":
        weights.note(name, _moment(1))
        weights.keep(name, now=True)
    weights.note("b", _moment(2))
    artifacts.written.clear()
    weights.keep_all()
    weights.keep_all()

    assert artifacts.written == ["b"]


def test_weights_of_one_run_that_cannot_be_kept_do_not_stop_the_others(
    weights: NewestWeights, artifacts: Artifacts, tmp_path: Path
) -> None:
    for name in "abc":
        weights.note(name, _moment(1))
        weights.keep(name, now=True)
        weights.note(name, _moment(2))
    # A folder stands where the file should be.
    (tmp_path / "runs/b/weights.json").unlink()
    (tmp_path / "runs/b/weights.json").mkdir()
    weights.keep_all()

    assert [_kept_epoch(artifacts, name) for name in "abc"] == [2, None, 2]


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


def test_the_weights_of_a_forgotten_run_are_not_in_memory(weights: NewestWeights, artifacts: Artifacts) -> None:
    weights.note(RUN, _moment(1))
    weights.keep(RUN, now=True)
    artifacts.delete(RUN)
    assert weights.find(RUN) == _moment(1)

    weights.forget(RUN)
    weights.forget("nobody")
    weights.keep_all()
    assert weights.find(RUN) is None


def test_memory_holds_the_runs_that_were_heard_of_last(weights: NewestWeights, artifacts: Artifacts) -> None:
    weights.note("first", _moment(1))
    weights.note("second", _moment(1))
    for number in range(REMEMBERED - 2):
        weights.note(f"run{number}", _moment(1))
    weights.note("first", _moment(2))
    weights.note("one more", _moment(1))
    for name in ("first", "second"):
        artifacts.delete(name)

    assert weights.find("first") == _moment(2)
    assert weights.find("second") is None
