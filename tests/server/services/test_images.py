"""What can be done with pictures: quotas, states, expiry; a stand-in for the child process writes what it should."""

import io
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from server.collecting.job import Job
from server.collecting.limits import MAX_UPLOAD_BYTES
from server.collecting.refusals import UnusableImages
from server.collecting.writing import CollectionWriter, Place
from server.config import Settings
from server.datasets.collections import Collection
from server.domain.errors import (
    InvalidInput,
    MalformedRequest,
    NotAllowed,
    NotFound,
    PublicError,
    StorageFull,
    TooLarge,
)
from server.services.images import ImageService, Wishes, open_images, parse_wishes
from server.services.preparing import Maker
from server.storage.collections import CollectionFolders
from tests.waiting import wait_until

AUTO = Wishes(None, "auto")
NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


@dataclass
class FakeChild:
    """Writes a collection of two classes at once, or fails as it is told to."""

    job: Job
    error: PublicError | None = None

    def run(self, tell: Callable[[float], None]) -> None:
        """Do it."""
        if self.error is not None:
            raise self.error
        tell(0.0)
        shape = (8, 8, 1)
        with CollectionWriter(Place(self.job.folder, self.job.beside), shape) as writer:
            writer.add(np.zeros((30, *shape), np.uint8), [0] * 10 + [1] * 20)
            writer.finish(
                Collection(self.job.name, shape, ("cats", "dogs"), 20, 10), {"problems": [], "problem_count": 0}
            )

    def stop(self) -> None:
        """It is quick enough."""


@dataclass
class Bench:
    """A service over a folder of the test."""

    settings: Settings
    free: int = 10**12
    error: PublicError | None = None
    now: datetime = NOW
    jobs: list[Job] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folders = CollectionFolders(self.settings.images_dir)
        self.folders.free_bytes = lambda: self.free  # type: ignore[method-assign]
        self.folders.prepare(self.now)
        self.service = ImageService(self.settings, self.folders, self._make, lambda: self.now)

    def _make(self, job: Job) -> FakeChild:
        self.jobs.append(job)
        return FakeChild(job, self.error)

    def bring(self, size: int = 1000, wishes: Wishes = AUTO) -> str:
        """Send an archive; returns when it is a collection."""
        name = self.service.receive(io.BytesIO(bytes(size)), size, wishes)
        wait_until(lambda: self.service.read(name)["state"] != "preparing")
        return name

    def files(self) -> list[str]:
        """All files in the folder of pictures."""
        return sorted(path.name for path in self.settings.images_dir.rglob("*") if path.is_file())


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """An empty one."""
    return Bench(Settings(data_dir=tmp_path))


def test_own_pictures_come_in_and_are_told_about(bench: Bench) -> None:
    name = bench.bring(wishes=Wishes(32, "grey"))
    told = bench.service.read(name)

    assert (bench.jobs[0].kind, bench.jobs[0].side, bench.jobs[0].colour) == ("sent", 32, "grey")
    assert told["state"] == "ready"
    assert told["shape"] == [8, 8, 1]
    assert told["classes"] == [{"name": "cats", "count": 10}, {"name": "dogs", "count": 20}]
    assert told["given"] == {"train": 20, "test": 10}
    assert told["problems"] == []
    assert datetime.fromisoformat(told["expires"]) - NOW > timedelta(days=29)
    wait_until(lambda: bench.files() == ["collection.json", "labels.npy", "pictures.npy"])


def test_the_name_of_own_pictures_cannot_be_guessed(bench: Bench) -> None:
    names = {bench.bring() for _ in range(3)}

    assert len(names) == 3
    assert all(len(name) == 20 and set(name) <= set("0123456789abcdef") for name in names)


def test_of_deleted_pictures_nothing_stays(bench: Bench) -> None:
    name = bench.bring()
    bench.service.delete(name)

    assert bench.files() == []
    for act in (bench.service.read, bench.service.delete):
        with pytest.raises(NotFound):
            act(name)


def test_an_archive_that_cannot_be_used_is_refused_at_once_and_leaves_nothing(bench: Bench) -> None:
    bench.error = UnusableImages("This is no zip file.", "not_a_zip")
    with pytest.raises(UnusableImages, match="no zip file"):
        bench.service.receive(io.BytesIO(b"x"), 1, AUTO)
    assert bench.files() == []


@pytest.mark.parametrize("declared", [None, 0])
def test_without_a_file_there_is_nothing_to_take_in(bench: Bench, declared: int | None) -> None:
    with pytest.raises(MalformedRequest, match="No file came"):
        bench.service.receive(io.BytesIO(), declared, AUTO)


