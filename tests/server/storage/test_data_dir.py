"""The data folder: for its user alone, and refused when everybody may write to it."""

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.storage.data_dir import PRIVATE_MASK, OpenToEverybody, open_data_dir


@pytest.fixture(autouse=True)
def usual_mask() -> Iterator[None]:
    """The mask that systems have, whatever that of the tests is."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder_is_for_its_user_alone(tmp_path: Path) -> None:
    open_data_dir(tmp_path / "a" / "b")
    assert _mode(tmp_path / "a" / "b") == 0o700


@pytest.mark.parametrize("mode", [0o700, 0o750, 0o770])
def test_a_folder_that_strangers_cannot_look_into_is_taken_as_it_is(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(mode)
    open_data_dir(folder)
    assert _mode(folder) == mode
    assert caplog.records == []


@pytest.mark.parametrize("mode", [0o755, 0o701, 0o704])
def test_a_folder_that_strangers_can_look_into_is_used_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(mode)
    with caplog.at_level(logging.WARNING):
        open_data_dir(folder)
    assert "chmod 700" in caplog.text
    assert str(folder) in caplog.text


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o702])
def test_a_folder_that_everybody_may_write_to_is_refused_and_stays_empty(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(
        OpenToEverybody, match="Take a folder inside it, --data-dir .*/data/neural-playground"
    ) as refused:
        open_data_dir(folder)
    assert isinstance(refused.value, OSError)
    assert list(folder.iterdir()) == []
    open_data_dir(folder / "neural-playground")


def test_the_mask_of_a_server_leaves_its_files_to_nobody_else(tmp_path: Path) -> None:
    os.umask(PRIVATE_MASK)
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    assert (_mode(tmp_path / "file"), _mode(tmp_path / "folder")) == (0o600, 0o700)
