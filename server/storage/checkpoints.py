"""Checkpoints of runs as files: the newest two of each run, with a checksum, so that a broken one is never believed.

A file is the SHA-256 of its second line in hexadecimal digits, a line break, and JSON on one line.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from server.storage.files import replace_text

_NEWEST = "checkpoint.json"
_BEFORE = "checkpoint-before.json"
_BESIDE = "checkpoint-next.json"
_OF_EARLIER_VERSIONS = "weights.json"
"""Weights only, without a checksum."""


class CheckpointFiles:
    """Reads and writes them under one root, a folder for each run."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, run_id: str, payload: str) -> None:
        """Keep a checkpoint, JSON on one line, and the one before it. Raises OSError; then the newest one stays."""
        folder = self._root / run_id
        folder.mkdir(parents=True, exist_ok=True)
        newest = folder / _NEWEST
        beside = folder / _BESIDE
        replace_text(beside, f"{_checksum(payload)}\n{payload}")
        # A crash between these steps leaves the newest beside, where it is found, too.
        if newest.exists():
            newest.replace(folder / _BEFORE)
        beside.replace(newest)

    def read(self, run_id: str) -> dict[str, Any] | None:
        """The newest checkpoint that is whole, or None."""
        for name in (_NEWEST, _BESIDE, _BEFORE, _OF_EARLIER_VERSIONS):
            payload = _read(self._root / run_id / name)
            if payload is not None:
                return payload
        return None


def _read(path: Path) -> dict[str, Any] | None:
    try:
        text = path.read_text("utf-8")
        if path.name != _OF_EARLIER_VERSIONS:
            checksum, _, text = text.partition("\n")
            if checksum != _checksum(text):
                return None
        payload = json.loads(text)
    except (OSError, ValueError):  # ValueError: not UTF-8, not JSON, or a name that no file can have
        return None
    return payload if isinstance(payload, dict) else None


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
