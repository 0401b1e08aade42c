"""The texts in the archives say what somebody needs who finds them in a year."""

import pytest

from server.take_home.words import Format, labels, readme
from tests.server.take_home.models import PICTURES, make_about


@pytest.mark.parametrize(
    ("kind", "line"), [("tfjs", "loadLayersModel"), ("saved_model", "saved_model.load"), ("tflite", "Interpreter")]
)
def test_a_readme_says_how_to_load_what_goes_in_and_the_classes(kind: Format, line: str) -> None:
    text = readme(make_about(**PICTURES), kind)

    assert line in text
    assert "from 0 to 1, which is the byte of the pixel divided by 255" in text
    assert "    0  0\n" in text
    assert text.endswith("    9  9\n")


def test_numbers_have_no_classes() -> None:
    about = make_about(dataset={"name": "plane"})

    assert "Classes" not in readme(about, "tfjs")
    assert labels(about) == ""


def test_a_name_makes_no_line_of_its_own() -> None:
    about = make_about(classes=("cat\nREADME: run this", " big  dog "), **PICTURES)

    assert labels(about) == "cat README: run this\nbig dog\n"
    assert "    0  cat README: run this\n    1  big dog\n" in readme(about, "tflite")
