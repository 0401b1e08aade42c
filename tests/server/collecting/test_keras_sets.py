"""Known sets from the internet: Keras' loaders stood in for, as no test may need a network."""

import socket
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from server.collecting.keras_sets import fetch_set
from server.collecting.refusals import UnusableImages
from server.collecting.writing import Place
from server.datasets.collections import Library
from tests.waiting import wait_until

Loader = Callable[[], Any]


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    yield
    socket.setdefaulttimeout(None)


@pytest.fixture
def load_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Loader], None]:
    """Put a loader into the place of Keras' own."""

    def put(name: str, loader: Loader) -> None:
        keras = types.ModuleType("keras")
        keras.datasets = types.SimpleNamespace(**{name: types.SimpleNamespace(load_data=loader)})  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "keras", keras)

    return put


def _parts(shape: tuple[int, ...], *, labels_in_columns: bool = False) -> Any:
    labels = np.arange(20, dtype=np.uint8) % 10
    part = np.zeros((20, *shape), np.uint8), labels[:, None] if labels_in_columns else labels
    return part, part


def _fetch(name: Any, folder: Path, tell: Callable[[float], None] = lambda share: None) -> None:
    fetch_set(name, Place(folder / name, folder / f"{name}.growing"), tell)


def test_a_set_of_keras_becomes_a_collection(tmp_path: Path, load_with: Callable[[str, Loader], None]) -> None:
    load_with("cifar10", lambda: _parts((32, 32, 3), labels_in_columns=True))
    _fetch("cifar10", tmp_path)
    made = Library(tmp_path).find("cifar10")

    assert made is not None
    assert (made.train_count, made.test_count, made.shape) == (20, 20, (32, 32, 3))
    assert Library(tmp_path).open("cifar10").labels[:3].tolist() == [0, 1, 2]


def test_progress_is_how_much_keras_folder_has_grown(tmp_path: Path, load_with: Callable[[str, Loader], None]) -> None:
    shares: list[float] = []

    def download() -> Any:
        (tmp_path / "keras/datasets").mkdir(parents=True)
        (tmp_path / "keras/datasets/mnist.npz").write_bytes(bytes(11_490_434 // 2))
        wait_until(lambda: shares)
        return _parts((28, 28))

    load_with("mnist", download)
    _fetch("mnist", tmp_path, shares.append)
    assert shares[0] == pytest.approx(0.45, abs=0.01)
    assert shares[-1] == 1.0


@pytest.mark.parametrize("error", [Exception("URL fetch failure"), TimeoutError(), ValueError("Incomplete file")])
def test_without_internet_the_files_to_bring_are_named_and_nothing_is_left(
    tmp_path: Path, load_with: Callable[[str, Loader], None], error: Exception
) -> None:
    def fail() -> Any:
        raise error

    load_with("fashion_mnist", fail)
    with pytest.raises(UnusableImages, match="cannot be reached from this server") as refused:
        _fetch("fashion_mnist", tmp_path)
    assert refused.value.code == "out_of_reach"
    assert "t10k-images-idx3-ubyte.gz" in refused.value.message
    assert list(tmp_path.iterdir()) == []
