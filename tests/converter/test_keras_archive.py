"""Opening .keras files: the good, the bad, and what is touched on the way."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from converter import keras_archive
from converter.errors import InputRefused, UnreadableArchive
from converter.keras_archive import open_archive
from converter.model_config import WeightSpec
from tests.converter.bad_files import MISMATCHED, UNREADABLE
from tests.converter.keras_files import make_file, make_sequential

ROOT = Path(__file__).resolve().parents[2]
KERNEL = WeightSpec(("dense",), "kernel", 0, "dense/kernel", (2, 1))
GROUPS = {("dense",): "layers/dense/vars"}


def test_a_file_gives_its_configuration_version_and_arrays(tmp_path: Path) -> None:
    with open_archive(make_file(tmp_path / "model.keras")) as archive:
        assert archive.raw_config == json.loads(json.dumps(make_sequential()))
        assert archive.keras_version == "3.15.1"
        np.testing.assert_array_equal(archive.read_arrays([KERNEL], GROUPS)[KERNEL], np.ones((2, 1)))


def test_a_model_without_weights_needs_no_weights_file(tmp_path: Path) -> None:
    with open_archive(make_file(tmp_path / "model.keras", entries={"model.weights.h5": None})) as archive:
        assert archive.read_arrays([], {}) == {}


@pytest.mark.parametrize("case", [*UNREADABLE, *sorted(set(MISMATCHED) - {"kernel not a number"})])
def test_a_bad_archive_is_refused(case: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.keras"
    ({**UNREADABLE, **MISMATCHED})[case](path)

    with pytest.raises(InputRefused), open_archive(path) as archive:
        archive.read_arrays([KERNEL], GROUPS)


def test_an_older_file_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "model.h5"
    UNREADABLE["legacy HDF5"](path)

    with pytest.raises(UnreadableArchive, match="older HDF5"), open_archive(path):
        pass


def test_weights_are_counted_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras_archive, "_read_entry", lambda *_: pytest.fail("read too early"))
    huge = WeightSpec(("dense",), "kernel", 0, "dense/kernel", (10**6, 10**6))
    archive = keras_archive.KerasArchive({}, "3.0.0", None)  # type: ignore[arg-type]

    with pytest.raises(InputRefused, match="1000000000000 weights"):
        archive.read_arrays([huge], GROUPS)


WATCHED = """
import sys
from pathlib import Path
import converter
from tests.converter.bad_files import BAD_FILES

folder = Path(sys.argv[1])
for number, (write, _) in enumerate(BAD_FILES.values()):
    write(folder / f"{number}.keras")
seen = []
def watch(event, details):
    if event in ("open", "socket.connect", "subprocess.Popen", "os.system", "os.mkdir", "import"):
        seen.append((event, str(details[0])))
sys.addaudithook(watch)
for number in range(len(BAD_FILES)):
    try:
        converter.convert(folder / f"{number}.keras", folder / "out")
    except converter.InputRefused:
        pass
    else:
        raise SystemExit(f"{list(BAD_FILES)[number]} was accepted")
expected = {str(folder / f"{number}.keras") for number in range(len(BAD_FILES))}
module_files = (".py", ".pyc")  # of the interpreter itself
others = [entry for entry in seen if entry[0] != "import" and entry[1] not in expected]
print([entry for entry in others if not entry[1].endswith(module_files)])
print([what for event, what in seen if event == "import" and what.partition(".")[0] in ("keras", "tensorflow")])
"""


def test_no_bad_file_opens_another_file_a_connection_or_a_process(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["[]", "[]"]
