"""What a worker process is before it takes runs; TensorFlow is left out, its front door only looks around."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import os, sys, types
front_door = types.ModuleType("server.worker")
front_door.begin = lambda worker: print(worker, sys.getswitchinterval(), os.environ.get("XLA_FLAGS", "none"))
sys.modules["server.worker"] = front_door
from server import preload
preload.dask_setup("this worker")
"""


def test_a_worker_is_quick_and_its_compiler_is_prepared_before_its_front_door_is_opened() -> None:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, cwd=ROOT, env=environment
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("this worker 0.0005 ")
    assert "--xla_cpu_use_thunk_runtime=false" in done.stdout
