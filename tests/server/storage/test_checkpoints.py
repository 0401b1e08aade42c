"""Checkpoints on disk: the newest two, and never a broken one."""

import json
from pathlib import Path

import pytest

from server.storage.checkpoints import CheckpointFiles

RUN = "a" * 20
NEWEST, BEFORE = "checkpoint.json", "checkpoint-before.json"


@pytest.fixture
def files(tmp_path: Path) -> CheckpointFiles:
    return CheckpointFiles(tmp_path)


def _write(files: CheckpointFiles, *epochs: int) -> None:
    for epoch in epochs:
        files.write(RUN, json.dumps({"epoch": epoch}))


def test_the_newest_checkpoint_is_read_and_two_are_kept(files: CheckpointFiles, tmp_path: Path) -> None:
    assert files.read(RUN) is None
    _write(files, 1, 2, 3)

    assert files.read(RUN) == {"epoch": 3}
    assert {path.name for path in (tmp_path / RUN).iterdir()} == {NEWEST, BEFORE}


@pytest.mark.parametrize("place", [0, 10, 64, 66, -1])
def test_with_one_byte_flipped_the_one_before_counts(files: CheckpointFiles, tmp_path: Path, place: int) -> None:
    _write(files, 1, 2)
    path = tmp_path / RUN / NEWEST
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)

    assert files.read(RUN) == {"epoch": 1}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"{}", b"no line break", b"0" * 64 + b"\n[1]"])
def test_a_file_that_is_no_checkpoint_is_not_believed(files: CheckpointFiles, tmp_path: Path, content: bytes) -> None:
    _write(files, 1)
    (tmp_path / RUN / NEWEST).write_bytes(content)
    assert files.read(RUN) is None

    _write(files, 2)
    assert files.read(RUN) == {"epoch": 2}


@pytest.mark.parametrize("crash_after", [1, 2, 3])
def test_a_crash_at_any_step_leaves_a_whole_one(
    files: CheckpointFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crash_after: int
) -> None:
    _write(files, 1, 2)
    steps = 0
    replace = Path.replace

    def replace_or_crash(path: Path, target: Path) -> Path:
        nonlocal steps
        steps += 1
        if steps == crash_after:
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", replace_or_crash)
    with pytest.raises(KeyboardInterrupt):
        _write(files, 3)
    monkeypatch.undo()

    assert files.read(RUN) in ({"epoch": 2}, {"epoch": 3})
    _write(files, 4)
    assert files.read(RUN) == {"epoch": 4}


def test_weights_that_an_earlier_version_kept_are_found(files: CheckpointFiles, tmp_path: Path) -> None:
    (tmp_path / RUN).mkdir()
    (tmp_path / RUN / "weights.json").write_text('{"epoch":7,"step":175,"weights":""}')

    assert files.read(RUN) == {"epoch": 7, "step": 175, "weights": ""}


@pytest.mark.parametrize("name", ["x\0", "..", "/nowhere"])
def test_a_name_that_is_no_run_has_no_checkpoint(files: CheckpointFiles, name: str) -> None:
    assert files.read(name) is None
