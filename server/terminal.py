"""Train a specification in a terminal: the same engine, a progress bar instead of a page."""

import json
import os
import secrets
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any, TextIO

from server.domain import limits
from server.domain.controls import ControlRequest, ControlState, apply_control, initial_controls
from server.domain.errors import InvalidSpec
from server.domain.events import Columns, EventKind, Payload, join_columns
from server.domain.spec import RunSpec
from server.domain.validation import parse_run_spec
from server.native_log import native_log_held
from server.processor import prepare_processor

DEFAULT_EPOCHS = 300
"""Epochs when neither the command nor the specification names a number."""

_BAR_WIDTH = 30


class CannotTrain(Exception):
    """The input cannot be used; the sentence says why."""


def train_in_terminal(spec_path: Path, epochs: int | None, out_dir: Path, progress: TextIO) -> None:
    """Train and write `history.csv`, `model.keras` and `tfjs/` to `out_dir`, whole or not at all.

    Ctrl-C ends the training early and still writes. Raises CannotTrain.
    """
    spec = _read_spec(spec_path, epochs)
    _check_out_dir(out_dir)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    prepare_processor()
    print("Loading TensorFlow ...", file=progress, flush=True)
    story = _Story(spec, progress)
    with native_log_held():
        from server import worker
        from server.training.engine import Bench, train
        from server.training.programs import wake_compiler

        wake_compiler()
    with _interrupt_stops(story):
        train(spec, story.tell, story, Bench(time.monotonic), limits.MAX_EPOCHS)
    files = worker.run_export("terminal", spec.model_dump(mode="json"), story.moment)
    _write_whole(out_dir, {"history.csv": story.history_csv().encode(), **files})
    print(f"\n{story.ending} Written to {out_dir}.", file=progress)


class _Story:
    """Hears the engine: keeps the columns and the last weights, draws the bar. Also the engine's mailbox."""

    def __init__(self, spec: RunSpec, progress: TextIO) -> None:
        self._controls = initial_controls(spec, paused=False, speed=None)
        self._changed = Event()
        self._columns: list[Columns] = []
        self._progress = progress
        self._epochs = spec.epochs or DEFAULT_EPOCHS
        self.moment: Payload = {}
        self.ending = ""

    def tell(self, kind: EventKind, payload: Payload) -> None:
        """Take an event of the engine."""
        if kind == "metrics":
            self._columns.append(payload)
            self._draw(payload)
        elif kind == "checkpoint":
            self.moment = payload
        elif kind == "status" and payload["reason"]:
            self.ending = payload["reason"]

    def read(self) -> ControlState:
        """The state the run should be in."""
        return self._controls

    def wait(self, version: int, timeout_s: float | None) -> None:
        """Return when the state changed, or after the time."""
        self._changed.wait(timeout_s)

    def stop(self) -> None:
        """Ask the run to end."""
        self._controls = apply_control(self._controls, ControlRequest(action="stop"))
        self._changed.set()

    def history_csv(self) -> str:
        """All metrics, a row per epoch; an empty field where there was no number."""
        columns = join_columns(self._columns)
        lines = [list(columns), *map(list, zip(*columns.values(), strict=True))]
        return "".join(",".join("" if cell is None else str(cell) for cell in line) + "\n" for line in lines)

    def _draw(self, columns: dict[str, Any]) -> None:
        epoch = columns["epoch"][-1]
        done = min(epoch * _BAR_WIDTH // self._epochs, _BAR_WIDTH)
        bar = "#" * done + "." * (_BAR_WIDTH - done)
        numbers = "  ".join(
            f"{name} {column[-1]:.4f}"
            for name, column in columns.items()
            if name not in ("epoch", "step") and column[-1] is not None
        )
        print(f"\r[{bar}] epoch {epoch}/{self._epochs}  {numbers}", end="", file=self._progress, flush=True)


def _read_spec(path: Path, epochs: int | None) -> RunSpec:
    try:
        raw_spec = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CannotTrain(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CannotTrain(f"{path} is not valid JSON: {error}.") from error
    if isinstance(raw_spec, dict):
        raw_spec["epochs"] = epochs or raw_spec.get("epochs") or DEFAULT_EPOCHS
    try:
        return parse_run_spec(raw_spec)
    except InvalidSpec as error:
        sentences = "\n".join(f"  {problem.message}" for problem in error.problems)
        raise CannotTrain(f"{path} cannot be used:\n{sentences}") from error


def _check_out_dir(out_dir: Path) -> None:
    if out_dir.exists() and (not out_dir.is_dir() or any(out_dir.iterdir())):
        raise CannotTrain(f"{out_dir} exists already and is not an empty folder. Choose another one with --out.")
    try:
        out_dir.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotTrain(f"{out_dir} cannot be made: {error.strerror}.") from error


def _write_whole(out_dir: Path, files: dict[str, bytes]) -> None:
    """Write beside, then rename: a failure leaves no half of a result."""
    beside = out_dir.with_name(f".{out_dir.name}.{secrets.token_hex(4)}")
    try:
        for name, content in files.items():
            target = beside / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        beside.replace(out_dir)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise CannotTrain(f"{out_dir} cannot be written: {error.strerror}.") from error


@contextmanager
def _interrupt_stops(story: _Story) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        story.stop()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
