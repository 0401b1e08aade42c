"""The line to the server: shared by tabs, put down while nobody looks, cut and mended."""

import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.watched_page import READY_TIMEOUT_MS, WatchedPage
from tests.live.running_server import RunningServer

# Notes the epochs of all metrics that come while a line is open, and the lines that were opened.
LISTEN = """
  window.heard = [];
  window.lines = [];
  window.EventSource = class extends window.EventSource {
    constructor(address) {
      super(address);
      window.lines.push(address);
      this.addEventListener("metrics", ({ data }) => {
        if (this.readyState !== 2) window.heard.push(...JSON.parse(data).epoch);
      });
    }
  };
"""
HIDE = """(isHidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
TABS = 6
HEALS_S = 60.0


@pytest.fixture
def context(page: Page) -> BrowserContext:
    """One browser: its pages share storage and connections."""
    page.context.add_init_script(LISTEN)
    page.context.set_default_navigation_timeout(READY_TIMEOUT_MS)
    return page.context


@pytest.fixture
def own_port(own_server: RunningServer) -> Iterator[list[RunningServer]]:
    """Servers of the test's own, one after the other at the same address."""
    servers = [own_server]
    yield servers
    for running in servers[1:]:
        running.stop()


def test_six_tabs_of_one_browser_train_and_a_seventh_page_still_loads(
    context: BrowserContext, server: RunningServer
) -> None:
    tabs = [WatchedPage(context.new_page(), server.url) for _ in range(TABS)]
    for tab in tabs:
        tab.open()
    for tab in tabs:
        tab.button("Run").click()
    for tab in tabs:
        _wait_for_epoch(tab, 20)
    plain = context.new_page()
    plain.goto(f"{server.url}/healthz")

    for tab in tabs:
        _wait_for_epoch(tab, tab.epoch() + 1)
        tab.button("Pause").click()
        expect(tab.button("Run")).to_be_enabled()
        assert _is_complete(tab)
        assert tab.errors == []
    asking = [tab for tab in tabs if "wait=0" in tab.page.evaluate("() => lines.at(-1)")]
    assert len(asking) >= TABS - 3


def test_a_tab_that_was_hidden_while_it_trained_has_every_epoch_once(
    context: BrowserContext, server: RunningServer
) -> None:
    tab = WatchedPage(context.new_page(), server.url)
    tab.open()
    tab.button("Run").click()
    tab.wait_until(lambda: tab.epoch() >= 20, "20 epochs were trained")
    for _ in range(3):
        tab.page.evaluate(HIDE, True)
        hidden_at = len(tab.page.evaluate("() => heard"))
        tab.page.wait_for_timeout(700)
        assert len(tab.page.evaluate("() => heard")) == hidden_at
        tab.page.evaluate(HIDE, False)
        tab.wait_until(lambda: len(tab.page.evaluate("() => heard")) > hidden_at + 10, "the page caught up")  # noqa: B023

    assert _is_complete(tab)
    assert tab.errors == []


def test_a_server_that_was_restarted_heals_the_page_without_a_reload(
    page: Page, own_port: list[RunningServer], tmp_path: Path
) -> None:
    tab = _left_alone_while_it_trained(page, own_port[0])

    expect(page.get_by_text("Reconnecting…")).to_be_visible()
    expect(tab.button("Run")).to_be_disabled()
    own_port.append(_again(own_port[0], tmp_path / "data"))
    expect(page.get_by_text("Reconnecting…")).to_be_hidden(timeout=HEALS_S * 1000)
    expect(page.locator("#sentence-text")).to_contain_text("The server was restarted during this run.")
    _run_on(tab)


def test_a_server_that_has_lost_the_run_takes_a_new_one_with_the_same_settings(
    page: Page, own_port: list[RunningServer], tmp_path: Path
) -> None:
    tab = _left_alone_while_it_trained(page, own_port[0])
    own_port.append(_again(own_port[0], tmp_path / "other"))

    sentence = "The server does not know this run any more."
    expect(page.locator("#sentence-text")).to_contain_text(sentence, timeout=HEALS_S * 1000)
    _run_on(tab)


def _left_alone_while_it_trained(page: Page, server: RunningServer) -> WatchedPage:
    """A page whose server was killed under it."""
    tab = WatchedPage(page, server.url)
    tab.open()
    tab.button("Run").click()
    tab.wait_until(lambda: tab.epoch() >= 20, "20 epochs were trained")
    server.stop(signal.SIGKILL)
    return tab


def _again(before: RunningServer, data_dir: Path) -> RunningServer:
    return RunningServer(data_dir, "--port", str(urlsplit(before.url).port), workers=1)


def _run_on(tab: WatchedPage) -> None:
    """Run is there, and starts again from the settings."""
    run_id = tab.run_id()
    tab.button("Run").click()
    tab.wait_until(lambda: tab.run_id() != run_id, "a new run was there")
    tab.wait_until(lambda: tab.epoch() >= 5, "it trained")


def _wait_for_epoch(tab: WatchedPage, epoch: int) -> None:
    tab.wait_until(lambda: tab.epoch() >= epoch, f"epoch {epoch} was trained")


def _is_complete(tab: WatchedPage) -> bool:
    heard = tab.page.evaluate("() => heard")
    return bool(heard == list(range(1, len(heard) + 1)))
