"""The door to the database: one writer at a time, readers that never wait for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from server.storage.tables import Base

__all__ = ["Database", "Session"]

PATIENCE_S = 5.0
"""How long a write waits for a lock that another process holds (SQLite)."""


class Database:
    """Sessions for reading and for writing.

    SQLite is used in WAL mode: readers see the last commit while one writer works. A write begins with BEGIN
    IMMEDIATE, because a lock that is only asked for at the first write fails at once when another holds it.
    """

    def __init__(self, url: str, patience_s: float = PATIENCE_S) -> None:
        """Raises OSError when the address names no database that can be used here."""
        self._engine = _open_engine(url, patience_s)
        self._write_lock = Lock()

    def create_schema(self) -> None:
        """Make the tables that are missing. Raises OSError when the database cannot be used."""
        try:
            Base.metadata.create_all(self._engine)
        except SQLAlchemyError as error:
            raise OSError(str(getattr(error, "orig", error))) from error

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are committed together at the end, or not at all.

        Raises OSError when the database is locked, full or out of reach.
        """
        try:
            with self._write_lock, self._engine.connect() as connection:
                is_sqlite = connection.dialect.name == "sqlite"
                writing = connection.execution_options(begin_immediate=True) if is_sqlite else connection
                with writing.begin(), Session(bind=writing) as session:
                    yield session
                    session.flush()
        except OperationalError as error:
            raise OSError(str(error.orig)) from error

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment of the database; keep it short."""
        with Session(self._engine) as session:
            yield session

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()


def _open_engine(url: str, patience_s: float) -> Engine:
    try:
        address = make_url(url)
        if address.get_backend_name() != "sqlite":
            return create_engine(address, pool_pre_ping=True)
    except (SQLAlchemyError, ImportError) as error:
        raise OSError(f"{error} - expected an address such as sqlite:///playground.db") from error
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    # SQLAlchemy lends a connection to one thread at a time, so SQLite's own thread check is not needed.
    engine = create_engine(address, connect_args={"check_same_thread": False, "timeout": patience_s})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: _begin_sqlite does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("begin_immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
