"""Mailboxes: the newest wish counts, and it wakes the run."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from server.domain.controls import STOP, ControlState
from server.scheduling.controls import Mailboxes, RunMailbox
from tests.builders import make_controls


def _version(version: int, **changes: object) -> ControlState:
    return make_controls().model_copy(update={"version": version, **changes})


def test_a_mailbox_holds_the_state_a_run_begins_with() -> None:
    assert RunMailbox(_version(3)).read() == _version(3)


@pytest.mark.parametrize(
    ("delivered", "kept"),
    [
        pytest.param([1, 2, 3], 3, id="in order"),
        pytest.param([3, 1, 2], 3, id="older ones late"),
        pytest.param([2, 2], 2, id="the same twice"),
        pytest.param([0], 0, id="the first again"),
    ],
)
def test_the_newest_version_counts_however_it_arrives(delivered: list[int], kept: int) -> None:
    mailbox = RunMailbox(_version(0))
    for version in delivered:
        mailbox.put(_version(version))

    assert mailbox.read().version == kept


def test_the_last_word_counts_whatever_was_wished_before() -> None:
    """A run that is over for the web process is told to stop without its own version being known."""
    mailbox = RunMailbox(_version(1_000_000))
    mailbox.put(ControlState.model_validate(STOP.model_dump(mode="json")))
    mailbox.put(_version(1_000_001))

    assert mailbox.read().stop is True


def test_a_version_that_comes_again_changes_nothing() -> None:
    mailbox = RunMailbox(_version(1, paused=True))
    mailbox.put(_version(1, paused=False))

    assert mailbox.read().paused is True


def test_a_newer_state_wakes_who_waits() -> None:
    mailbox, waits = RunMailbox(_version(0)), Event()

    def wait() -> int:
        waits.set()
        mailbox.wait(0, None)
        return mailbox.read().version

    with ThreadPoolExecutor(1) as threads:
        woken = threads.submit(wait)
        waits.wait()
        mailbox.put(_version(1))
        assert woken.result(timeout=5) == 1


def test_a_newer_state_is_told_once_it_can_be_read_and_an_older_one_never() -> None:
    read: list[int] = []
    mailboxes = Mailboxes()
    mailbox = mailboxes.open(("one", 1), _version(1), lambda: read.append(mailbox.read().version))
    for version in (2, 2, 1, 5):
        mailboxes.deliver(("one", 1), _version(version))

    assert read == [2, 5]


def test_who_asks_for_less_than_is_there_does_not_wait() -> None:
    begun_s = time.monotonic()
    RunMailbox(_version(2)).wait(1, 10)

    assert time.monotonic() - begun_s < 4


def test_a_wait_ends_with_its_time() -> None:
    mailbox = RunMailbox(_version(0))
    mailbox.wait(0, 0.005)

    assert mailbox.read().version == 0


def test_a_state_reaches_the_run_it_is_for() -> None:
    mailboxes = Mailboxes()
    one, two = (mailboxes.open((run_id, 1), _version(0)) for run_id in ("one", "two"))

    assert mailboxes.deliver(("one", 1), _version(5)) is True
    assert (one.read().version, two.read().version) == (5, 0)


def test_a_state_for_a_run_that_lives_elsewhere_is_not_delivered() -> None:
    mailboxes = Mailboxes()
    mailboxes.open(("one", 1), _version(0))
    mailboxes.close(("one", 1))
    mailboxes.close(("one", 1))

    assert mailboxes.deliver(("one", 1), _version(1)) is False
    assert mailboxes.deliver(("never", 1), _version(1)) is False


def test_attempts_at_the_same_run_have_mailboxes_of_their_own() -> None:
    mailboxes = Mailboxes()
    before, now = (mailboxes.open(("one", attempt), _version(0)) for attempt in (1, 2))
    mailboxes.deliver(("one", 1), _version(7))

    assert (before.read().version, now.read().version) == (7, 0)
    assert mailboxes.versions() == {("one", 1): 7, ("one", 2): 0}
