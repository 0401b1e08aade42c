"""What a base says about pictures, kept."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from server.datasets.collections import Library
from server.datasets.splits import as_inputs, make_run_data
from server.domain.spec import RunSpec
from server.training.base import build_embedder, load_base_weights
from server.training.embeddings import Prepared, prepare
from server.datasets.bases import Bases
from tests.builders import make_spec


def spec_of(samples: int = 24, noise: float = 0, **dataset: object) -> RunSpec:
    return make_spec(
        dataset={"name": "digits", "samples": samples, "noise": noise, **dataset}, base={"unfrozen": 0}, layers=[]
    )


@pytest.fixture
def library(tmp_path: Path, base_images_dir: Path) -> Library:
    """A folder of the test's own, so that nothing is known of any picture."""
    shutil.copytree(base_images_dir / "bases", tmp_path / "bases", ignore=shutil.ignore_patterns("digits"))
    return Library(tmp_path)


def counted(spec: RunSpec, library: Library, monkeypatch: pytest.MonkeyPatch) -> tuple[Prepared, int]:
    """What was prepared, and how many pictures the base had to look at."""
    looked = 0

    def looking(*arguments: object) -> object:
        nonlocal looked
        model = build_embedder(*arguments)  # type: ignore[arg-type]
        inner = model.call

        def call(rows: np.ndarray, **options: object) -> object:
            return inner(rows, **options)

        model.call = call
        looked += 1
        return model

    monkeypatch.setattr("server.training.embeddings.build_embedder", looking)
    return prepare(spec, library, lambda done, total: None), looked


def test_each_sample_becomes_what_the_base_says_about_it(library: Library) -> None:
    spec = spec_of()
    assert spec.base is not None
    prepared, plain = prepare(spec, library, lambda done, total: None), make_run_data(spec, library)
    embedder = build_embedder((8, 8, 1), spec.base, load_base_weights(spec.base, Bases(library.root)))
    for share, pictures in ((prepared.run_data.train, plain.train), (prepared.run_data.val, plain.val)):
        np.testing.assert_allclose(share.features, embedder(as_inputs(pictures.features[:])), atol=1e-4)
        np.testing.assert_array_equal(share.labels, pictures.labels)


def test_a_second_run_looks_at_no_picture_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    first, built = counted(spec_of(), library, monkeypatch)
    assert built == 1
    second, built = counted(spec_of(), library, monkeypatch)
    assert built == 0
    np.testing.assert_array_equal(first.run_data.train.features, second.run_data.train.features)


def test_other_shares_and_fewer_samples_find_what_is_known(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    counted(spec_of(), library, monkeypatch)
    assert counted(spec_of(train_fraction=0.8), library, monkeypatch)[1] == 0
    assert counted(spec_of(samples=20), library, monkeypatch)[1] == 0
    assert counted(spec_of(samples=26), library, monkeypatch)[1] == 1


def test_with_other_weights_of_the_base_nothing_is_known(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    counted(spec_of(), library, monkeypatch)
    base = spec_of().base
    assert base is not None
    path = Bases(library.root).get(base)
    path.write_bytes(path.read_bytes() + b"\0")
    assert counted(spec_of(), library, monkeypatch)[1] == 1


def test_a_part_that_was_cut_off_is_as_good_as_none(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    expected, _ = counted(spec_of(), library, monkeypatch)
    assert library.root is not None
    for rows in library.root.glob("bases/digits/*/*.rows.npy"):
        rows.write_bytes(rows.read_bytes()[:200])
    again, built = counted(spec_of(), library, monkeypatch)
    assert built == 1
    np.testing.assert_array_equal(again.run_data.val.features, expected.run_data.val.features)


def test_disturbed_pictures_are_not_kept(library: Library) -> None:
    prepare(spec_of(noise=20), library, lambda done, total: None)
    assert library.root is not None
    assert [path.name for path in (library.root / "bases").iterdir() if path.is_dir()] == []


def test_what_is_told_counts_up_to_all(library: Library) -> None:
    told: list[tuple[int, int]] = []
    prepare(spec_of(samples=40), library, lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[0] == (16, 40)
    assert told[-1] == (40, 40)


def test_who_hears_may_end_it(library: Library) -> None:
    class Enough(Exception):
        pass

    def tell(done: int, total: int) -> None:
        raise Enough

    with pytest.raises(Enough):
        prepare(spec_of(), library, tell)
