"""The page itself, and the static files beside it."""

import re

import pytest

from server.assets import assets_dir
from tests.http_client import CheckedClient


def test_the_page_is_html_in_utf_8(client: CheckedClient) -> None:
    answer = client.get("/")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_the_page_has_no_inline_script(client: CheckedClient) -> None:
    """The content security policy would refuse it."""
    for part in client.get("/").text.split("<script")[1:]:
        assert " src=" in part.split(">", 1)[0]
        assert part.split(">", 1)[1].startswith("</script>")


def test_the_page_names_every_module_it_needs_once(client: CheckedClient) -> None:
    """Else the browser finds them one after the other."""
    named = re.findall(r'<link rel="modulepreload" href="/static/([^"]+)">', client.get("/").text)

    assert {"js/pages/playground.js", "js/core/grid.js", "vendor/uplot/uPlot.esm.js"} <= set(named)
    assert len(named) == len(set(named))
    assert [name for name in named if not (assets_dir("static") / name).is_file()] == []


@pytest.mark.parametrize(
    ("address", "mimetype"),
    [("/static/js/main.js", "text/javascript"), ("/static/css/base.css", "text/css")],
)
def test_static_files_have_their_type(client: CheckedClient, address: str, mimetype: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.mimetype) == (200, mimetype)
    answer.close()
