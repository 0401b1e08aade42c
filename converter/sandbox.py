"""Convert one file of a stranger in a process of its own, which is stopped when it takes too much.

The door (`keras_files`) runs nothing of a file; this is the wall behind it, should a library have a fault. The child
gets limits it cannot raise, an almost empty environment, a folder of its own and a group of processes of its own, and
is killed with that group when its time is over. It is not a jail: it may read what its user may read.

Memory. The customary limit, on addresses (RLIMIT_AS), does not suit TensorFlow: loading it maps 1.7 GB, most of that
libraries shared with everybody, before a number is computed. What is limited is memory that is the child's alone and
that it may write to (RLIMIT_DATA, which counts private maps on Linux since 4.7). It is 0.3 GB after loading
TensorFlow and 1.6 GB after tracing a model of 18 million weights (EfficientNetB4, pictures of 380 by 380), so 3 GB
leave room. Threads are kept few, because each counts with its whole stack. macOS accepts the limit without keeping to
it; time, files and processor time are limited there too. Processes are not counted: that limit counts all processes
of a user, in other containers as well, and would fail at random.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from converter.artifacts import refuse_unusable_output, write_whole
from converter.errors import ConversionError, ConversionStopped, InputRefused, UnsupportedOption, quoted

_ROOT = Path(__file__).resolve().parents[1]
_INPUT_REFUSED = 2
_TOLD_BYTES = 2_000
_MAX_REPORT_BYTES = 5_000_000

# Runs in the child before anything else: sets limits, then becomes the program.
_LIMITER = """
import json, os, resource, sys
for name, value in json.loads(sys.argv[1]).items():
    which = getattr(resource, name)
    highest = resource.getrlimit(which)[1]
    value = value if highest == resource.RLIM_INFINITY else min(value, highest)
    resource.setrlimit(which, (value, value))
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


@dataclass(frozen=True)
class Limits:
    """What a child may take before it is stopped; the whole output counts for `files_bytes` too."""

    seconds: float = 120.0
    processor_seconds: int = 120
    memory_bytes: int = 3_000_000_000
    files_bytes: int = 200_000_000
    open_files: int = 256


@dataclass(frozen=True)
class Finished:
    """How a child ended: its exit code, or minus the signal that killed it, and what it printed, cut."""

    exit_code: int
    output: str
    errors: str


def convert_in_sandbox(
    path: str | os.PathLike[str],
    out_dir: str | os.PathLike[str],
    *,
    format: str = "auto",
    quantize: str = "none",
    limits: Limits | None = None,
) -> dict[str, object]:
    """Convert a model file as `converter.convert` does, in a child process; returns the report as plain data.

    Raises InputRefused with the child's sentence, ConversionStopped when it took too much or died, ConversionError for
    a fault of ours, UnusableOutput for a folder that cannot be written, UnsupportedOption on Windows.
    """
    limits = limits or Limits()
    folder = Path(os.path.abspath(out_dir))
    refuse_unusable_output(folder)
    with tempfile.TemporaryDirectory(prefix="conversion-") as name:
        own = Path(name)
        arguments = ["-m", "converter", os.path.abspath(path), str(own / "out"), "--report", str(own / "report.json")]
        finished = run_limited([*arguments, "--format", format, "--quantize", quantize], own, limits)
        _refuse_failure(finished, limits)
        report = _read_report(own / "report.json")
        write_whole(folder, _read_files(own / "out", limits), lambda _: None)
    return report


def run_limited(arguments: Sequence[str], folder: Path, limits: Limits) -> Finished:
    """Run Python with `arguments` in `folder` under `limits`; whatever it started is killed when it ends.

    Raises ConversionStopped when its time is over, UnsupportedOption on Windows.
    """
    if sys.platform == "win32":
        raise UnsupportedOption(
            "Limits for a process are not available on Windows; convert the file on Linux or macOS."
        )
    command = [sys.executable, "-I", "-S", "-c", _LIMITER, json.dumps(_resource_limits(limits)), *arguments]
    outputs = [folder / "stdout", folder / "stderr"]  # files, because these are limited and a pipe is not
    with outputs[0].open("wb") as stdout, outputs[1].open("wb") as stderr:
        child = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        exit_code = _wait(child, limits)
    return Finished(exit_code, _end_of(outputs[0]), _end_of(outputs[1]))


