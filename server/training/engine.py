"""One run, turn by turn: obey, train a slice, tell.

It knows a spec, a way to emit events, a mailbox of controls and the bench it works on (compiled programs, clock): the
same run trains in a worker among many others, in a terminal and in a test.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Protocol

import numpy as np

from server.datasets.collections import Library, MissingImages
from server.datasets.splits import make_run_data
from server.domain.controls import ControlState
from server.domain.errors import PublicError
from server.domain.spec import RunSpec
from server.domain.status import RunStatus
from server.training.batchwise import Moment
from server.training.build import initial_values
from server.training.checkpoints import Checkpoint
from server.training.compiler import ProgramCache
from server.training.course import Advance, Course
from server.training.early_stopping import EarlyStopping
from server.training.edits import edit_values
from server.training.gradients import GradientWatch
from server.training.opening import has_long_epochs
from server.training.pace import FAST_PATIENCE_S, SLICE_S, TICK_S, Pace
from server.training.preparations import Preparation, Preparations
from server.training.rates import Rates
from server.training.recipe import recipe_of
from server.training.report import Emit, Reporter
from server.training.schedules import rate_share

COMPILING_S = 0.03
"""A run whose program is being compiled looks this often whether it is ready."""

_BEFORE = Moment(0, 0, np.zeros(0, np.float32))
"""Where a run is whose data are still being made."""

NOW = -inf
"""A turn that is wanted as soon as possible."""


class Mailbox(Protocol):
    """Where the newest wish about a run lies."""

    def read(self) -> ControlState:
        """The state the run should be in."""

    def wait(self, version: int, timeout_s: float | None) -> None:
        """Return when the state is newer than `version`, or after the time."""


@dataclass(frozen=True)
class Bench:
    """What the runs of one process share."""

    clock: Callable[[], float]
    programs: ProgramCache = field(default_factory=ProgramCache)
    tick_s: Callable[[], float] = lambda: TICK_S
    """How often each of them may tell what it has done."""

    slice_s: Callable[[], float] = lambda: SLICE_S
    """How long a turn of one of them may be, in seconds."""

    library: Library = field(default_factory=lambda: Library(None))
    """Where the pictures of collections are."""

    preparations: Preparations = field(default_factory=Preparations)


@dataclass(frozen=True)
class Ending:
    """How a run ended, and why."""

    status: RunStatus
    code: str
    reason: str


def train(spec: RunSpec, emit: Emit, mailbox: Mailbox, bench: Bench, most_epochs: int) -> RunStatus:
    """Run a spec, alone, until it is finished, stopped or diverged; returns how it ended.

    Emits the untrained network first, then metrics and frames as they come, and a status at every change.
    """
    training = Training(spec, emit, mailbox, bench, most_epochs)
    while not training.ended:
        due_s = training.due_s()
        now_s = bench.clock()
        if due_s > now_s:
            mailbox.wait(training.version, None if due_s == inf else due_s - now_s)
        training.turn()
    return training.status


class Training:
    """One run in the making. Whoever gives it turns (see carousel.py) also says whether it has a place to train."""

    def __init__(  # noqa: PLR0913 - what a run is made from
        self,
        spec: RunSpec,
        emit: Emit,
        mailbox: Mailbox,
        bench: Bench,
        most_epochs: int,
        start: Checkpoint | None = None,
        told_epoch: int = 0,
    ) -> None:
        self._spec = spec
        self._mailbox = mailbox
        self._bench = bench
        self._start = start
        self._last_epoch = min(spec.epochs or most_epochs, most_epochs)
        self._recipe = recipe_of(spec)
        self._has_long_epochs = has_long_epochs(self._recipe)
        self._report = Reporter(emit, self._recipe, told_epoch)
        self._pace = Pace()
        # What was asked after the checkpoint is still to be obeyed.
        self._controls = mailbox.read().model_copy(update={"version": start.version if start else 0})
        self._course: Course | None = None
        self._preparation: Preparation | None = None
        self._stopping = _stopping_of(spec, start)
        self._best = start.best if start else None
        self._watch: GradientWatch | None = None
        self._granted_at = start.granted if start else 0
        self._place_in_line: int | None = None
        self.ended: Ending | None = None

    @property
    def version(self) -> int:
        """The version of the controls that are applied."""
        return self._controls.version

    @property
    def status(self) -> RunStatus:
        """Where the run is in its life."""
        if self.ended:
            return self.ended.status
        if self._controls.paused:
            return RunStatus.PAUSED
        return RunStatus.RUNNING if self._place_in_line is None else RunStatus.QUEUED

    @property
    def is_over(self) -> bool:
        """Whether the run has ended."""
        return self.ended is not None

    @property
    def wants_place(self) -> bool:
        """Whether the run is asked to train: neither paused nor over."""
        return self.ended is None and not self._mailbox.read().paused

    def due_s(self) -> float:
        """When the next turn is wanted, in seconds of the bench's clock; infinity: not before something is asked."""
        now_s = self._bench.clock()
        if self._course is None and self._preparation and not self._preparation.is_done:
            return now_s + COMPILING_S
        if self._course is None or self._mailbox.read().version != self.version:
            return NOW
        is_behind = self._is_behind(self._course)
        if self._place_in_line is not None or (self._controls.paused and self._owed_steps() == 0 and not is_behind):
            return inf
        if self._course.is_waiting:
            return now_s + COMPILING_S
        if is_behind:
            return NOW
        return NOW if self._controls.paused else self._pace.next_s(now_s, self._bench.tick_s())

    @property
    def patience_s(self) -> float:
        """How long after it is due a turn may come when others want theirs; the first is wanted at once."""
        is_fast = self._course is not None and self._controls.speed is None and not self._controls.paused
        return FAST_PATIENCE_S if is_fast else 0.0

    def turn(self, place_in_line: int | None = None) -> None:
        """Obey, and train for a slice of time at most; sets `ended` at the end.

        `place_in_line`: 1 is next; with one, the run only obeys.
        """
        if self.ended:
            return
        has_moved, self._place_in_line = place_in_line != self._place_in_line, place_in_line
        course, wanted = self._course, self._mailbox.read()
        if course is None and self._is_preparing(wanted):
            return
        if course is None:
            course = self._begin()
        elif wanted.version != self.version:
            self._obey(course, wanted)
        elif has_moved:
            self._pace.restart(wanted.speed, self._bench.clock())
            self._tell_status(course.moment)
        if course:
            self._go_on(course)

    def _go_on(self, course: Course) -> None:
        if self._controls.stop:
            self._end(course, Ending(RunStatus.STOPPED, "stopped_by_user", "The run was stopped."))
        elif course.moment.epoch >= self._last_epoch:
            self._finish(course)
        elif self._place_in_line is None:
            self._work(course)

    def _is_preparing(self, wanted: ControlState) -> bool:
        """Of a run that starts from a base: whether its pictures are still being looked at, or will never be."""
        if self._spec.base is None:
            return False
        if self._preparation is None:
            bench = self._bench
            self._preparation = bench.preparations.begin(self._spec, bench.library, bench.clock)
            self._tell_status(_BEFORE)
        is_done = self._preparation.is_done
        if progress := self._preparation.progress():
            self._report.preparing(self._bench.clock(), progress)
        if is_done:
            return self._has_failed(self._preparation)
        if wanted.stop:
            self._preparation.stop()
            self._end_early(Ending(RunStatus.STOPPED, "stopped_by_user", "The run was stopped before it began."))
        elif wanted.version != self.version:
            self._controls = wanted
            self._granted_at = self._granted_at if wanted.paused else wanted.epochs_granted
            self._tell_status(_BEFORE)
        return True

    def _has_failed(self, preparation: Preparation) -> bool:
        """Whether the data cannot be made for a reason that somebody can do something about."""
        error = preparation.future.exception()
        if isinstance(error, PublicError):
            self._end_early(Ending(RunStatus.FAILED, error.code, error.message))
        return self.ended is not None

    def _end_early(self, ending: Ending) -> None:
        """Where the story stands: a run that was to go on keeps what it has told."""
        self.ended = ending
        told = self._report.told_epoch
        place = Moment(told, told * self._recipe.steps_per_epoch, _BEFORE.values)
        self._tell_status(place, reason=ending.reason, reason_code=ending.code)

    def _begin(self) -> Course | None:
        """Show the untrained network at once; who goes on from a checkpoint first comes to where the story ends.

        None when there are no pictures to learn from: then the run has ended.
        """
        bench, start = self._bench, self._start.moment if self._start else None
        prepared = self._preparation.result() if self._preparation else None
        try:
            run_data = prepared.run_data if prepared else make_run_data(self._spec, bench.library)
        except MissingImages as error:
            self._end_early(Ending(RunStatus.FAILED, error.code, error.message))
            return None
        if prepared and start is None:
            start = Moment(0, 0, initial_values(self._recipe, prepared.base_values))
        course = Course(self._recipe, run_data, bench.programs, bench.clock, start, self._last_epoch)
        self._course = course
        if not self._is_behind(course):
            first = {} if self._start else {"metrics": self._first_metrics(course)}
            self._rejoin(course, **first)
        return course

    def _is_behind(self, course: Course) -> bool:
        """Whether the world has heard of later epochs already."""
        return course.moment.epoch < self._report.told_epoch

    def _rejoin(self, course: Course, **more: object) -> None:
        """From here on the world hears of this run."""
        self._report.rest(self._checkpoint(course))
        self._tell_status(course.moment, **more)
        self._pace.restart(self._controls.speed, self._bench.clock())

    def _catch_up(self, course: Course) -> None:
        """Train again, at once and without a word, what the world has heard of."""
        begun_s, slice_s = self._bench.clock(), self._bench.slice_s()
        while self._is_behind(course) and not course.is_waiting and self._bench.clock() - begun_s < SLICE_S:
            behind = self._report.told_epoch - course.moment.epoch
            self._count_steps(self._take(course, course.advance(behind, self._rates, slice_s)))
            if self.ended:
                return
        if not self._is_behind(course):
            self._rejoin(course)

    def _checkpoint(self, course: Course) -> Checkpoint:
        stopping = self._stopping
        best = (stopping.best, stopping.best_epoch, self._best) if stopping else ()
        return Checkpoint(course.moment, self.version, self._granted_at, *best)

    def abandon(self) -> None:
        """End without a word: somebody else trains this run by now. May be called from any thread."""
        self.ended = Ending(RunStatus.STOPPED, "abandoned", "Nobody asks for this run here any more.")
        if self._preparation is not None:
            self._preparation.stop()

    def _first_metrics(self, course: Course) -> dict[str, float]:
        if not course.can_measure:
            return {}
        return dict(zip(self._recipe.metric_names, course.measure().tolist(), strict=True))

    def _obey(self, course: Course, wanted: ControlState) -> None:
        """Take over a newer wish, and tell that it is applied."""
        before = self._controls
        if _rates_in(wanted) != _rates_in(before):
            self._report.turning_point(self._checkpoint(course))
        self._controls = wanted
        self._edit(course, before.version)
        if wanted.speed != before.speed or wanted.paused != before.paused:
            self._pace.restart(wanted.speed, self._bench.clock())
        if not wanted.paused:
            # Steps that were still owed are forgotten by who presses Run.
            self._granted_at = wanted.epochs_granted
        elif not before.paused:
            self._report.rest(self._checkpoint(course))
        if not wanted.stop:
            self._tell_status(course.moment)
            self._look_at_gradients(course)

    def _look_at_gradients(self, course: Course) -> None:
        """On request, and not too often: tell what the gradients are like."""
        if not self._controls.gradients or self._recipe.tail:
            return
        self._watch = self._watch or GradientWatch(self._recipe, course.train, self._bench.clock)
        if self._watch.is_due():
            rates = self._rates(course.moment.epoch + 1)
            self._report.gradients(course.moment, self._watch.look(course.numpy, course.moment, rates))

    def _edit(self, course: Course, since_version: int) -> None:
        """Set by hand what was asked since that version, and show it."""
        edits = [edit for version, edit in self._controls.edits if version > since_version]
        for edit in edits:
            course.edit(edit_values(self._spec, course.moment.values, edit))
        if edits:
            self._report.rest(self._checkpoint(course))

    def _count_steps(self, ended: int) -> None:
        """Epochs that a paused run has trained are steps that it does not owe any more."""
        if self._controls.paused:
            self._granted_at = min(self._granted_at + ended, self._controls.epochs_granted)

    def _owed_steps(self) -> int:
        return self._controls.epochs_granted - self._granted_at

    def _work(self, course: Course) -> None:
        """Train what is due, for a slice of time at most."""
        if self._is_behind(course):
            self._catch_up(course)
            return
        begun_s, slice_s = self._bench.clock(), self._bench.slice_s()
        due = self._owed_steps() if self._controls.paused else self._pace.due_epochs(begun_s)
        ended = 0
        while not self.ended and not course.is_waiting and self._bench.clock() - begun_s < SLICE_S:
            left = self._last_epoch - course.moment.epoch
            wanted = left if due is None else min(due - ended, left)
            if wanted <= 0:
                break
            ended += self._take(course, course.advance(wanted, self._rates, slice_s))
            if ended and self._has_long_epochs:
                # Its weights are to be kept before the next one changes them.
                break
        self._settle(course, ended)

    def _take(self, course: Course, advance: Advance) -> int:
        """Take over what an advance has brought; the number of epochs that have ended well."""
        first = course.moment.epoch - len(advance.rows) + (2 if advance.diverged else 1)
        rows = advance.rows[: self._rows_until_stop(course, first, advance)]
        self._report.rows(first, rows)
        if advance.diverged and len(rows) == len(advance.rows):
            self._diverge(course)
        elif self._stopping and self._stopping.is_over(course.moment.epoch):
            self._stop_early(course, self._stopping)
        return len(rows)

    def _rows_until_stop(self, course: Course, first: int, advance: Advance) -> int:
        """Rows up to the one at which early stopping ends the run; the course goes back to it."""
        good = len(advance.rows) - advance.diverged
        if self._stopping is None:
            return len(advance.rows)
        column = self._recipe.metric_names.index(self._stopping.spec.metric)
        for row, metric in enumerate(advance.rows[:good, column].tolist()):
            self._stopping.note(first + row, metric)
            if self._stopping.best_epoch == first + row:
                self._best = course.remember(first + row)
            if self._stopping.is_over(first + row):
                course.go_back(course.remember(first + row))
                return row + 1
        return len(advance.rows)

    def _settle(self, course: Course, ended: int) -> None:
        """Tell what was trained: a stepping run at once, a running one with the tick."""
        if self.ended:
            return
        now_s = self._bench.clock()
        if not self._controls.paused:
            self._pace.ran(ended, now_s)
        self._count_steps(ended)
        ends_epoch = bool(ended) and self._has_long_epochs
        self._report.tick(now_s, self._checkpoint(course), self._bench.tick_s(), ends_epoch=ends_epoch)
        self._report.progress(now_s, course.progress)
        self._look_at_gradients(course)
        if self._controls.paused and ended and self._owed_steps() == 0:
            self._report.rest(self._checkpoint(course))
            self._tell_status(course.moment)
        if course.moment.epoch >= self._last_epoch:
            self._finish(course)

    def _rates(self, epoch: int) -> Rates:
        share = rate_share(self._spec.optimizer.schedule, epoch)
        return Rates(self._controls.learning_rate * share, self._controls.l1, self._controls.l2)

    def _finish(self, course: Course) -> None:
        self._end(course, Ending(RunStatus.FINISHED, "epochs_reached", f"All {self._last_epoch} epochs are done."))

    def _stop_early(self, course: Course, stopping: EarlyStopping) -> None:
        epoch, metric = course.moment.epoch, stopping.spec.metric
        kept = f" The weights of epoch {stopping.best_epoch} are back." if stopping.spec.restore_best else ""
        self._end(
            course,
            Ending(
                RunStatus.FINISHED,
                "early_stopped",
                f"Stopped at epoch {epoch}: {metric} was best in epoch {stopping.best_epoch}, and "
                f"{stopping.spec.patience} epochs brought nothing better.{kept}",
            ),
        )

    def _restore_best(self, course: Course) -> None:
        """The weights of the best epoch are shown and kept; the run has still come as far as it has come."""
        if self._stopping and self._stopping.spec.restore_best and self._best:
            course.go_back(self._best)

    def _diverge(self, course: Course) -> None:
        rate = f"{self._controls.learning_rate:g}"
        self._end(
            course,
            Ending(
                RunStatus.FAILED,
                "diverged",
                f"The numbers grew beyond all bounds in epoch {course.moment.epoch + 1}: with the learning rate "
                f"{rate} each step overshoots further than the last. The weights of the epoch before are kept. "
                "Choose a smaller learning rate, for example a tenth of it, and start again.",
            ),
        )

    def _end(self, course: Course, ending: Ending) -> None:
        self.ended, reached = ending, course.moment
        self._report.told_epoch = 0
        if ending.status == RunStatus.FINISHED:
            self._restore_best(course)
        self._report.rest(self._checkpoint(course))
        self._tell_status(reached, reason=ending.reason, reason_code=ending.code)

    def _tell_status(self, moment: Moment, **more: object) -> None:
        self._report.status(self.status, moment, self._controls, position=self._place_in_line, **more)


def _rates_in(controls: ControlState) -> tuple[float, float, float]:
    return controls.learning_rate, controls.l1, controls.l2


def _stopping_of(spec: RunSpec, start: Checkpoint | None) -> EarlyStopping | None:
    if spec.early_stopping is None:
        return None
    return EarlyStopping(spec.early_stopping, *((start.best_metric, start.best_epoch) if start else ()))
