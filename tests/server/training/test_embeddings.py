"""What a base says about pictures, kept."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from server.datasets.bases import Bases
from server.datasets.collections import Library
from server.datasets.splits import as_inputs, make_run_data
from server.domain.mobilenet import EMBEDDING
from server.domain.spec import BaseSpec, RunSpec
from server.training.base import BaseWeights, build_embedder, load_base_weights
from server.training.embeddings import SPARE_BYTES, EmbeddingFiles, Prepared, prepare
from tests.builders import make_spec


def spec_of(samples: int = 24, noise: float = 0, **dataset: object) -> RunSpec:
    return make_spec(
        dataset={"name": "digits", "samples": samples, "noise": noise, **dataset}, base={"unfrozen": 0}, layers=[]
    )


@pytest.fixture
def library(base_images_dir: Path) -> Library:
    """Nothing is known of any picture; the base is the one of all tests, because reading it takes a while."""
    shutil.rmtree(base_images_dir / "bases" / "digits", ignore_errors=True)
    return Library(base_images_dir)


class BriefBase:
    """Says the mean of a picture again and again, and counts how often it was built."""

    built = 0

    def build(self, shape: Sequence[int], base: BaseSpec, weights: BaseWeights) -> Callable[..., tf.Tensor]:
        self.built += 1
        return lambda rows, training: tf.repeat(tf.reduce_mean(rows, (1, 2)), EMBEDDING, axis=1)


def prepare_briefly(spec: RunSpec, library: Library) -> tuple[Prepared, int]:
    """What was prepared, and whether the base was needed: 1 or 0."""
    brief = BriefBase()
    return prepare(spec, library, tell_nobody, brief.build), brief.built


def tell_nobody(done: int, total: int) -> None:
    """Nobody listens."""


def test_each_sample_becomes_what_the_base_says_about_it(library: Library) -> None:
    spec = spec_of()
    assert spec.base is not None
    prepared, plain = prepare(spec, library, tell_nobody), make_run_data(spec, library)
    embedder = build_embedder((8, 8, 1), spec.base, load_base_weights(spec.base, Bases(library.root)))
    for share, pictures in ((prepared.run_data.train, plain.train), (prepared.run_data.val, plain.val)):
        np.testing.assert_allclose(share.features, embedder(as_inputs(pictures.features[:])), atol=1e-4)
        np.testing.assert_array_equal(share.labels, pictures.labels)


def test_a_second_run_looks_at_no_picture_again(library: Library) -> None:
    first, built = prepare_briefly(spec_of(), library)
    assert built == 1
    second, built = prepare_briefly(spec_of(), library)
    assert built == 0
    np.testing.assert_array_equal(first.run_data.train.features, second.run_data.train.features)


def test_other_shares_and_fewer_samples_find_what_is_known(library: Library) -> None:
    prepare_briefly(spec_of(), library)
    assert prepare_briefly(spec_of(train_fraction=0.8), library)[1] == 0
    assert prepare_briefly(spec_of(samples=20), library)[1] == 0
    assert prepare_briefly(spec_of(samples=26), library)[1] == 1


def test_with_other_weights_of_the_base_nothing_is_known(tmp_path: Path, base_images_dir: Path) -> None:
    library = Library(tmp_path)
    shutil.copytree(base_images_dir / "bases", tmp_path / "bases", ignore=shutil.ignore_patterns("digits"))
    prepare_briefly(spec_of(), library)
    base = spec_of().base
    assert base is not None
    path = Bases(library.root).get(base)
    path.write_bytes(path.read_bytes() + b"\0")
    assert prepare_briefly(spec_of(), library)[1] == 1


def test_a_part_that_was_cut_off_is_as_good_as_none(library: Library) -> None:
    expected, _ = prepare_briefly(spec_of(), library)
    assert library.root is not None
    for rows in library.root.glob("bases/digits/*/*.rows.npy"):
        rows.write_bytes(rows.read_bytes()[:200])
    again, built = prepare_briefly(spec_of(), library)
    assert built == 1
    np.testing.assert_array_equal(again.run_data.val.features, expected.run_data.val.features)


def test_a_folder_that_was_deleted_meanwhile_does_not_come_back(tmp_path: Path) -> None:
    files = EmbeddingFiles(tmp_path / "deleted" / "embeddings")
    files.add([bytes(16)], np.ones((1, 4), np.float32))
    assert not (tmp_path / "deleted").exists()
    np.testing.assert_array_equal(files.find(bytes(16)), np.ones(4))


def test_on_a_disk_that_is_almost_full_nothing_is_kept(tmp_path: Path) -> None:
    rows, free = np.ones((1, 4), np.float32), [SPARE_BYTES + 15]
    files = EmbeddingFiles(tmp_path / "embeddings", lambda at: free[0])
    files.add([bytes(16)], rows)
    assert list(tmp_path.rglob("*.npy")) == []
    np.testing.assert_array_equal(files.find(bytes(16)), rows[0])
    free[0] += 1
    files.add([bytes(16)], rows)
    assert len(list(tmp_path.rglob("*.npy"))) == 2


def test_a_folder_in_which_nothing_can_be_made_does_without(library: Library) -> None:
    assert library.root is not None
    in_the_way = library.root / "bases" / "digits"
    in_the_way.write_bytes(b"")
    try:
        assert [prepare_briefly(spec_of(), library)[1] for _ in range(2)] == [1, 1]
    finally:
        in_the_way.unlink()


def test_disturbed_pictures_are_not_kept(library: Library) -> None:
    prepare_briefly(spec_of(noise=20), library)
    assert library.root is not None
    assert [path.name for path in (library.root / "bases").iterdir() if path.is_dir()] == []


def test_what_is_told_counts_up_to_all(library: Library) -> None:
    told: list[tuple[int, int]] = []
    prepare(spec_of(samples=40), library, lambda done, total: told.append((done, total)), BriefBase().build)
    assert told == sorted(told)
    assert told[0] == (16, 40)
    assert told[-1] == (40, 40)


def test_who_hears_may_end_it(library: Library) -> None:
    class Enough(Exception):
        pass

    def tell(done: int, total: int) -> None:
        raise Enough

    with pytest.raises(Enough):
        prepare(spec_of(), library, tell, BriefBase().build)
