"""The drawing of the network: settings of each layer, weights and biases set by hand, classes and curves."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.watched_page import WatchedPage
from tests.live.running_server import RunningServer

pytestmark = pytest.mark.browser

FORMULA = ".unit-card__formula"


def test_each_layer_has_settings_of_its_own(watched: WatchedPage, server: RunningServer) -> None:
    page = watched.page
    settings = page.get_by_role("button", name="settings of layer 1")
    settings.click()
    page.get_by_label("Activation of layer 1", exact=True).select_option("relu")
    page.get_by_label("Dropout of layer 1", exact=True).press("ArrowRight")
    page.get_by_label("Batch normalization of layer 1", exact=True).check()
    watched.wait_until(lambda: len(_layers(watched, server)) == 4, "the layers became part of the run")
    page.keyboard.press("Escape")

    assert [layer["kind"] for layer in _layers(watched, server)] == ["dense", "batch_normalization", "dropout", "dense"]
    assert [layer.get("activation") for layer in _layers(watched, server)] == ["relu", None, None, "tanh"]
    expect(settings).to_be_focused()
    expect(settings).to_have_accessible_name("4 units · ReLU, dropout 10%, batch normalization: settings of layer 1")

    settings.press("Enter")
    watched.button("Remove this layer").click()
    watched.wait_until(lambda: len(_layers(watched, server)) == 1, "the layer was gone")


def test_a_weight_typed_at_its_line_changes_the_picture_of_a_paused_run(
    watched: WatchedPage, server: RunningServer
) -> None:
    page, before = watched.page, watched.pixels()
    page.mouse.click(*_middle_of_line(page, 0))
    page.get_by_label("Weight from x₁ to unit 1 of layer 1", exact=True).fill("3.5")

    watched.wait_until(lambda: watched.pixels() != before, "the picture changed")
    expect(page.get_by_text("now 3.50")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Set by hand")).to_have_count(0)
    page.reload()
    watched.wait_until_ready()
    assert _formula_of(watched, "Unit 1 of layer 1").startswith("tanh(3.50·x₁")


def test_the_bias_of_the_final_unit_can_be_set_while_it_trains(watched: WatchedPage) -> None:
    page = watched.page
    page.get_by_label("Learning rate", exact=True).press("Home")
    watched.button("Run").click()
    watched.wait_until(lambda: watched.epoch() > 2, "it trained")
    before = watched.pixels()
    page.get_by_role("button", name="Bias of the final unit", exact=True).click()
    page.get_by_role("slider", name="Bias of the final unit: slider").fill("4")

    expect(page.get_by_text(re.compile(r"now [34]\.\d\d"))).to_be_visible(timeout=10_000)
    watched.wait_until(lambda: watched.pixels() != before, "the picture changed")
    epoch = watched.epoch()
    watched.wait_until(lambda: watched.epoch() > epoch, "training went on")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Bias of the final unit", exact=True)).to_be_focused()


def test_the_keyboard_reaches_every_number_of_a_unit(watched: WatchedPage) -> None:
    page = watched.page
    unit = page.get_by_role("button", name="Unit 2 of layer 1", exact=True)
    unit.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Weight from x₁ to unit 2 of layer 1", exact=True)).to_be_focused()

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("-1.5")
    expect(page.locator(FORMULA)).to_contain_text("− 1.50)")
    page.keyboard.press("Escape")
    expect(unit).to_be_focused()


def test_numbers_of_an_ended_run_keep_still_and_say_why(watched: WatchedPage, server: RunningServer) -> None:
    server.control(watched.run_id(), action="stop")
    card = watched.page.locator("#unit-card")

    expect(card).to_contain_text("This run has ended", timeout=10_000)
    expect(card.get_by_role("spinbutton").first).to_be_disabled()


def test_each_class_has_a_final_unit_with_a_bias(watched: WatchedPage, server: RunningServer) -> None:
    spec = {"dataset": {"name": "blobs", "classes": 4}}
    _show(watched, server.start_run(spec=spec, paused=True))

    units = watched.page.get_by_role("button", name=re.compile("^Final unit of class"))
    expect(units).to_have_count(4)
    expect(watched.page.get_by_role("button", name="Bias of the final unit of class 3")).to_be_visible()
    assert _formula_of(watched, "Final unit of class 2").startswith("softmax(")


def test_a_network_over_a_line_offers_the_features_of_one_number(watched: WatchedPage, server: RunningServer) -> None:
    spec = {"dataset": {"name": "curve", "formula": "x^2"}, "features": ["x1"]}
    _show(watched, server.start_run(spec=spec, paused=True))

    features = watched.page.get_by_role("button", name="Input: ")
    expect(features).to_have_count(3)
    expect(watched.page.locator(".tile--unit.skeleton")).to_have_count(0)


@pytest.mark.parametrize("viewport", [(390, 844)])
def test_a_drawing_wider_than_the_window_says_so(watched: WatchedPage) -> None:
    onward = watched.button("Show more of the network to the right")
    expect(onward).to_be_visible()
    onward.click()
    expect(watched.button("Show more of the network to the left")).to_be_visible()
    assert not watched.scrolls_sideways()


def _layers(watched: WatchedPage, server: RunningServer) -> list[dict[str, Any]]:
    status, run = server.request("GET", f"/api/runs/{watched.run_id()}")
    return list(run["spec"]["layers"]) if status == 200 else []


def _show(watched: WatchedPage, run_id: str) -> None:
    watched.page.goto("about:blank")
    watched.open(f"#run={run_id}")


def _formula_of(watched: WatchedPage, unit: str) -> str:
    tile: Locator = watched.page.get_by_role("button", name=unit, exact=True)
    tile.focus()
    expect(watched.page.locator("#unit-name")).to_have_text(unit)
    return watched.page.locator(FORMULA).inner_text()


def _middle_of_line(page: Page, index: int) -> tuple[float, float]:
    middle = (
        page.locator(".connections path")
        .nth(index)
        .evaluate("path => { const at = path.getPointAtLength(path.getTotalLength() * 0.3); return [at.x, at.y]; }")
    )
    box = page.locator(".diagram__lines").bounding_box()
    assert box
    return box["x"] + middle[0], box["y"] + middle[1]
