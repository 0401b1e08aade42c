"""How SQLite and PostgreSQL are spoken to: one connection that writes, several that only read."""

from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

EXAMPLES = "sqlite:////srv/playground.db or postgresql+psycopg://user:password@host/playground"

READERS = 5
MORE_READERS = 15
"""Connections for reading that are kept open, and how many more there may be in a crowded moment."""

WAL_PAGES = 1000
"""A write-ahead log of this many pages (of 4 kB) is written back to the database."""

WAL_KEPT_BYTES = 8_388_608
"""A write-ahead log that a long reader made larger is cut to this size after it."""

SLOWEST_STATEMENT_S = 60


@dataclass(frozen=True)
class Engines:
    """`writing` has one connection, whose transactions begin with the lock of a writer; `reading` cannot write.

    `file` is that of an SQLite database.
    """

    reading: Engine
    writing: Engine
    file: Path | None

    def dispose(self) -> None:
        """Give back all connections."""
        self.reading.dispose()
        self.writing.dispose()


def open_engines(url: str, patience_s: float) -> Engines:
    """Engines for an address; nothing is connected yet. Raises OSError when it names no database for us."""
    try:
        address = make_url(url)
        backend = address.get_backend_name()
        if backend == "sqlite" and address.database not in (None, "", ":memory:"):
            return _sqlite_engines(address, patience_s)
        if backend == "postgresql":
            return _postgres_engines(address, patience_s)
    except ModuleNotFoundError as error:
        raise OSError(f"the driver is not installed: pip install 'neural-playground[postgres]' ({error})") from error
    except SQLAlchemyError as error:
        raise OSError(f"{error} - expected an address such as {EXAMPLES}") from error
    raise OSError(f"{backend} without a file or of an unknown kind - expected an address such as {EXAMPLES}")


def _sqlite_engines(address: URL, patience_s: float) -> Engines:
    file = Path(str(address.database))
    file.parent.mkdir(parents=True, exist_ok=True)
    # SQLAlchemy lends a connection to one thread at a time, so SQLite's own thread check is not needed.
    options: dict[str, Any] = {"connect_args": {"check_same_thread": False, "timeout": patience_s}}
    reading = create_engine(address, pool_size=READERS, max_overflow=MORE_READERS, pool_timeout=patience_s, **options)
    writing = create_engine(address, pool_size=1, max_overflow=0, pool_timeout=patience_s, **options)
    event.listen(reading, "connect", _prepare_sqlite_reader)
    event.listen(writing, "connect", _prepare_sqlite_writer)
    event.listen(reading, "begin", _begin_sqlite_reading)
    event.listen(writing, "begin", _begin_sqlite_writing)
    return Engines(reading, writing, file)


def _prepare_sqlite_reader(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    _prepare_sqlite(connection, "journal_mode=WAL", "query_only=ON")


def _prepare_sqlite_writer(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    """NORMAL: a commit survives the death of this process; a power cut may take the last ones, and nothing else."""
    limits = (f"wal_autocheckpoint={WAL_PAGES}", f"journal_size_limit={WAL_KEPT_BYTES}")
    _prepare_sqlite(connection, "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", *limits)


def _prepare_sqlite(connection: DBAPIConnection, *pragmas: str) -> None:
    # The driver must not open transactions by itself: the listeners of "begin" do.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_sqlite_writing(connection: Connection) -> None:
    """A lock that is only asked for at the first write fails at once when another process holds it."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgres_engines(address: URL, patience_s: float) -> Engines:
    """Connections are tried before each use, so that a server that was restarted is met again without an error."""
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    if address.drivername != "postgresql+psycopg":
        raise OSError(f"{address.drivername} is a driver that is not known here - expected postgresql+psycopg")
    theirs = address.query.get("options", "")
    options: dict[str, Any] = {
        "pool_pre_ping": True,
        "pool_timeout": patience_s,
        "connect_args": {
            # libpq takes whole seconds, 2 at least.
            "connect_timeout": max(2, ceil(patience_s)),
            "options": f"{theirs} {_postgres_options(patience_s)}".strip(),
        },
    }
    # What a reader asks twice must not change between: history and cursor are of one moment.
    reading = create_engine(
        address,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
        pool_size=READERS,
        max_overflow=MORE_READERS,
        **options,
    )
    writing = create_engine(address, isolation_level="READ COMMITTED", pool_size=1, max_overflow=0, **options)
    return Engines(reading, writing, None)


def _postgres_options(patience_s: float) -> str:
    """Settings of each connection; the keepalives end, within a minute, the session of a computer that vanished."""
    settings = {
        "timezone": "UTC",
        "lock_timeout": ceil(patience_s * 1000),
        "statement_timeout": SLOWEST_STATEMENT_S * 1000,
        "tcp_keepalives_idle": 20,
        "tcp_keepalives_interval": 10,
        "tcp_keepalives_count": 3,
    }
    return " ".join(f"-c {name}={value}" for name, value in settings.items())