def test_a_file_that_was_cut_off_on_its_way_leaves_nothing(bench: Bench) -> None:
    with pytest.raises(MalformedRequest, match="cut off"):
        bench.service.receive(io.BytesIO(b"x" * 10), 100, AUTO)
    assert bench.files() == []
    assert bench.jobs == []


def test_a_file_that_is_announced_as_too_large_is_not_read(bench: Bench) -> None:
    stream = io.BytesIO(b"x")
    with pytest.raises(TooLarge, match="at most 200 MB"):
        bench.service.receive(stream, MAX_UPLOAD_BYTES + 1, AUTO)
    assert stream.tell() == 0


def test_all_pictures_together_have_a_limit(tmp_path: Path) -> None:
    bench = Bench(Settings(data_dir=tmp_path, most_images_mb=0.01))
    name = bench.bring(3_000)

    with pytest.raises(StorageFull, match="most_images_mb") as full:
        bench.bring(4_000)
    assert full.value.code == "images_full"
    assert len(bench.jobs) == 1
    bench.service.delete(name)
    assert bench.bring(4_000)


def test_a_disk_that_is_almost_full_takes_nothing_in(bench: Bench) -> None:
    bench.free = 500_001_999
    with pytest.raises(StorageFull, match="almost full"):
        bench.bring(1_000)
    bench.free = 500_002_000
    assert bench.bring(1_000)


def test_own_pictures_that_nobody_opens_for_long_are_removed(bench: Bench) -> None:
    old, opened = bench.bring(), bench.bring()
    bench.service.fetch("mnist")
    wait_until(lambda: bench.service.known_set("mnist")["state"] == "ready")
    for name in (old, opened, "mnist"):
        bench.folders.note_opened(name, NOW)
    bench.now = NOW + timedelta(days=29)
    assert bench.service.read(opened)["expires"] == (bench.now + timedelta(days=30)).isoformat()
    bench.service.sweep()
    assert bench.folders.names() == sorted([old, opened, "mnist"])

    bench.now = NOW + timedelta(days=31)
    bench.service.sweep()
    assert bench.folders.names() == sorted([opened, "mnist"])


def test_what_the_keeper_added_stays_and_is_not_deleted_by_others(bench: Bench) -> None:
    name = bench.bring()
    file = bench.folders.folder(name) / "collection.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "is_kept": True}))
    bench.folders.note_opened(name, NOW - timedelta(days=400))
    bench.service.sweep()

    assert bench.service.read(name)["expires"] is None
    with pytest.raises(NotAllowed, match="images remove"):
        bench.service.delete(name)


def test_a_known_set_is_missing_until_it_is_got(bench: Bench) -> None:
    assert bench.service.known_set("mnist") == {
        "class_names": list("0123456789"),
        "given": None,
        "download_mb": 11.5,
        "state": "missing",
        "progress": None,
        "message": None,
        "code": None,
    }
    bench.service.fetch("mnist")
    wait_until(lambda: bench.service.known_set("mnist")["state"] == "ready")

    assert bench.service.known_set("mnist")["given"] == {"train": 20, "test": 10}
    bench.service.fetch("mnist")
    assert len(bench.jobs) == 1


def test_why_a_known_set_could_not_be_got_is_told_until_it_is_tried_again(bench: Bench) -> None:
    bench.error = UnusableImages("MNIST cannot be reached.", "out_of_reach")
    bench.service.fetch("mnist")
    wait_until(lambda: bench.service.known_set("mnist")["state"] == "failed")
    assert bench.service.known_set("mnist")["message"] == "MNIST cannot be reached."

    bench.error = None
    bench.service.fetch("mnist")
    wait_until(lambda: bench.service.known_set("mnist")["state"] == "ready")


def test_an_offer_names_no_more_pictures_than_there_are(bench: Bench) -> None:
    offer: dict[str, Any] = {"name": "mnist", "samples": 10_000, "limits": {"noise": [0, 50], "samples": [20, 70_000]}}
    assert bench.service.complete_offer(offer)["samples"] == 10_000
    bench.service.fetch("mnist")
    wait_until(lambda: bench.service.known_set("mnist")["state"] == "ready")

    told = bench.service.complete_offer(offer)
    assert (told["samples"], told["limits"]["samples"]) == (30, [20, 30])
    assert bench.service.complete_offer({"name": "circle"}) == {"name": "circle"}


