"""One web process per database: a second one is told so, and the next one may begin when the first has ended."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from server.storage.database import Database, DatabaseInUse

ROOT = Path(__file__).parents[3]

HOLD = """
import sys, time
from server.storage.database import Database
database = Database(sys.argv[1])
database.own()
print("mine", flush=True)
time.sleep(60)
"""


def test_a_second_owner_is_refused_with_a_sentence(url: str) -> None:
    first, second = Database(url), Database(url, patience_s=0.1)
    first.own()

    with pytest.raises(DatabaseInUse, match="Another server works with this database already.*--database"):
        second.own()

    first.close()
    second.close()


def test_the_next_owner_may_begin_when_the_first_has_closed(url: str) -> None:
    first, second = Database(url), Database(url)
    first.own()
    first.close()
    second.own()
    second.create_schema()
    second.close()


def test_an_owner_that_is_killed_gives_the_database_back(url: str) -> None:
    owner = subprocess.Popen([sys.executable, "-c", HOLD, url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "mine\n"
    mine = Database(url, patience_s=0.1)
    with pytest.raises(DatabaseInUse):
        mine.own()

    os.kill(owner.pid, signal.SIGKILL)
    owner.communicate()

    mine.close()
    mine = Database(url)
    mine.own()
    mine.close()


def test_databases_in_one_folder_have_an_owner_each(tmp_path: Path) -> None:
    first, second = (Database(f"sqlite:///{tmp_path / name}") for name in ("first.db", "second.db"))
    first.own()
    second.own()
    first.close()
    second.close()


def test_the_sentence_names_the_process_that_holds_a_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'playground.db'}"
    first, second = Database(url), Database(url, patience_s=0.05)
    first.own()
    with pytest.raises(DatabaseInUse, match=f"process {os.getpid()} holds .*playground.db.lock"):
        second.own()
    first.close()
    second.close()


def test_who_does_not_own_a_database_may_still_read_and_mend_it(url: str) -> None:
    """A teacher looks into the file, a test writes beside the server: only a second server is refused."""
    owner, other = Database(url), Database(url)
    owner.own()
    owner.create_schema()
    other.try_writing()
    owner.close()
    other.close()
