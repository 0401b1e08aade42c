"""The tables of a database, brought to the version that this program knows; Alembic is loaded only when it has work."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import Connection

MIGRATIONS = Path(__file__).parent / "migrations"

VERSION_TABLE = "alembic_version"

FIRST = "0001"

_FIRST_COLUMNS = {
    "runs": {
        "run_id",
        "spec",
        "controls",
        "status",
        "epoch",
        "step",
        "metrics",
        "reason",
        "reason_code",
        "generation",
        "last_seq",
        "created_at",
    },
    "run_events": {"run_id", "seq", "kind", "payload"},
}
"""What the tables of the first version have: they carry no number, they were made before there were numbers."""

_UPGRADE_LOCK = 0x6E6E_7067
"""Number of the lock under which PostgreSQL lets one process at a time change tables."""


class UnknownSchema(OSError):
    """The database holds tables that this program cannot work with; the sentence says what to do."""


def known_versions() -> list[str]:
    """The numbers of all steps, the newest last."""
    return sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def bring_up_to_date(writing: Engine) -> None:
    """Make the tables that are missing and change those of an earlier version, all or nothing.

    `writing` begins its transactions with the lock of a writer, so of two processes the second finds the work done.
    Raises UnknownSchema.
    """
    with writing.connect() as connection:
        if _read_version(connection) == known_versions()[-1]:
            return
    with changing_tables(writing) as connection:
        _upgrade(connection)


@contextmanager
def changing_tables(writing: Engine) -> Iterator[Connection]:
    """A transaction in which tables may be changed or copied, and of which there is one at a time."""
    with writing.connect() as connection, _loose_references(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _UPGRADE_LOCK})
        yield connection


def _upgrade(connection: Connection) -> None:
    """Stamp what has no number yet, then take every step that is missing."""
    found = _read_version(connection)
    if found == known_versions()[-1]:
        return
    # Half a second of imports, which a start with an up-to-date database does not have to pay.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    if found is None and inspect(connection).has_table("runs"):
        _refuse_strangers(connection)
        command.stamp(config, FIRST)
    command.upgrade(config, "head")


def _read_version(connection: Connection) -> str | None:
    """The number of the tables, None when they have none. Raises UnknownSchema for one that is not ours."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    if found is not None and found not in known_versions():
        raise UnknownSchema(
            f"its tables have version {found}, and this program knows versions up to {known_versions()[-1]}: "
            "a newer Neural Playground has used it; start that one"
        )
    return str(found) if found is not None else None


def _refuse_strangers(connection: Connection) -> None:
    """Tables without a number must be those of the first version. Raises UnknownSchema."""
    for table, expected in _FIRST_COLUMNS.items():
        found = _columns_of(connection, table)
        if found != expected:
            raise UnknownSchema(
                f"its table {table} is none that Neural Playground made: expected the columns "
                f"{', '.join(sorted(expected))}, found {', '.join(sorted(found)) or 'none'}; use an empty database"
            )


def _columns_of(connection: Connection, table: str) -> set[str]:
    described: list[Any] = inspect(connection).get_columns(table) if inspect(connection).has_table(table) else []
    return {column["name"] for column in described}


@contextmanager
def _loose_references(connection: Connection) -> Iterator[None]:
    """SQLite copies a table to change it, and dropping the old one would take along all rows that refer to it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
