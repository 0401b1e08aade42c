"""The whole page by keyboard: everything is reached, one sees where one is, and nothing holds one back."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watched_page import WatchedPage

pytestmark = pytest.mark.browser

REGIONS = ["bar", "choices", "data", "learning", "network", "output-card", "plot", "panels"]

# Marks what Tab has to reach: of a group of radio buttons only one, and what a closed menu hides not at all.
MARK_REACHABLE = """() => {
  let count = 0;
  const kinds = "a[href], button, input, select, textarea, summary, [tabindex]";
  for (const element of document.querySelectorAll(kinds)) {
    const isShown = element.checkVisibility({ visibilityProperty: true }) && !element.matches(":disabled");
    const isLeftOut = element.type === "radio" && !element.checked;
    if (element.tabIndex < 0 || !isShown || isLeftOut) continue;
    element.dataset.reachable = String(count);
    count += 1;
  }
  return count;
}"""

# Notes each place the focus comes to, when it comes there.
NOTE_STOPS = """() => {
  window.stops = [];
  if (window.notesStops) return;
  window.notesStops = true;
  document.addEventListener("focusin", ({ target: element }) => {
    const around = [element, element.closest("label"), element.parentElement].filter(Boolean);
    const isOutlined = around.some(one => {
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    });
    const region = element.closest(".bar") ? "bar" : element.closest("section[id]")?.id;
    const isInDialog = element.closest("dialog[open]") !== null;
    const name = `${element.localName}#${element.id} ${element.ariaLabel ?? element.textContent.trim().slice(0, 30)}`;
    const stop = { number: element.dataset.reachable ?? null, name, isOutlined, isInDialog, region };
    window.stops.push(stop);
    requestAnimationFrame(() => {
      const box = element.getBoundingClientRect();
      stop.isInView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    });
  });
}"""


def test_tab_reaches_everything_in_the_order_of_the_page_and_shows_where_it_is(watched: WatchedPage) -> None:
    page = watched.page
    page.get_by_role("tab", name="Runs", exact=True).click()
    page.evaluate("() => document.activeElement.blur()")
    page.evaluate("() => scrollTo(0, 0)")
    page.locator(".brand").click()
    count = page.evaluate(MARK_REACHABLE)
    stops = _walk(page, count)

    reached = {stop["number"] for stop in stops}
    missed = page.locator("[data-reachable]").evaluate_all(
        "(all, reached) => all.filter(one => !reached.includes(one.dataset.reachable)).map(one => one.outerHTML)",
        list(reached),
    )
    assert missed == []
    assert [stop["name"] for stop in stops if not stop["isOutlined"]] == []
    assert [stop["name"] for stop in stops if not stop.get("isInView", True)] == []
    assert _without_repeats([stop["region"] for stop in stops if stop["region"]]) == REGIONS
    assert page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count() == 0


def test_every_dialog_keeps_the_keyboard_until_escape_gives_it_back(watched: WatchedPage) -> None:
    page = watched.page
    for name in ("Examples", "Share", "Help", "More settings"):
        opener = watched.button(name)
        opener.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        stops = _walk(page, 6)
        assert stops
        assert [stop["name"] for stop in stops if not stop["isInDialog"] or not stop["isOutlined"]] == []
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(opener).to_be_focused()


def test_every_small_card_closes_by_escape_and_gives_the_focus_back(watched: WatchedPage) -> None:
    page = watched.page
    for name in ("4 units · Tanh: settings of layer 1", "Bias of the final unit"):
        opener = watched.button(name)
        opener.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(opener).to_be_focused()

    menu = page.locator("#plot-menu summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Smoothing", exact=True)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Smoothing", exact=True)).to_be_hidden()
    expect(menu).to_be_focused()


def _walk(page: Page, times: int) -> list[dict[str, Any]]:
    """Where so many presses of Tab lead; the last ones may lead out of the page and in again."""
    page.evaluate(NOTE_STOPS)
    for _ in range(times):
        page.keyboard.press("Tab")
    page.wait_for_timeout(100)
    stops: list[dict[str, Any]] = page.evaluate("() => window.stops")
    return stops


def _without_repeats(regions: list[str]) -> list[str]:
    return [region for at, region in enumerate(regions) if at == 0 or regions[at - 1] != region]
