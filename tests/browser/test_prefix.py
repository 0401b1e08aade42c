"""The page below a folder of another web server's address."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.folder_proxy import FolderProxy
from tests.browser.watched_page import WatchedPage
from tests.live.running_server import RunningServer

pytestmark = pytest.mark.browser


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[FolderProxy]:
    """A proxy in front of a server that takes its word."""
    running = RunningServer(tmp_path / "data", "--behind-proxy", "1", workers=1)
    in_front = FolderProxy(running.url)
    yield in_front
    in_front.stop()
    running.stop()


def test_behind_a_proxy_with_a_folder_the_page_trains_and_streams(page: Page, proxy: FolderProxy) -> None:
    watched = WatchedPage(page, proxy.url)
    watched.open()
    watched.button("Run").click()
    watched.wait_until(lambda: watched.epoch() >= 20 and watched.frames() > 0, "it trained and was drawn")
    watched.expect_equal_to_keras()
    run_id = watched.run_id()
    page.reload()
    watched.wait_until_ready()
    watched.wait_until(lambda: watched.epoch() >= 20, "the run was found again")

    assert watched.run_id() == run_id
    assert (proxy.strays, watched.foreign_requests, watched.errors) == ([], [], [])
