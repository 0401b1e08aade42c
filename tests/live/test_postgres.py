"""A server on PostgreSQL: what it trained is there after a restart, and it is the only one of its database."""

import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from server.storage.database import Database
from tests.live.running_server import ROOT, RunningServer
from tests.postgres_server import PostgresServer

pytestmark = [pytest.mark.live, pytest.mark.slow]


def test_a_server_on_postgresql_survives_a_restart_of_itself_and_of_the_database(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    options = ("--database", postgres.new_database())
    first = RunningServer(tmp_path / "data", *options, workers=1)
    try:
        run_id = first.start_run(spec={"epochs": 3000}, speed=300)
        first.wait_for(run_id, lambda run: run["epoch"] > 20)
        postgres.stop()
        time.sleep(0.5)  # events come meanwhile, and wait
        postgres.start()
        first.control(run_id, action="pause")
        paused = first.wait_for(run_id, lambda run: run["status"] == "paused")
        _, before = first.request("GET", f"/api/runs/{run_id}/history")
    finally:
        first.stop()
    assert before["epoch"] == list(range(1, paused["epoch"] + 1))

    second = RunningServer(tmp_path / "data", *options, workers=1)
    try:
        assert (
            second.request("GET", f"/api/runs/{run_id}/history")[1]["epoch"][: len(before["epoch"])] == before["epoch"]
        )
        assert second.request("DELETE", f"/api/runs/{run_id}")[0] == 204
    finally:
        second.stop()


def test_a_second_server_on_a_database_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'playground.db'}"
    with closing(Database(url)) as first:
        first.own()
        second = subprocess.run(
            [sys.executable, "-m", "server", "serve", "--port", "0", "--data-dir", str(tmp_path), "--database", url],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert second.returncode == 2
    assert "Another server works with this database already" in second.stderr
    assert "Traceback" not in second.stderr
