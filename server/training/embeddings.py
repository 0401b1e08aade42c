"""What a base says about pictures, worked out once for each and kept in the data folder beside them.

A picture is known by what it shows, not by where it lies: other samples, shares and seeds find what is there. A file of
the keys of some pictures and one of what the base said about them are a part; the keys are written last, so a part is
there whole or not at all, and two processes that write at the same time both leave something true.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from server.datasets.bases import FOLDER, Bases
from server.datasets.collections import Library, name_of
from server.datasets.splits import Features, RunData, Split, as_inputs, make_run_data
from server.domain.mobilenet import BaseTail, base_tail, embedding_shape
from server.domain.spec import BaseSpec, RunSpec
from server.training.base import BaseWeights, Floats, build_embedder, load_base_weights, tail_values

Key: TypeAlias = bytes
Tell: TypeAlias = Callable[[int, int], None]
"""Told how many of how many pictures are done. What it raises ends the work."""

BuildEmbedder: TypeAlias = Callable[[Sequence[int], BaseSpec, BaseWeights], Callable[..., tf.Tensor]]
"""Makes what turns pictures of a shape into what the base says about them; see `build_embedder`."""

BATCH = 16
"""Pictures the base looks at together; always so many, so that what it says does not depend on the others."""

PART_ROWS = 256
"""So many new pictures are written together."""

_KEY_BYTES = 16

SPARE_BYTES = 1_000_000_000
"""So much stays free on the disk: what is kept here only saves time, but runs and pictures have to be stored."""


@dataclass(frozen=True)
class Prepared:
    """The data of a run whose pictures went through the frozen part of a base, and the weights of the rest of it."""

    run_data: RunData
    base_values: Floats


class EmbeddingFiles:
    """What is kept of the pictures of one data set, for one base and one place to cut it; None: nothing is kept.

    `free_bytes` says how much is free on the disk of a folder.
    """

    def __init__(self, folder: Path | None, free_bytes: Callable[[Path], int] = lambda at: shutil.disk_usage(at).free):
        self._folder = folder
        self._free_bytes = free_bytes
        self._places: dict[Key, tuple[Floats, int]] = {}
        for keys_path in sorted(folder.glob("*.keys.npy")) if folder and folder.is_dir() else ():
            self._read(keys_path)

    def find(self, key: Key) -> Floats | None:
        """What is known about a picture; memory-mapped."""
        place = self._places.get(key)
        return None if place is None else place[0][place[1]]

    def add(self, keys: list[Key], rows: Floats) -> None:
        """Keep more; what cannot be written is only remembered."""
        self._places |= {key: (rows, row) for row, key in enumerate(keys)}
        if self._folder is None:
            return
        keys_path = self._folder / f"{secrets.token_hex(6)}.keys.npy"
        try:
            # Not its parents: a collection that was deleted meanwhile does not come back.
            self._folder.mkdir(exist_ok=True)
            if self._free_bytes(self._folder) < SPARE_BYTES + rows.nbytes:
                return
            _write(_beside(keys_path), rows)
            _write(keys_path, np.frombuffer(b"".join(keys), np.uint8).reshape(-1, _KEY_BYTES))
        except OSError:
            return
        # From the file from now on, so that they need no memory.
        self._read(keys_path)

    def _read(self, keys_path: Path) -> None:
        """A part that is broken is as good as none."""
        try:
            keys = np.load(keys_path, allow_pickle=False)
            rows = np.load(_beside(keys_path), "r", allow_pickle=False)
        except (OSError, ValueError):
            return
        if keys.shape == (len(rows), _KEY_BYTES):
            self._places |= {key.tobytes(): (rows, row) for row, key in enumerate(keys)}


def prepare(spec: RunSpec, library: Library, tell: Tell, build: BuildEmbedder = build_embedder) -> Prepared:
    """The data of a run that starts from a base. Raises MissingBase, MissingImages."""
    base = spec.base
    if base is None:
        raise ValueError("The spec names no base.")
    bases = Bases(library.root)
    weights, learned = load_base_weights(base, bases), blake2b(bases.get(base).read_bytes(), digest_size=4).hexdigest()
    run_data, tail = make_run_data(spec, library), base_tail(base)
    files = EmbeddingFiles(_folder_of(spec, library, tail, learned))
    embedder, done, ready = _Embedder(lambda shape: build(shape, base, weights)), 0, []
    total = len(run_data.train.labels) + len(run_data.val.labels)

    def told(count: int) -> None:
        tell(count, total)

    for share in (run_data.train, run_data.val):
        rows = _embed(share.features, base, files, embedder, _after(done, told))
        ready.append(Split(rows, share.labels))
        done += len(rows)
    return Prepared(RunData(*ready), tail_values(tail, weights) if tail else np.zeros(0, np.float32))


def _embed(
    pictures: Features, base: BaseSpec, files: EmbeddingFiles, embedder: "_Embedder", tell: Callable[[int], None]
) -> Floats:
    """What the base says about each picture, float32 [pictures, *embedding_shape]; what is new is kept."""
    rows = np.empty((len(pictures), *embedding_shape(base)), np.float32)
    for start in range(0, len(pictures), PART_ROWS):
        chunk = np.asarray(pictures[start : start + PART_ROWS])
        keys = [_key(picture) for picture in chunk]
        places = {key: place for place, key in enumerate(keys) if files.find(key) is None}
        if places:
            new = _told(embedder(chunk[list(places.values())]), _after(start, tell))
            files.add(list(places), new)
        for place, key in enumerate(keys):
            rows[start + place] = files.find(key)
        tell(start + len(keys))
    return rows


def _after(before: int, tell: Callable[[int], None]) -> Callable[[int], None]:
    """Counts on from there."""
    return lambda count: tell(before + count)


def _told(batches: Iterator[Floats], tell: Callable[[int], None]) -> Floats:
    """The batches in one, told as they come."""
    gathered: list[Floats] = []
    count = 0
    for batch in batches:
        gathered.append(batch)
        count += len(batch)
        tell(count)
    return np.concatenate(gathered)


class _Embedder:
    """The frozen part of a base, built when it is needed first."""

    def __init__(self, build: Callable[[Sequence[int]], Callable[..., tf.Tensor]]) -> None:
        self._build = build
        self._traced: Any = None

    def __call__(self, pictures: npt.NDArray[Any]) -> Iterator[Floats]:
        """What it says about pictures [pictures, height, width, channels], batch after batch."""
        for start in range(0, len(pictures), BATCH):
            inputs = as_inputs(pictures[start : start + BATCH])
            blank = np.zeros((BATCH - len(inputs), *inputs.shape[1:]), np.float32)
            yield self._look(np.concatenate([inputs, blank]))[: len(inputs)]

    def _look(self, inputs: Floats) -> Floats:
        if self._traced is None:
            model = self._build(inputs.shape[1:])
            signature = [tf.TensorSpec(inputs.shape)]
            self._traced = tf.function(lambda rows: model(rows, training=False), signature, autograph=False)
        said: Floats = self._traced(inputs).numpy()
        return said


def _key(picture: npt.NDArray[Any]) -> Key:
    return blake2b(np.ascontiguousarray(picture).tobytes(), digest_size=_KEY_BYTES).digest()


def _folder_of(spec: RunSpec, library: Library, tail: BaseTail | None, learned: str) -> Path | None:
    """Where the files are: in the folder of the collection, so that they go with it. Noise is drawn anew: none.

    `learned` is the fingerprint of the base's weights: with others it says other things.
    """
    if library.root is None or spec.base is None or spec.dataset.noise:
        return None
    folder = library.root / name_of(spec.dataset)
    try:
        if not folder.is_dir():
            folder = library.root / FOLDER / spec.dataset.name
            folder.mkdir(exist_ok=True)
    except OSError:  # a folder that may only be read
        return None
    cut = tail.layers[0].block if tail else "whole"
    return folder / f"embeddings-{spec.base.name}-{spec.base.width}-{spec.base.size}-{cut}-{learned}"


def _beside(keys_path: Path) -> Path:
    """The file of what was said about the pictures of these keys."""
    return keys_path.with_name(keys_path.name.replace(".keys.", ".rows."))


def _write(path: Path, array: npt.NDArray[Any]) -> None:
    """Beside it first, so that nobody reads a half."""
    beside = path.with_name(f".{path.name}")
    with beside.open("wb") as file:
        np.save(file, array)
    os.replace(beside, path)
