"""The page as a person uses it, by the names of its controls; it notes errors and requests to other hosts."""

import csv
import io
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response, expect

READY_TIMEOUT_MS = 60_000
TIMEOUT_S = 30.0


class WatchedPage:
    """A page of one server."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.errors: list[str] = []
        self.foreign_requests: list[str] = []
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))
        page.on("request", self._note_request)
        page.on("response", self._note_response)

    def open(self, hash_: str = "") -> None:
        """Open the page and wait until it can be used."""
        self.page.goto(f"{self.address}/{hash_}")
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """The page says so itself."""
        self.page.wait_for_selector("html[data-ready=true]", state="attached", timeout=READY_TIMEOUT_MS)

    def button(self, name: str) -> Locator:
        """A button by its whole name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def number(self, name: str) -> str:
        """The text of one of the live numbers."""
        return self.page.get_by_role("status", name=name, exact=True).inner_text()

    def epoch(self) -> int:
        """The epoch that is shown, in any language."""
        return int("".join(character for character in self.number("Epoch") if character.isdigit()))

    def output(self) -> Locator:
        """The large picture."""
        return self.page.get_by_role("img", name="Output", exact=True)

    def frames(self) -> int:
        """How many pictures were drawn."""
        return int(self.output().get_attribute("data-frames") or 0)

    def pixels(self) -> str:
        """The large picture as data."""
        return str(self.output().evaluate("canvas => canvas.toDataURL()"))

    def run_id(self) -> str:
        """The run in the address."""
        return self.page.url.partition("run=")[2]

    def downloaded_data(self) -> list[list[str]]:
        """The rows of the table that the page gives away, without its head."""
        with self.page.expect_download() as taken:
            self.button("Download data").click()
        assert taken.value.suggested_filename.endswith("-sample-0.csv")
        text = Path(taken.value.path()).read_text(encoding="utf-8")
        return list(csv.reader(io.StringIO(text)))[1:]

    def badge(self) -> Locator:
        """What the page says of its own predictions."""
        return self.page.locator("#badge")

    def expect_equal_to_keras(self) -> None:
        """The page has compared itself with Keras."""
        expect(self.badge()).to_contain_text("equal to Keras", timeout=TIMEOUT_S * 1000)

    def wait_until(self, is_so: Callable[[], bool], what: str, timeout_s: float = TIMEOUT_S) -> float:
        """Seconds until something is so."""
        begun_s = time.monotonic()
        while not is_so():
            assert time.monotonic() - begun_s < timeout_s, f"Waited {timeout_s} s until {what}."
            self.page.wait_for_timeout(10)
        return time.monotonic() - begun_s

    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than the window."""
        return bool(self.page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"))

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and not request.url.startswith(self.address + "/"):
            self.foreign_requests.append(request.url)

    def _note_response(self, response: Response) -> None:
        if response.status >= 400:
            self.errors.append(f"{response.status}: {response.url}")
