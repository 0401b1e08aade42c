"""Scrubbing through the moments of a run, in a real browser against a real server."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.watched_page import WatchedPage
from tests.live.running_server import RunningServer

pytestmark = pytest.mark.browser

NORMALIZED = {
    "dataset": {"name": "blobs", "classes": 3},
    "layers": [
        {"kind": "dense", "units": 4, "activation": "relu"},
        {"kind": "batch_normalization"},
        {"kind": "dropout", "rate": 0.1},
        {"kind": "dense", "units": 3, "activation": "tanh"},
        {"kind": "batch_normalization"},
    ],
}


def test_an_earlier_moment_looks_exactly_as_it_did_live(watched: WatchedPage) -> None:
    watched.expect_equal_to_keras()
    watched.wait_until(lambda: watched.frames() >= 1, "the untrained network was drawn")
    expect(watched.page.locator(".tile--unit.skeleton")).to_have_count(0)
    untrained = _moment(watched)
    _train_to(watched, 10)
    paused_at, trained = watched.epoch(), _moment(watched)

    _train_to(watched, paused_at + 10)
    _slider(watched).press("Home")
    watched.wait_until(lambda: _moment(watched) == untrained, "the first moment was shown again")
    for _ in range(2 * paused_at):
        shown = watched.epoch()
        if shown >= paused_at:
            break
        watched.button("Step forward").click()
        watched.wait_until(lambda shown=shown: watched.epoch() > shown, "the next moment was shown")  # type: ignore[misc]

    assert watched.epoch() == paused_at
    watched.wait_until(lambda: _moment(watched) == trained, "the moment was shown again")
    expect(_slider(watched)).to_have_attribute("aria-valuetext", f"epoch {paused_at}")
    expect(watched.page.get_by_text(f"Showing epoch {paused_at} of")).to_be_visible()


def test_while_an_earlier_moment_is_shown_nothing_is_asked_of_the_server_and_the_live_picture_waits(
    watched: WatchedPage,
) -> None:
    watched.button("Run").click()
    watched.wait_until(lambda: watched.epoch() > 20, "20 epochs were trained")
    watched.button("Step back").click()
    shown = watched.epoch()
    asked: list[str] = []
    watched.page.on("request", lambda request: asked.append(request.url))
    watched.button("Step back").click()
    watched.wait_until(lambda: watched.epoch() < shown, "the moment before was shown")
    watched.page.wait_for_timeout(300)
    earlier = _moment(watched)
    watched.page.wait_for_timeout(500)
    assert _moment(watched) == earlier
    assert asked == []

    watched.button("Live").click()
    watched.wait_until(lambda: watched.epoch() > shown, "the newest moment was shown")
    expect(_slider(watched)).to_have_attribute("aria-valuetext", "live")


def test_steps_lead_back_and_forward_while_paused_and_training_goes_on_from_the_newest(watched: WatchedPage) -> None:
    for epoch in (1, 2, 3):
        watched.button("Step").click()
        _wait_for_epoch(watched, epoch)
    for button, epoch in (("Step back", 2), ("Step back", 1), ("Step forward", 2)):
        watched.button(button).click()
        _wait_for_epoch(watched, epoch)

    watched.button("Step").click()
    _wait_for_epoch(watched, 4)
    watched.button("Step back").click()
    watched.button("Reset").click()
    _wait_for_epoch(watched, 0)
    expect(_slider(watched)).to_be_disabled()


def test_nothing_moves_when_time_is_travelled(watched: WatchedPage) -> None:
    _train_to(watched, 3)
    before = _places(watched.page)
    watched.button("Step back").click()
    expect(watched.page.locator("#time-chip")).to_contain_text("Showing epoch")
    assert _places(watched.page) == before


def test_frames_of_a_normalized_network_are_drawn_as_its_files_are(page: Page, server: RunningServer) -> None:
    run_id = server.start_run(spec=NORMALIZED, paused=True)
    watched = WatchedPage(page, server.url)
    watched.open(f"#run={run_id}")
    _train_to(watched, 10)
    watched.expect_equal_to_keras()
    from_frames = _moment(watched)

    page.reload()
    watched.wait_until_ready()
    watched.wait_until(lambda: _moment(watched) == from_frames, "the files gave the very same pictures")
    watched.expect_equal_to_keras()
    expect(page.locator(".tile--unit.skeleton")).to_have_count(0)
    assert watched.errors == []


def _slider(watched: WatchedPage) -> Locator:
    return watched.page.get_by_label("Time machine", exact=True)


def _wait_for_epoch(watched: WatchedPage, epoch: int) -> None:
    watched.wait_until(lambda: watched.epoch() == epoch, f"epoch {epoch} was shown")


def _train_to(watched: WatchedPage, epoch: int) -> None:
    """Some epochs, then a pause whose picture has come."""
    watched.button("Run").click()
    watched.wait_until(lambda: watched.epoch() >= epoch, f"{epoch} epochs were trained")
    watched.button("Pause").click()
    expect(watched.page.locator("#sentence-text")).to_have_text("Paused.")
    watched.page.wait_for_timeout(1000)


def _moment(watched: WatchedPage) -> tuple[int, str, str, str]:
    """All that is shown of a moment: epoch, loss, the large picture and those of the units."""
    tiles = watched.page.locator(".tile--unit canvas")
    pictures = tiles.evaluate_all("canvases => canvases.map(canvas => canvas.toDataURL()).join()")
    return watched.epoch(), watched.number("Training loss"), watched.pixels(), str(pictures)


def _places(page: Page) -> object:
    boxes = page.locator(".card, .bar, .choices, .number, .time-machine, .time-machine :is(button, input, label)")
    return boxes.evaluate_all("boxes => boxes.map(box => JSON.stringify(box.getBoundingClientRect()))")
