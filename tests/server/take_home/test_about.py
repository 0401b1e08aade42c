"""What goes in, what comes out, and what the classes are called."""

from pathlib import Path

import pytest

from server.datasets.collections import Library
from server.take_home.about import about_network
from tests.builders import make_spec
from tests.server.take_home.models import PICTURES, make_about, write_collection

OWN = {"collection": "a1b2", "side": 32, "channels": 3, "classes": 2}


def test_classes_have_their_numbers_until_a_collection_names_them() -> None:
    assert make_about(**PICTURES).classes == tuple("0123456789")
    assert make_about().classes == ("0", "1")
    assert make_about(dataset={"name": "plane"}).classes == ()


def test_own_images_have_the_names_of_their_folders(tmp_path: Path) -> None:
    payload = {"name": "a1b2", "shape": [32, 32, 3], "classes": ["cat", "dog"], "train_count": 8, "test_count": 0}
    write_collection(tmp_path, "a1b2", payload)
    spec = make_spec(dataset={"name": "own_images", "images": OWN, "samples": 20}, layers=[{"kind": "flatten"}])

    assert about_network("r1", spec, 1, Library(tmp_path)).classes == ("cat", "dog")
    assert about_network("r1", spec, 1, Library(None)).classes == ("0", "1")


@pytest.mark.parametrize(
    ("changes", "goes_in", "comes_out"),
    [
        pytest.param(PICTURES, "[pictures, 8, 8, 1]", "[samples, 10]", id="pictures"),
        pytest.param({"features": ["x1", "sin_x2"]}, "[samples, 2]: x1, sin_x2", "second class", id="two classes"),
        pytest.param({"dataset": {"name": "curve"}}, "[samples, 1]: x1", "the number itself", id="numbers"),
    ],
)
def test_both_ends_are_told_in_words(changes: dict[str, object], goes_in: str, comes_out: str) -> None:
    about = make_about(**changes)

    assert goes_in in about.input_sentence()
    assert comes_out in about.output_sentence()
