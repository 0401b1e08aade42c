"""Nine traps of other playgrounds that this page does not have: a test for each, in the page a pupil sees."""

import math
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watched_page import TIMEOUT_S, WatchedPage
from tests.live.running_server import RunningServer

pytestmark = pytest.mark.browser

PATIENCE_MS = TIMEOUT_S * 1000

DIVERGING = {
    "dataset": {"name": "plane"},
    "features": ["x1", "x2", "x1_squared", "x2_squared"],
    "layers": [{"units": 4, "activation": "linear"}, {"units": 2, "activation": "linear"}],
    "optimizer": {"name": "sgd", "learning_rate": 10},
}


def test_reset_trains_to_the_very_same_numbers_and_another_button_gives_another_numbered_start(
    watched: WatchedPage, server: RunningServer
) -> None:
    """Bit for bit: the first picture, the whole curve, and every weight at its end."""
    expect(watched.page.get_by_text("First weights no. 0", exact=True)).to_be_visible()
    untrained = watched.pixels()
    first = _train_by_steps(watched, server, 3)
    _press_and_begin_again(watched, "Reset")
    expect(watched.page.get_by_text("First weights no. 0", exact=True)).to_be_visible()
    watched.wait_until(lambda: watched.pixels() == untrained, "the first picture was back")
    assert _train_by_steps(watched, server, 3) == first

    _press_and_begin_again(watched, "New first weights")
    expect(watched.page.get_by_text("First weights no. 1", exact=True)).to_be_visible()
    curve, weights = _train_by_steps(watched, server, 3)
    assert curve["epoch"] == first[0]["epoch"]
    assert set(curve["loss"]).isdisjoint(first[0]["loss"])
    assert weights != first[1]


def test_noise_and_share_disturb_the_same_sample_and_never_draw_another(watched: WatchedPage) -> None:
    calm = watched.downloaded_data()
    assert len(calm) == 500

    _slide(watched, "Noise", "25")
    noisy = watched.downloaded_data()
    assert _places(noisy) == _places(calm)
    assert noisy != calm

    _slide(watched, "Noise", "0")
    assert watched.downloaded_data() == calm

    _slide(watched, "Training share", "80")
    shared = watched.downloaded_data()
    assert sorted(row[:3] for row in shared) == sorted(row[:3] for row in calm)
    assert sum(row[3] == "training" for row in shared) == 400


def test_the_last_smaller_batch_is_trained_in_its_own_epoch_and_the_help_says_so(
    page: Page, server: RunningServer
) -> None:
    """That Keras does the same with it is tested where the training is."""
    samples = {"dataset": {"name": "circle", "samples": 500, "train_fraction": 0.5}}
    watched = _open(page, server, spec={**samples, "batch_size": 30}, paused=True)
    expect(page.get_by_label("Batch size", exact=True)).to_have_accessible_description(
        re.compile("the last batch of an epoch is smaller, and still counts in that epoch")
    )

    for epoch in (1, 2):
        watched.button("Step").click()
        run = server.wait_for(watched.run_id(), lambda run, epoch=epoch: run["epoch"] == epoch)
        assert run["step"] == epoch * math.ceil(250 / 30)


def test_the_final_unit_has_a_tile_and_a_bias_that_is_set_and_used(watched: WatchedPage) -> None:
    page, before = watched.page, watched.pixels()
    assert _answer_in_the_middle(watched) not in ("0%", "100%")

    expect(page.get_by_role("button", name="Final unit", exact=True)).to_be_visible()
    watched.button("Bias of the final unit").click()
    page.get_by_role("dialog", name="Set by hand").get_by_label("Bias of the final unit", exact=True).fill("9")
    watched.wait_until(lambda: watched.pixels() != before, "the picture changed")
    page.keyboard.press("Enter")
    assert _answer_in_the_middle(watched) == "100%"


@pytest.mark.parametrize("palette", ["blue-orange", "purple-green"])
def test_the_legend_has_the_colours_of_the_picture_and_of_the_classes(watched: WatchedPage, palette: str) -> None:
    page = watched.page
    page.get_by_label("Palette", exact=True).select_option(palette)
    page.get_by_label("Discretize", exact=True).check()
    classes = page.locator("#class-shares li")
    expect(classes).to_contain_text(["Class 0", "Class 1"])

    def colours_of_classes() -> list[str]:
        marks = classes.locator(".class-mark > *")
        return list(marks.evaluate_all("marks => marks.map(mark => getComputedStyle(mark).fill)"))

    watched.wait_until(
        lambda: sorted(_colours_of_the_picture(watched)) == sorted(_ends_of_the_legend(page)),
        "the picture had the two colours at the ends of the legend",
    )
    assert _ends_of_the_legend(page) == colours_of_classes()
    assert len(set(colours_of_classes())) == 2


def test_a_run_that_diverges_keeps_its_last_good_picture_and_says_why_with_one_button(
    page: Page, server: RunningServer
) -> None:
    watched = _open(page, server, spec=DIVERGING, paused=True)
    watched.button("Run").click()

    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("the steps were too large. You see the last good picture.", timeout=PATIENCE_MS)
    page.get_by_role("button", name="Final unit", exact=True).focus()
    numbers = page.locator("#unit-card").get_by_role("spinbutton")
    expect(numbers).to_have_count(3)
    assert all(math.isfinite(float(number.input_value())) for number in numbers.all())
    assert watched.frames() > 0

    closing = notice.get_by_role("button", name="Close", exact=True)
    expect(notice.get_by_role("button").filter(visible=True)).to_have_count(1 + closing.count())
    notice.get_by_role("button", name="Lower the learning rate").click()
    expect(notice).to_be_hidden()
    expect(page.get_by_label("Learning rate", exact=True)).to_have_attribute("aria-valuetext", "1")


