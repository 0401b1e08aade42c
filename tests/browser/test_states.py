"""Each state the page can be in says what is so, and moves or covers nothing that stands there when it is ready."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.watched_page import WatchedPage
from tests.live.running_server import RunningServer

pytestmark = pytest.mark.browser

PATIENCE_MS = 30_000
PICTURES = os.environ.get("NEURAL_PLAYGROUND_STATE_PICTURES")

# The kind of data decides whether there is a row of classes: known only when the page has loaded.
ROW = 36

Boxes = dict[str, list[float]]

CARDS = """() => Object.fromEntries(
  [...document.querySelectorAll(".bar, .choices, .number, .card, #plane, .time-machine, #badge, #unit-card")].map(
    (card, at) => {
      const { x, y, width, height } = card.getBoundingClientRect();
      return [card.id || `${card.className} ${at}`, [x, y + scrollY, width, height].map(Math.round)];
    }))"""

# Notices lie over the page on purpose; among themselves, and with the buttons of training, they must not meet.
OVERLAPS = """() => {
  const parts = ["#notice", "#offline", ".transport"].map(name => document.querySelector(name)).filter(
    part => part.checkVisibility());
  const boxes = parts.map(part => part.getBoundingClientRect());
  return parts.flatMap((one, i) => parts.slice(i + 1).flatMap((other, j) => {
    const a = boxes[i], b = boxes[i + 1 + j];
    const isApart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
    return isApart ? [] : [`${one.id || one.className} meets ${other.id || other.className}`];
  }));
}"""

DIVERGING = {
    "dataset": {"name": "plane"},
    "layers": [{"units": 8, "activation": "relu"}, {"units": 8, "activation": "relu"}],
    "optimizer": {"name": "sgd", "learning_rate": 10},
}


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desk", "phone"])
def viewport(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Where notices have most and least room."""
    return (int(request.param[0]), int(request.param[1]))


def test_ready_training_and_paused_stand_in_the_same_places(watched: WatchedPage) -> None:
    ready = _seen(watched, "ready", "Ready. Press Run.")
    watched.button("Run").click()
    watched.wait_until(lambda: watched.epoch() >= 3, "it trained")
    assert _seen(watched, "training", "Training") == ready
    watched.button("Pause").click()
    assert _seen(watched, "paused", "Paused.") == ready


def test_a_finished_run_says_so_and_can_be_started_again(watched: WatchedPage, server: RunningServer) -> None:
    _show(watched, server.start_run(spec={"epochs": 5}, paused=True))
    ready = _seen(watched, "before the end", "Ready. Press Run.")
    watched.button("Run").click()
    expect(watched.page.locator("#notice")).to_contain_text("All 5 epochs are trained.", timeout=PATIENCE_MS)
    assert _seen(watched, "finished", "Finished: all epochs are trained.") == ready

    watched.button("Start again with the same weights").click()
    watched.wait_until(lambda: watched.epoch() == 0, "a new run was there")
    expect(watched.page.locator("#notice")).to_be_hidden()


def test_a_diverged_run_keeps_its_last_picture_and_offers_a_lower_rate(
    watched: WatchedPage, server: RunningServer
) -> None:
    _show(watched, server.start_run(spec=DIVERGING, paused=True))
    ready = _seen(watched, "before diverging", "Ready. Press Run.")
    watched.button("Run").click()
    notice = watched.page.get_by_role("alert")
    expect(notice).to_contain_text("the steps were too large", timeout=PATIENCE_MS)
    assert watched.frames() > 0
    assert _seen(watched, "diverged", None) == ready

    notice.get_by_role("button", name="Lower the learning rate").click()
    expect(notice).to_be_hidden()


def test_loading_holds_the_places_of_everything(page: Page, server: RunningServer) -> None:
    held: list[Route] = []
    is_holding = True
    page.route("**/api/**", lambda route: held.append(route) if is_holding else route.continue_())
    watched = WatchedPage(page, server.url)
    page.goto(server.url)
    expect(page.locator("#sentence-text")).to_have_text("Preparing the network…")
    expect(page.locator(".thumbnail.skeleton")).not_to_have_count(0)
    loading = _seen(watched, "loading", None)

    is_holding = False
    for route in held:
        route.continue_()
    watched.wait_until_ready()
    ready = _seen(watched, "ready after loading", None)
    # What stands last in its column may grow when there is something to say.
    assert set(_moved(loading, ready, ROW)) <= {"panels", "unit-card"}


