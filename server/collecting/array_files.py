"""Sets as arrays in one file: Keras' `.npz`, and the binary edition of CIFAR-10."""

import tarfile
import zipfile
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from server.collecting.idx_files import Part, broken
from server.collecting.limits import PUT_THERE

_NAMES = ("x_train", "y_train", "x_test", "y_test")
_DAMAGED = (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)
"""What NumPy and `zipfile` raise over a damaged file; the last two where it seems to be of another kind of zip."""

_CIFAR_ROW = 1 + 3 * 32 * 32
_CIFAR_TRAIN = tuple(f"data_batch_{number}.bin" for number in range(1, 6))
_CIFAR_TEST = "test_batch.bin"
_CIFAR_MOST_BYTES = 10_000 * _CIFAR_ROW


def read_npz(path: Path) -> tuple[Part, Part]:
    """Training and test part of an archive with `x_train`, `y_train`, `x_test`, `y_test`. Raises UnusableImages."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > PUT_THERE.total_bytes:
                raise broken(path, f"it would unpack to more than {PUT_THERE.total_bytes / 1e6:,.0f} MB")
        with np.load(path, allow_pickle=False) as file:
            x_train, y_train, x_test, y_test = (file[name] for name in _NAMES)
    except KeyError as error:
        raise broken(path, f"it must have the arrays {', '.join(_NAMES)}") from error
    except _DAMAGED as error:
        raise broken(path, "it is damaged, or no .npz file of numbers") from error
    return _part(path, x_train, y_train), _part(path, x_test, y_test)


def _part(path: Path, pictures: npt.NDArray[np.uint8], labels: npt.NDArray[np.integer]) -> Part:  # type: ignore[type-arg]
    if pictures.ndim == 3:
        pictures = pictures[..., None]
    is_right = pictures.dtype == np.uint8 and pictures.ndim == 4 and labels.dtype.kind in "ui"
    if not is_right or labels.size != len(pictures):
        raise broken(path, "its pictures must be bytes, with one whole number for each as its label")
    plain = labels.reshape(-1)
    if plain.size and not 0 <= plain.min() <= plain.max() < 256:
        raise broken(path, "a label of it is not the number of a class")
    return pictures, plain.astype(np.uint8)


def read_cifar_binary(path: Path) -> tuple[Part, Part]:
    """Training and test part of `cifar-10-binary.tar.gz`. Raises UnusableImages."""
    batches: dict[str, npt.NDArray[np.uint8]] = {}
    try:
        with tarfile.open(path, "r|gz") as archive:
            for member in archive:
                name = Path(member.name).name
                file = archive.extractfile(member) if name in (*_CIFAR_TRAIN, _CIFAR_TEST) and member.isfile() else None
                if file is not None:
                    batches[name] = np.frombuffer(file.read(_CIFAR_MOST_BYTES), np.uint8)
        rows = {name: batch.reshape(-1, _CIFAR_ROW) for name, batch in batches.items()}
        train = np.concatenate([rows[name] for name in _CIFAR_TRAIN])
        return _cifar_part(train), _cifar_part(rows[_CIFAR_TEST])
    except (OSError, EOFError, KeyError, ValueError, tarfile.TarError, zlib.error) as error:
        raise broken(path, "it is not the whole binary edition of CIFAR-10") from error


def _cifar_part(rows: npt.NDArray[np.uint8]) -> Part:
    """A row is a label, then 32 x 32 numbers of red, of green, of blue."""
    return rows[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), rows[:, 0]
