"""What the web process asks of the cluster, with a client that only remembers."""

import asyncio
import logging

import pytest
from distributed.client import FutureCancelledError
from distributed.scheduler import KilledWorker

from server.domain.errors import Unavailable
from server.domain.training_task import TrainingTask
from server.scheduling import by_name
from server.scheduling.cluster import PLAYGROUND_RESOURCE
from server.scheduling.dispatcher import DELIVERY_TIMEOUT_S, EXPORT_TIMEOUT_S, Dispatcher
from server.scheduling.lease import LeaseLost
from tests.builders import make_controls, make_spec
from tests.fakes import FakeDaskClient, FakeFuture

SPEC, CONTROLS = make_spec(), make_controls(speed=60)
TASK = TrainingTask("r1", SPEC, CONTROLS, {"most_epochs": 500, "places": 3}, attempt=2)


@pytest.fixture
def dask_client() -> FakeDaskClient:
    return FakeDaskClient()


@pytest.fixture
def lost() -> list[tuple[str, int, str]]:
    """Runs that ended without a word, and whether their worker died."""
    return []


@pytest.fixture
def dispatcher(dask_client: FakeDaskClient, lost: list[tuple[str, int, str]]) -> Dispatcher:
    return Dispatcher(dask_client, lambda *told: lost.append(told))


def test_a_run_travels_as_a_name_and_plain_data(dispatcher: Dispatcher, dask_client: FakeDaskClient) -> None:
    dispatcher.submit_training(TASK)

    ((arguments, _),) = dask_client.submissions
    assert arguments == (by_name.call_async, "server.worker:run_training", TASK.to_payload())


def test_a_run_goes_to_workers_of_ours_and_is_never_tried_twice(
    dispatcher: Dispatcher, dask_client: FakeDaskClient
) -> None:
    dispatcher.submit_training(TASK)

    ((_, options),) = dask_client.submissions
    assert options == {"key": "run-r1-a2", "pure": False, "retries": 0, "resources": {PLAYGROUND_RESOURCE: 1}}


@pytest.mark.parametrize(
    ("addresses", "asked"),
    [
        pytest.param({"run-r1-a2": "tcp://b"}, ["tcp://b"], id="only its own worker"),
        pytest.param({"run-r1-a1": "tcp://a"}, None, id="all of them, when nobody knows where it is"),
    ],
)
def test_controls_go_to_the_worker_of_the_run_and_wait_for_none_for_ever(
    dispatcher: Dispatcher, dask_client: FakeDaskClient, addresses: dict[str, str], asked: list[str] | None
) -> None:
    dask_client.tasks = addresses
    dispatcher.deliver("r1", 2, CONTROLS)

    ((arguments, options),) = dask_client.runs
    assert arguments == (by_name.call, "server.worker:deliver_controls", "r1", 2, CONTROLS.model_dump(mode="json"))
    assert options == {
        "workers": asked,
        "nanny": False,
        "on_error": "ignore",
        "callback_timeout": DELIVERY_TIMEOUT_S,
    }


def test_controls_for_a_scheduler_that_is_away_are_told(dispatcher: Dispatcher, dask_client: FakeDaskClient) -> None:
    dask_client.scheduler_error = OSError("away")

    with pytest.raises(Unavailable, match="again"):
        dispatcher.deliver("r1", 2, CONTROLS)


@pytest.mark.parametrize("error", [OSError("connection lost"), TimeoutError(), asyncio.TimeoutError()])
def test_controls_that_cannot_be_delivered_are_told(
    dispatcher: Dispatcher, dask_client: FakeDaskClient, error: Exception
) -> None:
    dask_client.run_error = error

    with pytest.raises(Unavailable, match="again"):
        dispatcher.deliver("r1", 2, CONTROLS)


def test_an_export_is_made_by_a_worker_of_ours_before_waiting_runs(
    dispatcher: Dispatcher, dask_client: FakeDaskClient
) -> None:
    dask_client.future = FakeFuture(result_or_error={"model.keras": b"k"})
    moment = {"epoch": 1, "step": 25, "weights": "AA=="}

    assert dispatcher.export("r1", SPEC, moment) == {"model.keras": b"k"}

    ((arguments, options),) = dask_client.submissions
    assert arguments == (by_name.call_in_thread, "server.worker:run_export", "r1", SPEC.model_dump(mode="json"), moment)
    assert options == {"pure": False, "priority": 10, "resources": {PLAYGROUND_RESOURCE: 1}}
    assert dask_client.future.timeouts == [EXPORT_TIMEOUT_S]


@pytest.mark.parametrize("error", [TimeoutError(), asyncio.TimeoutError()])
def test_an_export_that_takes_too_long_is_unavailable(
    dispatcher: Dispatcher, dask_client: FakeDaskClient, error: Exception
) -> None:
    dask_client.future = FakeFuture(result_or_error=error)

    with pytest.raises(Unavailable, match="in time"):
        dispatcher.export("r1", SPEC, {})


