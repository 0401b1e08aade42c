"""Jobs are done in line, told about, and forgotten."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from server.collecting.job import Job
from server.domain.errors import InvalidInput, PublicError, ServerFull, Unavailable
from server.services.preparing import MOST_WAITING, Workshop
from tests.waiting import wait_until


class FakeMaker:
    """Does a job when it is told to."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.go_on = threading.Event()
        self.has_begun = threading.Event()
        self.error: Exception | None = None
        self.is_stopped = False

    def run(self, tell: Callable[[float], None]) -> None:
        """Tell a share, wait, then end as the test has chosen."""
        tell(0.25)
        self.has_begun.set()
        assert self.go_on.wait(30)
        if self.is_stopped:
            raise Unavailable("It was stopped.")
        if self.error is not None:
            raise self.error

    def stop(self) -> None:
        """Let it end."""
        self.is_stopped = True
        self.go_on.set()


class Bench:
    """A workshop whose makers the test holds in its hand."""

    def __init__(self) -> None:
        self.makers: list[FakeMaker] = []
        self.ended: list[str] = []
        self.workshop = Workshop(self._make, threads=1)

    def _make(self, job: Job) -> FakeMaker:
        self.makers.append(FakeMaker(job))
        return self.makers[-1]

    def put(self, name: str) -> None:
        """Put a job in line."""
        self.workshop.put(Job("sent", name, Path(), Path(), Path()), lambda: self.ended.append(name))


@pytest.fixture
def bench() -> Bench:
    """An empty one."""
    return Bench()


def test_a_job_is_done_told_about_and_forgotten(bench: Bench) -> None:
    bench.put("a")
    assert bench.makers[0].has_begun.wait(30)
    preparation = bench.workshop.find("a")
    assert preparation is not None
    assert (preparation.progress, preparation.looked_through.is_set(), preparation.is_over) == (0.25, True, False)

    bench.makers[0].go_on.set()
    wait_until(lambda: bench.workshop.find("a") is None)
    assert bench.ended == ["a"]


def test_the_others_wait_in_line(bench: Bench) -> None:
    bench.put("a")
    bench.put("b")
    assert bench.makers[0].has_begun.wait(30)
    assert not bench.makers[1].has_begun.is_set()

    bench.makers[0].go_on.set()
    assert bench.makers[1].has_begun.wait(30)
    bench.makers[1].go_on.set()
    wait_until(lambda: bench.ended == ["a", "b"])


def test_a_job_that_is_at_work_is_not_done_twice(bench: Bench) -> None:
    bench.put("a")
    bench.put("a")
    assert len(bench.makers) == 1
    bench.workshop.close()


@pytest.mark.parametrize(
    ("error", "told"), [(InvalidInput("Not so."), "Not so."), (ZeroDivisionError(), "The images could not be prepared")]
)
def test_why_a_job_failed_can_be_read_until_it_is_tried_again(bench: Bench, error: Exception, told: str) -> None:
    bench.put("a")
    bench.makers[0].error = error
    bench.makers[0].go_on.set()
    wait_until(lambda: (found := bench.workshop.find("a")) and found.is_over)

    failed = bench.workshop.find("a")
    assert failed is not None
    assert isinstance(failed.error, PublicError)
    assert failed.error.message.startswith(told)
    bench.put("a")
    assert len(bench.makers) == 2
    bench.workshop.close()


def test_a_forgotten_job_is_stopped_and_what_it_left_is_cleared_up(bench: Bench) -> None:
    bench.put("a")
    assert bench.makers[0].has_begun.wait(30)
    assert bench.workshop.forget("a")
    assert not bench.workshop.forget("a")

    wait_until(lambda: bench.ended == ["a"])
    assert bench.makers[0].is_stopped
    assert bench.workshop.find("a") is None


def test_a_line_that_is_too_long_is_closed(bench: Bench) -> None:
    for number in range(MOST_WAITING):
        bench.put(str(number))
    with pytest.raises(ServerFull):
        bench.put("one more")
    bench.workshop.close()
