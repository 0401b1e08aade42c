"""Known sets from files in the data folder, in each form that they are given away in."""

import gzip
import io
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from server.collecting.keras_sets import out_of_reach
from server.collecting.named_sets import find_files
from server.collecting.refusals import UnusableImages
from server.collecting.writing import Place
from server.datasets.collections import Collection, Library
from server.domain.image_sets import IMAGE_SETS
from server.domain.spec import DatasetName
from tests.picture_files import picture_bytes, zip_bytes

TRAIN, TEST = 30, 20
REAL = Path(__file__).resolve().parents[4] / "shared/datasets/mnist"


def _idx(array: np.ndarray) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def _pictures(count: int, shape: tuple[int, ...] = (28, 28)) -> np.ndarray:
    return np.random.default_rng(count).integers(0, 256, (count, *shape), np.uint8)


def _labels(count: int) -> np.ndarray:
    return (np.arange(count) % 10).astype(np.uint8)


def _put_idx(folder: Path, part: str, count: int, *, zipped: bool = True) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for kind, array in (("images-idx3", _pictures(count)), ("labels-idx1", _labels(count))):
        content = gzip.compress(_idx(array)) if zipped else _idx(array)
        (folder / f"{part}-{kind}-ubyte{'.gz' if zipped else ''}").write_bytes(content)


def _put_npz(file: Path, shape: tuple[int, ...] = (28, 28)) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    train, test = _pictures(TRAIN, shape), _pictures(TEST, shape)
    np.savez(file, x_train=train, y_train=_labels(TRAIN)[:, None], x_test=test, y_test=_labels(TEST))


def _cifar_folders() -> dict[str, bytes]:
    return {
        f"{part}/{name}/{number}.png": picture_bytes((place * 20, number, 77), (32, 32))
        for part, count in (("train", 3), ("test", 2))
        for place, name in enumerate(IMAGE_SETS["cifar10"].classes)
        for number in range(count)
    }


