"""What workers tell becomes the stored story, then the open streams: stored first, so nothing is shown that is lost."""

import logging
from collections import deque
from collections.abc import Callable

from server.domain.controls import STOP, ControlState
from server.domain.events import RunEvent, join_columns, last_row, to_json
from server.domain.status import RunStatus, is_terminal, may_follow
from server.services.store import Store
from server.storage import event_log, runs
from server.storage.event_log import LoggedEvent
from server.storage.runs import Head, Progress
from server.streaming.sse import Cursor, frame_event


class News:
    """What one batch means for one run."""

    def __init__(self, run_id: str, head: Head) -> None:
        self.head = head
        self.status = head.status
        self.progress = Progress(run_id, head.last_seq)
        self.logged: list[LoggedEvent] = []
        self.frame: bytes | None = None
        self.gradients: bytes | None = None
        self.is_at_rest = False
        self.applied_version: int | None = None

    def log(self, kind: str, data: str) -> None:
        """Give an event the next number of the run."""
        self.progress.last_seq += 1
        self.logged.append(LoggedEvent(self.progress.last_seq, kind, data))

    @property
    def framed(self) -> list[tuple[int, bytes]]:
        """The logged events as the bytes of a stream."""
        generation = self.head.generation
        return [(each.seq, frame_event(each.kind, each.data, Cursor(generation, each.seq))) for each in self.logged]

    @property
    def is_behind(self) -> bool:
        """Whether the run has told that it obeys older controls than the newest ones."""
        is_live = self.applied_version is not None and not is_terminal(self.status)
        return is_live and (self.applied_version or 0) < self.head.controls["version"]


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
        joined = joined_metrics(events)
        with self._database.write() as session:
            heads = runs.read_heads(session, {event.run_id for event in joined})
            news = {run_id: News(run_id, head) for run_id, head in heads.items() if not is_terminal(head.status)}
            strays = [event.run_id for event in joined if not self._took(news, event)]
            logged = [(run_id, each) for run_id, known in news.items() for each in known.logged]
            event_log.append_events(session, logged)
            runs.note_progress(session, [known.progress for known in news.values() if known.logged])
        for run_id, known in news.items():
            self._publish_stored(run_id, known)
        for run_id in dict.fromkeys(strays):
            if run_id not in news:
                self._stop_once(run_id)

    def _took(self, news: dict[str, News], event: RunEvent) -> bool:
        """Take an event into account, unless its run is over or gone."""
        known = news.get(event.run_id)
        if known is None or is_terminal(known.status):
            return False
        if event.kind == "status":
            self._take_status(known, event)
        elif event.kind == "metrics":
            columns, progress = event.payload, known.progress
            progress.epoch, progress.step = columns["epoch"][-1], columns["step"][-1]
            progress.metrics = last_row(columns)
            known.log(event.kind, to_json(columns))
        elif event.kind == "frame":
            known.frame = frame_event("frame", to_json(event.payload))
            self._weights.note(event.run_id, event.payload)
        elif event.kind == "gradients":
            known.gradients = frame_event("gradients", to_json(event.payload))
        else:
            known.is_at_rest = True
            self._weights.note(event.run_id, event.payload)
        return True

    def _take_status(self, news: News, event: RunEvent) -> None:
        payload, progress = event.payload, news.progress
        status = RunStatus(payload["status"])
        if not may_follow(news.status, status):
            logging.getLogger(__name__).warning(
                "Run %s cannot go from %s to %s; the event is dropped.", event.run_id, news.status, status
            )
            return
        progress.epoch, progress.step = payload["epoch"], payload["step"]
        progress.metrics = payload.get("metrics", progress.metrics)
        progress.status, progress.reason, progress.reason_code = status, payload["reason"], payload["reason_code"]
        news.status = status
        news.applied_version = payload["controls"]["version"]
        news.log(event.kind, to_json(payload))

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
        if news.is_behind:
            self._redeliver(run_id, ControlState.model_validate(news.head.controls))

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
