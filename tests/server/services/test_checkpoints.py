"""Checkpoints: in memory at once, on disk now and then."""

from pathlib import Path
from typing import Any

import pytest

from server.services.checkpoints import KEEP_EVERY_S, Checkpoints
from server.storage.checkpoints import CheckpointFiles
from tests.fakes import FakeClock

RUN = "a" * 20


class RecordingFiles(CheckpointFiles):
    """Real files; remembers for which runs something was written."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.written: list[str] = []

    def write(self, run_id: str, payload: str) -> None:
        """Write, and remember."""
        self.written.append(run_id)
        super().write(run_id, payload)


@pytest.fixture
def files(tmp_path: Path) -> RecordingFiles:
    return RecordingFiles(tmp_path / "runs")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def told() -> list[bool]:
    """Whether writing went well, each time."""
    return []


@pytest.fixture
def checkpoints(files: RecordingFiles, clock: FakeClock, told: list[bool]) -> Checkpoints:
    return Checkpoints(files, clock, told.append)


def _at(epoch: int) -> dict[str, Any]:
    return {"epoch": epoch, "weights": "AACAPw=="}


def test_the_newest_is_found_before_it_is_written(checkpoints: Checkpoints, files: RecordingFiles) -> None:
    assert checkpoints.find(RUN) is None
    checkpoints.note(RUN, _at(1))
    checkpoints.note(RUN, _at(2))

    assert checkpoints.find(RUN) == _at(2)
    assert files.written == []


def test_a_run_that_trains_is_written_now_and_then(
    checkpoints: Checkpoints, files: RecordingFiles, clock: FakeClock
) -> None:
    checkpoints.note(RUN, _at(1))
    checkpoints.keep_due()
    clock.advance(KEEP_EVERY_S - 0.01)
    checkpoints.note(RUN, _at(2))
    checkpoints.keep_due()
    assert files.read(RUN) == _at(1)

    clock.advance(0.01)
    checkpoints.keep_due()
    assert files.read(RUN) == _at(2)


def test_what_is_on_disk_already_is_not_written_again(
    checkpoints: Checkpoints, files: RecordingFiles, clock: FakeClock
) -> None:
    checkpoints.note(RUN, _at(1))
    checkpoints.keep(RUN)
    clock.advance(KEEP_EVERY_S)
    checkpoints.keep_due()
    checkpoints.keep(RUN)
    checkpoints.keep_all()
    checkpoints.keep("nobody")

    assert files.written == [RUN]


def test_a_stopping_server_writes_what_is_only_in_memory(checkpoints: Checkpoints, files: RecordingFiles) -> None:
    for name in "abc":
        checkpoints.note(name, _at(1))
        checkpoints.keep(name)
    checkpoints.note("b", _at(2))
    files.written.clear()
    checkpoints.keep_all()

    assert files.written == ["b"]
    assert files.read("b") == _at(2)


def test_one_that_cannot_be_written_stays_in_memory_and_is_told(
    checkpoints: Checkpoints, files: RecordingFiles, told: list[bool], tmp_path: Path, clock: FakeClock
) -> None:
    in_the_way = tmp_path / "runs"
    in_the_way.write_text("a file stands where the folder should be")
    checkpoints.note(RUN, _at(1))
    checkpoints.rest(RUN)
    assert checkpoints.find(RUN) == _at(1)
    assert told == [False]

    in_the_way.unlink()
    clock.advance(KEEP_EVERY_S)
    checkpoints.keep_due()
    assert files.read(RUN) == _at(1)
    assert told == [False, True]


def test_one_run_that_cannot_be_written_does_not_stop_the_others(
    checkpoints: Checkpoints, files: RecordingFiles, tmp_path: Path
) -> None:
    for name in "abc":
        checkpoints.note(name, _at(1))
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "b").write_text("a file stands where the folder should be")
    checkpoints.keep_all()

    assert [files.read(name) is not None for name in "abc"] == [True, False, True]


def test_an_ended_run_is_written_and_leaves_the_memory(checkpoints: Checkpoints, files: RecordingFiles) -> None:
    checkpoints.note(RUN, _at(3))
    checkpoints.rest(RUN)
    files.write(RUN, '{"epoch":4}')

    assert checkpoints.find(RUN) == {"epoch": 4}


def test_nothing_of_a_run_that_is_gone_is_written_any_more(checkpoints: Checkpoints, files: RecordingFiles) -> None:
    checkpoints.note(RUN, _at(1))
    checkpoints.forget(RUN)
    checkpoints.note(RUN, _at(2))
    checkpoints.keep(RUN)
    checkpoints.keep_all()

    assert checkpoints.find(RUN) is None
    assert files.written == []