@pytest.mark.parametrize("error", [KilledWorker("export", None, 0), FutureCancelledError("export", "lost")])
def test_an_export_whose_worker_is_lost_is_unavailable(
    dispatcher: Dispatcher, dask_client: FakeDaskClient, error: Exception
) -> None:
    dask_client.future = FakeFuture(result_or_error=error)

    with pytest.raises(Unavailable, match="ended"):
        dispatcher.export("r1", SPEC, {})


def test_a_fault_of_an_export_is_not_called_a_delay(dispatcher: Dispatcher, dask_client: FakeDaskClient) -> None:
    dask_client.future = FakeFuture(result_or_error=ValueError("our bug"))

    with pytest.raises(ValueError, match="our bug"):
        dispatcher.export("r1", SPEC, {})


@pytest.mark.parametrize(
    ("status", "error", "cause"),
    [
        pytest.param("error", KilledWorker("run-r1", None, 0), "worker", id="the worker died"),
        pytest.param("error", LeaseLost("silence"), "worker", id="nobody asked for it"),
        pytest.param("error", RuntimeError("our bug"), "training", id="the training failed"),
        pytest.param("lost", None, "scheduler", id="the scheduler forgot it"),
        pytest.param("cancelled", None, "scheduler", id="cancelled by somebody else"),
    ],
)
def test_a_run_that_ends_without_a_word_is_lost_once(
    dispatcher: Dispatcher,
    dask_client: FakeDaskClient,
    lost: list[tuple[str, int, str]],
    status: str,
    error: Exception | None,
    cause: str,
) -> None:
    dispatcher.submit_training(TASK)
    dask_client.future.end(status, error)
    dask_client.future.end(status, error)

    assert lost == [("r1", 2, cause)]


def test_the_log_tells_why_a_run_was_lost(
    dispatcher: Dispatcher, dask_client: FakeDaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    dispatcher.submit_training(TASK)
    with caplog.at_level(logging.WARNING):
        dask_client.future.end("error", RuntimeError("our bug"))

    assert "our bug" in caplog.text


def test_a_run_that_ended_well_is_not_lost(
    dispatcher: Dispatcher, dask_client: FakeDaskClient, lost: list[tuple[str, int, str]]
) -> None:
    dispatcher.submit_training(TASK)
    dask_client.future.end("finished")

    assert lost == []


@pytest.mark.parametrize("status", ["cancelled", "error"])
def test_a_run_that_ends_because_the_server_stops_is_not_lost(
    dispatcher: Dispatcher,
    dask_client: FakeDaskClient,
    lost: list[tuple[str, int, str]],
    status: str,
) -> None:
    """The next start says that the server was restarted."""
    dispatcher.submit_training(TASK)
    dispatcher.let_go()
    dask_client.future.end(status)

    assert lost == []


def test_a_cancelled_run_leaves_the_queue(
    dispatcher: Dispatcher, dask_client: FakeDaskClient, lost: list[tuple[str, int, str]]
) -> None:
    dispatcher.submit_training(TASK)
    dispatcher.cancel("r1")

    assert dask_client.future.was_cancelled
    assert lost == []


def test_cancelling_what_is_over_or_unknown_does_nothing(dispatcher: Dispatcher, dask_client: FakeDaskClient) -> None:
    dispatcher.submit_training(TASK)
    dask_client.future.end("finished")
    dispatcher.cancel("r1")
    dispatcher.cancel("nobody")

    assert not dask_client.future.was_cancelled


@pytest.mark.parametrize("count", [0, 1, 12])
def test_every_worker_is_counted(dispatcher: Dispatcher, dask_client: FakeDaskClient, count: int) -> None:
    """Also more than the five that Dask names unless it is asked for all."""
    dask_client.workers = {f"tcp://127.0.0.1:{port}": {} for port in range(count)}

    assert dispatcher.worker_count() == count


def test_the_worker_in_which_a_run_hangs_is_given_up(
    dispatcher: Dispatcher, dask_client: FakeDaskClient, lost: list[tuple[str, int, str]]
) -> None:
    """Its runs are told as lost by the cluster then."""
    dask_client.tasks = {"run-r1-a2": "tcp://b"}
    dispatcher.give_up_worker("r1", 2)

    assert dask_client.asked_scheduler == [("give_up_worker", "run-r1-a2")]
    assert lost == []


def test_a_silent_run_that_no_worker_has_is_lost(
    dispatcher: Dispatcher, dask_client: FakeDaskClient, lost: list[tuple[str, int, str]]
) -> None:
    dask_client.tasks = {"run-r1-a1": "tcp://a"}
    dispatcher.give_up_worker("r1", 2)

    assert lost == [("r1", 2, "worker")]


def test_all_workers_are_told_to_go_on(dispatcher: Dispatcher, dask_client: FakeDaskClient) -> None:
    dispatcher.renew_leases()

    ((arguments, options),) = dask_client.runs
    assert arguments == (by_name.call, "server.worker:renew_lease")
    assert options["on_error"] == "ignore"
