"""Make the pictures of README and docs from the real page: `make screenshot`."""

import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.browser.conftest import CHROMIUM_ARGUMENTS, find_browser
from tests.browser.small_png import shrink
from tests.browser.watched_page import WatchedPage
from tests.live.running_server import RunningServer

Json = Mapping[str, Any]

SPIRAL: Json = {
    "dataset": {"name": "spiral", "noise": 5},
    "features": ["x1", "x2", "sin_x1", "sin_x2"],
    "layers": [{"units": 8}, {"units": 6}, {"units": 4}],
    "optimizer": {"name": "adam", "learning_rate": 0.003},
}
FIVE_CLASSES: Json = {
    "dataset": {"name": "blobs", "classes": 5, "noise": 20},
    "layers": [{"units": 8}],
    "optimizer": {"name": "adam", "learning_rate": 0.01},
}
CURVE: Json = {
    "dataset": {"name": "curve", "train_fraction": 0.8, "formula": "x^3 + x^2 - x - 1"},
    "features": ["x1"],
    "layers": [{"units": 6, "activation": "relu"}],
    "optimizer": {"name": "adam", "learning_rate": 0.03},
    "batch_size": 20,
    "seed": 1,
}
EPOCHS = {"spiral": 420, "classes": 60, "curve": 500}
SPECS = {"spiral": SPIRAL, "classes": FIVE_CLASSES, "curve": CURVE}


@dataclass(frozen=True)
class Shot:
    """One picture: of which run, in which window, and what is done before."""

    name: str
    run: str = "spiral"
    width: int = 1440
    height: int = 900
    options: Json = field(default_factory=dict)
    prepare: Callable[[WatchedPage], None] = lambda page: None


def _open_examples(page: WatchedPage) -> None:
    page.button("Examples").click()
    page.page.wait_for_selector("#presets-dialog[open] canvas, #presets-dialog[open] img")


SHOTS = (
    Shot("dark", options={"color_scheme": "dark"}),
    Shot("french", width=1024, height=768, options={"locale": "fr-FR"}),
    Shot("tablet", width=768, height=1024),
    Shot("phone", width=390, height=844, options={"has_touch": True, "is_mobile": True}),
    Shot("classes", run="classes"),
    Shot("curve", run="curve"),
    Shot("examples", prepare=_open_examples),
)


def make_screenshots(readme: Path, folder: Path) -> None:
    """The picture of the README shows a network that learns; those of the docs what it has learned."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data_dir, sync_playwright() as playwright:
        server = RunningServer(Path(data_dir))
        browser = playwright.chromium.launch(executable_path=find_browser(), args=CHROMIUM_ARGUMENTS)
        try:
            runs = {"spiral": server.start_run(spec=SPIRAL)}
            _take(browser, server, Shot("playground", prepare=_wait_until_learned), runs, readme)
            runs |= _trained_runs(server, runs)
            for shot in SHOTS:
                _take(browser, server, shot, runs, folder / f"{shot.name}.png")
        finally:
            browser.close()
            server.stop()


def _wait_until_learned(page: WatchedPage) -> None:
    page.wait_until(lambda: page.epoch() >= EPOCHS["spiral"], "the spiral was learned", 120)


def _trained_runs(server: RunningServer, begun: Mapping[str, str]) -> dict[str, str]:
    """Every run, paused when it has learned enough."""
    runs = {}
    for name, spec in SPECS.items():
        run_id = runs[name] = begun.get(name) or server.start_run(spec=spec)
        server.wait_for(run_id, partial(_has_trained, EPOCHS[name]), 120)
        server.control(run_id, action="pause")
    return runs


def _has_trained(epochs: int, run: dict[str, Any]) -> bool:
    return bool(run["epoch"] >= epochs)


def _take(browser: Browser, server: RunningServer, shot: Shot, runs: Mapping[str, str], path: Path) -> None:
    viewport = ViewportSize(width=shot.width, height=shot.height)
    context = browser.new_context(viewport=viewport, **{"locale": "en-US", **shot.options})
    page = WatchedPage(context.new_page(), server.url)
    page.open(f"#run={runs[shot.run]}")
    page.page.wait_for_selector("#badge[data-check=equal]", timeout=60_000)
    shot.prepare(page)
    page.page.wait_for_timeout(500)
    page.page.screenshot(path=path)
    context.close()
    shrink(path)


if __name__ == "__main__":
    make_screenshots(Path(sys.argv[1]), Path(sys.argv[2]))