def _resource_limits(limits: Limits) -> dict[str, int]:
    return {
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": limits.processor_seconds,
        "RLIMIT_DATA": limits.memory_bytes,
        "RLIMIT_FSIZE": limits.files_bytes,
        "RLIMIT_NOFILE": limits.open_files,
    }


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours but where programs and this package lie; few threads, no graphics card, no word of its own."""
    return {
        "CUDA_VISIBLE_DEVICES": "-1",
        "HOME": str(folder),
        "KERAS_BACKEND": "tensorflow",
        "LANG": "C.UTF-8",
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "2",
        "PATH": os.defpath,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(_ROOT),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_NUM_INTEROP_THREADS": "2",
        "TF_NUM_INTRAOP_THREADS": "2",
        "TMPDIR": str(folder),
    }


def _wait(child: subprocess.Popen[bytes], limits: Limits) -> int:
    try:
        return child.wait(limits.seconds)
    except subprocess.TimeoutExpired:
        raise _stopped(f"took more than {limits.seconds:g} seconds") from None
    finally:
        _kill_group(child.pid)
        child.wait()


def _kill_group(leader: int) -> None:
    """Kill the child and whatever it started and left behind."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # nobody left; macOS says the latter of the dying
        return


def _end_of(path: Path) -> str:
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _TOLD_BYTES))
        return stream.read().decode(errors="replace")


# ---- What came of it ------------------------------------------------------------------------------------------


def _refuse_failure(finished: Finished, limits: Limits) -> None:
    if finished.exit_code == 0:
        return
    told = (finished.errors.strip().splitlines() or ["it did not say why"])[-1]
    if finished.exit_code == _INPUT_REFUSED:
        raise InputRefused(told)
    if finished.exit_code == -signal.SIGXCPU:
        raise _stopped(f"took more than {limits.processor_seconds} seconds of processor time")
    if finished.exit_code == -signal.SIGXFSZ or "File too large" in finished.errors:
        raise _stopped(f"wrote a file of more than {limits.files_bytes} bytes")
    if "MemoryError" in finished.errors or "bad_alloc" in finished.errors:
        raise _stopped(f"took more than {limits.memory_bytes} bytes of memory")
    if finished.exit_code < 0:
        raise _stopped(f"ended by signal {-finished.exit_code}, perhaps for lack of memory")
    raise ConversionError(f"The conversion failed: {quoted(told)}; this is a fault of the converter, please report it.")


def _stopped(how: str) -> ConversionStopped:
    return ConversionStopped(f"The conversion {how} and was stopped; use a smaller model.")


def _read_report(path: Path) -> dict[str, object]:
    try:
        is_small = path.stat().st_size <= _MAX_REPORT_BYTES
        report = json.loads(path.read_text(encoding="utf-8")) if is_small else None
    except (OSError, ValueError) as error:
        raise ConversionError("The conversion left no report; this is a fault of the converter.") from error
    if not isinstance(report, dict):
        raise ConversionError("The conversion left an odd report; this is a fault of the converter.")
    return report


def _read_files(folder: Path, limits: Limits) -> dict[str, bytes]:
    """Read what the child wrote: plain files only, together no more than one of them may have."""
    entries = sorted(folder.iterdir())
    if any(entry.is_symlink() or not entry.is_file() for entry in entries):
        raise ConversionError("The conversion left something that is no file; this is a fault of the converter.")
    if sum(entry.stat().st_size for entry in entries) > limits.files_bytes:
        raise _stopped(f"wrote more than {limits.files_bytes} bytes")
    return {entry.name: entry.read_bytes() for entry in entries}
