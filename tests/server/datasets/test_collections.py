"""Pictures in the data folder: found, read, shared out; what a spec asks of them."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from server.datasets.collections import (
    Collection,
    Library,
    MissingImages,
    collection_from,
    complete_spec,
    find_image_problems,
)
from server.datasets.splits import as_inputs, make_run_data
from server.domain.spec import RunSpec
from server.domain.validation import parse_run_spec

OWN = "abcdefghij0123456789"
LAYERS = [{"kind": "flatten"}]


def _write(root: Path, name: str, shape: tuple[int, int, int], classes: int, train: int, test: int) -> None:
    """A collection whose picture number n is all n (modulo 256), of class n modulo the classes."""
    folder = root / name
    folder.mkdir(parents=True)
    count = train + test
    pictures = np.zeros((count, *shape), np.uint8) + (np.arange(count) % 256).astype(np.uint8)[:, None, None, None]
    np.save(folder / "pictures.npy", pictures)
    np.save(folder / "labels.npy", (np.arange(count) % classes).astype(np.uint16))
    names = tuple(f"class {index}" for index in range(classes))
    about = Collection(name, shape, names, train, test)
    (folder / "collection.json").write_text(json.dumps(about.to_payload()))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """200 + 50 digits, and 40 own pictures without parts of their own."""
    _write(tmp_path, "mnist", (28, 28, 1), 10, train=200, test=50)
    _write(tmp_path, OWN, (16, 16, 3), 3, train=40, test=0)
    return Library(tmp_path)


def _mnist(**dataset: Any) -> RunSpec:
    return parse_run_spec({"dataset": {"name": "mnist", "samples": 100, **dataset}, "layers": LAYERS})


def _shades(features: Any) -> set[int]:
    return {int(picture[0, 0, 0]) for picture in features[:]}


def test_what_a_collection_is_comes_back_as_it_was_told() -> None:
    about = Collection("mnist", (28, 28, 1), ("0", "1"), 6, 2)

    assert collection_from(json.loads(json.dumps(about.to_payload()))) == about
    assert about.count == 8


@pytest.mark.parametrize("name", ["", "..", "../mnist", "mnist/../mnist", "MNIST", "x" * 33, "a\x00b", "fashion_mnist"])
def test_what_is_not_there_or_no_name_of_ours_is_not_found(library: Library, name: str) -> None:
    assert library.find(name) is None
    with pytest.raises(MissingImages):
        library.open(name)


def test_a_broken_description_is_no_collection(library: Library, tmp_path: Path) -> None:
    (tmp_path / "mnist" / "collection.json").write_text('{"name": "mnist"')

    assert library.find("mnist") is None


def test_pictures_stay_bytes_and_become_numbers_from_0_to_1(library: Library) -> None:
    data = make_run_data(_mnist(), library)

    assert data.train.features.shape == (50, 28, 28, 1)
    assert data.train.features.dtype == np.uint8
    inputs = as_inputs(data.train.features[np.array([3, 1])])
    np.testing.assert_array_equal(inputs[1], np.float32(1 / 255) * data.train.features[1:2][0].astype(np.float32))
    assert as_inputs(np.array([[0, 255]], np.uint8)).tolist() == [[0.0, 1.0]]


def test_shared_out_samples_are_drawn_from_both_parts_and_none_twice(library: Library) -> None:
    data = make_run_data(_mnist(samples=250, train_fraction=0.8), library)

    train, val = _shades(data.train.features), _shades(data.val.features)
    assert (len(train), len(val)) == (200, 50)
    assert train | val == set(range(250))
    assert any(shade >= 200 for shade in train)


def test_given_parts_stay_apart(library: Library) -> None:
    data = make_run_data(_mnist(split="given", train_fraction=0.8), library)

    assert max(_shades(data.train.features)) < 200 <= min(_shades(data.val.features))
    assert (len(data.train.labels), len(data.val.labels)) == (80, 20)


def test_another_set_under_the_same_name_is_not_trained_on(library: Library, tmp_path: Path) -> None:
    spec = _mnist(samples=250)
    shutil.rmtree(tmp_path / "mnist")
    _write(tmp_path, "mnist", (28, 28, 1), 10, train=20, test=30)

    with pytest.raises(MissingImages):
        make_run_data(spec, library)


def test_labels_belong_to_their_pictures(library: Library) -> None:
    data = make_run_data(_mnist(noise=0), library)

    for picture, label in zip(data.val.features[:], data.val.labels, strict=True):
        assert label.argmax() == picture[0, 0, 0] % 10


def test_noise_replaces_a_share_of_the_pixels_and_another_seed_draws_others(library: Library) -> None:
    plain, noisy = make_run_data(_mnist(), library), make_run_data(_mnist(noise=20), library)
    other = make_run_data(_mnist(seed=1), library)

    changed = plain.train.features[:] != noisy.train.features[:]
    assert changed.mean() == pytest.approx(0.2, abs=0.01)
    np.testing.assert_array_equal(plain.train.labels, noisy.train.labels)
    assert _shades(other.train.features) != _shades(plain.train.features)


def test_of_own_images_only_the_collection_has_to_be_named(library: Library) -> None:
    raw_spec = {"dataset": {"name": "own_images", "images": {"collection": OWN}}, "layers": LAYERS}
    spec = parse_run_spec(complete_spec(raw_spec, library))

    own = spec.dataset.images
    assert own is not None
    assert (own.side, own.channels, own.classes, spec.dataset.samples) == (16, 3, 3, 40)
    assert find_image_problems(spec, library) == []
    assert make_run_data(spec, library).train.labels.shape == (20, 3)


@pytest.mark.parametrize(
    "raw_spec", [None, [], {}, {"dataset": 3}, {"dataset": {"images": 3}}, {"dataset": {"images": {}}}]
)
def test_what_is_no_spec_of_own_images_is_left_to_the_parser(library: Library, raw_spec: object) -> None:
    assert complete_spec(raw_spec, library) is raw_spec


def _problems(library: Library, **dataset: Any) -> list[tuple[str, str]]:
    raw_spec = {"dataset": dataset, "layers": LAYERS}
    return [(each.field, each.code) for each in find_image_problems(RunSpec.model_validate(raw_spec), library)]


def test_what_a_spec_asks_and_is_not_there_is_a_problem(library: Library) -> None:
    assert _problems(library, name="cifar10") == [("dataset.name", "images_missing")]
    gone = {"collection": "z" * 20}
    assert _problems(library, name="own_images", images=gone) == [("dataset.images.collection", "images_missing")]
    assert _problems(library, name="mnist", samples=251) == [("dataset.samples", "less_than_equal")]
    half = {"samples": 200, "train_fraction": 0.5}
    assert _problems(library, name="mnist", split="given", **half) == [("dataset.split", "too_few_given")]
    assert _problems(library, name="mnist", samples=250, split="given", train_fraction=0.8) == []
    assert _problems(library, name="circle") == []


def test_own_images_that_are_others_than_the_spec_says_are_a_problem(library: Library) -> None:
    images = {"collection": OWN, "side": 32, "channels": 3, "classes": 2}

    assert _problems(library, name="own_images", samples=40, images=images) == [
        ("dataset.images.side", "other_images"),
        ("dataset.images.classes", "other_images"),
    ]
