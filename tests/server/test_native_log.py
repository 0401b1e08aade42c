"""What C++ writes while it starts is held back, and shown when something goes wrong."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run_with_held_log(block: str) -> subprocess.CompletedProcess[str]:
    """Run a block in a process of its own, standard error held at the level of the file descriptor."""
    script = f"""
import os, sys
from server.native_log import native_log_held
with native_log_held():
    os.write(2, b"chatter of a library")
    {block}
print("after", file=sys.stderr)
"""
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_chatter_is_swallowed_and_later_lines_are_shown() -> None:
    done = run_with_held_log("pass")
    assert done.stderr == "after\n"


def test_when_the_block_fails_everything_is_shown() -> None:
    done = run_with_held_log("raise OSError('the disk is gone')")
    assert done.returncode != 0
    assert "chatter of a library" in done.stderr
    assert "the disk is gone" in done.stderr
