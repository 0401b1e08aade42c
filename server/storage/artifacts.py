"""Files of runs under one root: written whole or not at all, named by us, never by a client."""

import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from server.storage.files import replace_text

_CURRENT = "current"


class Artifacts:
    """A set of files per run, replaced as a whole.

    Each set is a folder of its own; the file `current` names the folder that counts and is replaced atomically, so a
    reader sees the old set or the new one.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def write_set(self, run_id: str, files: Mapping[str, bytes]) -> None:
        """Replace the files of a run; names may contain one folder (`tfjs/model.json`)."""
        run_dir = self._root / run_id
        before = self.find_set(run_id)
        name = f"set-{secrets.token_hex(8)}"
        try:
            for path, content in files.items():
                target = run_dir / name / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            replace_text(run_dir / _CURRENT, name)
        except OSError:
            shutil.rmtree(run_dir / name, ignore_errors=True)
            raise
        # Somebody may be reading the set before; it goes when the next one comes.
        self._remove_sets_but(run_dir, {name, before.name if before else name})

    def find_set(self, run_id: str) -> Path | None:
        """The folder of the files that count now, or None."""
        try:
            name = (self._root / run_id / _CURRENT).read_text("utf-8")
        except (OSError, ValueError):  # ValueError: a name that no file can have
            return None
        return self._root / run_id / name

    def read_file(self, run_id: str, path: str) -> bytes | None:
        """One file of the set, by one of the names it was written with; None when there is none."""
        folder = self.find_set(run_id)
        if folder is None or path not in _files_in(folder):
            return None
        return (folder / path).read_bytes()

    def read_folder(self, run_id: str, name: str) -> dict[str, bytes] | None:
        """The files of one folder of the set by their names, in order; None when there is no set."""
        folder = self.find_set(run_id)
        if folder is None:
            return None
        paths = sorted(path for path in _files_in(folder) if path.startswith(f"{name}/"))
        return {path.removeprefix(f"{name}/"): (folder / path).read_bytes() for path in paths}

    def delete(self, run_id: str) -> None:
        """Remove every file of a run."""
        shutil.rmtree(self._root / run_id, ignore_errors=True)

    @staticmethod
    def _remove_sets_but(run_dir: Path, names: set[str]) -> None:
        for folder in run_dir.glob("set-*"):
            if folder.name not in names:
                shutil.rmtree(folder, ignore_errors=True)


def _files_in(folder: Path) -> set[str]:
    """Names of files that really lie in the folder: a link leads nowhere else."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    whole = folder.resolve()
    return {path.relative_to(folder).as_posix() for path in files if path.resolve().is_relative_to(whole)}
