"""Links: every setting in them, those of TensorFlow Playground, those that hide controls; and the examples."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watched_page import WatchedPage
from tests.live.running_server import RunningServer

pytestmark = pytest.mark.browser

PLAYGROUND_LINK = (
    "#activation=relu&regularization=L2&batchSize=12&dataset=spiral&regDataset=reg-plane&learningRate=0.01"
    "&regularizationRate=0.003&noise=2000&networkShape=6,4,3&seed=0.72581&showTestData=true&discretize=false"
    "&percTrainData=70&x=true&y=true&xTimesY=true&xSquared=false&ySquared=false&cosX=false&sinX=false&cosY=false"
    "&sinY=false&collectStats=false&problem=classification&initZero=false&hideText=false&stepButton_hide=true"
)


def _opened(page: Page, server: RunningServer, hash_: str) -> WatchedPage:
    watched = WatchedPage(page, server.url)
    watched.open(hash_)
    return watched


def test_a_link_of_tensorflow_playground_opens_with_the_same_settings(page: Page, server: RunningServer) -> None:
    watched = _opened(page, server, PLAYGROUND_LINK)
    watched.wait_until(lambda: bool(watched.run_id()), "the run was in the address")
    _status, run = server.request("GET", f"/api/runs/{watched.run_id()}")
    spec = run["spec"]

    assert [(layer["units"], layer["activation"]) for layer in spec["layers"]] == [
        (6, "relu"),
        (4, "relu"),
        (3, "relu"),
    ]
    assert (spec["dataset"]["name"], spec["dataset"]["train_fraction"], spec["batch_size"]) == ("spiral", 0.7, 12)
    assert (spec["features"], spec["regularization"]["l2"]) == (["x1", "x2", "x1x2"], 0.003)
    expect(page.get_by_label("Activation", exact=True)).to_have_value("relu")
    expect(page.get_by_label("Show test data", exact=True)).to_be_checked()
    expect(watched.button("Step")).to_have_count(0)
    expect(page.get_by_text("cross-entropy, there it is squared error")).to_be_visible()
    expect(page.get_by_text("noise=2000 became 50.")).to_be_visible()
    assert spec["dataset"]["noise"] == 50

    page.get_by_role("button", name="Close this note").click()
    expect(page.get_by_text("noise=2000 became 50.")).to_be_hidden()
    assert watched.errors == []


def test_a_link_that_hides_controls_hides_them_from_eyes_and_keyboard(page: Page, server: RunningServer) -> None:
    watched = _opened(page, server, "#hide=noise,batch_size,learning_rate,step")

    for name in ("Noise", "Batch size", "Learning rate"):
        expect(page.get_by_role("slider", name=name, exact=True)).to_have_count(0)
    expect(page.get_by_role("slider", name="Training share", exact=True)).to_be_visible()
    expect(watched.button("Step")).to_have_count(0)
    assert not watched.scrolls_sideways()
    assert watched.errors == []


def test_a_shared_link_opens_the_same_page_elsewhere(watched: WatchedPage, server: RunningServer) -> None:
    watched.page.get_by_label("Optimizer", exact=True).select_option("adam")
    watched.button("Add layer").click()
    watched.button("Share").click()
    dialog = watched.page.get_by_role("dialog", name="Share this page")
    dialog.get_by_label("Noise", exact=True).check()
    dialog.get_by_role("button", name="Copy", exact=True).click()
    expect(dialog.get_by_role("status")).to_have_text("Copied.")
    link = dialog.get_by_label("Link", exact=True).input_value()
    assert "run=" not in link

    other = watched.page.context.browser
    assert other is not None
    context = other.new_context(locale="en-US")
    opened = _opened(context.new_page(), server, "#" + link.partition("#")[2])
    expect(opened.page.get_by_label("Optimizer", exact=True)).to_have_value("adam")
    expect(opened.page.locator("#layer-count")).to_have_text("3 hidden layers")
    expect(opened.page.get_by_role("slider", name="Noise", exact=True)).to_have_count(0)
    context.close()


def test_a_reload_keeps_the_settings_even_when_the_run_is_gone(watched: WatchedPage, server: RunningServer) -> None:
    watched.page.get_by_label("Optimizer", exact=True).select_option("rmsprop")
    watched.wait_until(lambda: "optimizer=rmsprop&run=" in watched.page.url, "the address had both")
    gone = watched.run_id()
    server.request("DELETE", f"/api/runs/{gone}")
    watched.page.goto("about:blank")
    watched.open(f"#optimizer=rmsprop&run={gone}")

    expect(watched.page.get_by_label("Optimizer", exact=True)).to_have_value("rmsprop")
    watched.wait_until(lambda: watched.run_id() not in ("", gone), "a new run was there")
    watched.errors.clear()


def test_another_link_pasted_into_the_address_is_opened_and_a_step_back_returns(watched: WatchedPage) -> None:
    watched.page.evaluate("() => { location.hash = '#dataset=xor&layers=3:relu' }")
    expect(watched.page.get_by_role("radio", name="XOR", exact=True)).to_be_checked()
    expect(watched.page.locator("#layer-count")).to_have_text("1 hidden layer")

    watched.page.go_back()
    expect(watched.page.get_by_role("radio", name="Circle", exact=True)).to_be_checked()


def test_an_example_sets_everything_says_what_to_look_for_and_trains(watched: WatchedPage) -> None:
    watched.button("or begin with an example").click()
    gallery = watched.page.get_by_role("dialog", name="Examples")
    expect(gallery.get_by_role("listitem")).to_have_count(19)
    gallery.get_by_role("button", name="A straight line is enough").click()

    expect(gallery).to_be_hidden()
    expect(watched.page.locator("#preset-note")).to_contain_text("The border stays straight while it turns into place.")
    expect(watched.page.locator("#layer-count")).to_have_text("0 hidden layers")
    watched.button("Run").click()
    watched.wait_until(lambda: watched.epoch() == 30, "all its epochs were trained")
    assert float(watched.number("Test accuracy").rstrip("%")) >= 97
    expect(watched.page.locator("#first-example")).to_be_hidden()


def test_escape_closes_a_dialog_and_gives_the_focus_back(watched: WatchedPage) -> None:
    watched.button("Share").press("Enter")
    expect(watched.page.get_by_role("dialog", name="Share this page")).to_be_visible()
    watched.page.keyboard.press("Escape")
    expect(watched.page.get_by_role("dialog", name="Share this page")).to_be_hidden()
    expect(watched.button("Share")).to_be_focused()
