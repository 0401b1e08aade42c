"""A run's network as files: for the page, and to take home."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from threading import Lock
from typing import Protocol

from server.domain.errors import NotFound, Unavailable
from server.domain.events import Payload
from server.domain.spec import RunSpec
from server.domain.status import is_terminal
from server.services.runs import RunService
from server.services.store import Store
from server.services.weights import picture_of
from server.storage.runs import Run

FIRST_WEIGHTS_TIMEOUT_S = 10.0
MOST_REMEMBERED = 512
"""Runs whose files are known to be up to date; those of others are made again when they are asked for."""


class ExportDispatcher(Protocol):
    """The cluster, as far as exports need it."""

    def export(self, run_id: str, spec: RunSpec, moment: Payload) -> dict[str, bytes]:
        """Files made from a spec and weights."""


class ExportService:
    """Makes the files of a run's newest weights when they are asked for, and keeps them until the weights change."""

    def __init__(
        self,
        runs: RunService,
        store: Store,
        dispatcher: ExportDispatcher,
        first_weights_timeout_s: float = FIRST_WEIGHTS_TIMEOUT_S,
    ) -> None:
        self._runs = runs
        self._first_weights_timeout_s = first_weights_timeout_s
        self._weights = store.weights
        self._artifacts = store.artifacts
        self._dispatcher = dispatcher
        self._exported: dict[str, str] = {}
        self._locks: defaultdict[str, Lock] = defaultdict(Lock)

    def model_file(self, run_id: str, name: str) -> bytes:
        """A file of the TensorFlow.js model. `model.json` brings the newest weights; the others belong to it."""
        run = self._runs.get_run(run_id)
        if name == "model.json":
            self._refresh(run)
        content = self._artifacts.read_file(run_id, f"tfjs/{name}")
        if content is None:
            self._refresh(run)
            content = self._artifacts.read_file(run_id, f"tfjs/{name}")
        if content is None:
            raise NotFound(f"This model has no file {name!r}. Its files are named in model.json.")
        return content

    def keras_file(self, run_id: str) -> bytes:
        """The newest weights as a `.keras` file."""
        self._refresh(self._runs.get_run(run_id))
        content = self._artifacts.read_file(run_id, "model.keras")
        if content is None:
            raise NotFound("The files of this run are gone. Start a new run.")
        return content

    def tfjs_zip(self, run_id: str) -> bytes:
        """The TensorFlow.js files in one archive."""
        self._refresh(self._runs.get_run(run_id))
        files = self._artifacts.read_folder(run_id, "tfjs")
        if files is None:
            raise NotFound("The files of this run are gone. Start a new run.")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return buffer.getvalue()

    def forget(self, run_id: str) -> None:
        """The run is gone."""
        self._exported.pop(run_id, None)
        self._locks.pop(run_id, None)

    def _refresh(self, run: Run) -> None:
        """Make the files again when the weights are newer than they."""
        moment = self._newest_weights(run)
        with self._locks[run.run_id]:
            if self._exported.get(run.run_id) == moment["weights"]:
                return
            files = self._dispatcher.export(run.run_id, run.spec, picture_of(moment))
            self._keep_files(run.run_id, files)
            self._exported[run.run_id] = moment["weights"]
        while len(self._exported) > MOST_REMEMBERED:
            self.forget(next(iter(self._exported)))

    def _newest_weights(self, run: Run) -> Payload:
        if is_terminal(run.status):
            moment = self._weights.find(run.run_id)
            if moment is None:
                raise NotFound("This run ended before it began, so it has no network. Start a new run.", "no_weights")
            return moment
        moment = self._weights.wait(run.run_id, self._first_weights_timeout_s)
        if moment is None:
            raise Unavailable("The run has not begun yet: it waits for a free place. Try again in a moment.")
        return moment

    def _keep_files(self, run_id: str, files: Mapping[str, bytes]) -> None:
        """A run may be deleted while its files are made; then they go too. Raises NotFound."""
        self._artifacts.write_set(run_id, files)
        try:
            self._runs.get_run(run_id)
        except NotFound:
            self._artifacts.delete(run_id)
            self.forget(run_id)
            raise
