"""Files of runs that are made anew when what they are made of has changed."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from threading import Lock

from server.domain.errors import NotFound
from server.storage.artifacts import Artifacts

MOST_REMEMBERED = 512
"""Runs whose files are known to be up to date; those of others are made again when they are asked for."""


class FreshFiles:
    """Sets of files of one kind.

    `place_of(run_id)` is where they lie; `get_run` raises NotFound for a run that is gone.
    """

    def __init__(self, artifacts: Artifacts, place_of: Callable[[str], str], get_run: Callable[[str], object]) -> None:
        self._artifacts = artifacts
        self._place_of = place_of
        self._get_run = get_run
        self._made_of: dict[str, bytes] = {}
        self._locks: defaultdict[str, Lock] = defaultdict(Lock)

    def refresh(self, run_id: str, origin: bytes, make: Callable[[], Mapping[str, bytes]]) -> None:
        """Make the set again unless it was made of the same; who asks meanwhile waits. Raises what `make` raises."""
        digest = hashlib.sha256(origin).digest()
        with self._locks[run_id]:
            if self._made_of.get(run_id) == digest:
                return
            self._keep(run_id, make())
            self._made_of[run_id] = digest
        while len(self._made_of) > MOST_REMEMBERED:
            self.forget(next(iter(self._made_of)))

    def is_fresh(self, run_id: str, origin: bytes) -> bool:
        """Whether the set was made of the same, so that `refresh` does nothing."""
        return self._made_of.get(run_id) == hashlib.sha256(origin).digest()

    def read_file(self, run_id: str, path: str) -> bytes | None:
        """One file by the name it was made with; None when there is none."""
        return self._artifacts.read_file(self._place_of(run_id), path)

    def read_folder(self, run_id: str, name: str) -> dict[str, bytes]:
        """The files of one folder. Raises NotFound when there are none."""
        files = self._artifacts.read_folder(self._place_of(run_id), name)
        if not files:
            raise NotFound("The files of this run are gone. Start a new run.")
        return files

    def forget(self, run_id: str) -> None:
        """The run is gone."""
        self._made_of.pop(run_id, None)
        self._locks.pop(run_id, None)

    def _keep(self, run_id: str, files: Mapping[str, bytes]) -> None:
        """A run may be deleted while its files are made; then they go too. Raises NotFound."""
        self._artifacts.write_set(self._place_of(run_id), files)
        try:
            self._get_run(run_id)
        except NotFound:
            self._artifacts.delete(run_id)
            self.forget(run_id)
            raise
