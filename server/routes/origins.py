"""Whether a request that changes something comes from our own page.

Any page a person visits can make the browser send requests here. Browsers say where a request comes from: in
`Sec-Fetch-Site`, which they send to safe addresses only (https, this machine), else in `Origin`. What comes from
another page, or from a neighbour under the same name, is refused. Programs that are no browser send neither and pass:
nobody can send them here against their will. There are no cookies, so nothing else has to be kept from a stranger's
page.

What only reads needs no check: it changes nothing (tests/server/routes/test_origins.py), and its answer is kept from
other pages by the browser, as no answer names another origin.
"""

from flask import Flask, request

from server.domain.errors import NotAllowed

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_FROM_OUR_PAGE = frozenset({"same-origin", "none"})
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def register_origins(app: Flask) -> None:
    """Refuse changes that another page asks for."""

    @app.before_request
    def refuse_other_pages() -> None:
        if request.method in SAFE_METHODS:
            return
        site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        if is_from_elsewhere(site, origin, f"{request.scheme}://{request.environ.get('HTTP_HOST', '')}"):
            raise NotAllowed(
                "This request comes from a page of another address, so it was refused. Use the playground's own page; "
                "behind a proxy, let the proxy pass on the header Host and set behind_proxy.",
                "other_origin",
            )


def is_from_elsewhere(site: str | None, origin: str | None, own_origin: str) -> bool:
    """Whether a browser says that another page than one of ours asks; `site` and `origin` are its two headers.

    `Sec-Fetch-Site` decides where it is sent, since no page can forge it; `none` is a person's own doing.
    """
    if site is not None:
        return site not in _FROM_OUR_PAGE
    return origin is not None and _plain(origin) != _plain(own_origin)


def _plain(origin: str) -> str:
    """An origin in small letters, without the port that its scheme has anyhow."""
    lower = origin.lower()
    return lower.removesuffix(_DEFAULT_PORTS.get(lower.partition("://")[0], ""))
