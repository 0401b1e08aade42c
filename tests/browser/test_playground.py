"""What a pupil does with the page, in a real browser against a real server."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.watched_page import WatchedPage
from tests.live.running_server import RunningServer

pytestmark = pytest.mark.browser

LARGEST = {"layers": [{"kind": "dense", "units": 16, "activation": "tanh"}] * 8}


def test_a_pupil_trains_a_network_steers_it_and_finds_it_again(watched: WatchedPage, server: RunningServer) -> None:
    untrained = watched.pixels()
    assert watched.epoch() == 0

    first_picture_s = _press_run(watched)
    watched.wait_until(lambda: watched.epoch() >= 20, "20 epochs were trained")
    assert watched.pixels() != untrained
    print(f"From the click on Run to the first new picture: {first_picture_s:.2f} s")

    _raise_learning_rate(watched)
    run = server.wait_for(watched.run_id(), lambda run: run["controls"]["learning_rate"] == 0.1)
    assert run["status"] == "running"

    _pause(watched)
    paused_at = watched.epoch()
    curve = server.request("GET", f"/api/runs/{watched.run_id()}/history")[1]["epoch"]
    assert curve[-1] == paused_at

    run_id = watched.run_id()
    watched.page.reload()
    watched.wait_until_ready()
    assert (watched.run_id(), watched.epoch()) == (run_id, paused_at)
    expect(watched.page.get_by_label("Learning rate", exact=True)).to_have_attribute("aria-valuetext", "0.1")
    watched.expect_equal_to_keras()

    _press_run(watched)
    watched.wait_until(lambda: watched.epoch() > paused_at, "training went on")


def test_the_untrained_network_is_drawn_and_checked_before_anything_is_pressed(watched: WatchedPage) -> None:
    assert watched.frames() >= 1
    watched.expect_equal_to_keras()
    assert watched.number("Training loss") not in ("", "–")
    expect(watched.page.locator(".tile--unit.skeleton")).to_have_count(0)


def test_the_default_network_solves_the_circle(watched: WatchedPage) -> None:
    watched.page.get_by_label("Speed", exact=True).select_option("null")
    watched.button("Run").click()

    watched.wait_until(
        lambda: watched.epoch() > 0 and float(watched.number("Test loss")) < 0.1, "the circle was solved", 60
    )
    watched.button("Pause").click()


def test_a_step_trains_one_epoch(watched: WatchedPage) -> None:
    watched.button("Step").click()
    watched.wait_until(lambda: watched.epoch() == 1, "one epoch was trained")

    watched.button("Step").click()
    watched.wait_until(lambda: watched.epoch() == 2, "another epoch was trained")
    expect(watched.button("Run")).to_be_visible()


@pytest.mark.parametrize("viewport", [(1440, 900), (360, 740)])
def test_a_waiting_run_shows_its_place_in_line_without_scrolling(page: Page, server: RunningServer) -> None:
    told = {"status": "queued", "epoch": 0, "step": 0, "reason": None, "reason_code": None, "position": 4}

    def tell(route: Route) -> None:
        body = f"retry: 50\nevent: status\ndata: {json.dumps(told)}\n\n"
        route.fulfill(body=body, content_type="text/event-stream")

    page.route("**/api/runs/*/events*", tell)
    watched = WatchedPage(page, server.url)
    watched.open()
    expect(_status(page, "Waiting for a place: 3 runs are ahead of yours.")).to_be_in_viewport()

    told["position"] = 2
    expect(_status(page, "Waiting for a place: 1 run is ahead of yours.")).to_be_visible()
    told["position"] = 1
    expect(_status(page, "You are next.")).to_be_visible()
    told |= {"status": "running", "position": None}
    expect(_status(page, "Training")).to_be_visible()


@pytest.fixture
def full_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningServer]:
    """A server with one place, and a run that takes it."""
    monkeypatch.setenv("NEURAL_PLAYGROUND_RUNS_PER_WORKER", "1")
    running = RunningServer(tmp_path / "data", workers=1)
    yield running
    running.stop()


def test_a_run_waits_in_line_until_another_one_gives_its_place_back(page: Page, full_server: RunningServer) -> None:
    other = full_server.start_run(speed=10)
    full_server.wait_for(other, lambda run: run["epoch"] > 0)
    watched = WatchedPage(page, full_server.url)
    watched.open()
    assert watched.frames() >= 1

    watched.button("Run").click()
    expect(_status(page, "You are next.")).to_be_visible()
    assert full_server.run(watched.run_id())["position"] == 1
    assert watched.epoch() == 0

    full_server.control(other, action="stop")
    watched.wait_until(lambda: watched.epoch() > 0, "the run got its place")
    expect(_status(page, "You are next.")).to_have_count(0)
    assert full_server.run(watched.run_id())["position"] is None


def test_a_link_to_a_run_that_cannot_be_drawn_gives_a_new_one(page: Page, server: RunningServer) -> None:
    layers = [{"kind": "dropout", "rate": 0.2}, {"kind": "dense", "units": 4, "activation": "tanh"}]
    deep = server.start_run(spec={"layers": layers}, paused=True)
    watched = WatchedPage(page, server.url)
    watched.open(f"#run={deep}")

    assert watched.run_id() != deep
    assert [layer["kind"] for layer in server.run(watched.run_id())["spec"]["layers"]] == ["dense", "dense"]
    assert watched.errors == []


def test_the_page_offers_only_what_it_can_draw(watched: WatchedPage) -> None:
    offered = watched.page.get_by_role("radiogroup", name="Data set").get_by_role("radio")
    assert offered.evaluate_all("radios => radios.map(radio => radio.value)") == [
        "circle",
        "xor",
        "gauss",
        "spiral",
        "moons",
        "blobs",
        "formula",
        "points",
    ]
    activations = watched.page.get_by_label("Activation", exact=True).locator("option")
    assert activations.evaluate_all("options => options.map(option => option.value)") == [
        "relu",
        "tanh",
        "sigmoid",
        "linear",
    ]


def test_every_setting_becomes_part_of_the_run(watched: WatchedPage, server: RunningServer) -> None:
    page = watched.page
    first_run = watched.run_id()
    page.get_by_role("radiogroup", name="Data set").get_by_role("radio", name="XOR").check()
    page.get_by_label("Activation", exact=True).select_option("relu")
    page.get_by_label("Optimizer", exact=True).select_option("adam")
    page.get_by_label("Regularization", exact=True).select_option("l2")
    page.get_by_label("Regularization rate", exact=True).select_option("0.01")
    _move(page, "Noise", "ArrowRight", 2)
    _move(page, "Batch size", "ArrowRight", 3)
    _move(page, "Training share", "ArrowRight", 1)
    watched.button("Add layer").click()
    watched.button("Add unit to layer 1").click()
    watched.button("Remove unit from layer 2").click()
    page.get_by_role("button", name="Input: x1 times x2").click()

    watched.wait_until(lambda: watched.run_id() != first_run, "a new run was there")
    watched.wait_until(lambda: _features_of(server, watched) == ["x1", "x2", "x1x2"], "the last change arrived")
    run = server.run(watched.run_id())
    spec = run["spec"]
    assert (spec["dataset"]["name"], spec["optimizer"]["name"], spec["batch_size"]) == ("xor", "adam", 13)
    assert (spec["dataset"]["noise"], spec["dataset"]["train_fraction"]) == (10, 0.6)
    assert [(layer["units"], layer["activation"]) for layer in spec["layers"]] == [
        (5, "relu"),
        (1, "relu"),
        (2, "relu"),
    ]
    assert (run["controls"]["l1"], run["controls"]["l2"]) == (0, 0.01)
    watched.expect_equal_to_keras()


def test_a_regression_shows_its_own_data_sets_and_no_accuracy(watched: WatchedPage) -> None:
    watched.page.get_by_label("Problem", exact=True).select_option("regression")
    data_sets = watched.page.get_by_role("radiogroup", name="Data set").get_by_role("radio")

    expect(data_sets).to_have_count(4)
    expect(watched.page.get_by_role("status", name="Test accuracy")).to_have_text("–")
    watched.expect_equal_to_keras()


def test_a_unit_and_its_weights_can_be_read_with_the_keyboard(watched: WatchedPage) -> None:
    page = watched.page
    page.get_by_role("button", name="Unit 1 of layer 1", exact=True).focus()
    page.keyboard.press("ArrowDown")

    expect(page.get_by_role("button", name="Unit 2 of layer 1", exact=True)).to_be_focused()
    card = page.locator("#unit-card")
    expect(card).to_contain_text("Unit 2 of layer 1")
    expect(card.get_by_role("listitem")).to_have_count(3)
    expect(page.locator("#shown-unit")).to_have_text("Unit 2 of layer 1")


def test_a_weight_can_be_read_by_pointing_at_its_line(watched: WatchedPage) -> None:
    line = watched.page.locator(".connections path").first
    middle = line.evaluate(
        "path => { const at = path.getPointAtLength(path.getTotalLength() * 0.3); return [at.x, at.y]; }"
    )
    box = watched.page.locator(".diagram__lines").bounding_box()
    assert box
    watched.page.mouse.move(box["x"] + middle[0], box["y"] + middle[1])

    expect(watched.page.locator(".weight-chip")).to_have_text("x₁ → unit 1: " + _first_weight(watched))


def test_the_model_can_be_taken_home(watched: WatchedPage) -> None:
    with watched.page.expect_download() as downloading:
        watched.page.get_by_role("link", name="Download for the web").click()

    names = zipfile.ZipFile(io.BytesIO(downloading.value.path().read_bytes())).namelist()
    assert any(name.endswith("model.json") for name in names)


def test_a_link_to_a_run_that_is_gone_gives_a_new_one(page: Page, server: RunningServer) -> None:
    watched = WatchedPage(page, server.url)
    watched.open("#run=gone")

    assert watched.run_id() != "gone"
    assert watched.epoch() == 0


def test_the_largest_network_stays_usable(watched: WatchedPage, server: RunningServer) -> None:
    run_id = server.start_run(spec=LARGEST, paused=False)
    watched.page.goto("about:blank")
    watched.open(f"#run={run_id}")
    watched.wait_until(lambda: watched.frames() >= 10, "ten pictures of 129 units were drawn")

    expect(watched.page.locator(".tile--unit")).to_have_count(129)
    expect(watched.button("Add layer")).to_be_disabled()
    assert not watched.scrolls_sideways()


def test_while_the_server_is_away_the_page_says_so_and_nothing_flows(page: Page, own_server: RunningServer) -> None:
    watched = WatchedPage(page, own_server.url)
    watched.open()
    diagram = page.locator("[data-training]")
    _press_run(watched)
    expect(diagram).to_have_attribute("data-training", "true")

    own_server.stop()
    expect(page.get_by_text("The connection to the server is interrupted")).to_be_visible(timeout=20_000)
    expect(diagram).to_have_attribute("data-training", "false")
    assert watched.epoch() > 0


@pytest.mark.parametrize("locale", ["fr-FR"])
def test_a_french_reader_gets_french(watched: WatchedPage) -> None:
    page = watched.page
    assert page.locator("html").get_attribute("lang") == "fr"
    for name in ("Taux d'apprentissage", "Part d'entraînement", "Taille du lot", "Régularisation", "Bruit"):
        expect(page.get_by_label(name, exact=True)).to_be_visible()
    expect(page.get_by_label("Taux d'apprentissage", exact=True)).to_have_attribute("aria-valuetext", "0,03")
    expect(watched.badge()).to_contain_text("égal à Keras", timeout=30_000)

    page.get_by_role("button", name="Switch to English").click()
    expect(page.get_by_label("Learning rate", exact=True)).to_be_visible()
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    watched.wait_until_ready()


@pytest.mark.parametrize("locale", ["fr-FR"])
@pytest.mark.parametrize("viewport", [(360, 740), (1280, 800), (1366, 768)])
def test_the_longer_words_of_french_fit_the_window_too(watched: WatchedPage) -> None:
    watched.page.keyboard.press("Space")
    drawn = watched.page.locator("[data-frames]").first
    watched.wait_until(lambda: int(drawn.get_attribute("data-frames") or 0) >= 10, "ten pictures were drawn")

    assert not watched.scrolls_sideways()


@pytest.mark.parametrize("viewport", [(360, 740), (390, 844), (768, 1024), (1024, 768), (1440, 900)])
def test_the_page_fits_the_window(watched: WatchedPage) -> None:
    assert not watched.scrolls_sideways()
    for name in ("Run", "Step", "Reset"):
        expect(watched.button(name)).to_be_in_viewport()


def test_nothing_moves_while_the_page_trains(watched: WatchedPage) -> None:
    before = _places(watched)
    _press_run(watched)
    watched.wait_until(lambda: watched.epoch() >= 100, "a hundred epochs were trained")

    assert _places(watched) == before


def test_a_larger_network_moves_nothing_either(watched: WatchedPage) -> None:
    before = _places(watched)
    for _ in range(12):
        watched.button("Add unit to layer 2").click()
    expect(watched.page.locator(".unit-card .term")).to_have_count(15)

    assert _places(watched) == before


def _status(page: Page, text: str) -> Locator:
    return page.get_by_role("status").filter(has_text=text)


def _press_run(watched: WatchedPage) -> float:
    """Seconds until the first new picture."""
    frames = watched.frames()
    watched.button("Run").click()
    return watched.wait_until(lambda: watched.frames() > frames, "a new picture was drawn")


def _pause(watched: WatchedPage) -> None:
    """Pause, and wait until the epoch stands still."""
    watched.button("Pause").click()
    expect(watched.page.locator("#sentence-text")).to_have_text("Paused.")
    watched.page.wait_for_timeout(500)
    epoch = watched.epoch()
    watched.page.wait_for_timeout(500)
    assert watched.epoch() == epoch


def _raise_learning_rate(watched: WatchedPage) -> None:
    """One step up, with the keyboard."""
    slider = watched.page.get_by_label("Learning rate", exact=True)
    slider.focus()
    watched.page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "0.1")


def _move(page: Page, label: str, key: str, times: int) -> None:
    for _ in range(times):
        page.get_by_label(label, exact=True).press(key)


def _features_of(server: RunningServer, watched: WatchedPage) -> list[str]:
    status, run = server.request("GET", f"/api/runs/{watched.run_id()}")
    return list(run["spec"]["features"]) if status == 200 else []


def _first_weight(watched: WatchedPage) -> str:
    watched.page.get_by_role("button", name="Unit 1 of layer 1", exact=True).focus()
    card = watched.page.locator("#unit-card")
    expect(card).to_contain_text("Unit 1 of layer 1")
    return card.get_by_role("spinbutton").first.input_value().replace("-", "−")


def _places(watched: WatchedPage) -> object:
    boxes = watched.page.locator(".card, .bar, .choices, .number")
    return boxes.evaluate_all("boxes => boxes.map(box => JSON.stringify(box.getBoundingClientRect()))")
