"""Training on many pictures: never all of them as numbers at once, augmented alike, and telling how far it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from server.datasets.collections import Library, PictureRows
from server.datasets.splits import RunData, Split, as_inputs, make_run_data
from server.domain import estimate
from server.domain.spec import RunSpec
from server.training.batchwise import BatchTrainer, Moment, SeededProgram, Tempo, UnfinishedEpoch
from server.training.build import initial_values
from server.training.engine import Bench, Training, train
from server.training.numpy_trainer import NumpyTrainer
from server.training.pace import LONE_SLICE_S, SLICE_S
from server.training.programs import BatchProgram
from server.training.rates import Rates
from server.training.recipe import Recipe, recipe_of
from server.training.report import PROGRESS_S
from tests.builders import make_controls, make_spec
from tests.fakes import FakeClock
from tests.picture_sets import write_collection
from tests.stories import BENCH, Script, Story

FLAT = [{"kind": "flatten"}, {"units": 120, "activation": "relu"}]
CONVOLUTION = [{"kind": "conv2d", "filters": 4}, {"kind": "flatten"}]
MNIST = {"name": "mnist", "samples": 3000, "train_fraction": 0.8}
WISH = {"shift": 0.1, "rotate": 10.0, "flip": True, "noise": 0.05}
RATES = Rates(0.1, 0.0, 0.0)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return write_collection(tmp_path, "mnist", (28, 28, 1), train=3000, test=0)


def _spec(**changes: Any) -> RunSpec:
    return make_spec(**{"dataset": MNIST, "layers": FLAT, "batch_size": 30, "epochs": 2, **changes})


def _bench(library: Library) -> Bench:
    return Bench(BENCH.clock, BENCH.programs, library=library)


def _run(spec: RunSpec, bench: Bench) -> Story:
    story = Story()
    train(spec, story.emit, Script(make_controls(spec)), bench, 100)
    return story


def _trainer(recipe: Recipe) -> NumpyTrainer:
    return NumpyTrainer(recipe.spec, recipe.plans, recipe.batch_size)


@dataclass
class SlowTrainer:
    """A trainer whose batches take time by a clock."""

    trainer: BatchTrainer
    clock: FakeClock
    batch_s: float
    rows: list[int] = field(default_factory=list)

    def train(self, values: Any, features: Any, labels: Any, step: int, rates: Rates, tally: Any) -> Any:
        """See BatchTrainer."""
        self.rows.append(len(features))
        self.clock.advance(self.batch_s * len(features) / 30)
        return self.trainer.train(values, features, labels, step, rates, tally)

    def measure(self, values: Any, features: Any, labels: Any) -> tuple[float, float]:
        """See BatchTrainer."""
        self.clock.advance(self.batch_s)
        return self.trainer.measure(values, features, labels)


def _epoch(
    spec: RunSpec, library: Library, batch_s: float, look: Callable[[UnfinishedEpoch], None] = lambda epoch: None
) -> UnfinishedEpoch:
    """The first epoch of a spec, in slices that depend on how long a batch takes."""
    recipe, clock = recipe_of(spec), FakeClock()
    trainer = SlowTrainer(_trainer(recipe), clock, batch_s)
    start = Moment(0, 0, initial_values(recipe))
    epoch = UnfinishedEpoch(recipe, make_run_data(spec, library), start, Tempo())
    while epoch.advance(trainer, RATES, clock) is None:
        look(epoch)
    return epoch


def test_a_collection_gives_the_same_bits_as_its_pictures_in_memory(library: Library) -> None:
    spec = _spec()
    recipe, run_data = recipe_of(spec), make_run_data(spec, library)
    loaded = RunData(*(Split(as_inputs(share.features[:]), share.labels) for share in (run_data.train, run_data.val)))
    assert isinstance(run_data.train.features, PictureRows)

    rows = []
    for data in (run_data, loaded):
        epoch = UnfinishedEpoch(recipe, data, Moment(0, 0, initial_values(recipe)), Tempo())
        row = None
        while row is None:
            row = epoch.advance(_trainer(recipe), RATES, BENCH.clock)
        rows.append(row)
    np.testing.assert_array_equal(*rows)


def test_a_run_on_a_collection_learns_and_asks_for_few_pictures_at_a_time(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimate, "MOST_CHUNK_SAMPLES", 250)
    spec = _spec(epochs=3, optimizer={"name": "adam", "learning_rate": 0.003})
    asked: list[int] = []
    read = PictureRows.__getitem__

    def counted(self: PictureRows, chosen: Any) -> Any:
        rows = read(self, chosen)
        asked.append(len(rows))
        return rows

    monkeypatch.setattr(PictureRows, "__getitem__", counted)
    story = _run(spec, _bench(library))

    assert story.columns["val_accuracy"][-1] > 0.9
    # Both shares are measured in chunks; how many rows a slice trains on depends on the machine.
    assert asked.count(250) >= 3 * (2400 // 250 + 600 // 250)


@pytest.mark.parametrize(
    "layers", [FLAT, [{"kind": "conv2d", "filters": 4}, {"kind": "flatten"}]], ids=["dense", "conv"]
)
def test_augmented_runs_repeat_themselves_and_measure_the_pictures_as_they_are(
    library: Library, layers: list[dict[str, Any]]
) -> None:
    dataset = MNIST | {"samples": 300}
    wished = _spec(dataset=dataset, layers=layers, augmentation=WISH)
    first, second = _run(wished, _bench(library)), _run(wished, _bench(library))
    plain = _run(_spec(dataset=dataset, layers=layers), _bench(library))

    assert first.columns == second.columns
    assert np.array_equal(first.last_weights, second.last_weights)
    assert not np.array_equal(first.last_weights, plain.last_weights)
    still = {"optimizer": {"name": "sgd", "learning_rate": 0.0}, "dataset": dataset, "layers": layers}
    unmoved = [_run(_spec(**still, **more), _bench(library)).columns for more in ({}, {"augmentation": WISH})]
    assert unmoved[0]["loss"] == unmoved[1]["loss"]


def test_however_the_slices_fall_the_changes_are_the_same(library: Library) -> None:
    spec = _spec(augmentation=WISH, dataset=MNIST | {"samples": 350})
    values = [_epoch(spec, library, batch_s).values for batch_s in (1e-4, 0.008, 1.0)]

    np.testing.assert_array_equal(values[0], values[1])
    np.testing.assert_array_equal(values[0], values[2])


@pytest.mark.parametrize(
    ("batch_s", "most_s", "batches"),
    [
        pytest.param(0.0011, LONE_SLICE_S, 22, id="small ones show themselves as often as ever"),
        pytest.param(0.011, LONE_SLICE_S, 8, id="large ones go in together when nobody waits"),
        pytest.param(0.03, LONE_SLICE_S, 4, id="but no longer than a lone turn"),
        pytest.param(0.011, SLICE_S, 2, id="two when somebody does"),
    ],
)
def test_a_call_takes_as_many_batches_as_its_turn_has_room_for(
    library: Library, batch_s: float, most_s: float, batches: int
) -> None:
    spec = _spec()
    recipe, clock = recipe_of(spec), FakeClock()
    trainer = SlowTrainer(_trainer(recipe), clock, batch_s)
    epoch = UnfinishedEpoch(recipe, make_run_data(spec, library), Moment(0, 0, initial_values(recipe)), Tempo())
    for _ in range(3):
        epoch.advance(trainer, RATES, clock, most_s)

    assert trainer.rows[0] == recipe.batch_size
    assert max(trainer.rows) == batches * recipe.batch_size


def test_an_augmented_epoch_goes_on_from_its_middle_with_the_same_numbers(library: Library) -> None:
    spec = _spec(augmentation=WISH, dataset=MNIST | {"samples": 350})
    recipe, moments = recipe_of(spec), []
    whole = _epoch(spec, library, 0.03, lambda epoch: moments.append(epoch.moment))
    middle = moments[4]
    assert 0 < middle.step < recipe.steps_per_epoch

    epoch, clock = UnfinishedEpoch(recipe, make_run_data(spec, library), middle, Tempo()), FakeClock()
    while epoch.advance(_trainer(recipe), RATES, clock) is None:
        pass
    np.testing.assert_array_equal(epoch.values, whole.values)


def test_a_long_epoch_knows_its_batches_their_means_and_what_is_left(library: Library) -> None:
    progress: list[Any] = []
    spec = _spec()
    _epoch(spec, library, 0.05, lambda epoch: progress.append(epoch.progress))
    training = [each for each in progress if each.phase == "training"]
    measuring = [each for each in progress if each.phase == "measuring"]

    assert [each.batch for each in training] == list(range(1, 80))
    assert {each.batches for each in progress} == {80}
    assert {each.epoch for each in progress} == {1}
    assert training[0].loss > training[-1].loss
    assert training[-1].accuracy > training[0].accuracy
    # A batch takes 0.05 s; measuring is guessed as a third of the training and half as much again for the test share.
    assert training[39].remaining_s == pytest.approx(40 * 0.05 + 80 * 0.05 / 3 * 1.25)
    assert training[39].elapsed_s == pytest.approx(40 * 0.05)
    assert [each.batch for each in measuring] == [80] * len(measuring)
    assert measuring[-1].remaining_s == pytest.approx(0.05)


@pytest.mark.parametrize("is_compiled", [False, True])
def test_the_loss_of_the_batches_is_that_before_each_update(library: Library, is_compiled: bool) -> None:
    """With a learning rate of zero all batches see the untrained network, as measuring does."""
    spec = _spec(dataset=MNIST | {"samples": 2990})
    recipe, run_data, clock = recipe_of(spec), make_run_data(spec, library), FakeClock()
    trainer: BatchTrainer = SeededProgram(BatchProgram(recipe), 0) if is_compiled else _trainer(recipe)
    epoch = UnfinishedEpoch(recipe, run_data, Moment(0, 0, initial_values(recipe)), Tempo())
    row = progress = None
    while row is None:
        row = epoch.advance(SlowTrainer(trainer, clock, 0.1), Rates(0.0, 0.0, 0.0), clock)
        progress = epoch.progress

    assert progress is not None
    assert progress.loss == pytest.approx(row[0], rel=1e-4)
    assert progress.accuracy == pytest.approx(row[2], abs=1e-6)


def test_progress_is_told_four_times_a_second_and_the_end_of_each_epoch_is_kept(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = _spec(epochs=3)
    clock, story = FakeClock(), Story()
    train_rows = NumpyTrainer.train

    def train_slowly(self: NumpyTrainer, values: Any, features: Any, *more: Any) -> Any:
        clock.advance(0.04 * len(features) / 30)
        return train_rows(self, values, features, *more)

    monkeypatch.setattr(NumpyTrainer, "train", train_slowly)
    training = Training(spec, story.emit, Script(make_controls(spec)), Bench(clock, library=library), 100)
    told_s: list[float] = []
    while not training.is_over:
        count = len(story.of("progress"))
        training.turn()
        told_s += [clock()] * (len(story.of("progress")) - count)
        clock.advance(max(training.due_s() - clock(), 0))

    assert len(told_s) > 30
    assert min(np.diff(told_s)) >= PROGRESS_S
    ends = [payload for payload in story.of("checkpoint") if not payload["is_partial"]]
    assert [payload["epoch"] for payload in ends] == [0, 1, 2, 3, 3]
    assert [payload["step"] for payload in ends] == [80 * payload["epoch"] for payload in ends]


def test_a_short_epoch_tells_no_progress() -> None:
    assert _run(make_spec(epochs=30), BENCH).of("progress") == []


@pytest.mark.parametrize("samples", [300, 3000])
def test_a_run_without_its_pictures_fails_and_says_what_to_do(tmp_path: Path, samples: int) -> None:
    spec = _spec(dataset=MNIST | {"samples": samples})
    story = _run(spec, _bench(Library(tmp_path)))

    (status,) = story.of("status")
    assert (status["status"], status["reason_code"]) == ("failed", "images_missing")
    assert "mnist" in status["reason"]


def test_a_run_that_cannot_go_on_stays_where_its_story_ends(tmp_path: Path) -> None:
    story, spec = Story(), _spec()
    mailbox = Script(make_controls(spec))
    Training(spec, story.emit, mailbox, _bench(Library(tmp_path)), 10, told_epoch=4).turn()

    (status,) = story.of("status")
    assert (status["status"], status["epoch"]) == ("failed", 4)