def _put_cifar_folders(folder: Path) -> None:
    for name, content in _cifar_folders().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _put_cifar_binary(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    names = [*(f"data_batch_{number}.bin" for number in range(1, 6)), "test_batch.bin"]
    with tarfile.open(file, "w:gz") as archive:
        for place, name in enumerate(names):
            rows = np.zeros((20 if name == "test_batch.bin" else 6, 3073), np.uint8)
            rows[:, 0], rows[:, 1:1025] = place, 200
            info = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            info.size = rows.nbytes
            archive.addfile(info, io.BytesIO(rows.tobytes()))


def _write_zip(path: Path) -> None:
    path.write_bytes(zip_bytes(_cifar_folders()))


FORMS: dict[str, tuple[DatasetName, Callable[[Path], None]]] = {
    "IDX": (
        "mnist",
        lambda sources: [_put_idx(sources / "mnist", *part) for part in (("train", TRAIN), ("t10k", TEST))],
    ),
    "IDX, another spelling": (
        "fashion_mnist",
        lambda sources: [
            _put_idx(sources / "fashion-mnist", *part, zipped=False) for part in (("train", TRAIN), ("t10k", TEST))
        ],
    ),
    "npz": ("mnist", lambda sources: _put_npz(sources / "mnist.npz")),
    "npz in a folder": ("fashion_mnist", lambda sources: _put_npz(sources / "fashion_mnist/fashion.npz")),
    "npz with colours": ("cifar10", lambda sources: _put_npz(sources / "cifar10.npz", (32, 32, 3))),
    "zip of class folders": ("cifar10", lambda sources: _write_zip(sources / "cifar10.zip")),
    "zip in a folder": (
        "cifar10",
        lambda sources: ((sources / "cifar10").mkdir(), _write_zip(sources / "cifar10/c.zip")),
    ),
    "class folders": ("cifar10", lambda sources: _put_cifar_folders(sources / "cifar10")),
    "binary edition": ("cifar10", lambda sources: _put_cifar_binary(sources / "cifar-10-binary.tar.gz")),
}


def _prepare(name: DatasetName, folder: Path) -> Collection | None:
    prepare = find_files(name, folder / "sources")
    assert prepare is not None
    prepare(Place(folder / name, folder / f"{name}.growing"), lambda share: None)
    return Library(folder).find(name)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """The folder of the server's keeper."""
    made = tmp_path / "sources"
    made.mkdir()
    return made


@pytest.mark.parametrize(("name", "put"), FORMS.values(), ids=FORMS)
def test_a_set_is_made_of_each_form(
    tmp_path: Path, sources: Path, name: DatasetName, put: Callable[[Path], None]
) -> None:
    put(sources)
    made = _prepare(name, tmp_path)

    known = IMAGE_SETS[name]
    assert made == Collection(name, known.shape, known.classes, TRAIN, TEST)
    assert Library(tmp_path).open(name).labels.max() <= 9


def test_pictures_and_labels_stay_together_with_the_training_part_first(tmp_path: Path, sources: Path) -> None:
    FORMS["IDX"][1](sources)
    _prepare("mnist", tmp_path)
    images = Library(tmp_path).open("mnist")

    assert (images.pictures[..., 0] == np.concatenate([_pictures(TRAIN), _pictures(TEST)])).all()
    assert images.labels.tolist() == [*_labels(TRAIN), *_labels(TEST)]


def test_class_folders_are_numbered_as_the_set_numbers_its_classes(tmp_path: Path, sources: Path) -> None:
    for place, name in enumerate(IMAGE_SETS["fashion_mnist"].classes):
        folder = sources / "fashion_mnist" / name.lower().replace("/", "_")
        folder.mkdir(parents=True)
        for number in range(2):
            (folder / f"{number}.png").write_bytes(picture_bytes(place, (28, 28), mode="L"))
    _prepare("fashion_mnist", tmp_path)
    images = Library(tmp_path).open("fashion_mnist")

    assert sorted(images.labels.tolist()) == sorted(2 * list(range(10)))
    assert (images.pictures[:, 0, 0, 0] == images.labels).all()


def test_red_stays_red_in_the_binary_edition(tmp_path: Path, sources: Path) -> None:
    FORMS["binary edition"][1](sources)
    _prepare("cifar10", tmp_path)

    assert Library(tmp_path).open("cifar10").pictures[0, 3, 4].tolist() == [200, 0, 0]


def test_the_test_part_alone_is_enough(tmp_path: Path, sources: Path) -> None:
    _put_idx(sources / "mnist", "t10k", TEST)
    made = _prepare("mnist", tmp_path)

    assert made is not None
    assert (made.train_count, made.test_count) == (0, TEST)


def test_where_nothing_lies_nothing_is_found(tmp_path: Path, sources: Path) -> None:
    (sources / "mnist").mkdir()

    assert [find_files(name, sources) for name in IMAGE_SETS] == [None] * 3
    assert find_files("mnist", tmp_path / "no such folder") is None


def _break_labels(sources: Path) -> None:
    _put_idx(sources / "mnist", "train", TRAIN)
    (sources / "mnist/train-labels-idx1-ubyte.gz").unlink()


def _break_gzip(sources: Path) -> None:
    _put_idx(sources / "mnist", "train", TRAIN)
    file = sources / "mnist/train-images-idx3-ubyte.gz"
    file.write_bytes(file.read_bytes()[:-2000])


def _break_count(sources: Path) -> None:
    _put_idx(sources / "mnist", "train", TRAIN)
    (sources / "mnist/train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(_idx(_labels(TRAIN - 1))))


def _objects(sources: Path) -> None:
    np.savez(sources / "mnist.npz", x_train=np.array([{}], object), y_train=1, x_test=1, y_test=1)


BROKEN: dict[str, tuple[DatasetName, Callable[[Path], object], str]] = {
    "no labels": ("mnist", _break_labels, "the file of its labels is not"),
    "cut off": ("mnist", _break_gzip, "damaged or cut off"),
    "too few labels": ("mnist", _break_count, "do not belong together"),
    "objects that could be a program": ("mnist", _objects, "damaged, or no .npz file of numbers"),
    "other arrays": ("mnist", lambda sources: np.savez(sources / "mnist.npz", a=1), "must have the arrays x_train"),
    "other pictures": ("mnist", lambda sources: _put_npz(sources / "mnist.npz", (32, 32, 3)), "28 x 28 x 1"),
    "no archive": ("mnist", lambda sources: (sources / "mnist.npz").write_bytes(b"x"), "damaged"),
    "other classes": (
        "cifar10",
        lambda sources: (sources / "cifar10.zip").write_bytes(zip_bytes({"a/x.png": b"", "b/x.png": b""})),
        "not the pictures of cifar10",
    ),
    "half of the binary edition": (
        "cifar10",
        lambda sources: (
            _put_cifar_binary(sources / "cifar-10-binary.tar.gz"),
            (sources / "cifar-10-binary.tar.gz").write_bytes((sources / "cifar-10-binary.tar.gz").read_bytes()[:200]),
        ),
        "not the whole binary edition",
    ),
}


@pytest.mark.parametrize(("name", "put", "words"), BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_used_is_named_with_what_is_wrong(
    tmp_path: Path, sources: Path, name: DatasetName, put: Callable[[Path], object], words: str
) -> None:
    put(sources)

    with pytest.raises(UnusableImages, match=words) as refused:
        _prepare(name, tmp_path)
    assert refused.value.message.endswith(".")
    assert [path.name for path in tmp_path.iterdir()] == ["sources"]


@pytest.mark.parametrize("name", IMAGE_SETS)
def test_a_server_without_internet_says_which_files_to_put_where(name: DatasetName) -> None:
    told = out_of_reach(name, Path("/srv/data/images/sources"))

    assert told.code == "out_of_reach"
    assert f"{IMAGE_SETS[name].title} cannot be reached from this server" in told.message
    assert f"/srv/data/images/sources/{name}" in told.message
    assert "press Get again" in told.message


@pytest.mark.skipif(not REAL.exists(), reason="the real MNIST digits are not here")
def test_the_real_digits_are_read(tmp_path: Path, sources: Path) -> None:
    (sources / "mnist").symlink_to(REAL)
    made = _prepare("mnist", tmp_path)
    images = Library(tmp_path).open("mnist")

    assert made is not None
    assert (made.train_count, made.test_count) == (0, 10_000)
    assert images.labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert images.pictures.shape == (10_000, 28, 28, 1)
