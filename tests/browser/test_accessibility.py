"""Every state of the page keeps the rules of accessibility, by eye, finger, keyboard and screen reader."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.axe_audit import AxeAudit
from tests.browser.watched_page import WatchedPage
from tests.live.running_server import RunningServer

pytestmark = pytest.mark.browser

PALETTES = ("blue-orange", "purple-green", "black-white")
PHONE = ViewportSize(width=390, height=844)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in which nothing fades or flows, so that colours are measured as they stay."""
    context = browser.new_context(
        locale="en-US", viewport={"width": 1440, "height": 900}, color_scheme="light", reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page under fingers."""
    context = browser.new_context(
        locale="en-US", viewport=PHONE, has_touch=True, is_mobile=True, color_scheme="light", reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def audit(page: Page) -> AxeAudit:
    """What axe finds in it."""
    return AxeAudit(page)


def test_nothing_on_the_page_breaks_the_rules(audit: AxeAudit, watched: WatchedPage) -> None:
    page = watched.page
    audit.look("ready")
    watched.button("Run").click()
    watched.wait_until(lambda: watched.epoch() >= 3, "it trained")
    audit.look("training")
    watched.button("Pause").click()
    expect(watched.button("Run")).to_be_visible()
    _walk_through_the_tabs(audit, watched)
    _walk_through_the_dialogs(audit, watched)
    _walk_through_the_network(audit, watched)
    _walk_through_the_colours(audit, page)
    page.locator("#language").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    audit.look("French")
    audit.expect_none()


def test_other_kinds_of_data_break_no_rule_either(audit: AxeAudit, watched: WatchedPage) -> None:
    page = watched.page
    watched.button("Add points").click()
    audit.look("adding points")
    watched.button("Add points").click()
    page.get_by_role("radio", name="Blobs", exact=True).check()
    expect(page.locator("#class-shares li")).to_have_count(3, timeout=30_000)
    audit.look("three classes")
    _walk_through_the_colours(audit, page)
    page.get_by_label("Problem", exact=True).select_option("regression")
    page.get_by_role("radio", name="Curve", exact=True).check()
    expect(page.locator("#plane")).to_have_attribute("data-kind", "curve", timeout=30_000)
    audit.look("a curve")
    _in_dark(page, partial(audit.look, "a curve, dark", only_colours=True))
    audit.expect_none()


def test_the_phone_breaks_no_rule(phone: Page, server: RunningServer) -> None:
    audit = AxeAudit(phone)
    watched = WatchedPage(phone, server.url)
    watched.open()
    audit.look("phone")
    _walk_through_the_dialogs(audit, watched)
    for name in ("Layers", "Runs", "Code"):
        phone.get_by_role("tab", name=name, exact=True).click()
        audit.look(f"phone, {name}")
    audit.expect_none()


def _walk_through_the_tabs(audit: AxeAudit, watched: WatchedPage) -> None:
    page = watched.page
    page.get_by_role("tab", name="Quality", exact=True).click()
    page.locator("#confusion-rows button").first.click()
    audit.look("Quality")
    page.get_by_role("tab", name="Layers", exact=True).click()
    page.get_by_label("Watch gradients").check()
    watched.button("Step").click()
    expect(page.locator("#layer-table")).to_have_attribute("data-watching", "true")
    audit.look("Layers")
    _pin_two_runs(watched)
    page.get_by_role("tab", name="Runs", exact=True).click()
    audit.look("Runs")
    page.get_by_role("tab", name="Code", exact=True).click()
    expect(watched.button("Copy")).to_be_enabled()
    audit.look("Code")
    _in_dark(page, partial(_look_at_each_tab, audit, page))


def _look_at_each_tab(audit: AxeAudit, page: Page) -> None:
    for name in ("Code", "Runs", "Layers", "Quality"):
        page.get_by_role("tab", name=name, exact=True).click()
        audit.look(f"{name}, dark", only_colours=True)


def _pin_two_runs(watched: WatchedPage) -> None:
    watched.button("Pin run").click()
    expect(watched.button("Unpin run")).to_be_visible()
    before = watched.run_id()
    watched.page.get_by_label("Optimizer", exact=True).select_option("adam")
    watched.wait_until(lambda: watched.run_id() not in ("", before), "a new run was there")
    watched.button("Step").click()
    watched.wait_until(lambda: watched.epoch() == 1, "it trained")
    watched.button("Pin run").click()
    expect(watched.button("Unpin run")).to_be_visible()


def _walk_through_the_dialogs(audit: AxeAudit, watched: WatchedPage) -> None:
    page = watched.page
    for name in ("Examples", "Share", "Help", "More settings"):
        watched.button(name).click()
        expect(page.locator("dialog[open]")).to_be_visible()
        audit.look(f"dialog {name}")
        _in_dark(page, partial(audit.look, f"dialog {name}, dark", only_colours=True))
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)


def _walk_through_the_network(audit: AxeAudit, watched: WatchedPage) -> None:
    page = watched.page
    page.get_by_role("button", name="settings of layer 1").click()
    expect(page.get_by_role("dialog", name="Layer 1", exact=True)).to_be_visible()
    audit.look("settings of a layer")
    page.keyboard.press("Escape")
    watched.button("Unit 1 of layer 1").click()
    expect(page.locator("#unit-name")).to_have_text("Unit 1 of layer 1")
    audit.look("card of a unit")
    page.keyboard.press("Escape")
    watched.button("Bias of the final unit").click()
    audit.look("card of a bias")
    _in_dark(page, partial(audit.look, "card of a bias, dark", only_colours=True))
    page.keyboard.press("Escape")


def _walk_through_the_colours(audit: AxeAudit, page: Page) -> None:
    for palette in PALETTES:
        page.get_by_label("Palette", exact=True).select_option(palette)
        audit.look(palette, only_colours=True)
        _in_dark(page, partial(audit.look, f"{palette}, dark", only_colours=True))
    page.get_by_label("Palette", exact=True).select_option(PALETTES[0])


def _in_dark(page: Page, look: Callable[[], None]) -> None:
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(300)
    look()
    page.emulate_media(color_scheme="light")
    page.wait_for_timeout(300)
