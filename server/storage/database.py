"""The door to the database: one writer at a time, readers that never wait for it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy import text
from sqlalchemy.exc import (
    DatabaseError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,
)
from sqlalchemy.orm import Session

from server.domain.errors import StorageUnavailable
from server.storage.engines import open_engines
from server.storage.ownership import DatabaseInUse, FileOwnership, Ownership, SessionOwnership
from server.storage.schema import VERSION_TABLE, bring_up_to_date

__all__ = ["Database", "DatabaseInUse", "Session"]

PATIENCE_S = 5.0
"""How long a write waits for its turn, and again for a lock that another process holds."""

_OUTAGES = (OperationalError, InternalError, InterfaceError, TimeoutError, DatabaseInUse)
"""What means that the database is locked, full, broken or out of reach; all else is a fault of ours."""


class Database:
    """Sessions for reading and for writing.

    SQLite is used in WAL mode and PostgreSQL with snapshots: readers see the last commit while one writer works.
    Exactly one web process works with a database: `own` sees to that.
    """

    def __init__(self, url: str, patience_s: float = PATIENCE_S, clock_s: Callable[[], float] = time.monotonic) -> None:
        """Raises OSError when the address names no database that can be used here."""
        self._engines = open_engines(url, patience_s)
        self._ownership: Ownership = (
            FileOwnership(self._engines.file, patience_s)
            if self._engines.file
            else SessionOwnership(self._engines.writing)
        )
        self._patience_s = patience_s
        self._write_lock = Lock()
        self._clock_s = clock_s
        self._failing_since_s: float | None = None

    def own(self) -> None:
        """Become the one process that works with this database. Raises DatabaseInUse, OSError."""
        with _plain_os_error():
            self._ownership.take()

    def create_schema(self) -> None:
        """Bring the tables to this program's version. Raises OSError when the database cannot be used."""
        with _plain_os_error():
            bring_up_to_date(self._engines.writing)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are committed together at the end, or not at all.

        Raises StorageUnavailable, an OSError, when the database is locked, full, broken or out of reach.
        """
        try:
            with self._turn(), self._engines.writing.begin() as connection, Session(bind=connection) as session:
                yield session
                session.flush()
        except (*_OUTAGES, DatabaseError) as error:
            if not _is_outage(error):
                raise
            self._failing_since_s = self._failing_since_s or self._clock_s()
            raise StorageUnavailable(_SENTENCE_WRITING) from error
        self._failing_since_s = None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment of the database; keep it short.

        Raises StorageUnavailable, an OSError, when the database is broken or out of reach.
        """
        try:
            with Session(self._engines.reading) as session:
                yield session
        except (*_OUTAGES, DatabaseError) as error:
            if not _is_outage(error):
                raise
            raise StorageUnavailable(_SENTENCE_READING) from error

    def failing_s(self) -> float:
        """For how many seconds nothing could be written; 0.0 when the last write succeeded."""
        since_s = self._failing_since_s
        return 0.0 if since_s is None else self._clock_s() - since_s

    def try_writing(self) -> None:
        """Write something that changes nothing, to find out whether writing works again.

        Raises StorageUnavailable.
        """
        with self.write() as session:
            session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = version_num"))

    def close(self) -> None:
        """Give back all connections, and let another process own the database."""
        self._engines.dispose()
        self._ownership.release()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Writers take turns; one that waits too long must not keep the thread of a request from others."""
        if not self._write_lock.acquire(timeout=self._patience_s):
            raise TimeoutError(f"No turn to write within {self._patience_s} s.")
        try:
            yield
        finally:
            self._write_lock.release()


_SENTENCE_WRITING = (
    "The server cannot save anything at the moment. It tries again by itself; what you asked for was not done, "
    "so please ask again in a few seconds."
)
_SENTENCE_READING = "The server cannot look into its database at the moment. Please try again in a few seconds."


_SQLITE_ERROR = 1
"""SQLite's code for a statement that is wrong; its other codes tell of the file, the disk and the locks."""


def _is_outage(error: Exception) -> bool:
    """A file that is no database is told by the bare class, without a subclass of its own."""
    if getattr(getattr(error, "orig", None), "sqlite_errorcode", None) == _SQLITE_ERROR:
        return False
    return isinstance(error, _OUTAGES) or type(error) is DatabaseError


@contextmanager
def _plain_os_error() -> Iterator[None]:
    """The driver's words, for the person who starts the server."""
    try:
        yield
    except SQLAlchemyError as error:
        raise OSError(str(getattr(error, "orig", None) or error)) from error
