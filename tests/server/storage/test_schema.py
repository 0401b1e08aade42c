"""A database of any version becomes one of this version, with every row it had, or is left as it was."""

import json
import logging
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Engine, Text, inspect, text

from server.storage import event_log, runs
from server.storage.database import Database
from server.storage.engines import open_engines
from server.storage.event_log import LoggedEvent
from server.storage.schema import MIGRATIONS, UnknownSchema, bring_up_to_date, changing_tables, known_versions
from server.storage.tables import Base
from tests.builders import make_run, make_spec

ROOT = Path(__file__).parents[3]
RUN = "a" * 20

FIRST_TABLES = """
CREATE TABLE runs (
    run_id VARCHAR(32) NOT NULL,
    spec JSON NOT NULL,
    controls JSON NOT NULL,
    status VARCHAR(16) NOT NULL,
    epoch INTEGER NOT NULL,
    step INTEGER NOT NULL,
    metrics JSON NOT NULL,
    reason TEXT,
    reason_code VARCHAR(64),
    generation VARCHAR(16) NOT NULL,
    last_seq INTEGER NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (run_id)
);
CREATE INDEX ix_runs_status ON runs (status);
CREATE TABLE run_events (
    run_id VARCHAR(32) NOT NULL,
    seq INTEGER NOT NULL,
    kind VARCHAR(16) NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (run_id, seq),
    FOREIGN KEY(run_id) REFERENCES runs (run_id) ON DELETE CASCADE
);
CREATE INDEX run_events_by_kind ON run_events (run_id, kind, seq);
"""
"""What the first releases made, written down: this must stay as it is."""


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A file as the first releases left it, with a run and its story."""
    file = tmp_path / "first.db"
    run = make_run(spec=make_spec(epochs=7))
    with sqlite3.connect(file) as connection:
        connection.executescript(FIRST_TABLES)
        values = (RUN, run.spec.model_dump_json(), run.controls.model_dump_json(), "finished", 7, 175, '{"loss": 0.5}')
        connection.execute(
            "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?, 2, '2026-11-20 12:00:00.000000')",
            (*values, run.generation),
        )
        for seq in (1, 2):
            connection.execute("INSERT INTO run_events VALUES (?, ?, 'status', ?)", (RUN, seq, json.dumps(seq)))
    connection.close()
    return file


def _tables(file: Path) -> set[str]:
    connection = sqlite3.connect(file)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    return names


def _upgraded(url: str) -> Engine:
    engines = open_engines(url, patience_s=5)
    bring_up_to_date(engines.writing)
    engines.reading.dispose()
    return engines.writing


def test_a_database_of_the_first_version_keeps_its_runs_and_their_stories(first: Path) -> None:
    database = Database(f"sqlite:///{first}")
    database.create_schema()

    with database.read() as session:
        run = runs.find_run(session, RUN)
        assert event_log.read_after(session, RUN, 0) == [LoggedEvent(seq, "status", str(seq)) for seq in (1, 2)]
    database.close()
    assert run is not None
    assert (run.spec, run.epoch, run.step, run.metrics) == (make_spec(epochs=7), 7, 175, {"loss": 0.5})
    assert (run.last_seq, run.created_at.isoformat()) == (2, "2026-11-20T12:00:00+00:00")


def test_a_database_of_the_first_version_gets_the_tables_of_a_new_one(first: Path, tmp_path: Path) -> None:
    old, new = _upgraded(f"sqlite:///{first}"), _upgraded(f"sqlite:///{tmp_path / 'new.db'}")

    assert _description(old) == _description(new)
    for engine in (old, new):
        engine.dispose()


def _description(engine: Engine) -> dict[str, object]:
    seen = inspect(engine)
    return {
        table: (
            sorted((column["name"], str(column["type"]), column["nullable"]) for column in seen.get_columns(table)),
            sorted(str(index["column_names"]) for index in seen.get_indexes(table)),
            [key["options"] for key in seen.get_foreign_keys(table)],
        )
        for table in seen.get_table_names()
    }


def test_models_and_migrations_say_the_same(url: str) -> None:
    engine = _upgraded(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_a_database_that_is_up_to_date_is_left_as_it_is(url: str) -> None:
    database = Database(url)
    database.create_schema()
    with database.write() as session:
        runs.add_run(session, make_run())
    database.create_schema()

    with database.read() as session:
        assert runs.find_run(session, RUN) == make_run()
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == known_versions()[-1]
    database.close()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(url: str) -> None:
    database = Database(url)
    database.create_schema()
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(UnknownSchema, match=f"version 9999.*up to {known_versions()[-1]}.*newer"):
        database.create_schema()

    with database.read() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    database.close()


def test_tables_of_somebody_else_are_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "theirs.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE runs (runner TEXT, distance_km REAL)")
    connection.close()
    database = Database(f"sqlite:///{file}")

    with pytest.raises(UnknownSchema, match="found distance_km, runner; use an empty database"):
        database.create_schema()

    database.close()
    assert _tables(file) == {"runs"}


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(first: Path) -> None:
    """The second step breaks, because its column is there already."""
    with sqlite3.connect(first) as connection:
        connection.executescript("CREATE TABLE alembic_version (version_num TEXT NOT NULL)")
        connection.executescript("ALTER TABLE runs ADD COLUMN attempt INTEGER; DROP TABLE run_events")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
    connection.close()
    before = _dump(first)
    database = Database(f"sqlite:///{first}")

    with pytest.raises(OSError, match="duplicate column"):
        database.create_schema()

    database.close()
    assert _dump(first) == before


def _dump(file: Path) -> list[str]:
    connection = sqlite3.connect(file)
    lines = list(connection.iterdump())
    connection.close()
    return lines


def test_processes_that_start_at_once_upgrade_once(url: str) -> None:
    together = Barrier(4)

    def start() -> int:
        database = Database(url)
        together.wait()
        database.create_schema()
        with database.read() as session:
            versions = session.execute(text("SELECT version_num FROM alembic_version")).all()
        database.close()
        return len(versions)

    with ThreadPoolExecutor(4) as threads:
        assert [started.result() for started in [threads.submit(start) for _ in range(4)]] == [1, 1, 1, 1]


def test_a_start_with_an_up_to_date_database_does_not_load_alembic(tmp_path: Path) -> None:
    script = (
        "import sys; from server.storage.database import Database; database = Database(sys.argv[1]); "
        "database.create_schema(); database.close(); print('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", script, f"sqlite:///{tmp_path / 'playground.db'}"]
    said = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert said == ["True\n", "False\n"]


def test_an_upgrade_says_nothing_and_changes_no_logging(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    handlers, level = list(logging.root.handlers), logging.root.level
    _upgraded(url).dispose()
    assert (logging.root.handlers, logging.root.level) == (handlers, level)
    assert capfd.readouterr() == ("", "")


def test_the_steps_are_numbered_without_a_gap() -> None:
    assert known_versions() == [f"{number:04d}" for number in range(1, len(known_versions()) + 1)]
    for path in (MIGRATIONS / "versions").glob("[0-9]*.py"):
        number = int(path.name[:4])
        before = f'"{number - 1:04d}"' if number > 1 else "None"
        assert f'\nrevision = "{number:04d}"\ndown_revision = {before}\n' in path.read_text("utf-8")


def test_a_step_that_copies_a_table_keeps_the_rows_that_refer_to_it(first: Path) -> None:
    """SQLite deletes them when the copied table is dropped, unless references are loosened for that time."""
    engine = _upgraded(f"sqlite:///{first}")
    with changing_tables(engine) as connection:
        steps = Operations(MigrationContext.configure(connection))
        with steps.batch_alter_table("runs", recreate="always") as table:
            table.add_column(Column("colour", Text))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM run_events")) == 2
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    engine.dispose()
