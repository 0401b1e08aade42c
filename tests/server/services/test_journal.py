"""One line for each run event of note."""

import logging
from typing import Any

import pytest

from server.domain.events import RunEvent
from server.services.journal import KEPT_RUNS, Journal, write_line
from tests.builders import make_metrics, make_status
from tests.fakes import FakeClock

RUN = "a" * 20


class Notes:
    """Remembers what was noted."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, sentence: str, **fields: Any) -> None:
        """Write it down."""
        self.lines.append((sentence, fields))


@pytest.fixture
def notes() -> Notes:
    """What the journal noted."""
    return Notes()


@pytest.fixture
def clock() -> FakeClock:
    """The journal's clock."""
    return FakeClock()


@pytest.fixture
def journal(clock: FakeClock, notes: Notes) -> Journal:
    """A journal of nothing so far."""
    return Journal(clock, notes)


def status(name: str, attempt: int = 1, **changes: Any) -> RunEvent:
    """A status event of one attempt."""
    event = make_status(name, **changes)
    return RunEvent(event.run_id, "status", event.payload, attempt)


def test_a_run_is_told_when_it_starts_and_when_it_ends(journal: Journal, notes: Notes, clock: FakeClock) -> None:
    journal.tell_events([status("queued"), status("running")])
    clock.advance(12.34)
    journal.tell_events([make_metrics(1, 100), status("finished", epoch=100, reason_code="epochs_reached")])

    ending = {"status": "finished", "reason": "epochs_reached", "epochs": 100, "seconds": 12.3}
    assert notes.lines == [
        ("A run started.", {"run": RUN, "attempt": 1, "epoch": 0}),
        ("A run ended.", {"run": RUN, "attempt": 1, **ending}),
    ]


def test_a_repeated_status_a_pause_and_a_place_in_line_are_not_of_note(journal: Journal, notes: Notes) -> None:
    running = status("running")
    journal.tell_events([running, running, status("paused"), status("queued", position=3), running])

    assert [sentence for sentence, _ in notes.lines] == ["A run started."]


def test_a_run_that_lost_its_worker_is_told_with_the_reason_and_where_it_goes_on(
    journal: Journal, notes: Notes
) -> None:
    lost = status("queued", attempt=2, epoch=40, reason_code="worker_lost")
    journal.tell_events([status("running"), lost, status("running", attempt=2, epoch=40)])

    assert notes.lines[1:] == [
        ("A run was interrupted.", {"run": RUN, "attempt": 2, "epoch": 40, "why": "worker_lost"}),
        ("A run was resumed.", {"run": RUN, "attempt": 2, "epoch": 40, "why": "worker_lost"}),
    ]


def test_a_run_that_does_not_answer_is_told_once_and_so_is_its_return(journal: Journal, notes: Notes) -> None:
    silent = status("running", reason_code="not_responding")
    journal.tell_events([status("running"), silent, silent, status("running"), status("running")])

    assert [sentence for sentence, _ in notes.lines] == [
        "A run started.",
        "A run does not answer.",
        "A run answers again.",
    ]


def test_what_an_earlier_attempt_or_an_ended_run_still_says_is_not_told(journal: Journal, notes: Notes) -> None:
    journal.tell_events([status("running", attempt=2), status("stopped", attempt=1), status("stopped", attempt=2)])
    journal.tell_events([status("running", attempt=2), status("stopped", attempt=2)])

    assert [sentence for sentence, _ in notes.lines] == ["A run started.", "A run ended."]


def test_a_run_that_never_began_took_no_time(journal: Journal, notes: Notes) -> None:
    journal.tell_events([status("stopped", reason_code="stopped_by_user")])

    assert notes.lines[0][1]["seconds"] == 0


def test_the_memory_of_runs_is_bounded(journal: Journal) -> None:
    journal.tell_events([make_status("running", run_id=f"{number:020}") for number in range(KEPT_RUNS + 10)])

    assert len(journal._runs) == KEPT_RUNS


def test_workers_are_told_when_their_number_changes(journal: Journal, notes: Notes) -> None:
    for count in (2, 2, 1, 1, 2):
        journal.tell_workers(count)

    assert notes.lines == [
        ("A worker was lost.", {"workers": 1, "before": 2}),
        ("A worker joined.", {"workers": 2, "before": 1}),
    ]


def test_trouble_start_and_stop_are_told(journal: Journal, notes: Notes) -> None:
    journal.tell_start(workers=2)
    journal.tell_trouble("storage", False)
    journal.tell_trouble("storage", True)
    journal.tell_stop(3.21)

    assert notes.lines == [
        ("The server started.", {"workers": 2}),
        ("Trouble began.", {"part": "storage"}),
        ("Trouble ended.", {"part": "storage"}),
        ("The server stopped.", {"seconds": 3.2}),
    ]


def test_a_line_is_a_record_of_the_servers_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "server.journal"):
        write_line("A run started.", run=RUN)

    (record,) = caplog.records
    assert (record.name, record.getMessage()) == ("server.journal", "A run started.")
    assert vars(record)["fields"] == {"run": RUN}
