"""The door for model files of strangers: a .keras or .h5 file to a live Keras model.

    file -> zip, JSON and HDF5 under bounds -> configuration against our tables -> live model, zeros -> weights

Keras never sees what stands in the file: not its loader, not its configuration. A file that is refused for its
configuration does not even load Keras.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from converter.errors import UnreadableArchive
from converter.keras_files import archive, hdf5
from converter.keras_files.checked_model import CheckedModel
from converter.keras_files.configuration import parse_configuration
from converter.keras_files.keras2 import modernised

_SMALLEST_WEIGHT_SIZE_BYTES = 2
_LEGACY_WEIGHTS = "model_weights"


@dataclass(frozen=True)
class OpenedModel:
    """A live float32 Keras model, with its weights, and the Keras version that wrote its file."""

    model: Any
    keras_version: str


def open_model(path: str | os.PathLike[str]) -> OpenedModel:
    """Open a model file written by Keras 3 (.keras, .h5) or Keras 2 (.h5), whoever made it.

    Raises UnreadableArchive, InvalidConfiguration, ModelNotBuilt, UnsupportedLayer or WeightMismatch.
    """
    with archive.open_regular(path) as stream:
        head = stream.read(len(archive.HDF5_SIGNATURE))
        if head == archive.HDF5_SIGNATURE:
            return _open_legacy(stream)
        return _open_keras(stream, path)


def _open_keras(stream: BinaryIO, path: str | os.PathLike[str]) -> OpenedModel:
    with archive.open_zip(stream, path) as opened:
        raw = archive.read_configuration(opened)
        version = archive.read_keras_version(opened)
        checked = parse_configuration(raw)
        with archive.open_entry(opened, "model.weights.h5") as weights:
            size = weights.seek(0, os.SEEK_END)
            with hdf5.open_store(weights) as store:
                live = _rebuild(checked, size)
                from converter.keras_files.variables import assign_stored  # noqa: PLC0415 - loads Keras

                assign_stored(live, store)
    return OpenedModel(live, version)


def _open_legacy(stream: BinaryIO) -> OpenedModel:
    size = stream.seek(0, os.SEEK_END)
    with hdf5.open_store(stream) as store:
        raw = _legacy_configuration(store)
        version = _legacy_version(store)
        is_keras_2 = version.startswith("2.")
        checked = parse_configuration(modernised(raw) if is_keras_2 else raw)
        weights = hdf5.find(store, _LEGACY_WEIGHTS, "weights of the model")
        live = _rebuild(checked, size)
        from converter.keras_files.variables import assign_legacy  # noqa: PLC0415 - loads Keras

        assign_legacy(live, weights)
    return OpenedModel(live, version)


def _rebuild(checked: CheckedModel, stored_size_bytes: int) -> Any:
    from converter.keras_files.rebuilding import rebuild  # noqa: PLC0415 - takes seconds; a refused file never gets here

    return rebuild(checked, stored_size_bytes // _SMALLEST_WEIGHT_SIZE_BYTES)


def _legacy_version(store: Any) -> str:
    version = hdf5.read_text(store, "keras_version")
    if not archive.is_version(version) or str(version).partition(".")[0] not in ("2", "3"):
        raise UnreadableArchive(f"The file was not written by Keras 2 or 3; {archive.REPAIR}.")
    return str(version)


def _legacy_configuration(store: Any) -> Mapping[str, object]:
    text = hdf5.read_text(store, "model_config")
    if text is None:
        raise UnreadableArchive(
            "The file holds no model, only weights perhaps; save the whole model with "
            'model.save("model.keras") and try again.'
        )
    content = text.encode("utf-8", "surrogateescape")
    if len(content) > archive.MAX_CONFIG_SIZE_BYTES:
        raise UnreadableArchive(f"The configuration in the file is too large; {archive.REPAIR}.")
    raw = archive.parse_json(content, "configuration")
    return raw if isinstance(raw, Mapping) else {}
