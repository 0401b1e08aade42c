"""The pretrained networks that can be started from: which are here, what they are made of, and how to get them."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from itertools import groupby, product
from pathlib import Path
from threading import Lock, Thread
from typing import TypeAlias

from server.datasets.bases import Bases, MissingBase
from server.domain.errors import InvalidSpec
from server.domain.events import Payload, to_json
from server.domain.mobilenet import SIZES, WIDTHS, BaseLayer, base_file_name, base_layers, base_weights_count
from server.domain.spec import BaseSpec
from server.domain.validation import parse_strictly, unknown_fields, wrong_value

FETCH_TIMEOUT_S = 600.0
OUT_OF_REACH = "cannot be fetched: this server has no internet, or the address is blocked"

Fetch: TypeAlias = Callable[[BaseSpec, Path], bool]
"""Puts the file of a base to a path; False: it is out of reach."""


class BaseService:
    """Lists and fetches. `begin` runs something beside the web's threads, `fetch` in a process of its own."""

    def __init__(self, bases: Bases, fetch: Fetch, begin: Callable[[Callable[[], None]], None]) -> None:
        self._bases = bases
        self._fetch = fetch
        self._begin = begin
        self._messages: dict[str, str | None] = {}
        """What became of the last try by file name; None while it lasts."""
        self._lock = Lock()

    def list_bases(self) -> list[Payload]:
        """Every width and size that Keras has weights for, with the parts of each."""
        return [self._payload(BaseSpec(width=width, size=size)) for width, size in product(WIDTHS, SIZES)]

    def fetch(self, raw_request: object) -> Payload:
        """Begin to fetch one, if it is neither here nor on its way. Raises InvalidSpec."""
        base, folder = _base_of(raw_request), self._bases.folder
        name = base_file_name(base)
        with self._lock:
            is_on_its_way = name in self._messages and self._messages[name] is None
            if folder is not None and not is_on_its_way and self._bases.find(base) is None:
                self._messages[name] = None
                self._begin(lambda: self._get(base, folder / name))
        return self._payload(base)

    def _get(self, base: BaseSpec, path: Path) -> None:
        message: str | None = MissingBase(base, path.parent, OUT_OF_REACH).message
        try:
            if self._fetch(base, path):
                message = None
        except (OSError, subprocess.SubprocessError):
            logging.getLogger(__name__).exception("The weights of %s could not be fetched.", path.name)
        with self._lock:
            if message is None:
                del self._messages[path.name]
            else:
                self._messages[path.name] = message

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
        if self._bases.find(base):
            return "ready", None
        name = base_file_name(base)
        if name not in self._messages:
            return "missing", MissingBase(base, self._bases.folder).message
        message = self._messages[name]
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
    """Fetch with Keras, in a child process that ends. Raises subprocess.SubprocessError."""
    raw_base = to_json(base.model_dump(mode="json"))
    command = [sys.executable, "-m", "server.training.fetch_base", raw_base, str(path)]
    done = subprocess.run(
        command, cwd=_ROOT, env=_environment(os.environ), capture_output=True, timeout=FETCH_TIMEOUT_S
    )
    if done.returncode == 0:
        return True
    told = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    logging.getLogger(__name__).warning("The weights %s were not fetched: %s", path.name, told[:500])
    return False


def begin_in_thread(act: Callable[[], None]) -> None:
    """Beside the threads of the web."""
    Thread(target=act, name="base", daemon=True).start()


_ROOT = Path(__file__).resolve().parents[2]


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {**environment, "PYTHONPATH": str(_ROOT)}


def _base_of(raw_request: object) -> BaseSpec:
    if not isinstance(raw_request, dict):
        raise InvalidSpec([wrong_value("", "wrong_type", "an object with base", raw_request)])
    if problems := unknown_fields(raw_request, ("base",)):
        raise InvalidSpec(problems)
    return parse_strictly(BaseSpec, raw_request.get("base", {}))
