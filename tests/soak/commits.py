"""R9: a process that is killed while it commits loses nothing that it has said it has stored, and leaves nothing half.

As a program, `python -m tests.soak.commits 200` kills two hundred writers and prints what was found.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from server.storage import event_log, runs
from server.storage.database import Database
from tests.builders import make_run

ROOT = Path(__file__).parents[2]
RUN = "a" * 20

ROWS = 5
"""Events of one commit: after a kill all of them are there, or none."""

LATEST_KILL_S = 0.1
"""A writer lives for a random part of this after its first commit."""

SEED = 1


def run_kills(count: int, url: str | None = None) -> dict[str, object]:
    """Kill a writer `count` times at random moments; without an address, on an SQLite file of its own.

    Returns how many commits the writers had acknowledged (`commits`) and how many events are stored (`events`), the
    `lost` commits, the `torn` ones, whether the database says of itself that it is whole (`is_intact`), and `seconds`.
    """
    with tempfile.TemporaryDirectory() as folder:
        address = url or f"sqlite:///{folder}/playground.db"
        _store_run(address)
        begun_s = time.monotonic()
        # In a process of its own: forking is for processes with one thread.
        command = [sys.executable, "-m", "tests.soak.commits", "--kill", address, str(count)]
        killer = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
        acknowledged = json.loads(killer.stdout)
        stored = _stored(address)
        return {
            "kills": count,
            "commits": len(acknowledged),
            "events": len(stored),
            "lost": len([seq for seq in acknowledged if seq > len(stored)]),
            "torn": 0 if stored == list(range(1, len(stored) + 1)) and len(stored) % ROWS == 0 else 1,
            "is_intact": _is_intact(address),
            "seconds": round(time.monotonic() - begun_s, 1),
        }


def _store_run(url: str) -> None:
    with closing(Database(url)) as database:
        database.create_schema()
        with database.write() as session:
            runs.add_run(session, make_run(RUN))


def _stored(url: str) -> list[int]:
    """The numbers of all events, in order."""
    with closing(Database(url)) as database, database.read() as session:
        return [event.seq for event in event_log.read_after(session, RUN, 0, most=sys.maxsize)]


def _is_intact(url: str) -> bool:
    """What SQLite finds when it reads every page; PostgreSQL has recovered, or it would take no connection."""
    if not url.startswith("sqlite:///"):
        return True
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))


def _kill_writers(url: str, count: int) -> list[int]:
    """The numbers of the last events of all commits that the writers acknowledged before they were killed."""
    chance = random.Random(SEED)
    acknowledged = []
    Database(url).close()  # loads the driver once, instead of in each writer
    for _ in range(count):
        reading, writing = os.pipe()
        writer = os.fork()
        if writer == 0:
            _commit_for_ever(url, writing)
        os.close(writing)
        with open(reading, "rb") as said:
            acknowledged.append(int(said.readline()))
            time.sleep(chance.uniform(0, LATEST_KILL_S))
            os.kill(writer, signal.SIGKILL)
            os.waitpid(writer, 0)
            acknowledged += [int(line) for line in said]
    return acknowledged


def _commit_for_ever(url: str, said: int) -> None:
    """Commit, then say so, in a line that is written whole."""
    database = Database(url)
    database.own()
    while True:
        with database.write() as session:
            for _ in range(ROWS):
                last = event_log.append_event(session, RUN, "status", '{"epoch": 1}').seq
        os.write(said, f"{last}\n".encode())


if __name__ == "__main__":
    if sys.argv[1] == "--kill":
        print(json.dumps(_kill_writers(sys.argv[2], int(sys.argv[3]))))
    else:
        print(json.dumps(run_kills(int(sys.argv[1]))))
