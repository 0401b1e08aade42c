"""The drawer of settings: what is set there becomes part of the run, and what cannot be is not offered."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watched_page import WatchedPage
from tests.live.running_server import RunningServer

pytestmark = pytest.mark.browser


def test_every_setting_of_the_drawer_becomes_part_of_the_run(watched: WatchedPage, server: RunningServer) -> None:
    page = watched.page
    watched.button("More settings").click()
    page.get_by_label("Loss function").select_option("mae")
    page.get_by_label("Momentum", exact=True).press("End")
    page.get_by_label("Look ahead (Nesterov)").check()
    page.get_by_label("Learning rate over time").select_option("step")
    _type(page, "Every … epochs", "25")
    _type(page, "Multiplied by", "0.7")
    page.get_by_label("Gradient clipping").select_option("value")
    _type(page, "Limit", "0.5")
    page.get_by_label("After a number of epochs").check()
    _type(page, "Number of epochs", "40")
    page.get_by_label("When there is no more progress").check()
    page.get_by_label("Watched number").select_option("val_accuracy")
    _type(page, "Patience (epochs)", "15")
    page.get_by_label("Go back to the best weights").uncheck()
    _type(page, "Exact batch size", "64")
    _type(page, "First weights no.", "8")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="More settings")).to_be_hidden()

    watched.wait_until(lambda: _spec(server, watched).get("seed") == 8, "the last change arrived")
    spec = _spec(server, watched)
    optimizer, stopping = spec["optimizer"], spec["early_stopping"]
    assert (spec["loss"], spec["epochs"], spec["batch_size"]) == ("mae", 40, 64)
    assert (optimizer["momentum"], optimizer["nesterov"]) == (0.99, True)
    assert (optimizer["clip_norm"], optimizer["clip_value"]) == (None, 0.5)
    assert optimizer["schedule"] | {"name": "step", "every_epochs": 25, "factor": 0.7} == optimizer["schedule"]
    assert stopping | {"metric": "val_accuracy", "patience": 15, "restore_best": False} == stopping
    expect(page.get_by_role("list", name="Settings that are not as usual")).to_contain_text("Early stopping")


def test_what_cannot_be_set_says_why_and_what_is_typed_stays_within_bounds(watched: WatchedPage) -> None:
    page = watched.page
    page.get_by_label("Optimizer", exact=True).select_option("adam")
    watched.button("More settings").click()
    expect(page.get_by_label("Momentum", exact=True)).to_be_disabled()
    expect(page.locator("#momentum-reason")).to_contain_text("Only SGD")

    _type(page, "Exact batch size", "100000")
    expect(page.get_by_label("Exact batch size")).to_have_value("256")


def test_a_number_that_is_being_typed_stays_when_the_page_is_drawn_anew(watched: WatchedPage) -> None:
    page = watched.page
    watched.button("More settings").click()
    page.get_by_label("Exact batch size", exact=True).fill("64")
    seed = page.get_by_label("First weights no.", exact=True)
    # Going on to the next field changes the spec; the first figure is typed before that is drawn.
    seed.evaluate(
        """field => new Promise((drawn) => {
          field.focus();
          field.value = "8";
          field.dispatchEvent(new Event("input"));
          requestAnimationFrame(() => requestAnimationFrame(drawn));
        })"""
    )

    expect(page.get_by_label("Batch size", exact=True)).to_have_attribute("aria-valuetext", "64")
    seed.press("Enter")
    expect(seed).to_have_value("8")


def test_a_rate_that_is_no_step_of_the_slider_is_shown_as_it_is(watched: WatchedPage, server: RunningServer) -> None:
    run_id = server.start_run(
        spec={"optimizer": {"name": "sgd", "learning_rate": 0.05}, "batch_size": 200}, paused=True
    )
    watched.page.goto("about:blank")
    watched.open(f"#run={run_id}")

    slider = watched.page.get_by_label("Learning rate", exact=True)
    expect(slider).to_have_attribute("aria-valuetext", "0.05")
    expect(watched.page.get_by_label("Batch size", exact=True)).to_have_attribute("aria-valuetext", "200")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "0.1")


def test_a_run_that_reaches_its_end_says_so_and_offers_the_same_start(watched: WatchedPage) -> None:
    page = watched.page
    watched.button("More settings").click()
    page.get_by_label("After a number of epochs").check()
    _type(page, "Number of epochs", "5")
    page.keyboard.press("Escape")
    watched.button("Run").click()

    notice = page.locator("#notice")
    expect(notice).to_contain_text("All 5 epochs are trained", timeout=30_000)
    notice.get_by_role("button", name="Start again with the same weights").click()
    expect(notice).to_be_hidden()
    watched.wait_until(lambda: watched.epoch() == 0, "the start was back")


def _type(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Enter")


def _spec(server: RunningServer, watched: WatchedPage) -> dict[str, Any]:
    status, run = server.request("GET", f"/api/runs/{watched.run_id()}")
    return dict(run["spec"]) if status == 200 else {}
