"""What workers tell becomes the stored story, then the open streams: stored first, so nothing is shown that is lost."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from server.domain.controls import STOP, ControlState
from server.domain.events import RunEvent, join_columns, last_row, to_json
from server.domain.status import RunStatus, is_terminal, may_follow
from server.services.store import Store
from server.storage import event_log, runs
from server.storage.database import Session
from server.storage.runs import Place, Run
from server.streaming.sse import Cursor, frame_event


@dataclass
class News:
    """What one batch means for one run."""

    run: Run
    status: RunStatus
    framed: list[tuple[int, bytes]] = field(default_factory=list)
    frame: bytes | None = None
    gradients: bytes | None = None
    is_at_rest: bool = False
    applied_version: int | None = None


class Ingest:
    """Stores batches of events and publishes them.

    `redeliver(run_id, controls)` is asked when a run lags behind its controls, and when a run still trains that is
    over or gone for us: its stop came before it began, or before the server was restarted.
    """

    def __init__(self, store: Store, redeliver: Callable[[str, ControlState], None]) -> None:
        self._database = store.database
        self._weights = store.weights
        self._subscriptions = store.subscriptions
        self._redeliver = redeliver
        self._stopped: deque[str] = deque(maxlen=1024)

    def ingest(self, events: list[RunEvent]) -> None:
        """Store a batch in one transaction, then wake the streams. Safe to repeat when it raised."""
        news: dict[str, News] = {}
        strays: set[str] = set()
        with self._database.write() as session:
            for event in joined_metrics(events):
                known = news.get(event.run_id) or _news_of(session, event.run_id)
                if known and not is_terminal(known.status):
                    news[event.run_id] = known
                    self._store(session, known, event)
                else:
                    strays.add(event.run_id)
        for run_id, known in news.items():
            self._publish_stored(run_id, known)
        for run_id in strays - news.keys():
            self._stop_once(run_id)

    def _store(self, session: Session, news: News, event: RunEvent) -> None:
        if event.kind == "status":
            self._store_status(session, news, event)
        elif event.kind == "metrics":
            columns = event.payload
            place = Place(columns["epoch"][-1], columns["step"][-1], last_row(columns))
            runs.set_place(session, event.run_id, place)
            self._append(session, news, event)
        elif event.kind == "frame":
            news.frame = frame_event("frame", to_json(event.payload))
            self._weights.note(event.run_id, event.payload)
        elif event.kind == "gradients":
            news.gradients = frame_event("gradients", to_json(event.payload))
        else:
            news.is_at_rest = True
            self._weights.note(event.run_id, event.payload)

    def _store_status(self, session: Session, news: News, event: RunEvent) -> None:
        payload = event.payload
        status = RunStatus(payload["status"])
        if not may_follow(news.status, status):
            logging.getLogger(__name__).warning(
                "Run %s cannot go from %s to %s; the event is dropped.", event.run_id, news.status, status
            )
            return
        place = Place(payload["epoch"], payload["step"], payload.get("metrics"))
        runs.set_place(session, event.run_id, place)
        runs.set_status(session, event.run_id, status, payload["reason"], payload["reason_code"])
        news.status = status
        news.applied_version = payload["controls"]["version"]
        self._append(session, news, event)

    @staticmethod
    def _append(session: Session, news: News, event: RunEvent) -> None:
        logged = event_log.append_event(session, event.run_id, event.kind, to_json(event.payload))
        cursor = Cursor(news.run.generation, logged.seq)
        news.framed.append((logged.seq, frame_event(logged.kind, logged.data, cursor)))

    def _publish_stored(self, run_id: str, news: News) -> None:
        """Nothing may escape: the batch is stored, and would be stored twice if it were offered again."""
        try:
            self._publish(run_id, news)
        except Exception:
            logging.getLogger(__name__).exception("Events of run %s are stored, but could not be published.", run_id)

    def _publish(self, run_id: str, news: News) -> None:
        channel = self._subscriptions.find(run_id)
        if channel:
            channel.publish(news.framed, news.frame, is_terminal(news.status), news.gradients)
        self._weights.keep(run_id, now=news.is_at_rest)
        is_behind = news.applied_version is not None and news.applied_version < news.run.controls.version
        if is_behind and not is_terminal(news.status):
            self._redeliver(run_id, news.run.controls)

    def _stop_once(self, run_id: str) -> None:
        """Tell a stray run to end, once: it has a mailbox, since it speaks. Nothing may escape here either."""
        if run_id in self._stopped:
            return
        self._stopped.append(run_id)
        try:
            self._redeliver(run_id, STOP)
        except Exception:
            logging.getLogger(__name__).exception("Run %s is over, but could not be told so.", run_id)


def joined_metrics(events: list[RunEvent]) -> list[RunEvent]:
    """The same events, neighbouring metrics of a run in one: a slow moment does not make a flood of events."""
    joined: list[RunEvent] = []
    newest: dict[str, int] = {}
    for event in events:
        place = newest.get(event.run_id)
        if event.kind == "metrics" and place is not None:
            columns = join_columns([joined[place].payload, event.payload])
            joined[place] = RunEvent(event.run_id, "metrics", columns)
            continue
        if event.kind == "metrics":
            newest[event.run_id] = len(joined)
        elif event.kind == "status":
            newest.pop(event.run_id, None)
        joined.append(event)
    return joined


def _news_of(session: Session, run_id: str) -> News | None:
    """None for a run that was deleted: what it still tells is of no interest."""
    run = runs.find_run(session, run_id)
    return News(run, run.status) if run else None
