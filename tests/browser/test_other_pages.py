"""What pages of other addresses can do to a playground, in a real browser: show it, where the school says so."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.watched_page import READY_TIMEOUT_MS, WatchedPage
from tests.live.running_server import RunningServer

pytestmark = [pytest.mark.browser, pytest.mark.live]

# Chromium finds every name that ends in .example on this machine (conftest.py).
STRANGER, SCHOOL, NAMED = "evil.example", "moodle.example", "teacher.example"


class _EmptyPage(BaseHTTPRequestHandler):
    """A page without anything, at every address; the test writes into it."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Another page</title>")

    def log_message(self, format: str, *values: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def other_port() -> Iterator[int]:
    """Where pages of others come from."""
    others = ThreadingHTTPServer(("127.0.0.1", 0), _EmptyPage)
    thread = Thread(target=others.serve_forever)
    thread.start()
    yield others.server_port
    others.shutdown()
    thread.join()
    others.server_close()


@pytest.fixture(scope="module")
def school_server(tmp_path_factory: pytest.TempPathFactory, other_port: int) -> Iterator[RunningServer]:
    """A server that has a name, and that one page beside its own may show in a frame."""
    options = ("--trusted-hosts", NAMED, "--frame-ancestors", f"self,http://{SCHOOL}:{other_port}")
    running = RunningServer(tmp_path_factory.mktemp("data"), *options, workers=1)
    yield running
    running.stop()


def _named(server: RunningServer) -> str:
    """The address by name: a plain one, to which a browser does not send `Sec-Fetch-Site`."""
    return f"http://{NAMED}:{urlsplit(server.url).port}"


def _runs(server: RunningServer) -> list[str]:
    return [run["run_id"] for run in server.request("GET", "/api/runs")[1]["runs"]]


def _other_page(page: Page, name: str, port: int) -> None:
    page.goto(f"http://{name}:{port}/")


@pytest.mark.parametrize("is_named", [False, True], ids=["this machine", "a plain address"])
@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json"])
def test_a_strangers_page_starts_no_run_and_reads_none(
    page: Page, school_server: RunningServer, other_port: int, content_type: str, is_named: bool
) -> None:
    server_url = _named(school_server) if is_named else school_server.url
    before = _runs(school_server)
    _other_page(page, STRANGER, other_port)
    ask = """([url, type, mode]) => fetch(url, {method: "POST", mode, headers: {"Content-Type": type}, body: "{}"})
        .then((answer) => answer.type, () => "refused by the browser")"""
    assert page.evaluate(ask, [f"{server_url}/api/runs", content_type, "no-cors"]) == "opaque"
    assert page.evaluate(ask, [f"{server_url}/api/runs", content_type, "cors"]) == "refused by the browser"
    assert (
        page.evaluate("(url) => fetch(url).then(() => 'read', () => 'refused')", f"{server_url}/api/runs") == "refused"
    )
    assert _runs(school_server) == before


@pytest.mark.parametrize("is_named", [False, True], ids=["this machine", "a plain address"])
def test_a_strangers_form_is_refused(page: Page, school_server: RunningServer, other_port: int, is_named: bool) -> None:
    server_url = _named(school_server) if is_named else school_server.url
    before = _runs(school_server)
    _other_page(page, STRANGER, other_port)
    page.set_content(
        f'<form method="post" enctype="text/plain" action="{server_url}/api/runs"><button>Go</button></form>'
    )
    with page.expect_response(f"{server_url}/api/runs") as answered:
        page.get_by_role("button").click()
    assert answered.value.status == 403
    assert _runs(school_server) == before


def test_a_strangers_name_for_this_machine_shows_nothing(page: Page, school_server: RunningServer) -> None:
    """DNS rebinding: the stranger's name leads to the playground's own port."""
    answer = page.goto(f"http://{STRANGER}:{urlsplit(school_server.url).port}/")
    assert answer is not None
    assert answer.status == 400
    expect(page.get_by_role("heading")).to_contain_text("does not answer under the name")
    status = page.evaluate("fetch('/api/runs').then((answer) => answer.status)")
    assert status == 400


def test_by_its_own_name_the_playground_trains(page: Page, school_server: RunningServer) -> None:
    before = _runs(school_server)
    watched = WatchedPage(page, _named(school_server))
    watched.open()
    assert len(_runs(school_server)) == len(before) + 1
    assert watched.errors == []
    assert watched.foreign_requests == []


def _frame_is_refused(page: Page) -> bool:
    """A frame that may not be shown holds the browser's own page of errors."""
    page.wait_for_load_state("networkidle")
    return page.frames[1].url.startswith("chrome-error:")


def test_a_strangers_page_cannot_hold_the_playground_in_a_frame(
    page: Page, school_server: RunningServer, other_port: int
) -> None:
    _other_page(page, STRANGER, other_port)
    page.set_content(f'<iframe src="{school_server.url}/#embed=true"></iframe>')
    page.wait_for_function("document.querySelector('iframe') !== null")
    assert _frame_is_refused(page)


def test_the_page_of_the_school_may_and_the_playground_trains_in_it(
    page: Page, school_server: RunningServer, other_port: int
) -> None:
    before = _runs(school_server)
    _other_page(page, SCHOOL, other_port)
    page.set_content(
        f'<iframe src="{_named(school_server)}/#embed=true&dataset=xor" width="1100" height="760"></iframe>'
    )
    inside = page.frame_locator("iframe")
    inside.locator("html[data-ready=true]").wait_for(state="attached", timeout=READY_TIMEOUT_MS)
    assert len(_runs(school_server)) == len(before) + 1
    with pytest.raises(Error):
        page.evaluate("document.querySelector('iframe').contentWindow.document.title")
