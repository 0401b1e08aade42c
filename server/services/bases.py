"""The pretrained networks that can be started from: which are here, what they are made of, and how to get them."""

import logging
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from itertools import groupby, product
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TypeAlias

from server.datasets.bases import Bases, MissingBase
from server.domain.errors import InvalidSpec
from server.domain.events import Payload, to_json
from server.domain.mobilenet import SIZES, WIDTHS, BaseLayer, base_file_name, base_layers, base_weights_count
from server.domain.spec import BaseSpec
from server.domain.validation import parse_strictly, unknown_fields, wrong_value

FETCH_TIMEOUT_S = 600.0
TRIED_AGAIN_AFTER_S = 10.0
"""A try that failed is not repeated sooner: it costs a process that loads Keras."""

OUT_OF_REACH = "cannot be fetched: this server has no internet, or the address is blocked"

Fetch: TypeAlias = Callable[[BaseSpec, Path], bool]
"""Puts the file of a base to a path; False: it is out of reach."""


class BaseService:
    """Lists and fetches. `begin` runs something beside the web's threads, `fetch` in a process of its own.

    `clock` is monotonic, in seconds.
    """

    def __init__(
        self,
        bases: Bases,
        fetch: Fetch,
        begin: Callable[[Callable[[], None]], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bases = bases
        self._fetch = fetch
        self._begin = begin
        self._clock = clock
        self._failed_at: dict[str, float] = {}
        self._messages: dict[str, str | None] = {}
        """What became of the last try by file name; None while it lasts."""
        self._lock = Lock()

    def list_bases(self) -> list[Payload]:
        """Every width and size that Keras has weights for, with the parts of each."""
        return [self._payload(BaseSpec(width=width, size=size)) for width, size in product(WIDTHS, SIZES)]

    def fetch(self, raw_request: object) -> Payload:
        """Begin to fetch one, if it is neither here nor on its way nor failed just now. Raises InvalidSpec."""
        base, folder = _base_of(raw_request), self._bases.folder
        name = base_file_name(base)
        with self._lock:
            is_on_its_way = name in self._messages and self._messages[name] is None
            is_too_soon = self._clock() - self._failed_at.get(name, -math.inf) < TRIED_AGAIN_AFTER_S
            may_begin = not is_on_its_way and not is_too_soon and self._bases.find(base) is None
            if folder is not None and may_begin:
                self._messages[name] = None
                self._begin(lambda: self._get(base, folder / name))
        return self._payload(base)

    def _get(self, base: BaseSpec, path: Path) -> None:
        message: str | None = MissingBase(base, path.parent, OUT_OF_REACH).message
        try:
            if self._fetch(base, path):
                message = None
        except Exception:
            logging.getLogger(__name__).exception("The weights of %s could not be fetched.", path.name)
        with self._lock:
            if message is None:
                del self._messages[path.name]
            else:
                self._messages[path.name] = message
                self._failed_at[path.name] = self._clock()

    def _payload(self, base: BaseSpec) -> Payload:
        state, message = self._state(base)
        return {
            "name": base.name,
            "width": base.width,
            "size": base.size,
            "file": base_file_name(base),
            "state": state,
            "message": message,
            "download_mb": round(base_weights_count(base) * 4 / 1e6, 1),
            "weights": base_weights_count(base),
            "blocks": blocks_payload(base_layers(base)),
        }

    def _state(self, base: BaseSpec) -> tuple[str, str | None]:
        missing = MissingBase(base, self._bases.folder).message
        # In this order: a try that ends in between has left its file behind.
        with self._lock:
            is_known, message = (name := base_file_name(base)) in self._messages, self._messages.get(name)
        if self._bases.find(base):
            return "ready", None
        if not is_known:
            return "missing", missing
        return ("preparing", None) if message is None else ("failed", message)


def blocks_payload(layers: tuple[BaseLayer, ...]) -> list[Payload]:
    """The parts of a base, first to last: `unfrozen` layers reach back to the beginning of each."""
    blocks: list[Payload] = []
    left = len(layers)
    for name, group in groupby(layers, lambda layer: layer.block):
        members = list(group)
        trainable = sum(layer.weights_count for layer in members if layer.has_kernel)
        weights = sum(layer.weights_count for layer in members)
        blocks.append({"name": name, "unfrozen": left, "weights": weights, "trainable": trainable})
        left -= len(members)
    return blocks


def fetch_in_process(base: BaseSpec, path: Path) -> bool:
    """Fetch with Keras, in a child process that ends: from Keras' folder, else from the internet.

    Each try has a folder of its own, which goes with it: Keras trusts every file it finds, also the half of one that
    an interrupted try has left. Raises subprocess.SubprocessError, OSError.
    """
    kept = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser() / "models" / base_file_name(base)
    return (kept.is_file() and _fetch_into(base, path, kept)) or _fetch_into(base, path, None)


def _fetch_into(base: BaseSpec, path: Path, kept: Path | None) -> bool:
    """One try, with a file that Keras kept, or with none."""
    raw_base = to_json(base.model_dump(mode="json"))
    command = [sys.executable, "-m", "server.training.fetch_base", raw_base, str(path)]
    with tempfile.TemporaryDirectory(prefix="base-") as home:
        if kept is not None:
            (Path(home) / "models").mkdir()
            shutil.copyfile(kept, Path(home) / "models" / kept.name)
        environment = _environment(os.environ, home)
        done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, timeout=FETCH_TIMEOUT_S)
    if done.returncode == 0:
        return True
    told = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    logging.getLogger(__name__).warning("The weights %s were not fetched: %s", path.name, told[:500])
    return False


class Line:
    """Does one thing after the other in a thread beside those of the web."""

    def __init__(self) -> None:
        self._acts: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = Lock()
        self._has_begun = False

    def begin(self, act: Callable[[], None]) -> None:
        """Do it when its turn comes."""
        self._acts.put(act)
        with self._lock:
            if not self._has_begun:
                self._has_begun = True
                Thread(target=self._work, name="base", daemon=True).start()

    def _work(self) -> None:
        while True:
            try:
                self._acts.get()()
            except Exception:
                logging.getLogger(__name__).exception("Something in the line has a fault.")


_ROOT = Path(__file__).resolve().parents[2]


def _environment(environment: Mapping[str, str], keras_home: str) -> dict[str, str]:
    return {**environment, "KERAS_HOME": keras_home, "PYTHONPATH": str(_ROOT)}


def _base_of(raw_request: object) -> BaseSpec:
    if not isinstance(raw_request, dict):
        raise InvalidSpec([wrong_value("", "wrong_type", "an object with base", raw_request)])
    if problems := unknown_fields(raw_request, ("base",)):
        raise InvalidSpec(problems)
    return parse_strictly(BaseSpec, raw_request.get("base", {}))