def test_weights_that_a_penalty_collapsed_are_told(page: Page, server: RunningServer) -> None:
    _open(page, server, spec={"regularization": {"l1": 0, "l2": 0.3}}, paused=False, speed=None)
    told = page.get_by_role("status").filter(has_text="The weights have collapsed to 0")
    expect(told).to_contain_text("the regularization is too strong", timeout=PATIENCE_MS)

    page.get_by_role("tab", name="Layers", exact=True).click()
    expect(page.locator("#layers-sentence")).to_contain_text("The weights have collapsed")


@pytest.mark.parametrize(
    "link",
    [
        "#noise=2000&layers=" + ",".join(["2:tanh"] * 10),
        "#activation=tanh&noise=2000&networkShape=" + ",".join(["2"] * 10),
    ],
    ids=["own", "of TensorFlow Playground"],
)
def test_a_link_out_of_bounds_is_brought_within_and_told(page: Page, server: RunningServer, link: str) -> None:
    watched = WatchedPage(page, server.url)
    watched.open(link)
    watched.wait_until(lambda: bool(watched.run_id()), "the run was in the address")

    spec = server.run(watched.run_id())["spec"]
    assert spec["dataset"]["noise"] == 50
    assert len(spec["layers"]) <= 8
    expect(page.get_by_text("noise=2000 became 50.")).to_be_visible()
    assert watched.errors == []


def test_the_server_refuses_what_is_out_of_bounds_whoever_asks(server: RunningServer) -> None:
    layer = {"kind": "dense", "units": 2, "activation": "tanh"}
    status, answer = server.request("POST", "/api/runs", {"spec": {"dataset": {"noise": 2000}, "layers": [layer] * 10}})
    problems = {problem["field"]: problem["expected"] for problem in answer["error"]["problems"]}
    assert (status, problems) == (422, {"dataset.noise": "0 to 50", "layers": "a list of 0 to 8 entries"})


def test_classes_are_learned_by_cross_entropy_until_another_loss_is_chosen_by_its_formula(
    watched: WatchedPage, server: RunningServer
) -> None:
    page, before = watched.page, watched.run_id()
    watched.button("More settings").click()
    loss = page.get_by_label("Loss function", exact=True)
    expect(loss.locator("option:checked")).to_have_text("Automatic: Cross-entropy")
    expect(page.locator("[data-loss]:visible")).to_contain_text("ln p + (1 − y) · ln(1 − p)")

    loss.select_option("mse")
    expect(page.locator("[data-loss]:visible")).to_contain_text("(ŷ − y)²")
    watched.wait_until(lambda: watched.run_id() not in ("", before), "a run with that loss was there")
    assert server.run(watched.run_id())["spec"]["loss"] == "mse"


def _open(page: Page, server: RunningServer, **request: Any) -> WatchedPage:
    """The page with a run that exists."""
    run_id = server.start_run(**request)
    watched = WatchedPage(page, server.url)
    watched.open(f"#run={run_id}")
    assert watched.run_id() == run_id
    return watched


def _press_and_begin_again(watched: WatchedPage, button: str) -> None:
    before = watched.run_id()
    watched.button(button).click()
    watched.wait_until(lambda: watched.run_id() not in ("", before) and watched.epoch() == 0, "a new run was there")


def _train_by_steps(watched: WatchedPage, server: RunningServer, epochs: int) -> tuple[dict[str, Any], bytes]:
    """The curve and the weights after some steps of the run that is shown, untrained so far."""
    for epoch in range(1, epochs + 1):
        watched.button("Step").click()
        watched.wait_until(lambda epoch=epoch: watched.epoch() == epoch, f"epoch {epoch} was trained")
    files = f"/api/runs/{watched.run_id()}/model/"
    watched.wait_until(lambda: _model_epoch(server, files) == epochs, "the newest weights were there")
    _, weights = server.request("GET", files + "group1-shard1of1.bin")
    _, curve = server.request("GET", f"/api/runs/{watched.run_id()}/history")
    return {name: column for name, column in curve.items() if name not in ("cursor", "run")}, weights


def _model_epoch(server: RunningServer, files: str) -> int:
    return int(server.request("GET", files + "model.json")[1]["userDefinedMetadata"]["epoch"])


def _slide(watched: WatchedPage, label: str, value: str) -> None:
    with watched.page.expect_response("**/api/datasets/preview"):
        watched.page.get_by_label(label, exact=True).fill(value)
    watched.page.wait_for_timeout(100)


def _places(rows: list[list[str]]) -> list[tuple[str, str]]:
    return sorted((row[0], row[1]) for row in rows)


def _answer_in_the_middle(watched: WatchedPage) -> str:
    """How probable the network holds class 1 near the middle of the plane."""
    watched.page.get_by_label("A place on the picture").focus()
    watched.page.keyboard.press("ArrowUp")
    return watched.page.locator("#class-shares .share__value").last.inner_text()


def _ends_of_the_legend(page: Page) -> list[str]:
    shown = page.locator("#legend-bar").evaluate("bar => getComputedStyle(bar).backgroundImage")
    colours = re.findall(r"rgb\([^)]*\)", shown)
    return [colours[0], colours[-1]]


def _colours_of_the_picture(watched: WatchedPage) -> list[str]:
    colours = watched.output().evaluate(
        """canvas => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const found = new Set();
          for (let i = 0; i < data.length; i += 4) found.add(`rgb(${data[i]}, ${data[i + 1]}, ${data[i + 2]})`);
          return [...found];
        }"""
    )
    return list(colours)
