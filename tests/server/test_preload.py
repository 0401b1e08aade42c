"""What a worker process is before it takes runs; TensorFlow is left out, its front door only looks around."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import os, sys, types
front_door = types.ModuleType("server.worker")
front_door.begin = {begin}
sys.modules["server.worker"] = front_door
from server import preload
preload.BREATH_S = 0
preload.dask_setup("this worker")
print("counts as ready")
"""

LOOK_AROUND = 'lambda worker: print(worker, sys.getswitchinterval(), os.environ.get("XLA_FLAGS", "none"))'


def _set_up(begin: str) -> subprocess.CompletedProcess[str]:
    """What becomes of a process whose front door begins like this."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    script = SCRIPT.replace("{begin}", begin)
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT, env=environment
    )


def test_a_worker_whose_front_door_cannot_be_opened_ends_instead_of_failing_all_its_runs() -> None:
    done = _set_up("lambda worker: 1 / 0")

    assert (done.returncode, done.stdout) == (1, "")
    assert "ZeroDivisionError" in done.stderr


def test_a_worker_is_quick_and_its_compiler_is_prepared_before_its_front_door_is_opened() -> None:
    done = _set_up(LOOK_AROUND)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("this worker 0.0005 ")
    assert "--xla_cpu_use_thunk_runtime=false" in done.stdout
