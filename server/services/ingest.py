"""What workers tell becomes the stored story, then the open streams: stored first, so nothing is shown that is lost."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from server.domain.controls import STOP, ControlState
from server.domain.events import Columns, Payload, RunEvent, join_columns, last_row, to_json
from server.domain.status import RunStatus, is_terminal
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
        self.told_progress: bytes | None = None
        self.picture: Payload | None = None
        self.checkpoint: Payload | None = None
        self.is_at_rest = False
        self.is_turning = False
        self.told_epoch, self.told_step = head.epoch, head.step
        self.is_torn = False
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
        return is_live and (self.applied_version or 0) < self.head.version


class Ingest:
    """Stores batches of events and publishes them.

    `redeliver(run_id, attempt, controls)` is asked when a run lags behind its controls, and when one still trains that
    is over or gone for us, or trained by somebody else by now. `hear(run_id)` is told of every sign of life.
    `on_torn(run_id, attempt)` is told that events were lost on their way: the run has to go on from its checkpoint.
    """

    def __init__(
        self,
        store: Store,
        redeliver: Callable[[str, int, ControlState], None],
        hear: Callable[[str], None] = lambda run_id: None,
        on_torn: Callable[[str, int], None] = lambda run_id, attempt: None,
    ) -> None:
        self._database = store.database
        self._weights = store.weights
        self._checkpoints = store.checkpoints
        self._subscriptions = store.subscriptions
        self._redeliver = redeliver
        self._hear = hear
        self._on_torn = on_torn
        self._stopped: deque[tuple[str, int]] = deque(maxlen=1024)

    def ingest(self, events: list[RunEvent]) -> None:
        """Store a batch in one transaction, then wake the streams. Safe to repeat when it raised."""
        joined = joined_metrics(events)
        with self._database.write() as session:
            heads = runs.read_heads(session, {event.run_id for event in joined})
            news = {run_id: News(run_id, head) for run_id, head in heads.items() if not is_terminal(head.status)}
            strays = [event for event in joined if not self._took(news, event) and not _is_ours(event)]
            logged = [(run_id, each) for run_id, known in news.items() for each in known.logged]
            event_log.append_events(session, logged)
            runs.note_progress(session, [known.progress for known in news.values() if known.logged])
        for run_id, known in news.items():
            self._publish_stored(run_id, known)
        self._stop_strays([each for each in strays if _is_stray(each, news.get(each.run_id))])

    def _took(self, news: dict[str, News], event: RunEvent) -> bool:
        """Take an event into account, unless its run is over, gone, or trained by somebody else by now."""
        known = news.get(event.run_id)
        if known is None or is_terminal(known.status) or event.attempt != known.head.attempt:
            return False
        if event.kind != "status":
            # A status may be a word of our own: about the silence of the worker.
            self._hear(event.run_id)
        known.is_torn = known.is_torn or _is_ahead(known, event)
        if known.is_torn or _is_overtaken(known, event):
            return True
        if event.kind == "status":
            self._take_status(known, event)
        elif event.kind == "metrics":
            self._take_metrics(known, event)
        else:
            _take_passing(known, event)
        return True

    @staticmethod
    def _take_metrics(news: News, event: RunEvent) -> None:
        """Epochs that were told already are left out: whoever goes on from a checkpoint trains them again."""
        columns, news.is_torn = rows_after(event.payload, news.told_epoch)
        progress = news.progress
        if not columns["epoch"]:
            return
        progress.epoch, progress.step = columns["epoch"][-1], columns["step"][-1]  # type: ignore[assignment]
        progress.metrics = last_row(columns)
        news.told_epoch, news.told_step = columns["epoch"][-1], columns["step"][-1]  # type: ignore[assignment]
        news.told_progress = None
        news.log(event.kind, to_json(columns))

    def _take_status(self, news: News, event: RunEvent) -> None:
        payload, progress = event.payload | {"attempt": event.attempt}, news.progress
        status = RunStatus(payload["status"])
        # A run that has diverged says in its last word which epoch was the last good one; ours name the attempt.
        may_be_behind = is_terminal(status) and not _is_ours(event)
        if not may_be_behind and (payload["epoch"], payload["step"]) < (news.told_epoch, news.told_step):
            # Our own words about a run are made while its worker tells of later epochs.
            payload |= {"epoch": news.told_epoch, "step": news.told_step}
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
        if news.picture:
            self._weights.note(run_id, news.picture)
        if news.checkpoint:
            self._checkpoints.note(run_id, news.checkpoint, soon=news.is_turning)
        channel = self._subscriptions.find(run_id)
        if channel:
            is_ended = is_terminal(news.status)
            channel.publish(news.framed, news.frame, is_ended, news.gradients, news.told_progress)
        if is_terminal(news.status):
            self._checkpoints.rest(run_id)
        elif news.is_at_rest:
            self._checkpoints.keep(run_id)
        if news.is_torn:
            self._on_torn(run_id, news.head.attempt)
        if news.is_behind:
            self._redeliver_newest(run_id, news.head.attempt)

    def _redeliver_newest(self, run_id: str, attempt: int) -> None:
        with self._database.read() as session:
            run = runs.find_run(session, run_id)
        if run:
            self._redeliver(run_id, attempt, run.controls)

    def _stop_strays(self, events: list[RunEvent]) -> None:
        """Tell those to end that still speak, once; again when their pulse shows that they have not heard it."""
        speaking = {(event.run_id, event.attempt) for event in events}
        pulsing = {(event.run_id, event.attempt) for event in events if event.kind == "pulse"}
        for run_id, attempt in sorted(speaking - set(self._stopped) | pulsing):
            self._stop(run_id, attempt)

    def _stop(self, run_id: str, attempt: int) -> None:
        """It has a mailbox, since it speaks. Nothing may escape here either."""
        self._stopped.append((run_id, attempt))
        try:
            self._redeliver(run_id, attempt, STOP)
        except Exception:
            logging.getLogger(__name__).exception("Run %s is over, but could not be told so.", run_id)


def _take_passing(news: News, event: RunEvent) -> None:
    """Take over what only matters while it is new, and is no part of the story."""
    payload = event.payload
    if event.kind == "frame":
        news.frame, news.picture = frame_event("frame", to_json(payload)), payload
    elif event.kind == "gradients":
        news.gradients = frame_event("gradients", to_json(payload))
    elif event.kind == "progress":
        news.told_progress = frame_event("progress", to_json(payload))
    elif event.kind == "pulse":
        # So a control that did not arrive is sent again within seconds.
        news.applied_version = payload.get("version", news.applied_version)
    elif event.kind == "checkpoint":
        news.is_at_rest = news.is_at_rest or payload["is_at_rest"]
        news.is_turning = news.is_turning or payload.get("is_turning", False)
        news.checkpoint = payload
        if not payload.get("is_partial", False):
            # What is shown and taken home of a long epoch is its end.
            news.picture = payload


def _is_overtaken(news: News, event: RunEvent) -> bool:
    """Whether our own word that a run trains comes behind its worker's that it does not."""
    return _is_ours(event) and event.payload["status"] == "running" and news.status != RunStatus.RUNNING


