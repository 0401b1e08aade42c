"""Start the child process that makes a collection, under limits it cannot raise, and hear how far it is.

A picture may come from anybody, and libraries that read pictures have had faults: so the child has an almost empty
environment, a group of processes of its own, limits on memory, processor time, files and the size of a file, and is
killed with its group when its time is over. It is not a jail: it may read what its user may read. The converter has a
wall of the same kind (`converter/sandbox.py`); the web process never loads the converter.
"""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from server.collecting.job import Job, Kind
from server.collecting.refusals import UnusableImages
from server.domain.errors import Unavailable
from server.domain.events import to_json

_ROOT = Path(__file__).resolve().parents[2]
_TOLD_BYTES = 4_000

# Runs in the child before anything else: sets limits, then becomes the program.
_LIMITER = """
import json, os, resource, sys
os.umask(0o077)
os.nice(5)
for name, value in json.loads(sys.argv[1]).items():
    which = getattr(resource, name)
    highest = resource.getrlimit(which)[1]
    value = value if highest == resource.RLIM_INFINITY else min(value, highest)
    # Of processor time the hard limit comes later: the softer one has a signal of its own, by which it is known.
    hard = value + 2 if name == "RLIMIT_CPU" and highest == resource.RLIM_INFINITY else value
    try:
        resource.setrlimit(which, (value, hard))
    except (OSError, ValueError):
        if sys.platform != "darwin":  # macOS does not know every limit
            raise
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


@dataclass(frozen=True)
class ChildLimits:
    """What a child may take before it is stopped."""

    seconds: float
    processor_seconds: int
    memory_bytes: int
    file_bytes: int
    open_files: int = 64


_STRANGERS = ChildLimits(seconds=120, processor_seconds=20, memory_bytes=2_000_000_000, file_bytes=300_000_000)
_KEEPERS = ChildLimits(seconds=3_600, processor_seconds=1_200, memory_bytes=8_000_000_000, file_bytes=6_000_000_000)
LIMITS: dict[Kind, ChildLimits] = {"sent": _STRANGERS, "put_there": _KEEPERS, "named": _KEEPERS}

_FOR_FETCHING = ("HOME", "KERAS_HOME", "SSL_CERT_DIR", "SSL_CERT_FILE")
_PROXIES = ("all_proxy", "ftp_proxy", "http_proxy", "https_proxy", "no_proxy")
"""In small or capital letters."""


class Child:
    """One job at work. `stop` ends it from any thread; `run` then raises as if it had failed."""

    def __init__(self, job: Job, limits: ChildLimits | None = None) -> None:
        self._job = job
        self._limits = limits or LIMITS[job.kind]
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._is_stopped = False
        self._is_over_time = False

    def run(self, tell: Callable[[float], None]) -> None:
        """Do the job; the collection is there afterwards, or nothing of it.

        Raises UnusableImages with the child's sentence, Unavailable for a fault of ours or when it was stopped.
        """
        with tempfile.TemporaryDirectory(prefix="collecting-") as own:
            try:
                self._run(Path(own), tell)
            finally:
                shutil.rmtree(self._job.beside, ignore_errors=True)

    def stop(self) -> None:
        """End it now, with everything it has started."""
        with self._lock:
            self._is_stopped = True
            if self._process is not None:
                _kill_group(self._process.pid)

    def _run(self, own: Path, tell: Callable[[float], None]) -> None:
        with (own / "stderr").open("wb") as errors:
            process = self._start(own, errors)
        watch = threading.Timer(self._limits.seconds, self._end_over_time)
        watch.daemon = True
        watch.start()
        try:
            self._ask(process)
            last = _hear(process, tell)
        finally:
            watch.cancel()
            exit_code = self._end(process)
        if not last.get("done"):
            self._refuse(exit_code, last, _end_of(own / "stderr"))

    def _start(self, own: Path, errors: IO[bytes]) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self._is_stopped:
                raise _stopped()
            command = [sys.executable, "-I", "-S", "-c", _LIMITER, json.dumps(_resources(self._limits))]
            self._process = process = subprocess.Popen(
                [*command, "-m", "server.collecting"],
                cwd=_ROOT,
                env=_environment(own, self._job.kind),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
        return process

    def _ask(self, process: "subprocess.Popen[bytes]") -> None:
        """The pipe stays open: its end tells the child that nobody listens any more."""
        assert process.stdin is not None
        # A child that ended before it listened is told about as every other that fails.
        with suppress(BrokenPipeError):
            process.stdin.write(f"{to_json(self._job.to_payload())}\n".encode())
            process.stdin.flush()

    def _end(self, process: "subprocess.Popen[bytes]") -> int:
        """Whoever it started ends with it. Returns its exit code."""
        with self._lock:
            _kill_group(process.pid)
            self._process = None
        assert process.stdin is not None
        with suppress(BrokenPipeError):  # what a child did not read goes with it
            process.stdin.close()
        return process.wait()

    def _end_over_time(self) -> None:
        self._is_over_time = True
        self.stop()

    def _refuse(self, exit_code: int, last: dict[str, object], errors: str) -> None:
        if "refused" in last:
            raise UnusableImages(str(last["refused"]), str(last["code"]))
        if self._is_over_time or exit_code == -signal.SIGXCPU:
            raise UnusableImages(
                f"These images took more than {self._limits.processor_seconds} seconds to be made small, so that was "
                "stopped. Send fewer or smaller pictures.",
                "too_slow",
            )
        if self._is_stopped:
            raise _stopped()
        if "MemoryError" in errors:
            raise UnusableImages(
                "These images took more memory than is allowed. Send fewer or smaller pictures.", "too_large"
            )
        logging.getLogger(__name__).error("Preparing images ended with %s: %s", exit_code, errors)
        raise Unavailable("The images could not be prepared: " + _why(errors))


def _why(errors: str) -> str:
    if "No space left" in errors or "Disk quota" in errors:
        return "the disk of the server is full. Tell the person who looks after the server."
    return "something went wrong on the server. Please try again; its log says more."


def _stopped() -> Unavailable:
    return Unavailable("Preparing these images was stopped. Send them again if you need them.")


def _hear(process: "subprocess.Popen[bytes]", tell: Callable[[float], None]) -> dict[str, object]:
    """The last thing that the child has said, beside its progress."""
    assert process.stdout is not None
    last: dict[str, object] = {}
    with process.stdout as lines:
        for line in iter(lambda: lines.readline(_TOLD_BYTES), b""):
            said = _understood(line)
            if isinstance(progress := said.get("progress"), (int, float)):
                tell(float(progress))
            else:
                last = said
    return last


def _understood(line: bytes) -> dict[str, object]:
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _resources(limits: ChildLimits) -> dict[str, int]:
    return {
        "RLIMIT_AS": limits.memory_bytes,
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": limits.processor_seconds,
        "RLIMIT_FSIZE": limits.file_bytes,
        "RLIMIT_NOFILE": limits.open_files,
    }


def _environment(own: Path, kind: Kind) -> dict[str, str]:
    """Nothing of ours but where programs and this package lie; one thread. Who may fetch keeps its home and proxies."""
    least = {
        "HOME": str(own),
        "LANG": "C.UTF-8",
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": os.defpath,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(_ROOT),
        "TMPDIR": str(own),
    }
    if kind != "named":
        return least
    return least | {name: value for name, value in os.environ.items() if _helps_to_fetch(name)}


def _helps_to_fetch(name: str) -> bool:
    return name in _FOR_FETCHING or name.lower() in _PROXIES


def _kill_group(leader: int) -> None:
    """End the child with all that it has started. The dying are no error: macOS says they may not be killed."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _end_of(path: Path) -> str:
    """The last of what it wrote; its log has a largest size, so all of it fits into memory."""
    return path.read_bytes()[-_TOLD_BYTES:].decode(errors="replace")
