"""The command line: exit codes, one sentence, nothing written."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from converter import __main__ as command_line
from converter.__main__ import main
from converter.errors import VerificationFailed
from tests.converter.keras_files.bad_files import BAD_FILES

ROOT = Path(__file__).resolve().parents[2]


def _run(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "converter", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def _listing(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_is_refused_in_one_sentence_and_nothing_is_written(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.keras"
    BAD_FILES[case][0](file)
    before = _listing(tmp_path)

    code = main([str(file), str(tmp_path / "out")])

    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert said.err.endswith(".\n")
    assert len(said.err) < 600
    assert _listing(tmp_path) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["model.keras"],
        ["model.keras", "out", "--format", "pictures"],
        ["model.keras", "out", "--quantize", "int4"],
        ["model.keras", "out", "--unknown"],
        ["no such file.keras", "out"],
        [".", "out"],
        ["/dev/zero", "out"],
        ["model.keras", "out", "--report", "no/such/folder/report.json"],
        ["model.keras", "out", "--report", "out"],
        ["model.keras", "out", "--report", "out/model.json"],
        ["model.keras", "out", "--report", "model.keras"],
    ],
    ids=" ".join,
)
def test_an_unusable_command_line_exits_with_two_and_one_sentence(
    arguments: list[str], tmp_path: Path, small_file: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    small_file.rename(tmp_path / "model.keras")

    try:
        code = main(arguments)
    except SystemExit as exit_:
        code = exit_.code  # type: ignore[assignment]

    assert code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert _listing(tmp_path) == ["model.keras"]


def test_a_good_file_is_converted_and_reported(small_file: Path, tmp_path: Path) -> None:
    out, report = tmp_path / "deep" / "out", tmp_path / "report.json"

    done = _run(small_file, out, "--verify", "--report", report)

    assert done.returncode == 0
    assert 'tf.loadLayersModel("model.json")' in done.stdout
    assert "read back as meant" in done.stdout
    assert _listing(out) == ["group1-shard1of1.bin", "model.json", "probe.json"]
    assert json.loads(report.read_text(encoding="utf-8"))["weights_count"] == 25


def test_nobody_has_to_read_what_is_told(small_file: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "converter", str(small_file), str(tmp_path / "out")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (0, "")


def test_a_report_may_lie_in_the_new_folder_and_be_replaced_with_it(small_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    codes = [main([str(small_file), str(out), "--report", str(out / "report.json")]) for _ in range(2)]

    assert codes == [0, 0]
    assert "report.json" in _listing(out)


def test_a_refused_file_never_loads_keras(tmp_path: Path) -> None:
    file = tmp_path / "bad.keras"
    BAD_FILES["lambda"][0](file)
    script = (
        "import sys; from converter.__main__ import main; code = main(sys.argv[1:]); "
        "print(code, 'keras' in sys.modules, 'tensorflow' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, str(file), str(tmp_path / "out")],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip

    assert done.stdout.split() == ["2", "False", "False"]


def test_a_fault_of_ours_exits_with_one(
    small_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise VerificationFailed("The written weights differ; nothing was kept.")

    monkeypatch.setattr(command_line, "convert", fail)

    assert main([str(small_file), str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err == "The written weights differ; nothing was kept.\n"


def test_the_package_is_cheap_to_import() -> None:
    script = "import converter, sys; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"keras", "tensorflow", "tensorflowjs", "server", "flask"}
