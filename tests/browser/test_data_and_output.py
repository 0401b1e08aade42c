"""The data card and the output picture, by the names of their controls."""

import pytest
from playwright.sync_api import expect

from tests.browser.watched_page import TIMEOUT_S, WatchedPage

pytestmark = pytest.mark.browser


def test_three_classes_have_a_tint_and_a_bar_each_and_the_arrow_keys_read_them(watched: WatchedPage) -> None:
    page = watched.page
    _choose(watched, "Blobs")
    expect(page.locator("#class-shares li")).to_have_count(3, timeout=TIMEOUT_S * 1000)

    page.get_by_label("A place on the picture").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#readout")).to_contain_text("class")
    shares = [int(text.strip("%")) for text in page.locator(".share__value").all_inner_texts()]
    assert 98 <= sum(shares) <= 102
    expect(page.locator("#readout-spoken")).to_contain_text("class")


def test_points_are_laid_by_tap_and_by_key_and_taken_away(watched: WatchedPage) -> None:
    page = watched.page
    before = watched.run_id()
    watched.button("Add points").click()
    page.get_by_role("radio", name="Class 1", exact=True).check()
    page.locator("#cross").click(position={"x": 40, "y": 40})
    expect(page.get_by_text("1 point", exact=True)).to_be_visible()
    watched.wait_until(lambda: watched.run_id() != before, "a run with the new point was there")

    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 points", exact=True)).to_be_visible()
    page.locator("#cross").click(position={"x": 40, "y": 40})
    expect(page.get_by_text("1 point", exact=True)).to_be_visible()
    watched.button("Remove points").click()
    expect(page.get_by_text("0 points", exact=True)).to_be_visible()


def test_a_law_is_checked_while_it_is_typed_and_the_last_good_one_stays(watched: WatchedPage) -> None:
    page = watched.page
    page.get_by_label("Problem", exact=True).select_option("regression")
    _choose(watched, "Curve")
    drawn = watched.frames()
    formula = page.get_by_label("Formula", exact=True)
    formula.fill("2 x")
    watched.wait_until(lambda: _follows_double(watched), "the law held")
    watched.wait_until(lambda: watched.frames() > drawn, "the curve was drawn")

    formula.fill("2 x +")
    expect(page.locator("#formula-says")).to_contain_text("character 6")
    assert _follows_double(watched)
    # The browser itself notes that the server refused the law.
    watched.errors = [error for error in watched.errors if "422" not in error]


def test_a_palette_is_remembered_and_changes_the_picture(watched: WatchedPage) -> None:
    coloured = watched.pixels()
    palette = watched.page.get_by_label("Palette", exact=True)
    palette.select_option("black-white")
    watched.wait_until(lambda: watched.pixels() != coloured, "the picture was hatched")

    watched.page.reload()
    watched.wait_until_ready()
    expect(palette).to_have_value("black-white")


def _choose(watched: WatchedPage, name: str) -> None:
    before = watched.run_id()
    watched.page.get_by_role("radio", name=name, exact=True).check()
    watched.wait_until(lambda: watched.run_id() != before, f"a run on {name} was there")
    watched.page.wait_for_timeout(300)


def _follows_double(watched: WatchedPage) -> bool:
    return all(abs(float(y) - 2 * float(x)) < 0.01 for x, y, _ in watched.downloaded_data())
