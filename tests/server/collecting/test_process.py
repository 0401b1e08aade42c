"""The real child process: what it makes, what it tells, and that it is stopped when it takes too much."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from server.collecting import process
from server.collecting.job import Job
from server.collecting.process import LIMITS, Child
from server.collecting.refusals import UnusableImages
from server.datasets.collections import Library
from server.domain.errors import Unavailable
from tests.picture_files import class_files, zip_bytes


def _job(folder: Path, content: bytes = b"") -> Job:
    (folder / "sent.zip").write_bytes(content)
    return Job("sent", "pets", folder / "sent.zip", folder / "pets", folder / "pets.growing")


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_child_makes_a_collection_and_tells_how_far_it_is(tmp_path: Path) -> None:
    shares: list[float] = []
    Child(_job(tmp_path, zip_bytes(class_files()))).run(shares.append)

    made = Library(tmp_path).find("pets")
    assert made is not None
    assert made.classes == ("cats", "dogs")
    assert shares[-1] == 1.0
    assert _left(tmp_path) == ["pets", "sent.zip"]


def test_its_files_are_for_the_server_alone(tmp_path: Path) -> None:
    Child(_job(tmp_path, zip_bytes(class_files()))).run(lambda share: None)

    assert (tmp_path / "pets").stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "pets").iterdir()} == {0}


def test_what_the_child_refuses_comes_with_its_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnusableImages, match="This is no zip file") as refused:
        Child(_job(tmp_path, b"nonsense")).run(lambda share: None)
    assert refused.value.code == "not_a_zip"
    assert _left(tmp_path) == ["sent.zip"]


# What a fault in a library could make of the child: each stands in the place of its program.
RUN_AMOK = {
    "loops": ("while True: pass", UnusableImages, "took more than 1 seconds"),
    "sleeps": ("import time; time.sleep(600)", UnusableImages, "was stopped|took more than"),
    "allocates": ("x = bytearray(3_000_000_000)", UnusableImages, "more memory"),
    "writes a gigabyte": ("open('big', 'wb').write(bytes(10**9))", Unavailable, "could not be prepared"),
    "forks": (
        "import os, time\nif os.fork() == 0: time.sleep(600)\nos._exit(3)",
        UnusableImages,
        "was stopped",
    ),
    "dies": ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", Unavailable, "could not be prepared"),
    "says nonsense": ("print('{'); print('[1]'); print('{\"progress\": \"x\"}')", Unavailable, "could not be prepared"),
}


@pytest.mark.parametrize(("program", "kind", "words"), RUN_AMOK.values(), ids=RUN_AMOK)
def test_a_child_that_runs_amok_is_stopped_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, kind: type[Exception], words: str
) -> None:
    amok = tmp_path / "amok"
    (amok / "server/collecting").mkdir(parents=True)
    for package in ("server", "server/collecting"):
        (amok / package / "__init__.py").touch()
    (amok / "server/collecting/__main__.py").write_text(program)
    monkeypatch.setattr(process, "_ROOT", amok)
    job = _job(tmp_path)
    job.beside.mkdir()
    limits = replace(LIMITS["sent"], seconds=1.6, processor_seconds=1, file_bytes=1_000_000)

    with pytest.raises(kind, match=words):
        Child(job, limits).run(lambda share: None)
    assert _left(tmp_path) == ["amok", "sent.zip"]


def test_a_job_can_be_stopped_from_another_thread(tmp_path: Path) -> None:
    child = Child(_job(tmp_path, zip_bytes(class_files(each=200, size=(300, 200)))))
    has_begun, errors = threading.Event(), []

    def run() -> None:
        try:
            child.run(lambda share: has_begun.set())
        except Unavailable as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    assert has_begun.wait(30)
    child.stop()
    thread.join(30)
    assert "was stopped" in errors[0].message
    assert _left(tmp_path) == ["sent.zip"]


def test_a_job_that_was_stopped_before_it_began_does_not_begin(tmp_path: Path) -> None:
    child = Child(_job(tmp_path))
    child.stop()
    with pytest.raises(Unavailable, match="was stopped"):
        child.run(lambda share: None)


def test_the_child_of_a_stranger_knows_nothing_of_the_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NEURAL_PLAYGROUND_DATABASE", "postgresql+psycopg://user:password@host/playground")
    told = process._environment(tmp_path, "sent")

    assert not any("NEURAL" in name or "password" in value for name, value in told.items())
    assert told["HOME"] == told["TMPDIR"] == str(tmp_path)


@pytest.mark.parametrize("name", ["https_proxy", "HTTPS_PROXY", "KERAS_HOME", "SSL_CERT_FILE"])
def test_only_who_gets_a_known_set_finds_the_way_to_the_internet(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv("NEURAL_PLAYGROUND_DATABASE", "postgresql+psycopg://user:password@host/playground")
    monkeypatch.setenv(name, "/somewhere")
    named = process._environment(tmp_path, "named")

    assert (named[name], named["TMPDIR"]) == ("/somewhere", str(tmp_path))
    assert not any("NEURAL" in each for each in named)
    assert name not in process._environment(tmp_path, "sent")


def test_a_child_that_ends_before_it_listens_is_a_failure_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(process, "_LIMITER", "raise SystemExit(3)")
    job = replace(_job(tmp_path), title="x" * 1_000_000)  # more than a pipe holds
    job.beside.mkdir()

    with pytest.raises(Unavailable, match="could not be prepared"):
        Child(job).run(lambda share: None)
    assert _left(tmp_path) == ["sent.zip"]
