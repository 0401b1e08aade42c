"""Templates and static files are found in a checkout."""

import pytest

from server.assets import assets_dir


@pytest.mark.parametrize(("name", "file"), [("static", "js/main.js"), ("templates", "base.html")])
def test_a_folder_of_the_checkout_is_found(name: str, file: str) -> None:
    assert (assets_dir(name) / file).is_file()


def test_a_missing_folder_says_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match=r"'nothing' is missing: install the package again\."):
        assets_dir("nothing")
