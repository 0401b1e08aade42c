"""A run's network as files: for the page, and to take home."""

import io
import zipfile
from collections.abc import Mapping
from threading import BoundedSemaphore
from typing import Protocol

from server.assets import assets_dir
from server.domain.errors import NotFound, ServerFull, Unavailable
from server.domain.events import Payload
from server.domain.spec import RunSpec
from server.domain.status import is_terminal
from server.services.fresh_files import FreshFiles
from server.services.runs import RunService
from server.services.store import Store
from server.services.weights import picture_of
from server.storage.runs import Run
from server.take_home.about import About, about_network
from server.take_home.page import PageParts, page_parts
from server.take_home.words import labels, readme

FIRST_WEIGHTS_TIMEOUT_S = 10.0
MOST_DEPLOYMENTS = 4
"""Requests that may wait at once for formats that take seconds: each holds a thread here and one of a worker."""


class ExportDispatcher(Protocol):
    """The cluster, as far as exports need it."""

    def export(self, run_id: str, spec: RunSpec, moment: Payload) -> dict[str, bytes]:
        """Files made from a spec and weights."""

    def deploy(self, keras_file: bytes) -> dict[str, bytes]:
        """The formats that take seconds, of a `.keras` file."""


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
        self._library = store.library
        self._dispatcher = dispatcher
        self._models = FreshFiles(store.artifacts, lambda run_id: run_id, runs.get_run)
        self._deployments = FreshFiles(store.artifacts, lambda run_id: f"{run_id}/deployment", runs.get_run)
        self._deploying = BoundedSemaphore(MOST_DEPLOYMENTS)

    def model_file(self, run_id: str, name: str) -> bytes:
        """A file of the TensorFlow.js model. `model.json` brings the newest weights; the others belong to it."""
        run = self._runs.get_run(run_id)
        if name == "model.json":
            self._refresh(run)
        content = self._models.read_file(run_id, f"tfjs/{name}")
        if content is None:
            self._refresh(run)
            content = self._models.read_file(run_id, f"tfjs/{name}")
        if content is None:
            raise NotFound(f"This model has no file {name!r}. Its files are named in model.json.")
        return content

    def keras_file(self, run_id: str) -> bytes:
        """The newest weights as a `.keras` file."""
        self._refresh(self._runs.get_run(run_id))
        return self._kept(self._models, run_id, "model.keras")

    def tfjs_zip(self, run_id: str) -> bytes:
        """The TensorFlow.js files in one archive, with words that say how they are used."""
        about = self._refresh(self._runs.get_run(run_id))
        files = self._models.read_folder(run_id, "tfjs")
        return _zipped({**files, "README.txt": readme(about, "tfjs").encode()})

    def saved_model_zip(self, run_id: str) -> bytes:
        """TensorFlow's own format in one archive. Raises ServerFull while many wait for such files."""
        about = self._refresh_deployment(run_id)
        files = self._deployments.read_folder(run_id, "saved_model")
        named = {f"saved_model/{name}": content for name, content in files.items()}
        return _zipped({**named, "README.txt": readme(about, "saved_model").encode()})

    def tflite_file(self, run_id: str) -> bytes:
        """TensorFlow Lite's format; words and labels lie in it as in a zip archive, as its readers expect them.

        Raises ServerFull while many wait for such files, Unavailable when there is none of this network.
        """
        about = self._refresh_deployment(run_id)
        content = self._deployments.read_file(run_id, "model.tflite")
        if content is None:
            raise Unavailable(
                "TensorFlow Lite cannot make its file of this network; the server's log says why. Take the SavedModel "
                "or the Keras file instead: they hold the same network."
            )
        words = {"labels.txt": labels(about).encode(), "README.txt": readme(about, "tflite").encode()}
        return _zipped(words, before=content)

    def page_parts(self, run_id: str) -> PageParts:
        """What the one page is made of that works by itself."""
        about = self._refresh(self._runs.get_run(run_id))
        return page_parts(about, self._models.read_folder(run_id, "tfjs"), assets_dir("static"))

    def forget(self, run_id: str) -> None:
        """The run is gone."""
        self._models.forget(run_id)
        self._deployments.forget(run_id)

    def _refresh(self, run: Run) -> About:
        """Make the files again when the weights are newer than they."""
        picture = picture_of(self._newest_weights(run))
        about = about_network(run.run_id, run.spec, picture["epoch"], self._library)
        moment = picture | ({"class_names": list(about.classes)} if about.classes else {})
        origin = picture["weights"].encode()
        self._models.refresh(run.run_id, origin, lambda: self._dispatcher.export(run.run_id, run.spec, moment))
        return about

    def _refresh_deployment(self, run_id: str) -> About:
        about = self._refresh(self._runs.get_run(run_id))
        origin = self._kept(self._models, run_id, "model.keras")
        if self._deployments.is_fresh(run_id, origin):
            return about
        if not self._deploying.acquire(blocking=False):
            raise ServerFull("Several files of this kind are being made right now. Try again in a moment.", 10)
        try:
            self._deployments.refresh(run_id, origin, lambda: self._dispatcher.deploy(origin))
        finally:
            self._deploying.release()
        return about

    @staticmethod
    def _kept(files: FreshFiles, run_id: str, name: str) -> bytes:
        content = files.read_file(run_id, name)
        if content is None:
            raise NotFound("The files of this run are gone. Start a new run.")
        return content

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


def _zipped(files: Mapping[str, bytes], before: bytes = b"") -> bytes:
    """An archive of files by name; behind other bytes it may stand, too."""
    buffer = io.BytesIO(before)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()
