"""The files of a converted model on disk: written whole or not at all.

A folder is made beside the output, filled, checked, and then takes the output's place by renaming. A reader sees the
old files or the new ones, never a mixture; for the instant between two renames it may see no folder.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from converter.errors import UnusableOutput, quoted

_TRIES = 20
_OUR_FILES = re.compile(r"model\.json|probe\.json|report\.json|group\d+-shard\d+of\d+\.bin")


def refuse_unusable_output(out_dir: Path) -> None:
    """Raise UnusableOutput if `out_dir` exists and is anything but empty or an earlier conversion."""
    if "\0" in str(out_dir):
        raise UnusableOutput(f"{quoted(str(out_dir))} is no name for a folder; name another one.")
    try:
        # One look only: another conversion may rename the folder between two.
        is_folder = stat.S_ISDIR(os.lstat(out_dir).st_mode)
        foreign = sorted(entry.name for entry in out_dir.iterdir() if not _is_ours(entry)) if is_folder else []
    except FileNotFoundError:  # there is none, or another conversion is replacing it
        return
    except OSError as error:
        raise _refused_by_the_disk(out_dir, error) from error
    if not is_folder:
        raise UnusableOutput(f"{quoted(str(out_dir))} is not a folder; name a folder for the converted model.")
    if foreign:
        raise UnusableOutput(
            f"{quoted(str(out_dir))} holds files that are not of a converted model (such as {quoted(foreign[0])}) "
            "and would be lost; name a new or empty folder."
        )


def _is_ours(entry: Path) -> bool:
    return bool(_OUR_FILES.fullmatch(entry.name)) and not entry.is_dir()  # it may be gone by now


def write_whole(out_dir: Path, files: Mapping[str, bytes], check: Callable[[Path], None]) -> None:
    """Write `files` as the folder `out_dir`, replacing an earlier conversion, if `check` accepts them.

    Whatever `check` raises leaves `out_dir` as it was. Raises UnusableOutput when the disk refuses.
    """
    refuse_unusable_output(out_dir)
    staged = _beside(out_dir, "partial")
    try:
        staged.mkdir(parents=True)
        for name, content in files.items():
            (staged / name).write_bytes(content)
        check(staged)
        _publish(staged, out_dir)
    except OSError as error:
        raise _refused_by_the_disk(out_dir, error) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _refused_by_the_disk(out_dir: Path, error: OSError) -> UnusableOutput:
    reason = error.strerror or "the disk refuses"
    return UnusableOutput(f"Cannot write {quoted(str(out_dir))}: {reason}; name another folder.")


def _beside(out_dir: Path, purpose: str) -> Path:
    return out_dir.with_name(f".{out_dir.name}.{purpose}-{secrets.token_hex(6)}")


def _publish(staged: Path, out_dir: Path) -> None:
    old = _beside(out_dir, "old")
    with suppress(FileNotFoundError):
        os.rename(out_dir, old)
    try:
        _rename_over_others(staged, out_dir)
    except OSError:
        with suppress(FileNotFoundError):
            os.rename(old, out_dir)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _rename_over_others(staged: Path, out_dir: Path) -> None:
    """Rename, also where another conversion has put its files there a moment ago: the last one stays."""
    for _ in range(_TRIES):
        try:
            return os.rename(staged, out_dir)
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise
        theirs = _beside(out_dir, "old")
        with suppress(FileNotFoundError):
            os.rename(out_dir, theirs)
            shutil.rmtree(theirs, ignore_errors=True)
    return os.rename(staged, out_dir)
