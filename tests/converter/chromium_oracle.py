"""The real TensorFlow.js in a real Chromium, asked about folders the converter wrote."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.converter.tfjs_oracle import NODE_MODULES

ANSWERS = Path(__file__).with_name("answers.mjs")
LIBRARY = NODE_MODULES / "@tensorflow" / "tfjs" / "dist" / "tf.min.js"
# Chromium draws in software where there is no graphics card: slower, but with the same shaders.
SOFTWARE_GRAPHICS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
PAGE = '<!doctype html><meta charset="utf-8"><title>examination</title><script src="/tf.min.js"></script>'

ASK = """
async ({ backend, numbers }) => {
  const { answersOf } = await import("/answers.mjs");
  const fetchFrom = (number) => (name) => fetch(`/models/${number}/${name}`);
  if (!(await tf.setBackend(backend))) throw new Error(`no backend ${backend}`);
  await tf.ready();
  const answers = [];
  for (const number of numbers) answers.push(await answersOf(tf, fetchFrom(number)));
  return answers;
}
"""
AT_ONCE = 50
"""Models in one call, so that no answer of the page grows too large."""


class _Files(SimpleHTTPRequestHandler):
    """Serves the page, TensorFlow.js, and the folders by their numbers."""

    extensions_map = {".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript"}

    def __init__(self, folders: Sequence[Path], *arguments: Any) -> None:
        self._folders = folders
        super().__init__(*arguments)

    def translate_path(self, path: str) -> str:
        """Find the file a path stands for."""
        known = {"/tf.min.js": LIBRARY, "/answers.mjs": ANSWERS}
        if path in known:
            return str(known[path])
        first, *rest = path.strip("/").split("/")
        return str(self._folders[int(rest[0])] / rest[1]) if first == "models" else "/nothing/of/that/name"

    def do_GET(self) -> None:
        """Answer with the page itself, or a file."""
        if self.path != "/":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE.encode())
        return None

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


@contextmanager
def _served(folders: Sequence[Path]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, folders))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ask_chromium(browser: Browser, backend: str, folders: Sequence[Path]) -> list[dict[str, Any]]:
    """Load each converted model in a page and run its probe inputs; `error` is set where that fails."""
    with _served(folders) as url:
        page = browser.new_page()
        page.set_default_timeout(600_000)
        page.goto(url)
        answers = [
            answer for start in range(0, len(folders), AT_ONCE) for answer in _ask(page, backend, start, folders)
        ]
        page.close()
    return answers


def _ask(page: Page, backend: str, start: int, folders: Sequence[Path]) -> list[dict[str, Any]]:
    numbers = list(range(start, min(start + AT_ONCE, len(folders))))
    said: list[dict[str, Any]] = page.evaluate(ASK, {"backend": backend, "numbers": numbers})
    return said
