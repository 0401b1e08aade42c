"""A database that another process locks, for longer than any patience: nothing is lost, and who reads does not notice.

As a program, `python -m tests.soak.locked 30` locks it for thirty seconds and prints what was found.
"""

import json
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.live.running_server import RunningServer

EPOCHS_PER_SECOND = 10.0
READ_EVERY_S = 0.05


def run_lock(seconds: float) -> dict[str, object]:
    """Lock the database of a server that trains, for so long.

    Returns the median and the worst time of a read meanwhile (`read_p50_ms`, `read_max_ms`), the status that a start is
    answered with (`start_status`) and its seconds, what `/healthz` says at the end of the lock, the epochs that are
    missing afterwards (`lost`), the attempts that the run has needed (1: nobody disturbed it), and how long it takes
    from the end of the lock until all is stored (`caught_up_s`).
    """
    with tempfile.TemporaryDirectory() as folder:
        server = RunningServer(Path(folder) / "data", workers=1)
        try:
            run_id = server.start_run(spec={"epochs": 100_000}, speed=EPOCHS_PER_SECOND)
            server.wait_for(run_id, lambda run: run["epoch"] >= 5)
            with closing(sqlite3.connect(server.data_dir / "playground.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                found = _while_locked(server, run_id, seconds)
                other.execute("COMMIT")
            return found | _afterwards(server, run_id)
        finally:
            server.stop()


def _while_locked(server: RunningServer, run_id: str, seconds: float) -> dict[str, object]:
    end_s = time.monotonic() + seconds
    begun_s = time.monotonic()
    start_status, _ = server.request("POST", "/api/runs", {"spec": {}})
    start_s = time.monotonic() - begun_s
    took_ms = []
    while time.monotonic() < end_s:
        begun_s = time.monotonic()
        server.run(run_id)
        took_ms.append((time.monotonic() - begun_s) * 1000)
        time.sleep(READ_EVERY_S)
    took_ms.sort()
    return {
        "locked_s": seconds,
        "start_status": start_status,
        "start_s": round(start_s, 1),
        "reads": len(took_ms),
        "read_p50_ms": round(took_ms[len(took_ms) // 2], 1),
        "read_p99_ms": round(took_ms[int(len(took_ms) * 0.99)], 1),
        "read_max_ms": round(took_ms[-1], 1),
        "health": server.request("GET", "/healthz")[1],
    }


def _afterwards(server: RunningServer, run_id: str) -> dict[str, object]:
    begun_s = time.monotonic()
    before = server.run(run_id)["epoch"]
    server.wait_for(run_id, lambda run: run["epoch"] > before)
    caught_up_s = time.monotonic() - begun_s
    server.control(run_id, action="pause")
    paused = server.wait_for(run_id, lambda run: run["status"] == "paused")
    epochs: list[Any] = server.request("GET", f"/api/runs/{run_id}/history")[1]["epoch"]
    return {
        "caught_up_s": round(caught_up_s, 2),
        "epochs": paused["epoch"],
        "lost": len(set(range(1, paused["epoch"] + 1)) - set(epochs)),
        "twice": len(epochs) - len(set(epochs)),
        "attempt": paused.get("attempt"),
    }


if __name__ == "__main__":
    print(json.dumps(run_lock(float(sys.argv[1]))))
