"""MNIST, Fashion-MNIST and CIFAR-10 from the internet, by Keras' own loaders; in the child process only."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.collecting.idx_files import Part
from server.collecting.named_sets import write_parts
from server.collecting.own_images import Tell
from server.collecting.refusals import UnusableImages
from server.collecting.writing import Place
from server.domain.image_sets import IMAGE_SETS
from server.domain.spec import DatasetName

SILENCE_S = 30.0
"""A server that says nothing for so long counts as out of reach."""

_LOOK_S = 0.3
_DOWNLOADED = 0.9
"""The share of the work that is done when everything has come."""


def fetch_set(name: DatasetName, place: Place, tell: Tell) -> None:
    """Download a set, or take it from Keras' folder, and write it. Raises UnusableImages, OSError."""
    os.environ["KERAS_BACKEND"] = "numpy"  # the loaders need no TensorFlow, which takes seconds to load
    import keras

    socket.setdefaulttimeout(SILENCE_S)
    folder = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser() / "datasets"
    loader = getattr(keras.datasets, name)
    with _telling_growth(folder, IMAGE_SETS[name].download_bytes, tell):
        try:
            train, test = loader.load_data()
        except Exception as error:  # Keras raises plain exceptions, and others by the way the network fails
            raise out_of_reach(name, place.folder.parent / "sources") from error
    write_parts(name, place, _part(train), _part(test), lambda share: tell(_DOWNLOADED + share * (1 - _DOWNLOADED)))


def out_of_reach(name: DatasetName, sources: Path) -> UnusableImages:
    """The sentence for a server without internet: what to put where."""
    known = IMAGE_SETS[name]
    return UnusableImages(
        f"{known.title} cannot be reached from this server: it has no internet, or the address is blocked. "
        f"Put the files of {known.title} ({FILES[name]}) into the folder {sources / name} on the server, "
        "then press Get again.",
        "out_of_reach",
    )


_IDX = "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz"
FILES: dict[DatasetName, str] = {
    "mnist": f"mnist.npz, or {_IDX}",
    "fashion_mnist": _IDX,
    "cifar10": "a zip file or folders train and test with one folder of pictures for each class, or "
    "cifar-10-binary.tar.gz",
}
"""What a set may be brought as."""


def _part(part: tuple[object, object]) -> Part:
    import numpy as np

    pictures, labels = np.asarray(part[0], np.uint8), np.asarray(part[1], np.uint8).reshape(-1)
    return (pictures[..., None] if pictures.ndim == 3 else pictures), labels


@contextmanager
def _telling_growth(folder: Path, whole: int, tell: Tell) -> Iterator[None]:
    """Tell how much has come, by how much the files in Keras' folder grow: its loaders have no other word for it."""
    before, done = _bytes_in(folder), threading.Event()

    def look() -> None:
        while not done.wait(_LOOK_S):
            tell(min(max(_bytes_in(folder) - before, 0) / whole, 1.0) * _DOWNLOADED)

    watch = threading.Thread(target=look, daemon=True)
    watch.start()
    try:
        yield
    finally:
        done.set()
        watch.join()


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:  # it has just been renamed
            continue
    return total
