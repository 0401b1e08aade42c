"""Runs are pinned, compared, found again, opened and deleted; the curve is read by keys."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watched_page import WatchedPage

pytestmark = pytest.mark.browser


def _train(watched: WatchedPage, epochs: int = 10) -> None:
    watched.button("Run").click()
    watched.wait_until(lambda: watched.epoch() >= epochs, f"{epochs} epochs were trained")
    watched.button("Pause").click()
    expect(watched.button("Run")).to_be_visible()


def _reset(watched: WatchedPage) -> None:
    before = watched.run_id()
    watched.button("Reset").click()
    watched.wait_until(lambda: watched.run_id() != before and watched.epoch() == 0, "a new run was there")


def _lower_rate(page: Page) -> None:
    page.get_by_label("Learning rate", exact=True).focus()
    page.keyboard.press("ArrowLeft")


def _open_runs(page: Page) -> None:
    page.get_by_role("tab", name="Runs", exact=True).click()


def test_two_runs_that_differ_in_the_learning_rate_show_exactly_that_and_are_found_again(watched: WatchedPage) -> None:
    page = watched.page
    _train(watched)
    first = watched.run_id()
    watched.button("Pin run").click()
    expect(watched.button("Unpin run")).to_be_visible()

    _lower_rate(page)
    _reset(watched)
    _train(watched)
    expect(page.locator("#plot-legend")).to_contain_text("A Circle · 4-2 Tanh · 0.03")

    _open_runs(page)
    table = page.get_by_role("table", name="What differs")
    expect(table.get_by_role("row")).to_have_count(2)
    expect(table.get_by_role("row").nth(1)).to_have_text("Learning rate0.030.01")

    page.get_by_role("textbox", name="Name of Circle · 4-2 Tanh · 0.03").last.fill("The quick one")
    page.keyboard.press("Enter")
    expect(page.locator("#plot-legend")).to_contain_text("The quick one")

    page.reload()
    watched.wait_until_ready()
    _open_runs(page)
    expect(page.locator("#run-rows > li")).to_have_count(2)
    expect(page.locator("#plot-legend")).to_contain_text("A The quick one")

    second = watched.run_id()
    watched.button("Open The quick one").last.click()
    watched.wait_until(lambda: watched.run_id() == first, "the first run was shown")
    expect(page.get_by_label("Learning rate", exact=True)).to_have_attribute("aria-valuetext", "0.03")
    assert watched.epoch() >= 10

    watched.button("Delete Circle · 4-2 Tanh · 0.01").click()
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as deleted:
        watched.button("Delete").click()
    assert deleted.value.url.endswith(second)
    expect(page.locator("#run-rows > li")).to_have_count(1)


def test_a_replaced_run_that_was_trained_goes_on_no_longer_and_one_that_was_not_is_deleted(
    watched: WatchedPage,
) -> None:
    page = watched.page
    untouched = watched.run_id()
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as deleted:
        _reset(watched)
    assert deleted.value.url.endswith(untouched)

    trained = watched.run_id()
    watched.button("Run").click()
    watched.wait_until(lambda: watched.epoch() >= 3, "3 epochs were trained")
    _reset(watched)
    _open_runs(page)
    expect(page.locator("#run-rows")).to_contain_text("Stopped")
    answer = page.request.get(f"{watched.address}/api/runs/{trained}").json()
    assert answer["status"] == "stopped"
    assert answer["epoch"] >= 3


def test_the_curve_is_read_by_keys(watched: WatchedPage) -> None:
    page = watched.page
    _train(watched)
    plot = page.get_by_role("slider", name="Epoch under the cursor")
    plot.focus()
    page.keyboard.press("Home")
    assert (plot.get_attribute("aria-valuetext") or "").startswith("Epoch 1: training 0.")
    page.keyboard.press("ArrowRight")
    assert plot.get_attribute("aria-valuenow") == "2"

    page.get_by_role("radio", name="Accuracy").check()
    page.keyboard.press("Tab")
    plot.focus()
    page.keyboard.press("Home")
    assert "%" in (plot.get_attribute("aria-valuetext") or "")


def test_a_broken_memory_does_not_break_the_page(watched: WatchedPage) -> None:
    page = watched.page
    for name in ("runs", "run-pictures"):
        page.evaluate("name => localStorage.setItem(`neural-playground.${name}`, '{broken')", name)
    page.reload()
    watched.wait_until_ready()
    _open_runs(page)
    expect(page.locator("#run-list-empty")).to_be_visible()
