"""What C++ writes is held back, and shown when something goes wrong that nobody meant."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _run(block: str) -> "subprocess.CompletedProcess[str]":
    script = f"""
import os, sys
from converter.errors import InputRefused
from converter.native_log import held_back
try:
    with held_back() as terminal:
        os.write(2, b"chatter of a library ")
        {block}
except InputRefused:
    print("refused", file=sys.stderr)
print("after", file=sys.stderr)
"""
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_chatter_is_swallowed_and_steps_are_shown() -> None:
    done = _run("print('a step', file=terminal)")

    assert done.stderr == "a step\nafter\n"


def test_a_refusal_is_shown_without_chatter() -> None:
    assert _run("raise InputRefused('no')").stderr == "refused\nafter\n"


def test_any_other_fault_shows_everything() -> None:
    done = _run("raise OSError('the disk is gone')")

    assert done.returncode != 0
    assert "chatter of a library" in done.stderr
    assert "the disk is gone" in done.stderr
