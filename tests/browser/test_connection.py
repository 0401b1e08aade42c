"""The line to the server: shared by tabs, put down while nobody looks, cut and mended."""

import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

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


@pytest.mark.usefixtures("context")
def test_a_run_goes_on_by_itself_after_the_server_was_restarted(
    page: Page, own_port: list[RunningServer], tmp_path: Path
) -> None:
    """Without a reload and without a word: the same run, the button still says Pause, the curve has each epoch once."""
    tab = _left_alone_while_it_trained(page, own_port[0])
    run_id, epoch = tab.run_id(), tab.epoch()

    expect(page.get_by_text("Reconnecting…")).to_be_visible()
    expect(tab.button("Run")).to_be_disabled()
    own_port.append(_again(own_port[0], tmp_path / "data"))
    expect(page.get_by_text("Reconnecting…")).to_be_hidden(timeout=HEALS_S * 1000)
    tab.wait_until(lambda: tab.epoch() > epoch + 20, "the run went on", HEALS_S)
    tab.button("Pause").click()
    expect(page.locator("#sentence-text")).to_have_text("Paused.")

    assert tab.run_id() == run_id
    assert _is_complete(tab)


def test_a_server_that_has_lost_the_run_takes_a_new_one_with_the_same_settings(
    page: Page, own_port: list[RunningServer], tmp_path: Path
) -> None:
    tab = _left_alone_while_it_trained(page, own_port[0])
    own_port.append(_again(own_port[0], tmp_path / "other"))

    sentence = "The server does not know this run any more."
    expect(page.locator("#sentence-text")).to_contain_text(sentence, timeout=HEALS_S * 1000)
    _run_on(tab)


def test_a_run_that_is_deleted_while_it_is_followed_is_over_and_says_so(page: Page, server: RunningServer) -> None:
    tab = WatchedPage(page, server.url)
    tab.open()
    tab.button("Run").click()
    _wait_for_epoch(tab, 5)
    assert server.request("DELETE", f"/api/runs/{tab.run_id()}")[0] == 204

    expect(page.locator("#sentence-text")).to_contain_text("This run was deleted.")
    _run_on(tab)


def test_a_link_opened_while_the_server_is_away_shows_its_run_when_it_is_back(
    page: Page, server: RunningServer
) -> None:
    run_id = server.start_run(spec={"epochs": 30}, speed=None)
    server.wait_for(run_id, lambda run: run["status"] == "finished")
    page.route("**/api/runs**", _abort)
    page.route("**/api/runs/**", _abort)
    tab = WatchedPage(page, server.url)
    tab.open(f"#run={run_id}")
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer.")
    assert tab.run_id() == run_id
    expect(tab.button("Run")).to_be_disabled()

    page.unroute("**/api/runs**")
    page.unroute("**/api/runs/**")
    tab.wait_until(lambda: tab.epoch() == 30, "the run was shown")
    assert tab.run_id() == run_id


def test_a_server_that_answers_nothing_at_first_is_told_at_once_and_the_page_begins_when_it_does(
    page: Page, server: RunningServer
) -> None:
    page.route("**/api/**", _abort)
    tab = WatchedPage(page, server.url)
    page.goto(server.url)
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer.")

    page.unroute("**/api/**")
    tab.wait_until_ready()
    expect(page.locator("#notice")).to_be_hidden()
    expect(page.locator("#sentence-text")).to_have_text("Ready. Press Run.")


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


def _abort(route: Route) -> None:
    route.abort()
