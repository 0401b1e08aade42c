"""One stand-in for a pretrained network, for all tests of this folder."""

from pathlib import Path

import pytest

from tests.pretrained import write_base


@pytest.fixture(scope="session")
def base_images_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of pictures in which the smallest base lies; what a test keeps there it keeps for the others, too."""
    folder = tmp_path_factory.mktemp("images")
    write_base(folder)
    return folder