@pytest.mark.parametrize("name", ["digits", "own_images", "imagenet", "..", "", "a" * 20])
def test_there_is_nothing_to_get_under_other_names(bench: Bench, name: str) -> None:
    with pytest.raises(NotFound, match="mnist, fashion_mnist, cifar10"):
        bench.service.fetch(name)


@pytest.mark.parametrize("name", ["mnist", "sources", "incoming", "..", "0" * 20, "A" * 20, "x" * 5000])
def test_only_own_pictures_are_read_and_deleted_by_name(bench: Bench, name: str) -> None:
    for act in (bench.service.read, bench.service.delete):
        with pytest.raises(NotFound):
            act(name)


@pytest.mark.parametrize(
    ("side", "colour", "wishes"),
    [
        (None, None, AUTO),
        ("", "", AUTO),
        ("auto", "auto", AUTO),
        ("8", "grey", Wishes(8, "grey")),
        ("128", "rgb", Wishes(128, "rgb")),
    ],
)
def test_wishes_are_read(side: str | None, colour: str | None, wishes: Wishes) -> None:
    assert parse_wishes(side, colour) == wishes


@pytest.mark.parametrize(
    ("side", "colour", "fields"),
    [
        ("7", None, ["size"]),
        ("129", None, ["size"]),
        ("64.0", None, ["size"]),
        ("\u0664", None, ["size"]),
        ("9" * 5000, None, ["size"]),
        (None, "blue", ["colour"]),
        ("x", "y", ["size", "colour"]),
    ],
)
def test_wishes_that_cannot_be_met_are_told_all_at_once(
    side: str | None, colour: str | None, fields: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_wishes(side, colour)
    assert [problem.field for problem in refused.value.problems] == fields


def test_a_server_that_starts_again_has_its_collections_and_no_halves(bench: Bench, tmp_path: Path) -> None:
    name = bench.bring()
    bench.folders.growing("b" * 20).mkdir()
    again = open_images(replace(bench.settings, data_dir=tmp_path))

    assert again.read(name)["state"] == "ready"
    with pytest.raises(NotFound):
        again.read("b" * 20)
    assert not bench.folders.growing("b" * 20).exists()


def test_pictures_are_there_for_who_asks_while_their_job_ends(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job ends between the two things that are looked at."""
    go_on, run, about = threading.Event(), FakeChild.run, bench.folders.about

    def run_later(child: FakeChild, tell: Callable[[float], None]) -> None:
        tell(0.0)
        assert go_on.wait(30)
        run(child, tell)

    def about_just_before_it_ends(name: str) -> dict[str, Any] | None:
        found = about(name)
        go_on.set()
        wait_until(lambda: about(name) is not None and bench.service._own.find(name) is None)
        return found

    monkeypatch.setattr(FakeChild, "run", run_later)
    name = bench.service.receive(io.BytesIO(b"x"), 1, AUTO)
    monkeypatch.setattr(bench.folders, "about", about_just_before_it_ends)

    assert bench.service.read(name)["state"] in ("preparing", "ready")


def test_small_files_that_become_too_large_a_collection_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All is done before the first word comes, so that whoever sends them hears it at once."""
    run = FakeChild.run
    monkeypatch.setattr(FakeChild, "run", lambda child, tell: run(child, lambda share: None))
    bench = Bench(Settings(data_dir=tmp_path, most_images_mb=0.001))
    with pytest.raises(StorageFull, match="choose a smaller size") as full:
        bench.service.receive(io.BytesIO(b"x"), 1, AUTO)

    assert full.value.code == "images_full"
    assert bench.files() == []


def test_archives_of_others_on_their_way_do_not_take_the_room_of_what_is_made(tmp_path: Path) -> None:
    bench = Bench(Settings(data_dir=tmp_path, most_images_mb=0.01))
    make = bench.service._own._make

    def make_while_another_comes(job: Job) -> Maker:
        bench.folders.receive("b" * 20, io.BytesIO(bytes(9_000)), 9_000)
        return make(job)

    bench.service._own._make = make_while_another_comes
    assert bench.service.read(bench.bring())["state"] == "ready"


def test_pictures_that_runs_learn_from_are_kept(bench: Bench) -> None:
    name = bench.bring()
    bench.folders.note_opened(name, NOW)
    bench.now = NOW + timedelta(days=29)
    for used in (name, "mnist", "../x", "0" * 20):
        bench.service.note_used(used)
    bench.now = NOW + timedelta(days=31)
    bench.service.sweep()

    assert bench.folders.names() == [name]
