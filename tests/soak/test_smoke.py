"""The soak in small: every figure can be measured, and what does not depend on the machine's speed is as promised."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18}
"""R14 is about files from strangers: tests/server/collecting/test_damaged_files.py reads them."""


@pytest.mark.live
@pytest.mark.slow
def test_every_figure_is_measured_and_nothing_is_lost_refused_wrongly_or_forgotten(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.soak", "--smoke", "--out", str(tmp_path / "soak.json")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)

    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "soak.json").read_text(encoding="utf-8"))
    assert {int(figure["subject"][1:]) for figure in found["figures"]} == NUMBERS
    counted = [figure for figure in found["figures"] if figure["target"] and figure["target"]["bound"] in (0, 100)]
    counted = [figure for figure in counted if figure["unit"] not in ("ms", "s")]
    assert len(counted) >= 14
    assert [figure for figure in counted if not figure["is_met"]] == []
