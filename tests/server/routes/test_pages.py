"""The page itself, and the static files beside it."""

import re

import pytest

from server.assets import assets_dir
from tests.http_client import CheckedClient


def test_the_page_is_html_in_utf_8(client: CheckedClient) -> None:
    answer = client.get("/")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("address", ["/", "/images"])
def test_a_page_has_no_inline_script(client: CheckedClient, address: str) -> None:
    """The content security policy would refuse it."""
    for part in client.get(address).text.split("<script")[1:]:
        assert " src=" in part.split(">", 1)[0]
        assert part.split(">", 1)[1].startswith("</script>")


def _modules(client: CheckedClient, address: str) -> list[str]:
    """The modules a page names for the browser."""
    return re.findall(r'<link rel="modulepreload" href="/static/([^"]+)">', client.get(address).text)


@pytest.mark.parametrize(
    ("address", "needed"),
    [
        ("/", {"js/pages/playground.js", "js/core/grid.js", "vendor/uplot/uPlot.esm.js"}),
        ("/images", {"js/pages/images/images.js", "js/core/image-shapes.js", "vendor/uplot/uPlot.esm.js"}),
    ],
)
def test_a_page_names_every_module_it_needs_once(client: CheckedClient, address: str, needed: set[str]) -> None:
    """Else the browser finds them one after the other."""
    named = _modules(client, address)

    assert needed <= set(named)
    assert len(named) == len(set(named))
    assert [name for name in named if not (assets_dir("static") / name).is_file()] == []


def test_the_first_view_of_the_playground_loads_nothing_of_the_image_page(client: CheckedClient) -> None:
    assert [name for name in _modules(client, "/") if "/images/" in name or "image-" in name] == []


@pytest.mark.parametrize(("address", "other"), [("/", "/images"), ("/images", "/")])
def test_each_page_leads_to_the_other(client: CheckedClient, address: str, other: str) -> None:
    assert re.search(rf'<a [^>]*href="{other}"', client.get(address).text)


@pytest.mark.parametrize(
    ("address", "mimetype"),
    [("/static/js/main.js", "text/javascript"), ("/static/css/base.css", "text/css")],
)
def test_static_files_have_their_type(client: CheckedClient, address: str, mimetype: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.mimetype) == (200, mimetype)
    answer.close()
