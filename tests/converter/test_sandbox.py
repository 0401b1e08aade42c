"""A child that takes too much is stopped, and the files of one that does not arrive."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from converter.errors import ConversionError, ConversionStopped, InputRefused, UnusableOutput
from converter.sandbox import Limits, convert_in_sandbox, run_limited
from tests.converter.keras_files.handmade import make_dense, make_file, make_input, make_sequential

if sys.platform == "win32":
    pytest.skip("limits for processes are not available on Windows", allow_module_level=True)

TIGHT = Limits(seconds=20, processor_seconds=15, memory_bytes=300_000_000, files_bytes=10_000_000, open_files=64)


def _run(code: str, folder: Path, limits: Limits = TIGHT) -> object:
    return run_limited(["-c", code], folder, limits)


def test_a_child_that_waits_for_ever_is_stopped(tmp_path: Path) -> None:
    started = time.monotonic()

    with pytest.raises(ConversionStopped, match="more than 1 seconds"):
        _run("import time; time.sleep(1000)", tmp_path, Limits(seconds=1))

    assert time.monotonic() - started < 10


def test_a_child_that_computes_for_ever_is_stopped(tmp_path: Path) -> None:
    finished = run_limited(["-c", "while True: pass"], tmp_path, Limits(seconds=60, processor_seconds=1))

    assert finished.exit_code < 0


@pytest.mark.skipif(sys.platform != "linux", reason="macOS does not keep to limits of memory")
def test_a_child_that_takes_all_memory_is_stopped(tmp_path: Path) -> None:
    finished = run_limited(["-c", "x = bytearray(10**9); print('taken')"], tmp_path, TIGHT)

    assert finished.exit_code != 0
    assert "MemoryError" in finished.errors
    assert "taken" not in finished.output


def test_a_child_that_writes_a_gigabyte_is_stopped(tmp_path: Path) -> None:
    code = "open('large', 'wb').write(b'x' * 10**8); print('written')"

    finished = run_limited(["-c", code], tmp_path, Limits(files_bytes=10_000_000))

    assert finished.exit_code != 0
    assert "written" not in finished.output
    assert (tmp_path / "large").stat().st_size <= 10_000_000


def test_what_a_child_prints_without_end_is_cut(tmp_path: Path) -> None:
    code = "import sys\nwhile True: sys.stdout.write('x' * 1000)"

    finished = run_limited(["-c", code], tmp_path, TIGHT)

    assert finished.exit_code != 0
    assert len(finished.output) <= 2_000


def test_a_child_that_opens_a_thousand_files_is_stopped(tmp_path: Path) -> None:
    finished = run_limited(["-c", "kept = [open('/dev/null') for _ in range(1000)]"], tmp_path, TIGHT)

    assert "Too many open files" in finished.errors


def test_what_a_child_started_ends_with_it(tmp_path: Path) -> None:
    code = """
import os, sys, time
for _ in range(5):
    if os.fork() == 0:
        time.sleep(1000)
with open("group", "w") as file:
    file.write(str(os.getpgrp()))
"""
    run_limited(["-c", code], tmp_path, TIGHT)

    group = int((tmp_path / "group").read_text())
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except (ProcessLookupError, PermissionError):
            return
        time.sleep(0.05)
    raise AssertionError("grandchildren live on")


def test_a_child_knows_nothing_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "secret")

    finished = run_limited(["-c", "import json, os; print(json.dumps(dict(os.environ)))"], tmp_path, TIGHT)

    seen = json.loads(finished.output)
    assert "DATABASE_PASSWORD" not in seen
    assert seen["HOME"] == seen["TMPDIR"] == str(tmp_path)


def test_a_file_is_converted_in_a_child(tmp_path: Path) -> None:
    report = convert_in_sandbox(make_file(tmp_path / "model.keras"), tmp_path / "out")

    assert report["weights_count"] == 3
    assert {"model.json", "probe.json"} <= {path.name for path in (tmp_path / "out").iterdir()}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.keras", "out"]


def test_the_refusal_of_a_child_arrives(tmp_path: Path) -> None:
    path = make_file(tmp_path / "model.keras", make_sequential(make_input(), make_dense(units=-1)))

    with pytest.raises(InputRefused, match='"units" should be a whole number'):
        convert_in_sandbox(path, tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_a_conversion_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(ConversionStopped, match="and was stopped"):
        convert_in_sandbox(make_file(tmp_path / "model.keras"), tmp_path / "out", limits=Limits(seconds=0.2))

    assert not (tmp_path / "out").exists()


def test_a_folder_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("all of it")

    with pytest.raises(UnusableOutput):
        convert_in_sandbox(make_file(tmp_path / "model.keras"), tmp_path / "out")


def test_a_fault_of_ours_is_told_as_one(tmp_path: Path) -> None:
    with pytest.raises(ConversionError) as fault:
        convert_in_sandbox(make_file(tmp_path / "model.keras"), tmp_path / "out", limits=Limits(open_files=3))

    assert not isinstance(fault.value, InputRefused)
