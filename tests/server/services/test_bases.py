"""Which pretrained networks there are, and how one comes."""

import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.datasets.bases import Bases
from server.domain.errors import InvalidSpec
from server.domain.events import Payload
from server.domain.mobilenet import base_file_name, base_tail, base_weights_count
from server.domain.spec import BaseSpec
from server.services import bases as services_bases
from server.services.bases import TRIED_AGAIN_AFTER_S, BaseService, Line, fetch_in_process
from tests.fakes import FakeClock

SMALLEST = {"width": 35, "size": 96}
FILE = base_file_name(BaseSpec())


class Later:
    """What was begun waits until the test lets it happen."""

    def __init__(self) -> None:
        self.acts: list[Callable[[], None]] = []

    def happen(self) -> None:
        """Do what waits."""
        while self.acts:
            self.acts.pop(0)()


class FakeInternet:
    """Has the files, or is out of reach, or breaks; counts how often it was asked."""

    def __init__(self, answer: bool | Exception = True) -> None:
        self.answer = answer
        self.asked = 0

    def fetch(self, base: BaseSpec, path: Path) -> bool:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        if self.answer:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"weights")
        return self.answer


def listed(service: BaseService, **wanted: Any) -> Payload:
    (found,) = (base for base in service.list_bases() if base | {**SMALLEST, **wanted} == base)
    return found


def service_of(
    folder: Path, internet: FakeInternet, clock: Callable[[], float] = lambda: 0.0
) -> tuple[BaseService, Later]:
    later = Later()
    return BaseService(Bases(folder), internet.fetch, later.acts.append, clock), later


def test_all_widths_and_sizes_are_offered_and_a_missing_one_says_what_to_put_where(tmp_path: Path) -> None:
    service, _ = service_of(tmp_path, FakeInternet())
    assert len({(base["width"], base["size"]) for base in service.list_bases()}) == 9
    missing = listed(service)
    assert missing["state"] == "missing"
    assert FILE in missing["message"]
    assert str(tmp_path / "bases") in missing["message"]


def test_a_file_that_somebody_put_there_makes_the_base_ready(tmp_path: Path) -> None:
    (tmp_path / "bases").mkdir()
    (tmp_path / "bases" / FILE).write_bytes(b"weights")
    service, _ = service_of(tmp_path, FakeInternet())
    assert (listed(service)["state"], listed(service)["message"]) == ("ready", None)
    assert listed(service, size=128)["state"] == "missing"


def test_a_base_that_is_fetched_is_on_its_way_and_then_ready(tmp_path: Path) -> None:
    internet = FakeInternet()
    service, later = service_of(tmp_path, internet)
    assert service.fetch({"base": SMALLEST})["state"] == "preparing"
    assert service.fetch({"base": SMALLEST})["state"] == "preparing"
    later.happen()
    assert listed(service)["state"] == "ready"
    assert service.fetch({"base": SMALLEST})["state"] == "ready"
    assert internet.asked == 1


@pytest.mark.parametrize(
    "answer", [False, OSError("disk full"), ValueError()], ids=["out of reach", "a full disk", "a fault"]
)
def test_a_base_that_cannot_be_fetched_says_so_and_can_be_asked_for_again_after_a_while(
    tmp_path: Path, answer: bool | Exception
) -> None:
    internet, clock = FakeInternet(answer), FakeClock()
    service, later = service_of(tmp_path, internet, clock)
    service.fetch({"base": SMALLEST})
    later.happen()
    assert listed(service)["state"] == "failed"
    assert FILE in listed(service)["message"]
    internet.answer = True
    clock.advance(TRIED_AGAIN_AFTER_S - 0.1)
    assert service.fetch({"base": SMALLEST})["state"] == "failed"
    clock.advance(0.1)
    service.fetch({"base": SMALLEST})
    later.happen()
    assert (listed(service)["state"], internet.asked) == ("ready", 2)


def test_bases_are_fetched_one_after_the_other() -> None:
    line, at_work, most, done = Line(), [0], [0], threading.Event()
    go_on = threading.Event()

    def act() -> None:
        at_work[0] += 1
        most[0] = max(most[0], at_work[0])
        assert go_on.wait(30)
        at_work[0] -= 1

    for each in (act, act, lambda: 1 // 0, act, done.set):
        line.begin(each)
    go_on.set()

    assert done.wait(30)
    assert most == [1]


@pytest.mark.parametrize("kept", [None, b"whole", b"half"])
def test_what_an_interrupted_try_left_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bytes | None
) -> None:
    """The child stands in for Keras: it takes the file it finds in its folder, else gets one."""
    (tmp_path / "models").mkdir()
    if kept is not None:
        (tmp_path / "models" / FILE).write_bytes(kept)
    homes: list[Path] = []

    def run(command: list[str], *, env: dict[str, str], **_: object) -> "subprocess.CompletedProcess[bytes]":
        homes.append(Path(env["KERAS_HOME"]))
        found = homes[-1] / "models" / FILE
        return subprocess.CompletedProcess(
            command, 3 if found.exists() and found.read_bytes() == b"half" else 0, b"", b""
        )

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(services_bases.subprocess, "run", run)

    assert fetch_in_process(BaseSpec(), tmp_path / "bases" / FILE)
    assert len(homes) == (2 if kept == b"half" else 1)
    assert tmp_path not in homes
    assert not any(home.exists() for home in homes)


@pytest.mark.parametrize(
    ("request_", "field"),
    [([], ""), ({"bases": {}}, "bases"), ({"base": {"width": 36}}, "base.width"), ({"base": {"size": "96"}}, "size")],
)
def test_what_is_no_base_is_refused(tmp_path: Path, request_: object, field: str) -> None:
    service, later = service_of(tmp_path, FakeInternet())
    with pytest.raises(InvalidSpec) as caught:
        service.fetch(request_)
    assert caught.value.problems[0].field.endswith(field.rpartition(".")[2])
    assert later.acts == []


def test_the_parts_of_a_base_say_how_far_unfrozen_layers_reach(tmp_path: Path) -> None:
    service, _ = service_of(tmp_path, FakeInternet())
    blocks = listed(service)["blocks"]
    assert sum(block["weights"] for block in blocks) == base_weights_count(BaseSpec())
    for place, block in enumerate(blocks):
        tail = base_tail(BaseSpec(unfrozen=block["unfrozen"]))
        assert tail is not None
        assert tail.layers[0].block == block["name"]
        assert tail.trainable_count == sum(after["trainable"] for after in blocks[place:])