def test_a_waiting_run_names_its_place(page: Page, server: RunningServer) -> None:
    told = {"status": "queued", "epoch": 0, "step": 0, "reason": None, "reason_code": None, "position": 4}
    page.route("**/api/runs/*/events*", lambda route: _tell(route, told))
    watched = WatchedPage(page, server.url)
    watched.open()
    expect(page.locator("#sentence-text")).to_have_text("Waiting for a place: 3 runs are ahead of yours.")
    queued = _seen(watched, "queued", None)

    told |= {"status": "paused", "position": None}
    expect(page.locator("#sentence-text")).to_have_text("Ready. Press Run.")
    assert _moved(queued, _seen(watched, "ready after waiting", None)) == {}


def test_a_server_that_goes_away_is_told_quietly(page: Page, own_server: RunningServer) -> None:
    watched = WatchedPage(page, own_server.url)
    watched.open()
    ready = _seen(watched, "ready on a server of its own", None)
    watched.button("Run").click()
    watched.wait_until(lambda: watched.epoch() >= 3, "it trained")
    own_server.stop()
    expect(page.get_by_text("The connection to the server is interrupted")).to_be_visible(timeout=PATIENCE_MS)
    assert _moved(_seen(watched, "offline", None), ready) == {}


def test_where_no_line_stays_open_the_page_asks_and_says_so_quietly(page: Page, server: RunningServer) -> None:
    """A filter that refuses what stays open: the run is followed all the same."""
    page.route(re.compile(r"/events(?!.*wait=0)"), lambda route: route.fulfill(status=503, body="{}"))
    watched = WatchedPage(page, server.url)
    watched.open()
    expect(page.get_by_text("the page asks every 2 seconds")).to_be_visible(timeout=PATIENCE_MS)
    ready = _seen(watched, "asking", "Ready. Press Run.")
    watched.button("Run").click()
    watched.wait_until(lambda: watched.epoch() >= 60, "it trained")
    watched.button("Pause").click()
    assert _seen(watched, "asking and paused", "Paused.") == ready


def test_a_server_that_never_answers_is_told_with_a_way_on(page: Page, server: RunningServer) -> None:
    page.route("**/api/runs", _abort)
    watched = WatchedPage(page, server.url)
    page.goto(server.url)
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("The server does not answer.", timeout=PATIENCE_MS)
    _seen(watched, "server gone", None)

    page.unroute("**/api/runs")
    notice.get_by_role("button", name="Try again").click()
    watched.wait_until_ready()
    expect(notice).to_be_hidden()


def _seen(watched: WatchedPage, state: str, sentence: str | None) -> Boxes:
    """Where everything stands in a state that is said in words; a picture of it when one was asked for."""
    page = watched.page
    if sentence:
        expect(page.locator("#sentence-text")).to_have_text(sentence, timeout=PATIENCE_MS)
    assert page.evaluate(OVERLAPS) == []
    if PICTURES:
        width = (page.viewport_size or {"width": 0})["width"]
        page.screenshot(path=Path(PICTURES) / f"{state.replace(' ', '-')}-{width}.png")
    boxes: Boxes = page.evaluate(CARDS)
    return boxes


def _moved(before: Boxes, after: Boxes, allowed: float = 0) -> dict[str, Any]:
    """What stood at one place and stands at another."""
    pairs = {name: (box, after[name]) for name, box in before.items() if name in after}
    return {name: pair for name, pair in pairs.items() if max(abs(a - b) for a, b in zip(*pair, strict=True)) > allowed}


def _show(watched: WatchedPage, run_id: str) -> None:
    watched.page.goto("about:blank")
    watched.open(f"#run={run_id}")


def _tell(route: Route, told: dict[str, Any]) -> None:
    body = f"retry: 50\nevent: status\ndata: {json.dumps(told)}\n\n"
    route.fulfill(body=body, content_type="text/event-stream")


def _abort(route: Route, _request: Request) -> None:
    route.abort()
