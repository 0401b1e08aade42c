"""Files of runs: a set is replaced whole, and nothing outside it is ever read."""

from pathlib import Path

import pytest

from server.storage.artifacts import Artifacts

RUN = "a" * 20
OLD = {"model.keras": b"old keras", "tfjs/model.json": b"old json", "tfjs/probe.json": b"old probe"}
NEW = {"model.keras": b"new keras", "tfjs/model.json": b"new json"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of the artifacts, with something beside it that must not be read."""
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "runs"


@pytest.fixture
def artifacts(root: Path) -> Artifacts:
    return Artifacts(root)


def _all_files(root: Path) -> set[str]:
    return {path.name for path in root.rglob("*") if path.is_file()}


def test_a_set_is_read_file_by_file(artifacts: Artifacts) -> None:
    artifacts.write_set(RUN, OLD)

    assert {path: artifacts.read_file(RUN, path) for path in OLD} == OLD


def test_a_new_set_replaces_the_old_one_as_a_whole(artifacts: Artifacts) -> None:
    artifacts.write_set(RUN, OLD)
    artifacts.write_set(RUN, NEW)

    assert {path: artifacts.read_file(RUN, path) for path in NEW} == NEW
    assert artifacts.read_file(RUN, "tfjs/probe.json") is None


def test_who_reads_a_set_can_finish_when_it_is_replaced(artifacts: Artifacts) -> None:
    artifacts.write_set(RUN, OLD)
    folder = artifacts.find_set(RUN)
    artifacts.write_set(RUN, NEW)

    assert folder is not None
    assert (folder / "model.keras").read_bytes() == b"old keras"


def test_old_sets_do_not_pile_up(artifacts: Artifacts, root: Path) -> None:
    for _ in range(5):
        artifacts.write_set(RUN, OLD)

    assert len(list((root / RUN).glob("set-*"))) <= 2


def test_a_set_that_cannot_be_written_leaves_the_old_one(artifacts: Artifacts, root: Path) -> None:
    artifacts.write_set(RUN, OLD)

    # A file where a folder is wanted.
    with pytest.raises(OSError, match="."):
        artifacts.write_set(RUN, {"model.keras": b"half", "tfjs": b"a file", "tfjs/model.json": b"never"})

    assert {path: artifacts.read_file(RUN, path) for path in OLD} == OLD
    assert len(list((root / RUN).glob("set-*"))) == 1


def test_a_set_that_cannot_be_made_current_leaves_nothing_behind(artifacts: Artifacts, root: Path) -> None:
    # The name of the file that tells which set counts is taken by a folder.
    (root / RUN / "current").mkdir(parents=True)

    with pytest.raises(OSError, match="."):
        artifacts.write_set(RUN, OLD)

    assert artifacts.read_file(RUN, "model.keras") is None
    assert _all_files(root) == set()


@pytest.mark.parametrize(
    "path",
    [
        "../../../secret.txt",
        "../current",
        "tfjs/../../../../secret.txt",
        "tfjs/../model.keras",
        "/etc/passwd",
        "tfjs",
        "",
        ".",
        "..",
        "tfjs/",
        "tfjs//model.json",
        "./model.keras",
        "model.keras\0",
        "tfjs\\model.json",
        "MODEL.KERAS",
        "x" * 5000,
    ],
)
def test_a_name_that_was_not_written_is_not_read(artifacts: Artifacts, path: str) -> None:
    artifacts.write_set(RUN, OLD)

    assert artifacts.read_file(RUN, path) is None


@pytest.mark.parametrize("run_id", ["..", ".", "", "nobody", "x" * 5000, "../runs/nobody", "a\0b"])
def test_a_run_without_files_has_no_set(artifacts: Artifacts, root: Path, run_id: str) -> None:
    artifacts.write_set(RUN, OLD)

    assert artifacts.find_set(run_id) is None
    assert artifacts.read_file(run_id, "secret.txt") is None


def test_a_link_that_leads_outside_is_no_way_out(artifacts: Artifacts, root: Path) -> None:
    """Only the server writes here; a path through a linked folder is not among the names it wrote."""
    artifacts.write_set(RUN, OLD)
    folder = artifacts.find_set(RUN)
    assert folder is not None
    (folder / "out").symlink_to(root.parent)
    (folder / "tfjs" / "secret.txt").symlink_to(root.parent / "secret.txt")

    assert artifacts.read_file(RUN, "out/secret.txt") is None
    assert artifacts.read_file(RUN, "tfjs/secret.txt") is None
    assert "secret.txt" not in (artifacts.read_folder(RUN, "tfjs") or {})


def test_deleting_removes_every_file_of_the_run_and_of_no_other(artifacts: Artifacts, root: Path) -> None:
    artifacts.write_set(RUN, OLD)
    (root / RUN / "checkpoint.json").write_text("one")
    artifacts.write_set("b" * 20, NEW)

    artifacts.delete(RUN)
    artifacts.delete(RUN)

    assert [folder.name for folder in root.iterdir()] == ["b" * 20]
