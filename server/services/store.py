"""What remembers, in one hand: database, files, newest weights, open streams, who cares."""

import time
from dataclasses import dataclass

from server.config import Settings
from server.domain.events import to_json
from server.domain.status import is_terminal
from server.services.activity import Activity
from server.services.weights import NewestWeights, picture_of
from server.storage import runs
from server.storage.artifacts import Artifacts
from server.storage.database import Database
from server.streaming.sse import frame_event
from server.streaming.subscriptions import Stored, Subscriptions


@dataclass(frozen=True)
class Store:
    """Everything of a server that outlives a request."""

    database: Database
    artifacts: Artifacts
    weights: NewestWeights
    subscriptions: Subscriptions
    activity: Activity


def open_store(settings: Settings) -> Store:
    """Open the data folder and the database. Raises OSError when one of them cannot be used."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    database.create_schema()
    artifacts = Artifacts(settings.data_dir / "runs")
    weights = NewestWeights(artifacts, time.monotonic)
    subscriptions = Subscriptions(lambda run_id: _load_stored(database, weights, run_id))
    return Store(database, artifacts, weights, subscriptions, Activity(time.monotonic))


def _load_stored(database: Database, weights: NewestWeights, run_id: str) -> Stored:
    """What a channel that opens needs to know of a run."""
    with database.read() as session:
        run = runs.find_run(session, run_id)
    moment = weights.find(run_id)
    frame = frame_event("frame", to_json(picture_of(moment))) if moment else None
    return Stored(run.last_seq, is_terminal(run.status), frame) if run else Stored(0, True)
