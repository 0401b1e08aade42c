"""One web process per database: streams and newest weights live in its memory, and two would contradict each other."""

import fcntl
import os
import time
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

_OWNER_LOCK = 0x6E6E_706F
"""Number of PostgreSQL's lock for the web process."""

_LOOK_AGAIN_S = 0.1


class DatabaseInUse(OSError):
    """Another web process works with this database; the sentence says what to do."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"Another server works with this database already ({detail}). Stop it first, or give this one a database "
            "of its own with --data-dir or --database: one web process per database."
        )


class Ownership(Protocol):
    """The right to write, held until it is released or the process ends, however it ends."""

    def take(self) -> None:
        """Raises DatabaseInUse when another process keeps the right for longer than the patience."""

    def release(self) -> None:
        """Let another process have it."""


class FileOwnership:
    """A lock on a file beside an SQLite database; the system takes it from a process that dies."""

    def __init__(self, database: Path, patience_s: float) -> None:
        self._path = database.with_name(f"{database.name}.lock")
        self._patience_s = patience_s
        self._file: int | None = None

    def take(self) -> None:
        """Wait for a process that is just ending, but not for one that serves."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        end_s = time.monotonic() + self._patience_s
        while not _is_locked(file):
            if time.monotonic() > end_s:
                holder = os.read(file, 32).decode("ascii", "replace").strip()
                os.close(file)
                raise DatabaseInUse(f"process {holder or 'unknown'} holds {self._path}")
            time.sleep(_LOOK_AGAIN_S)
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        self._file = file

    def release(self) -> None:
        """The file stays: a process that waits for it may have opened it already."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class SessionOwnership:
    """A lock of PostgreSQL that belongs to the one connection that writes: who cannot hold it cannot write.

    A connection that is made anew, because the server was restarted or the network was gone, must win it again.
    """

    def __init__(self, writing: Engine) -> None:
        self._writing = writing

    def take(self) -> None:
        """From now on every connection for writing takes the lock before its first statement."""
        event.listen(self._writing, "connect", _lock_session)
        self._writing.dispose()
        with self._writing.connect():
            pass

    def release(self) -> None:
        """The lock goes with the connection."""
        if event.contains(self._writing, "connect", _lock_session):
            event.remove(self._writing, "connect", _lock_session)
        self._writing.dispose()


def _is_locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_session(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    """Waits as long as the connection's lock_timeout says."""
    cursor = connection.cursor()
    try:
        cursor.execute(f"SELECT pg_advisory_lock({_OWNER_LOCK})")
        cursor.close()
        connection.commit()
    except Exception as error:
        connection.close()
        if getattr(error, "sqlstate", None) == "55P03":  # lock_not_available
            raise DatabaseInUse("it holds the database's lock") from error
        raise
