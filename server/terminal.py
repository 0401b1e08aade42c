"""Train a specification in a terminal: the same engine, a progress bar instead of a page."""

import json
import os
import secrets
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import SubprocessError
from threading import Event
from types import FrameType
from typing import Any, TextIO

from server.datasets.bases import Bases, MissingBase
from server.datasets.collections import Library, complete_spec, find_image_problems
from server.domain import limits
from server.domain.controls import ControlRequest, ControlState, apply_control, initial_controls
from server.domain.errors import InvalidSpec
from server.domain.events import Columns, EventKind, Payload, join_columns
from server.domain.mobilenet import base_file_name
from server.domain.spec import RunSpec
from server.domain.validation import parse_run_spec
from server.native_log import native_log_held
from server.processor import prepare_processor
from server.services.bases import OUT_OF_REACH, fetch_in_process

DEFAULT_EPOCHS = 300
"""Epochs when neither the command nor the specification names a number."""

_BAR_WIDTH = 30


class CannotTrain(Exception):
    """The input cannot be used; the sentence says why."""


def train_in_terminal(
    spec_path: Path, epochs: int | None, out_dir: Path, progress: TextIO, images_dir: Path | None = None
) -> None:
    """Train and write `history.csv`, `model.keras` and `tfjs/` to `out_dir`, whole or not at all.

    `images_dir` is where collections of pictures lie, and the networks that can be started from. Ctrl-C ends the
    training early and still writes. Raises CannotTrain.
    """
    library = Library(images_dir)
    spec = _read_spec(spec_path, epochs, library)
    _check_out_dir(out_dir)
    _get_base(spec, Bases(images_dir), progress)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    prepare_processor()
    print("Loading TensorFlow ...", file=progress, flush=True)
    story = TerminalStory(spec, progress)
    with native_log_held():
        from server import worker
        from server.training.engine import Bench, train
        from server.training.pace import slice_s
        from server.training.programs import wake_compiler

        wake_compiler()
    with _interrupt_stops(story):
        train(
            spec,
            story.tell,
            story,
            Bench(time.monotonic, slice_s=lambda: slice_s(1), library=library),
            limits.MAX_EPOCHS,
        )
    if not story.moment:
        raise CannotTrain(story.ending)
    base_of = [str(images_dir)] if spec.base else []
    files = worker.run_export("terminal", spec.model_dump(mode="json"), story.moment, *base_of)
    _write_whole(out_dir, {"history.csv": story.history_csv().encode(), **files})
    print(f"\n{story.ending} Written to {out_dir}.", file=progress)


class TerminalStory:
    """Hears the engine: keeps the columns and the last weights, draws the bar. Also the engine's mailbox."""

    def __init__(self, spec: RunSpec, progress: TextIO) -> None:
        self._controls = initial_controls(spec, paused=False, speed=None)
        self._changed = Event()
        self._columns: list[Columns] = []
        self._progress = progress
        self._epochs = spec.epochs or DEFAULT_EPOCHS
        self._width = 0
        self.moment: Payload = {}
        self.ending = ""

    def tell(self, kind: EventKind, payload: Payload) -> None:
        """Take an event of the engine."""
        if kind == "metrics":
            self._columns.append(payload)
            self._draw(payload)
        elif kind == "checkpoint":
            self.moment = payload
        elif kind == "progress":
            self._draw_within(payload)
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
        newest = {name: column[-1] for name, column in columns.items() if name not in ("epoch", "step")}
        self._draw_line(epoch, epoch, _told(newest))

    def _draw_within(self, progress: Payload) -> None:
        """How far an epoch is that takes long, and how long it will take to its end."""
        batch, batches, left_s = progress["batch"], progress["batches"], progress["remaining_s"]
        if progress["phase"] == "embedding":
            self._draw_text(f"MobileNetV2 looks at the pictures: {batch}/{batches}, {_duration(left_s)} left")
            return
        done = progress["epoch"] - 1 + batch / batches
        now = "measuring" if progress["phase"] == "measuring" else f"batch {batch}/{batches}"
        numbers = _told({name: progress[name] for name in ("loss", "accuracy")})
        self._draw_line(progress["epoch"], done, f"{now}  {_duration(left_s)} left  {numbers}")

    def _draw_line(self, epoch: int, done: float, more: str) -> None:
        filled = min(int(done * _BAR_WIDTH / self._epochs), _BAR_WIDTH)
        bar = "#" * filled + "." * (_BAR_WIDTH - filled)
        self._draw_text(f"[{bar}] epoch {epoch}/{self._epochs}  {more}")

    def _draw_text(self, text: str) -> None:
        """In place of the last one, which may have been longer."""
        print(f"\r{text:<{self._width}}", end="", file=self._progress, flush=True)
        self._width = len(text)


def _told(numbers: Mapping[str, float | None]) -> str:
    return "  ".join(f"{name} {number:.4f}" for name, number in numbers.items() if number is not None)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _read_spec(path: Path, epochs: int | None, library: Library) -> RunSpec:
    try:
        raw_spec = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CannotTrain(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CannotTrain(f"{path} is not valid JSON: {error}.") from error
    if isinstance(raw_spec, dict):
        raw_spec["epochs"] = epochs or raw_spec.get("epochs") or DEFAULT_EPOCHS
    try:
        spec = parse_run_spec(complete_spec(raw_spec, library))
        if problems := find_image_problems(spec, library):
            raise InvalidSpec(problems)
        return spec
    except InvalidSpec as error:
        sentences = "\n".join(f"  {problem.message}" for problem in error.problems)
        raise CannotTrain(f"{path} cannot be used:\n{sentences}") from error


def _get_base(spec: RunSpec, bases: Bases, progress: TextIO) -> None:
    """Fetch the network a run starts from, if it is not there."""
    if spec.base is None or bases.find(spec.base):
        return
    if bases.folder is not None:
        print("Fetching the weights of MobileNetV2 ...", file=progress, flush=True)
        with suppress(SubprocessError):
            fetch_in_process(spec.base, bases.folder / base_file_name(spec.base))
    if bases.find(spec.base) is None:
        raise CannotTrain(MissingBase(spec.base, bases.folder, OUT_OF_REACH).message)


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
def _interrupt_stops(story: TerminalStory) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        story.stop()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
