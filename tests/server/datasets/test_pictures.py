"""Pictures for the page: those that a run learns from, a few at a time."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from server.datasets.collections import Library
from server.datasets.pictures import pictures_payload
from server.datasets.splits import make_run_data
from server.domain.errors import InvalidSpec
from server.domain.spec import RunSpec
from server.domain.validation import parse_pictures
from tests.picture_sets import write_collection

CIFAR = {"name": "cifar10", "samples": 60, "train_fraction": 0.8}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return write_collection(tmp_path, "cifar10", (32, 32, 3), train=70, test=30)


def _ask(library: Library, **request: Any) -> dict[str, Any]:
    return pictures_payload(parse_pictures(request), library)


def _pictures(payload: dict[str, Any]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(base64.b64decode(payload["pictures"]), np.uint8).reshape(-1, *payload["shape"])


@pytest.mark.parametrize("share", ["train", "val"])
def test_the_pictures_are_those_that_a_run_uses_in_the_order_of_its_share(library: Library, share: str) -> None:
    run_data = make_run_data(RunSpec.model_validate({"dataset": CIFAR}), library)
    split = run_data.train if share == "train" else run_data.val
    payload = _ask(library, dataset=CIFAR, share=share, start=3, count=5)

    np.testing.assert_array_equal(_pictures(payload), split.features[3:8])
    assert payload["labels"] == split.labels[3:8].argmax(axis=1).tolist()
    assert (payload["shape"], payload["total"], payload["start"]) == ([32, 32, 3], len(split.labels), 3)
    assert payload["class_names"] == [f"class {index}" for index in range(10)]


def test_the_built_in_digits_come_in_shades_of_grey(library: Library) -> None:
    payload = _ask(library, dataset={"name": "digits", "samples": 50}, count=2)
    run_data = make_run_data(RunSpec.model_validate({"dataset": {"name": "digits", "samples": 50}}))

    np.testing.assert_allclose(_pictures(payload) / 255, run_data.train.features[:2], atol=0.5 / 255)
    assert payload["class_names"] == list("0123456789")


def test_the_end_of_a_share_gives_fewer(library: Library) -> None:
    payload = _ask(library, dataset=CIFAR, share="val", start=10, count=1000)

    assert len(_pictures(payload)) == len(payload["labels"]) == payload["total"] - 10 == 2


def test_training_pictures_are_augmented_and_test_pictures_never(library: Library) -> None:
    wish = {"flip": True, "rotate": 20.0}
    plain, changed, again = (
        _pictures(_ask(library, dataset=CIFAR, **more)) for more in ({}, {"augmentation": wish}, {"augmentation": wish})
    )
    next_epoch = _pictures(_ask(library, dataset=CIFAR, augmentation=wish, epoch=2))
    test, test_changed = (
        _pictures(_ask(library, dataset=CIFAR, share="val", augmentation=each)) for each in (None, wish)
    )

    assert not np.array_equal(plain, changed)
    assert np.array_equal(changed, again)
    assert not np.array_equal(changed, next_epoch)
    assert np.array_equal(test, test_changed)


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({"dataset": CIFAR, "start": 48}, "start"),
        ({"dataset": CIFAR, "start": -1}, "start"),
        ({"dataset": CIFAR, "count": 0}, "count"),
        ({"dataset": CIFAR, "count": 1001}, "count"),
        ({"dataset": CIFAR, "share": "all"}, "share"),
        ({"dataset": {"name": "circle"}}, "dataset.name"),
        ({"dataset": {"name": "mnist"}}, "dataset.name"),
        ({"dataset": CIFAR, "pages": 3}, "pages"),
        ({}, "dataset"),
        ([], ""),
    ],
    ids=str,
)
def test_what_cannot_be_shown_is_said_with_its_field(library: Library, request_: Any, field: str) -> None:
    with pytest.raises(InvalidSpec) as refused:
        pictures_payload(parse_pictures(request_), library)

    (problem,) = refused.value.problems
    assert problem.field == field
    assert len(problem.message) > 20


def test_more_than_an_answer_holds_has_to_be_asked_for_in_pieces(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.datasets.pictures.MAX_BYTES_SENT", 10 * 32 * 32 * 3)

    assert len(_ask(library, dataset=CIFAR, count=10)["labels"]) == 10
    with pytest.raises(InvalidSpec, match="count must be 1 to 10"):
        _ask(library, dataset=CIFAR, count=11)


def test_the_changes_of_a_picture_do_not_depend_on_how_many_are_asked_for(library: Library) -> None:
    wish = {"dataset": CIFAR, "augmentation": {"rotate": 30}, "seed": 3}

    many, few = _ask(library, **wish, count=40), _ask(library, **wish, start=32, count=8)
    np.testing.assert_array_equal(_pictures(many)[32:], _pictures(few))
