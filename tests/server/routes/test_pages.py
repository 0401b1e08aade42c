"""The page itself, and the static files beside it."""

import pytest

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


@pytest.mark.parametrize(
    ("address", "mimetype"),
    [("/static/js/main.js", "text/javascript"), ("/static/css/base.css", "text/css")],
)
def test_static_files_have_their_type(client: CheckedClient, address: str, mimetype: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.mimetype) == (200, mimetype)
    answer.close()
