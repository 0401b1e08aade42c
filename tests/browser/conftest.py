"""A real server, a real Chromium, and a page that remembers everything that went wrong in it."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.watched_page import WatchedPage
from tests.live.running_server import RunningServer

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages of other addresses come from this machine, too: the name is all that makes them others.
    "--host-resolver-rules=MAP *.example 127.0.0.1",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """The Chromium to use: the one that is named, or one on PATH."""
    wanted = os.environ.get("NEURAL_PLAYGROUND_BROWSER")
    return wanted or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; without one they are skipped, but never where everything must be tested."""
    path = find_browser()
    if path is None and not os.environ.get("CI"):
        pytest.skip("There is no Chromium on PATH; name one in NEURAL_PLAYGROUND_BROWSER or use `make test`.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def locale() -> str:
    """The reader's language."""
    return "en-US"


@pytest.fixture
def viewport() -> tuple[int, int]:
    """Width and height of the window."""
    return 1440, 900


@pytest.fixture
def page(browser: Browser, locale: str, viewport: tuple[int, int]) -> Iterator[Page]:
    """A fresh page in a fresh profile."""
    width, height = viewport
    context = browser.new_context(locale=locale, viewport={"width": width, "height": height})
    yield context.new_page()
    context.close()


@pytest.fixture
def watched(page: Page, server: RunningServer) -> Iterator[WatchedPage]:
    """The page, opened and ready. When the test ends, nothing may have gone wrong in it."""
    opened = WatchedPage(page, server.url)
    opened.open()
    yield opened
    assert opened.foreign_requests == []
    assert opened.errors == []
