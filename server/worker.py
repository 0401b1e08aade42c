"""The front door of a worker process: trains runs and makes exports. It never loads the web.

`server.preload` begins it before the worker counts as ready, so TensorFlow is there before it is needed.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

from server.datasets.bases import Bases
from server.datasets.collections import Library
from server.domain.controls import ControlState, initial_controls
from server.domain.events import EventKind, Payload, RunEvent
from server.domain.spec import RunSpec
from server.domain.training_task import TrainingTask, task_from
from server.exports.deployment import deployment_files
from server.exports.keras_file import keras_file
from server.exports.tfjs import tfjs_files
from server.scheduling.controls import Mailboxes, RunMailbox
from server.scheduling.lease import Lease, LeaseLost
from server.scheduling.outbox import Outbox, sender_of
from server.training.carousel import Carousel
from server.training.checkpoints import checkpoint_from
from server.training.engine import Bench, Training, train
from server.training.frames import decode_weights
from server.training.pace import slice_s, tick_s
from server.training.programs import EpochProgram
from server.training.recipe import recipe_of
from server.training.trained import trained_model

_carousel = Carousel(time.monotonic, places=1)
_bench = Bench(time.monotonic, tick_s=lambda: tick_s(_carousel.training), slice_s=lambda: slice_s(_carousel.training))
_mailboxes = Mailboxes()
_lease = Lease(time.monotonic)
_outbox: Outbox | None = None

PULSE_S = 2.0
"""How often a worker tells that its runs are alive."""

LONGEST_TURN_S = 5.0
"""A turn that takes longer hangs: then the worker keeps silent, and the web process notices."""


def begin(worker: Any) -> None:
    """Connect to the Dask worker of this process, and get warm."""
    global _outbox  # noqa: PLW0603 - one outbox per process, known only once the worker exists
    _outbox = Outbox(sender_of(worker))
    warm_up()
    _carousel.start()
    Thread(target=_pulse_for_ever, name="pulse", daemon=True).start()


def warm_up() -> None:
    """Compile the default network and export it once, so that the first click waits for neither."""
    spec = RunSpec()
    _bench.programs.get(recipe_of(spec), EpochProgram).result()
    controls = initial_controls(spec, paused=False, speed=None)
    moments: list[Payload] = []

    def remember(kind: EventKind, payload: Payload) -> None:
        if kind == "checkpoint":
            moments.append(payload)

    train(spec, remember, RunMailbox(controls), _bench, most_epochs=2)
    run_export("warm-up", spec.model_dump(mode="json"), moments[-1])


async def run_training(raw_task: Payload) -> str:
    """Train one run to its end, among the others; its events leave through the outbox. Returns the final status.

    Raises LeaseLost when nobody asks for it any more.
    """
    task = task_from(raw_task)
    _lease.renew()
    _carousel.places = task.limits["places"]
    address = (task.run_id, task.attempt)
    # Controls are delivered on the event loop of this very coroutine, so the seat is there before the first one.
    mailbox = _mailboxes.open(address, task.controls, lambda: _carousel.wake(seat))
    loop, left = asyncio.get_running_loop(), asyncio.Event()
    errors: list[Exception] = []

    def leave(error: Exception | None) -> None:
        errors.extend([error] if error else [])
        loop.call_soon_threadsafe(left.set)

    try:
        training = _training_of(task, mailbox)
        seat = _carousel.enter(training, leave)
        while not await _has_left(left):
            if _lease.is_over:
                training.abandon()
                _carousel.wake(seat)
                raise LeaseLost(f"Nobody has asked for run {task.run_id} for a long time.")
    finally:
        _mailboxes.close(address)
    if errors:
        raise errors[0]
    return training.status.value


async def _has_left(left: asyncio.Event) -> bool:
    """Whether the run is over by now; looks at the lease in between."""
    try:
        await asyncio.wait_for(left.wait(), PULSE_S)
    except asyncio.TimeoutError:
        return False
    return True


def _training_of(task: TrainingTask, mailbox: RunMailbox) -> Training:
    start = checkpoint_from(task.checkpoint) if task.checkpoint else None
    emit = _emitter(task.run_id, task.attempt)
    bench = replace(_bench, library=Library(Path(task.images_dir) if task.images_dir else None))
    return Training(task.spec, emit, mailbox, bench, task.limits["most_epochs"], start, task.told_epoch)


def deliver_controls(run_id: str, attempt: int, raw_controls: dict[str, Any]) -> bool:
    """Hand the wished state to a run; False when that attempt does not live in this process."""
    return _mailboxes.deliver((run_id, attempt), ControlState.model_validate(raw_controls))


def renew_lease() -> None:
    """The web process is there, and wants what is trained here."""
    _lease.renew()


def run_export(
    run_id: str, raw_spec: dict[str, Any], moment: Payload, images_dir: str | None = None
) -> dict[str, bytes]:
    """Files to take home (`model.keras`, `tfjs/...`) of a spec with the weights of one moment.

    `images_dir` is where the base lies that a network starts from.
    """
    bases = Bases(Path(images_dir) if images_dir else None)
    model = trained_model(RunSpec.model_validate(raw_spec), decode_weights(moment["weights"]), bases)
    about = {"run_id": run_id} | {name: moment[name] for name in ("epoch", "step", "class_names") if name in moment}
    tfjs = {f"tfjs/{name}": content for name, content in tfjs_files(model, about).items()}
    return {"model.keras": keras_file(model), **tfjs}


def run_deployment(keras_file: bytes) -> dict[str, bytes]:
    """The formats that take seconds (`model.tflite`, `saved_model/...`) of a run's `model.keras`."""
    return deployment_files(keras_file)


def _pulse_for_ever() -> None:
    while True:
        time.sleep(PULSE_S)
        if _carousel.turning_s() < LONGEST_TURN_S:
            for (run_id, attempt), version in _mailboxes.versions().items():
                _emitter(run_id, attempt)("pulse", {"version": version})


def _emitter(run_id: str, attempt: int) -> Callable[[EventKind, Payload], None]:
    outbox = _outbox
    if outbox is None:
        raise RuntimeError("This process is not a worker: `begin` has not been called.")

    def emit(kind: EventKind, payload: Payload) -> None:
        outbox.emit(RunEvent(run_id, kind, payload, attempt))

    return emit
