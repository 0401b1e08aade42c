"""Some pictures of a data set, as bytes for the page: exactly those that a run of it trains on or is tested with."""

import base64
from math import prod
from threading import BoundedSemaphore
from typing import Any

import numpy as np
import numpy.typing as npt

from server.datasets.augmentation import augmentation_stream, augmented
from server.datasets.collections import Library, find_image_problems, name_of
from server.datasets.splits import Split, as_inputs, make_run_data
from server.domain.errors import InvalidSpec, Problem
from server.domain.pictures import PicturesRequest
from server.domain.spec import COLLECTED, DatasetSpec, RunSpec, classes_of

MAX_BYTES_SENT = 4_000_000
"""Of pictures in one answer: augmented they take forty times as much for a moment, and many pupils ask at once."""

_AUGMENTED_AT_ONCE = 32
_AT_ONCE = BoundedSemaphore(2)


def pictures_payload(request: PicturesRequest, library: Library) -> dict[str, Any]:
    """`{"shape", "total", "start", "labels", "pictures", "class_names"}`.

    `pictures` is base64 of uint8 [pictures, *shape], row by row; `labels` are the indices of their classes. Only
    training pictures are augmented. Raises InvalidSpec and MissingImages.
    """
    spec = RunSpec(dataset=request.dataset)
    if problems := find_image_problems(spec, library):
        raise InvalidSpec(problems)
    run_data = make_run_data(spec, library)
    share = run_data.train if request.share == "train" else run_data.val
    if request.start >= len(share.labels):
        raise InvalidSpec([_beyond_the_end(request, len(share.labels))])
    if problem := _too_large(request, share):
        raise InvalidSpec([problem])
    with _AT_ONCE:
        pictures = _pictures(request, share)
    return {
        "shape": list(pictures.shape[1:]),
        "total": len(share.labels),
        "start": request.start,
        "labels": _classes(share, request.start, len(pictures)),
        "pictures": base64.b64encode(pictures.tobytes()).decode("ascii"),
        "class_names": class_names(request.dataset, library),
    }


def class_names(dataset: DatasetSpec, library: Library) -> list[str]:
    """What the classes of a set of pictures are called; digits by themselves."""
    collection = library.find(name_of(dataset)) if dataset.name in COLLECTED else None
    return list(collection.classes) if collection else [str(number) for number in range(classes_of(dataset) or 0)]


def _pictures(request: PicturesRequest, share: Split) -> npt.NDArray[np.uint8]:
    rows: npt.NDArray[Any] = share.features[request.start : request.start + request.count]
    if request.share == "train" and not request.augmentation.is_none:
        places = range(0, len(rows), _AUGMENTED_AT_ONCE)
        return np.concatenate([_changed(request, rows, place) for place in places])
    return _as_bytes(rows)


def _changed(request: PicturesRequest, rows: npt.NDArray[Any], place: int) -> npt.NDArray[np.uint8]:
    stream = augmentation_stream(request.seed, request.epoch, request.start + place)
    return _as_bytes(augmented(rows[place : place + _AUGMENTED_AT_ONCE], request.augmentation, stream))


def _as_bytes(rows: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    return rows if rows.dtype == np.uint8 else np.rint(as_inputs(rows) * 255).astype(np.uint8)


def _too_large(request: PicturesRequest, share: Split) -> Problem | None:
    count = min(request.count, len(share.labels) - request.start)
    size = prod(share.features.shape[1:])
    if count * size <= MAX_BYTES_SENT:
        return None
    expected = f"1 to {MAX_BYTES_SENT // size}"
    message = f"count must be {expected} for pictures of this size, but {request.count} was received: ask in pieces."
    return Problem("count", "less_than_equal", message, expected, request.count)


def _classes(share: Split, start: int, count: int) -> list[int]:
    labels = share.labels[start : start + count]
    indices = labels[:, 0] if labels.shape[1] == 1 else labels.argmax(axis=1)
    return [int(index) for index in indices]


def _beyond_the_end(request: PicturesRequest, total: int) -> Problem:
    expected = f"0 to {total - 1}"
    message = f"start must be {expected}, but {request.start} was received: {request.share} has {total} pictures."
    return Problem("start", "less_than_equal", message, expected, request.start)
