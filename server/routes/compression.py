"""Answers made small: text goes out compressed to everybody who can read that; streams of events never."""

import gzip
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.security import safe_join

LEAST_BYTES = 860
"""Below this an answer fits into one packet anyhow."""

_KINDS = frozenset(
    {"application/json", "application/wasm", "image/svg+xml", "text/css", "text/html", "text/javascript"}
)
"""What becomes smaller. A stream of events is not among them: its events would be held back until a block is full."""

_COMMENTS = re.compile(rb"^[ \t]*(?://[^\n]*|/\*(?:(?!\*/)[\s\S])*\*/)[ \t]*$", re.MULTILINE)
"""Comments that have their lines to themselves, in scripts and styles."""

_UNSENT_HEADERS = ("Accept-Ranges", "Content-Disposition", "Last-Modified")
"""Of static files: the tag says when one is new, and two hundred modules send every header two hundred times."""

_KEPT_FILES = 1024
_FILE_LEVEL, _ANSWER_LEVEL = 9, 5


def register_compression(app: Flask) -> None:
    """Compress what is asked for and worth it; a static file once, at its first use."""

    @lru_cache(maxsize=_KEPT_FILES)
    def packed_file(path: str, etag: str) -> bytes:
        """The tag is part of the key: it changes with the file."""
        return gzip.compress(_without_comments(path), _FILE_LEVEL, mtime=0)

    @app.after_request
    def compress(answer: Response) -> Response:
        if request.endpoint == "static":
            for name in _UNSENT_HEADERS:
                answer.headers.pop(name, None)
        if answer.mimetype not in _KINDS:
            return answer
        answer.vary.add("Accept-Encoding")
        etag, _ = answer.get_etag()
        if etag:
            # The plain and the compressed bytes are the same file: a weak tag says so, and revalidates both.
            answer.set_etag(etag, weak=True)
        if _is_worth_it(answer):
            answer.set_data(_packed(app, answer, packed_file))
            answer.content_encoding = "gzip"
        return answer


def _without_comments(path: str) -> bytes:
    """A file as it is sent: its comments, a third of our scripts, stay here; its lines keep their numbers."""
    content = Path(path).read_bytes()
    if not path.endswith((".js", ".css")) or "/vendor/" in path:
        return content
    return _COMMENTS.sub(lambda comment: b"\n" * comment[0].count(b"\n"), content)


def _is_worth_it(answer: Response) -> bool:
    is_plain_and_whole = answer.status_code == 200 and not answer.content_encoding
    is_large = (answer.content_length or 0) >= LEAST_BYTES
    return is_plain_and_whole and is_large and request.accept_encodings["gzip"] > 0 and request.method != "HEAD"


def _packed(app: Flask, answer: Response, packed_file: Callable[[str, str], bytes]) -> bytes:
    etag, _ = answer.get_etag()
    name = (request.view_args or {}).get("filename", "")
    path = safe_join(str(app.static_folder), name) if request.endpoint == "static" else None
    if path is None or etag is None:
        return gzip.compress(answer.get_data(), _ANSWER_LEVEL, mtime=0)
    answer.response.close()  # type: ignore[union-attr] # the open file, which nobody will read
    answer.direct_passthrough = False
    return packed_file(path, etag)
