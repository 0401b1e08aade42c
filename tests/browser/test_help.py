"""Help on every control, and keys that press controls."""

import pytest
from playwright.sync_api import expect

from tests.browser.watched_page import WatchedPage

pytestmark = pytest.mark.browser


def test_a_hint_opens_by_keyboard_and_gives_the_focus_back(watched: WatchedPage) -> None:
    page = watched.page
    hint = page.get_by_role("button", name="Help: Noise", exact=True)
    hint.focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog", name="Noise")
    expect(card).to_contain_text("What should I see?")

    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(hint).to_be_focused()


def test_a_hint_in_the_drawer_closes_alone(watched: WatchedPage) -> None:
    page = watched.page
    watched.button("More settings").click()
    page.get_by_role("button", name="Help: Momentum", exact=True).click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Momentum")).to_be_hidden()
    expect(page.get_by_role("dialog", name="More settings")).to_be_visible()


def test_all_help_opens_from_the_drawer_and_stays(watched: WatchedPage) -> None:
    page = watched.page
    watched.button("More settings").click()
    page.get_by_role("button", name="Help: Momentum", exact=True).click()
    page.get_by_role("button", name="All help").click()
    expect(page.get_by_role("dialog", name="More settings")).to_be_hidden()
    # A dialog that gave way says so a little later, which must not close the one that took its place.
    page.wait_for_timeout(300)
    expect(page.get_by_role("dialog", name="Help", exact=True)).to_be_visible()


def test_a_control_is_described_by_its_sentence(watched: WatchedPage) -> None:
    expect(watched.page.get_by_label("Learning rate", exact=True)).to_have_accessible_description(
        "How large the correction of the weights is in each step. It can be changed while the network trains."
    )


def test_the_help_finds_what_is_searched(watched: WatchedPage) -> None:
    page = watched.page
    page.keyboard.press("?")
    help_dialog = page.get_by_role("dialog", name="Help")
    help_dialog.get_by_label("Search the help").fill("overfitting")
    expect(help_dialog.get_by_role("heading", name="Noise", exact=True)).to_be_visible()
    expect(help_dialog.get_by_role("heading", name="Speed", exact=True)).to_be_hidden()

    help_dialog.get_by_label("Search the help").fill("xyzzy")
    expect(help_dialog).to_contain_text("Nothing here answers that")


def test_keys_press_controls_until_they_are_switched_off(watched: WatchedPage) -> None:
    page = watched.page
    page.keyboard.press("s")
    watched.wait_until(lambda: watched.epoch() == 1, "one epoch was trained")
    page.keyboard.press("t")
    expect(page.get_by_label("Show test data")).to_be_checked()
    page.keyboard.press("Space")
    expect(watched.button("Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(watched.button("Run")).to_be_visible()

    page.keyboard.press("h")
    page.get_by_label("Single keys press the page's buttons").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.get_by_label("Discretize")).not_to_be_checked()

    page.reload()
    watched.wait_until_ready()
    page.keyboard.press("d")
    expect(page.get_by_label("Discretize")).not_to_be_checked()


def test_a_key_that_is_typed_presses_nothing(watched: WatchedPage) -> None:
    page = watched.page
    watched.button("More settings").click()
    page.get_by_label("Exact batch size").press("d")
    page.keyboard.press("Escape")
    page.get_by_label("Optimizer", exact=True).press("d")
    expect(page.get_by_label("Discretize")).not_to_be_checked()
