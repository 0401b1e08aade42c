"""The log: one line for each record, never too long, never a flood."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from server.log_lines import (
    MOST_LINE_BYTES,
    MOST_MESSAGES,
    MOST_SAME_PER_MINUTE,
    CappedHandler,
    JsonLines,
    TextLines,
    configure_log,
    one_line,
)
from tests.fakes import FakeClock


class Log:
    """A logger that writes into memory."""

    def __init__(self, formatter: logging.Formatter) -> None:
        self.clock = FakeClock()
        self.stream = io.StringIO()
        self.handler = CappedHandler(self.stream, self.clock)
        self.handler.setFormatter(formatter)
        self.logger = logging.Logger("server.somewhere", logging.DEBUG)
        self.logger.addHandler(self.handler)

    @property
    def lines(self) -> list[str]:
        """What was written."""
        return self.stream.getvalue().splitlines()


@pytest.fixture
def log() -> Log:
    """A log for people."""
    return Log(TextLines())


def fault(log: Log, message: str = "It broke.", depth: int = 0) -> None:
    """Log an exception that was raised so deep."""

    def fail(left: int) -> None:
        if left:
            fail(left - 1)
        raise RuntimeError("too deep " + "x" * 300)

    try:
        fail(depth)
    except RuntimeError:
        log.logger.exception(message)


def test_a_line_for_people_has_time_level_sentence_and_fields(log: Log) -> None:
    log.logger.info("A run ended.", extra={"fields": {"run": "ab", "epochs": 3}})

    assert log.lines[0].partition(" INFO ")[2] == "server.somewhere: A run ended. run=ab epochs=3"


def test_a_line_for_machines_is_one_object_with_the_same_content() -> None:
    log = Log(JsonLines())
    log.logger.info("A run %s.", "ended", extra={"fields": {"run": "ab", "epochs": 3, "why": None}})
    (entry,) = map(json.loads, log.lines)

    assert entry.pop("at").endswith("Z")
    assert entry == {
        "level": "info",
        "logger": "server.somewhere",
        "message": "A run ended.",
        "run": "ab",
        "epochs": 3,
        "why": None,
    }


@pytest.mark.parametrize("formatter", [TextLines(), JsonLines()])
def test_no_line_is_longer_than_two_kilobytes_whatever_a_client_sends(formatter: logging.Formatter) -> None:
    log = Log(formatter)
    for letter in ("x", "ü", "\u202e", "\x00", "\U0001f600", '"'):
        log.logger.error("A name: %s", letter * 5000, extra={"fields": {"name": letter * 5000}})
    fault(log, depth=80)

    assert len(log.lines) >= 7
    assert max(len(line.encode()) for line in log.lines) <= MOST_LINE_BYTES


@pytest.mark.parametrize("formatter", [TextLines(), JsonLines()])
def test_a_client_cannot_forge_a_line(formatter: logging.Formatter) -> None:
    log = Log(formatter)
    log.logger.error("A name: %s", "x\n2026-11-21 CRITICAL forged\r\x1b[2J\u2028again")

    assert len(log.lines) == 1
    assert "\x1b" not in log.lines[0]


def test_what_is_cut_says_so_and_stays_readable() -> None:
    cut = one_line("ü" * 2000, 100)

    assert cut.endswith("ü ... (cut)")
    assert len(cut.encode()) <= 100
    assert one_line("short") == "short"


def test_a_traceback_keeps_its_end(log: Log) -> None:
    fault(log, depth=3)
    assert log.lines[0].endswith("It broke.")
    assert "RuntimeError: too deep" in log.lines[-1]

    machine = Log(JsonLines())
    fault(machine, depth=3)
    assert "RuntimeError: too deep" in json.loads(machine.lines[0])["trace"][-1]


def test_a_flood_of_one_message_is_a_few_lines(log: Log) -> None:
    for number in range(10_000):
        log.logger.critical("Connection %d was lost.", number)
    log.clock.advance(61)
    log.logger.info("Quiet again.")

    assert len(log.lines) == MOST_SAME_PER_MINUTE + 2
    held_back = 10_000 - MOST_SAME_PER_MINUTE
    assert f"Said {held_back} more times within a minute: Connection %d was lost." in log.lines[-2]


def test_a_flood_of_tracebacks_is_less_than_a_hundred_lines(log: Log) -> None:
    """As Dask floods: one error with a traceback for each event of a client that is gone."""
    for _ in range(2000):
        fault(log)

    assert len(log.lines) < 100


def test_after_a_minute_the_same_message_is_told_again(log: Log) -> None:
    for _ in range(3):
        for _ in range(50):
            log.logger.warning("Again.")
        log.clock.advance(61)

    assert sum(line.endswith(": Again.") and "Said" not in line for line in log.lines) == 3 * MOST_SAME_PER_MINUTE


def test_what_was_held_back_is_told_at_the_end(log: Log) -> None:
    for _ in range(MOST_SAME_PER_MINUTE + 3):
        log.logger.warning("Again.")
    log.handler.close()

    assert "Said 3 more times" in log.lines[-1]


def test_messages_that_are_meant_to_be_many_may_be_more(log: Log) -> None:
    for number in range(100):
        log.logger.info("A run started.", extra={"fields": {"run": number}, "most_per_minute": 60})
    log.handler.close()

    assert len(log.lines) == 61


def test_the_memory_of_messages_is_bounded_and_nothing_held_back_is_forgotten(log: Log) -> None:
    for _ in range(MOST_SAME_PER_MINUTE + 5):
        log.logger.warning("The first.")
    for number in range(2 * MOST_MESSAGES):
        log.logger.warning(f"Message {number}")

    assert len(log.handler._counts) <= MOST_MESSAGES
    assert any("Said 5 more times within a minute: The first." in line for line in log.lines)


@pytest.fixture
def kept_log() -> Iterator[None]:
    """Puts the log of this process back as it was."""
    names = ("", "distributed", "tornado", "asyncio", "bokeh", "server.journal", "waitress.queue")
    loggers: list[Any] = [logging.getLogger(name) for name in names]
    before = [(each, each.handlers[:], each.level, each.propagate) for each in loggers]
    yield
    for logger, handlers, level, propagate in before:
        logger.handlers[:], logger.propagate = handlers, propagate
        logger.setLevel(level)


@pytest.mark.usefixtures("kept_log")
def test_libraries_go_the_same_way_and_the_journal_is_heard() -> None:
    library = logging.getLogger("distributed")
    brought = io.StringIO()
    library.addHandler(logging.StreamHandler(brought))
    stream = io.StringIO()
    configure_log("json", stream)
    configure_log("json", stream)
    for _ in range(1000):
        logging.getLogger("distributed.scheduler").critical("Lost a client.")
    logging.getLogger("distributed.scheduler").error("Closed.")
    logging.getLogger("server.journal").info("A run started.")

    messages = [json.loads(line)["message"] for line in stream.getvalue().splitlines()]
    assert messages == ["Lost a client."] * MOST_SAME_PER_MINUTE + ["A run started."]
    assert brought.getvalue() == ""
