"""A PostgreSQL of the tests' own: on a socket in a folder of its own, gone with them."""

import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[1]


class NoPostgres(Exception):
    """There is no PostgreSQL on this machine."""


class PostgresServer:
    """Started by the constructor; it refuses to run as root, so then it becomes somebody with no rights."""

    def __init__(self) -> None:
        """Raises NoPostgres."""
        self._programs = _programs()
        # The name of a socket has at most 107 bytes, which rules out pytest's folders.
        self._folder = Path(tempfile.mkdtemp(prefix="np-pg-"))
        self._user = _unprivileged_user()
        if self._user:
            shutil.chown(self._folder, self._user)
        self._numbers = count(1)
        self._run("initdb", "-D", "data", "-U", "playground", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        self.start()

    def start(self) -> None:
        """Return when it takes connections. It must survive the death of processes, not that of the machine."""
        options = f"-c listen_addresses= -c fsync=off -c max_connections=40 -k {self._folder}"
        self._run("pg_ctl", "start", "-w", "-D", "data", "-l", "log", "-o", options)

    def stop(self) -> None:
        """Cut every connection at once, as a crash does."""
        self._run("pg_ctl", "stop", "-w", "-D", "data", "-m", "immediate")

    def remove(self) -> None:
        """Stop it and remove its files."""
        self.stop()
        shutil.rmtree(self._folder)

    def new_database(self) -> str:
        """The address of an empty database."""
        name = f"playground_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, name: str = "postgres") -> str:
        """The address of a database; without a name, of the one that is there from the beginning."""
        return f"postgresql+psycopg://playground@/{name}?host={self._folder}"

    def execute(self, statement: str, url: str | None = None) -> None:
        """Run a statement as the owner of the server, in the database of an address."""
        address = (url or self.url()).replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type] # a constant of the tests

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [self._programs / program, *arguments],
            cwd=self._folder,
            user=self._user,
            group=pwd.getpwnam(self._user).pw_gid if self._user else None,
            extra_groups=[] if self._user else None,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, f"{program} failed: {done.stdout}{done.stderr}"
        return done.stdout.strip()


def _programs() -> Path:
    found = subprocess.run([ROOT / ".ci" / "postgres", "--find"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        raise NoPostgres("no initdb and pg_ctl on this machine; make test installs them where it may")
    return Path(found.stdout.strip())


def _unprivileged_user() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
