"""Each control is driven by the name a screen reader says: those that no other file is about, and a count of all."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watched_page import WatchedPage
from tests.live.running_server import RunningServer

pytestmark = pytest.mark.browser

CLASSES = ["XOR", "Gauss", "Spiral", "Moons", "Blobs", "Formula", "Own points", "Circle"]
NUMBERS = ["Gauss hills", "Surface", "Curve", "Plane"]
INPUTS = ["x1", "x2", "x1 squared", "x2 squared", "x1 times x2", "sine of x1", "sine of x2"]

# Everything that can be pressed, moved or typed into, wherever it is; questions marks are one kind, driven as such.
NAMES = """() => {
  const nameOf = control => control.getAttribute("aria-label")
    || [...(control.labels ?? [])].map(label => label.textContent).join(" ") || control.textContent;
  const wanted = "button, input, select, summary, a[download], [role=tab], [role=slider], [role=application]";
  return [...document.querySelectorAll(wanted)].map(control => nameOf(control).replace(/\\s+/g, " ").trim());
}"""


def test_every_data_set_is_chosen_by_its_name(watched: WatchedPage) -> None:
    page = watched.page
    for problem, names in (("classification", CLASSES), ("regression", NUMBERS)):
        page.get_by_label("Problem", exact=True).select_option(problem)
        for name in names:
            before = _dots(page)
            page.get_by_role("radio", name=name, exact=True).check()
            watched.wait_until(lambda before=before: _dots(page) != before, f"the samples of {name} were drawn")
            expect(page.locator("#dataset-name")).to_have_text(name)


def test_samples_and_classes_are_counted_out_and_drawn_anew(watched: WatchedPage, server: RunningServer) -> None:
    page = watched.page
    page.get_by_role("radio", name="Blobs", exact=True).check()
    page.get_by_label("Classes", exact=True).press("End")
    page.get_by_role("slider", name="Samples", exact=True).press("ArrowLeft")
    watched.button("New sample").click()

    expect(page.get_by_text("sample 1", exact=True)).to_be_visible()
    watched.wait_until(lambda: _spec(server, watched)["dataset"]["seed"] == 1, "the last change arrived")
    dataset = _spec(server, watched)["dataset"]
    assert (dataset["name"], dataset["classes"]) == ("blobs", 6)
    assert dataset["samples"] < 500


def test_every_input_is_switched_on_and_off_and_the_last_one_stays(watched: WatchedPage) -> None:
    tiles = [watched.page.get_by_role("button", name=f"Input: {name}", exact=True) for name in INPUTS]
    for tile in tiles[2:]:
        tile.click()
        expect(tile).to_have_attribute("aria-pressed", "true")
    for tile in tiles[1:]:
        tile.click()
        expect(tile).to_have_attribute("aria-pressed", "false")
    tiles[0].click()
    expect(tiles[0]).to_have_attribute("aria-pressed", "true")


def test_layers_and_units_are_taken_away_down_to_none(watched: WatchedPage, server: RunningServer) -> None:
    watched.button("Remove unit from layer 1").click()
    watched.button("Remove layer").click()
    expect(watched.page.get_by_text("1 hidden layer", exact=True)).to_be_visible()
    watched.wait_until(lambda: [layer["units"] for layer in _spec(server, watched)["layers"]] == [3], "it arrived")

    watched.button("Remove layer").click()
    expect(watched.button("Remove layer")).to_be_disabled()
    watched.wait_until(lambda: _spec(server, watched)["layers"] == [], "no hidden layer was left")


def test_pointing_at_a_bias_shows_the_numbers_of_its_unit(watched: WatchedPage) -> None:
    page = watched.page
    page.get_by_role("button", name="Bias of unit 2 of layer 1", exact=True).hover()
    expect(page.locator("#unit-name")).to_have_text("Unit 2 of layer 1")
    expect(page.get_by_label("Bias of unit 2 of layer 1", exact=True).last).to_have_value(re.compile(r"^-?\d"))
    watched.button("Run").hover()
    expect(page.locator("#unit-name")).to_have_text("Final unit")


def test_a_weight_of_the_final_unit_is_typed_into_its_card(watched: WatchedPage) -> None:
    before = watched.pixels()
    watched.button("Final unit").click()
    weight = watched.page.get_by_label("Weight from unit 1 of layer 2 to the final unit", exact=True)
    weight.fill("-4")
    weight.press("Enter")
    watched.wait_until(lambda: watched.pixels() != before, "the picture changed")


def test_a_rate_glides_down_and_the_usual_settings_come_back(watched: WatchedPage, server: RunningServer) -> None:
    page = watched.page
    watched.button("More settings").click()
    page.get_by_label("Learning rate over time", exact=True).select_option("cosine")
    _type(page, "Epochs of the descent", "120")
    _type(page, "Share that remains", "0.1")
    page.get_by_label("When there is no more progress", exact=True).check()
    _type(page, "Least progress", "0.02")

    watched.wait_until(lambda: (_spec(server, watched)["early_stopping"] or {}).get("min_delta") == 0.02, "it arrived")
    schedule = _spec(server, watched)["optimizer"]["schedule"]
    assert (schedule["name"], schedule["epochs"], schedule["final_fraction"]) == ("cosine", 120, 0.1)

    watched.button("Usual settings").click()
    watched.wait_until(lambda: _spec(server, watched)["early_stopping"] is None, "the usual settings arrived")
    assert _spec(server, watched)["optimizer"]["schedule"]["name"] == "constant"
    page.get_by_role("dialog", name="More settings").get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("dialog", name="More settings")).to_be_hidden()


def test_both_axes_of_the_curve_can_be_stretched_and_the_curve_calmed(watched: WatchedPage) -> None:
    page = watched.page
    page.get_by_role("radio", name="Accuracy", exact=True).check()
    page.get_by_role("radio", name="Loss", exact=True).check()
    page.get_by_label("Log scale", exact=True).check()
    page.get_by_label("More for the curve", exact=True).click()
    page.get_by_label("Smoothing", exact=True).press("End")
    page.get_by_label("Log scale for the epochs", exact=True).check()
    page.keyboard.press("Escape")

    watched.wait_until(lambda: "log_scale=true" in page.url and "run=" in page.url, "the address had it")
    page.reload()
    watched.wait_until_ready()
    expect(page.get_by_label("Log scale", exact=True)).to_be_checked()


def test_the_script_is_taken_home_in_both_forms(watched: WatchedPage) -> None:
    watched.page.get_by_role("tab", name="Code", exact=True).click()
    for button, ending in (("Download script", ".py"), ("Download notebook", ".ipynb")):
        with watched.page.expect_download() as taken:
            watched.button(button).click()
        assert taken.value.suggested_filename.endswith(ending)
    watched.page.get_by_role("tabpanel", name="Code").get_by_role("button", name="Copy", exact=True).click()
    expect(watched.page.locator("#code-said")).not_to_be_empty()


def test_runs_are_deleted_all_at_once_after_a_question(watched: WatchedPage) -> None:
    page = watched.page
    before = watched.run_id()
    watched.button("Step").click()
    watched.wait_until(lambda: watched.epoch() == 1, "one epoch was trained")
    watched.button("Reset").click()
    watched.wait_until(lambda: watched.run_id() != before and watched.epoch() == 0, "a new run was there")
    page.get_by_role("tab", name="Runs", exact=True).click()
    rows = page.locator("#run-rows > li")
    expect(rows).to_contain_text(["1 epoch"])

    watched.button("Delete all").click()
    watched.button("Keep").click()
    expect(rows).to_have_count(1)
    watched.button("Delete all").click()
    watched.button("Delete").click()
    expect(rows).to_have_count(0)


def test_samples_of_a_cell_are_shown_on_the_picture(watched: WatchedPage) -> None:
    page = watched.page
    page.get_by_role("button", name=re.compile("^True class 0, the network says class 1: [1-9]")).click()
    watched.button("Show on the picture").click()
    expect(watched.output()).to_be_in_viewport()


def test_the_help_jumps_to_its_parts(watched: WatchedPage) -> None:
    page = watched.page
    watched.button("Help: Speed").click()
    watched.button("All help").click()
    help_dialog = page.get_by_role("dialog", name="Help", exact=True)
    for part, heading in (("Words", "Words"), ("Keyboard", "Keyboard"), ("Controls and pictures", "Run")):
        help_dialog.get_by_role("button", name=part, exact=True).click()
        expect(help_dialog.get_by_role("heading", name=heading, exact=True)).to_be_in_viewport()
    help_dialog.get_by_role("button", name="Close", exact=True).click()
    watched.button("Help").click()
    expect(help_dialog).to_be_visible()


def test_dark_colours_are_chosen_and_taken_back(watched: WatchedPage) -> None:
    bright = watched.pixels()
    watched.button("Dark colours").click()
    watched.wait_until(lambda: watched.pixels() != bright, "the picture was dark")
    watched.button("Light colours").click()
    watched.wait_until(lambda: watched.pixels() == bright, "the picture was bright again")


def test_french_is_a_press_away_and_english_too(watched: WatchedPage) -> None:
    watched.button("FR: Passer au français").click()
    expect(watched.page.get_by_label("Taux d'apprentissage", exact=True)).to_be_visible()
    watched.page.get_by_role("button", name="Switch to English").click()
    expect(watched.page.get_by_label("Learning rate", exact=True)).to_be_visible()


FORMATS = {
    "A page that works by itself": "page.html",
    "For Keras (model.keras)": "model.keras",
    "SavedModel (takes some seconds)": "saved_model.zip",
    "TensorFlow Lite (takes some seconds)": "model.tflite",
}


def test_behind_the_dots_are_the_other_files_of_the_run(watched: WatchedPage) -> None:
    page = watched.page
    page.get_by_label("Other formats", exact=True).click()
    for name, file in FORMATS.items():
        expect(page.get_by_role("link", name=name, exact=True)).to_have_attribute(
            "href", re.compile(rf"/exports/{file}$")
        )


def test_no_control_is_left_out(watched: WatchedPage) -> None:
    """Each name is one that some test of this folder says, whatever its numbers; two words of it are enough."""
    page = watched.page
    names = set(page.evaluate(NAMES))
    for tab in ("Layers", "Runs", "Code", "Quality"):
        page.get_by_role("tab", name=tab, exact=True).click()
        names |= set(page.evaluate(NAMES))
    watched.button("Share").click()
    names = {_without_numbers(name) for name in names | set(page.evaluate(NAMES))}

    said = _strings_of_the_tests()
    parts = [text for text in said if " " in text and len(text) >= 8]
    driven = {name for name in names if name in said or any(part in name for part in parts)}
    to_be_hidden = set(page.get_by_role("dialog", name="Share this page").locator("label").all_inner_texts())
    questions = {name for name in names if "Help: " in name}
    left_out = sorted(names - driven - questions - to_be_hidden - {"", "×"})
    assert not left_out, f"No test of this folder says {left_out}."
    assert len(driven) > 80


def _without_numbers(text: str) -> str:
    return re.sub(r"\d+", "1", text)


def _strings_of_the_tests() -> set[str]:
    sources = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.py")]
    found = {text.lstrip("^") for source in sources for text in re.findall(r'"([^"\n]+)"', source)}
    return {_without_numbers(text) for text in found | {f"Input: {name}" for name in INPUTS}}


def _spec(server: RunningServer, watched: WatchedPage) -> dict[str, Any]:
    """The settings of the run that is shown; those of the page's first run while the next one is on its way."""
    status, run = server.request("GET", f"/api/runs/{watched.run_id()}")
    return dict(run["spec"]) if status == 200 else {"dataset": {"seed": None}, "layers": None, "early_stopping": {}}


def _type(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Enter")


def _dots(page: Page) -> str:
    return str(page.locator("#samples").evaluate("canvas => canvas.toDataURL()"))
