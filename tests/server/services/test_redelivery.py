"""Controls are sent again without anybody waiting for it."""

import threading

import pytest

from server.domain.controls import ControlState
from server.domain.errors import Unavailable
from server.services.redelivery import Redelivery
from tests.builders import make_controls
from tests.waiting import wait_until


def _version(version: int) -> ControlState:
    return make_controls().model_copy(update={"version": version})


def test_who_asks_does_not_wait_and_only_the_newest_wish_of_each_is_sent() -> None:
    sent: list[tuple[str, int, int]] = []
    may_go = threading.Event()

    def deliver(run_id: str, attempt: int, controls: ControlState) -> None:
        may_go.wait(10)
        sent.append((run_id, attempt, controls.version))

    redelivery = Redelivery(deliver)
    redelivery.want("first", 1, _version(1))
    for version in (2, 3, 4):
        redelivery.want("run", 1, _version(version))
        redelivery.want("run", 2, _version(version))
    may_go.set()

    wait_until(lambda: ("run", 2, 4) in sent)
    assert [each for each in sent if each[0] == "run" and each[2] == 4] == [("run", 1, 4), ("run", 2, 4)]
    assert len(sent) <= 4


def test_a_worker_that_does_not_answer_holds_up_nobody_for_good(caplog: pytest.LogCaptureFixture) -> None:
    sent: list[str] = []

    def deliver(run_id: str, attempt: int, controls: ControlState) -> None:
        if run_id == "hangs":
            raise Unavailable("The workers do not answer.")
        sent.append(run_id)

    redelivery = Redelivery(deliver)
    redelivery.want("hangs", 1, _version(1))
    redelivery.want("well", 1, _version(1))

    wait_until(lambda: sent == ["well"])
    assert "Controls of run hangs could not be delivered" in caplog.text
