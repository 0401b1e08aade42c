"""What remembers, in one hand: database, files, newest weights, open streams, who cares."""

import time
from dataclasses import dataclass

from server.config import Settings
from server.datasets.collections import Library
from server.domain.errors import StorageUnavailable
from server.domain.events import to_json
from server.domain.status import is_terminal
from server.services.activity import Activity
from server.services.checkpoints import Checkpoints
from server.services.health import Health
from server.services.weights import NewestWeights
from server.storage import runs
from server.storage.artifacts import Artifacts
from server.storage.checkpoints import CheckpointFiles
from server.storage.data_dir import open_data_dir
from server.storage.database import Database
from server.streaming.sse import frame_event
from server.streaming.subscriptions import Stored, Subscriptions

TROUBLE_S = 10.0
"""A database that cannot be written for this long is worth telling people of; a shorter lock is not."""


@dataclass(frozen=True)
class Store:
    """Everything of a server that outlives a request."""

    database: Database
    artifacts: Artifacts
    weights: NewestWeights
    checkpoints: Checkpoints
    subscriptions: Subscriptions
    activity: Activity
    health: Health
    library: Library


def open_store(settings: Settings) -> Store:
    """Open the data folder and the database.

    Raises DatabaseInUse when another server works with it, OSError when one of them cannot be used.
    """
    open_data_dir(settings.data_dir)
    database = Database(settings.database_url)
    try:
        database.own()
        database.create_schema()
    except OSError:
        database.close()
        raise
    artifacts = Artifacts(settings.data_dir / "runs")
    health = Health()
    checkpoints = Checkpoints(
        CheckpointFiles(settings.data_dir / "runs"),
        time.monotonic,
        tell=lambda is_well: health.tell("checkpoints", is_well),
    )
    weights = NewestWeights(checkpoints.find)
    library = Library(settings.images_dir)
    subscriptions = Subscriptions(lambda run_id: _load_stored(database, weights, run_id))
    return Store(database, artifacts, weights, checkpoints, subscriptions, Activity(time.monotonic), health, library)


def look_after_database(store: Store) -> None:
    """Once a second: find out whether what could not be written can be written again, and tell people of trouble."""
    if store.database.failing_s() == 0.0:
        return
    try:
        store.database.try_writing()
    except StorageUnavailable:
        if store.database.failing_s() >= TROUBLE_S:
            store.health.tell("storage", False)
    else:
        store.health.tell("storage", True)


def _load_stored(database: Database, weights: NewestWeights, run_id: str) -> Stored:
    """What a channel that opens needs to know of a run."""
    with database.read() as session:
        run = runs.find_run(session, run_id)
    moment = weights.find(run_id)
    frame = frame_event("frame", to_json(moment)) if moment else None
    return Stored(run.last_seq, is_terminal(run.status), frame) if run else Stored(0, True, is_deleted=True)
