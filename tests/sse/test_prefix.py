"""Below a folder, as a proxy may show the product: no address of the page or of its answers leaves it."""

import re
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from tests.http_client import CheckedClient

ROOT = Path(__file__).parents[2]
PREFIX = "/school/play"
ABSOLUTE = re.compile(r"""["'`(]/(?:api|static)/""")


class Addresses(HTMLParser):
    """Every address that a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses of one element."""
        self.found += [value for name, value in attrs if name in ("href", "src", "action") and value]


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    """A client of the application below a folder; outside of it there is nothing."""
    inner: Callable[..., Iterable[bytes]] = app.wsgi_app
    mounted: Any = DispatcherMiddleware(NotFound(), {PREFIX: inner})
    app.wsgi_app = mounted  # type: ignore[method-assign]
    made = app.test_client()
    assert isinstance(made, CheckedClient)
    return made


def test_every_address_in_the_page_stays_below_the_folder_and_is_there(client: CheckedClient) -> None:
    addresses = Addresses()
    addresses.feed(client.get(f"{PREFIX}/").text)
    own = [address for address in addresses.found if not address.startswith(("#", "https://", "data:"))]

    assert len(own) > 50
    assert [address for address in own if not address.startswith(f"{PREFIX}/")] == []
    for address in own:
        answer = client.get(address)
        assert answer.status_code == 200 or "/vendor/" in address
        answer.close()


def test_the_addresses_in_an_answer_stay_below_the_folder(client: CheckedClient) -> None:
    answer = client.post(f"{PREFIX}/api/runs", json={"spec": {}}).json

    for name in ("events", "model"):
        assert answer[name].startswith(f"{PREFIX}/api/runs/{answer['run_id']}/")
    stream = client.get(answer["events"])
    assert stream.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    stream.close()


@pytest.mark.parametrize("folder", ["static/js", "static/css", "templates"])
def test_nothing_of_the_page_names_an_address_from_the_root(folder: str) -> None:
    files = [file for file in (ROOT / folder).rglob("*") if file.suffix in (".js", ".css", ".html")]

    assert files
    assert [file.name for file in files if ABSOLUTE.search(file.read_text(encoding="utf-8"))] == []
