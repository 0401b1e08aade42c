"""Make the picture of the README from the real page: `make screenshot`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM_ARGUMENTS, find_browser
from tests.browser.watched_page import WatchedPage
from tests.live.running_server import RunningServer

SPEC = {
    "dataset": {"name": "spiral", "noise": 5},
    "features": ["x1", "x2", "sin_x1", "sin_x2"],
    "layers": [{"units": 8}, {"units": 6}, {"units": 4}],
    "optimizer": {"name": "adam", "learning_rate": 0.003},
}
EPOCHS = 420


def make_screenshot(path: Path) -> None:
    """Train the spiral for some seconds, and take the picture while the network learns."""
    with tempfile.TemporaryDirectory() as data_dir, sync_playwright() as playwright:
        server = RunningServer(Path(data_dir))
        browser = playwright.chromium.launch(executable_path=find_browser(), args=CHROMIUM_ARGUMENTS)
        try:
            run_id = server.start_run(spec=SPEC)
            page = WatchedPage(browser.new_page(viewport={"width": 1440, "height": 900}), server.url)
            page.open(f"#run={run_id}")
            page.expect_equal_to_keras()
            page.wait_until(lambda: page.epoch() >= EPOCHS, "the spiral was learned")
            path.parent.mkdir(parents=True, exist_ok=True)
            page.page.screenshot(path=path)
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    make_screenshot(Path(sys.argv[1]))