def _is_ours(event: RunEvent) -> bool:
    """Whether it is a word of this process, which names the attempt: nobody need live who could be told to end."""
    return event.kind == "status" and "attempt" in event.payload


def _is_stray(event: RunEvent, news: News | None) -> bool:
    """Whether who tells it trains a run that is over, gone, or trained by somebody else by now."""
    return news is None or event.attempt != news.head.attempt


def _is_ahead(news: News, event: RunEvent) -> bool:
    """Whether it speaks of epochs whose rows have not come, and so were lost: nobody may go on from there."""
    return event.kind in ("status", "checkpoint") and event.payload["epoch"] > news.told_epoch


def rows_after(columns: Payload, epoch: int) -> tuple[Columns, bool]:
    """The rows that go on behind an epoch, each once, up to the first that is missing; and whether one is."""
    places = []
    for place, each in enumerate(columns["epoch"]):
        if each > epoch + 1:
            break
        if each == epoch + 1:
            places.append(place)
            epoch = each
    is_torn = bool(columns["epoch"]) and max(columns["epoch"]) > epoch
    if len(places) == len(columns["epoch"]):
        return columns, is_torn
    return {name: [column[place] for place in places] for name, column in columns.items()}, is_torn


def joined_metrics(events: list[RunEvent]) -> list[RunEvent]:
    """The same events, neighbouring metrics of a run in one: a slow moment does not make a flood of events."""
    joined: list[RunEvent] = []
    newest: dict[str, int] = {}
    for event in events:
        place = newest.get(event.run_id)
        if event.kind == "metrics" and place is not None and joined[place].attempt == event.attempt:
            columns = join_columns([joined[place].payload, event.payload])
            joined[place] = replace(joined[place], payload=columns)
            continue
        if event.kind == "metrics":
            newest[event.run_id] = len(joined)
        elif event.kind == "status":
            newest.pop(event.run_id, None)
        joined.append(event)
    return joined
