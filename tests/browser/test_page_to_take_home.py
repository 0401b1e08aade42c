"""The one HTML file, opened from a disk by an offline browser: it asks for nothing, and answers as Keras does."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import cos, pi, sin
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from flask import Flask, render_template
from playwright.sync_api import Browser, Page, Request, expect

from server.assets import assets_dir
from server.datasets.collections import Library
from server.datasets.splits import make_run_data
from server.exports.tfjs import tfjs_files
from server.take_home.about import about_network
from server.take_home.page import page_parts
from server.training.build import build_model
from server.training.recipe import recipe_of
from tests.builders import make_spec

pytestmark = pytest.mark.browser

DIGITS = {"dataset": {"name": "digits", "samples": 1797}, "layers": [{"kind": "flatten"}, {"units": 48}]}
LARGE = {
    "dataset": {"name": "cifar10", "samples": 100},
    "layers": [{"kind": "conv2d", "filters": 48, "padding": "same"}] * 2 + [{"kind": "global_average_pooling2d"}],
}
PLANE = {"dataset": {"name": "blobs", "classes": 3}, "features": ["x1", "x2", "x1x2"]}
CURVE = {"dataset": {"name": "curve", "x_min": -1, "x_max": 3}}
EVIL = '</script><script>alert("me")</script>'


def _write(path: Path, model: keras.Model, changes: dict[str, Any], classes: tuple[str, ...] | None = None) -> Path:
    """The page of a model, as the server writes it."""
    about = about_network("r1", make_spec(**changes), 3, Library(None))
    files = tfjs_files(model, {"run_id": "r1", "epoch": 3, "step": 9})
    parts = page_parts(replace(about, classes=classes or about.classes), files, assets_dir("static"))
    app = Flask("take home", template_folder=str(assets_dir("templates")))
    with app.app_context():
        path.write_text(render_template("offline.html", page=parts), encoding="utf-8", newline="\n")
    return path


def _untrained(changes: dict[str, Any]) -> keras.Model:
    return build_model(recipe_of(make_spec(**changes)))


@pytest.fixture(scope="module")
def digit_reader() -> keras.Model:
    """A network that reads the small digits."""
    model = _untrained(DIGITS)
    data = make_run_data(make_spec(**DIGITS))
    model.compile("adam", "categorical_crossentropy")
    model.fit(data.train.features, data.train.labels, batch_size=32, epochs=20, verbose=0)
    return model


class OpenedPage:
    """A page from a disk, in a browser that is offline; what it asks for and complains of is noted."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", self._note)
        page.on("console", lambda message: self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: self.errors.append(dialog.message))
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready=true]", state="attached", timeout=60_000)
        self.answer = page.get_by_role("status").first

    def _note(self, request: Request) -> None:
        self.requests.append(request.url)

    def draw(self, points: list[tuple[float, float]]) -> None:
        """Draw a line through shares of the sheet's sides."""
        box = self.page.locator("#draw-sheet").bounding_box()
        assert box is not None
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place)
        self.page.mouse.up()


Open = Callable[[Path], OpenedPage]


@pytest.fixture
def open_page(browser: Browser, locale: str) -> Iterator[Open]:
    """Opens files without any network; when the test ends, none may have asked for anything but itself."""
    context = browser.new_context(locale=locale, viewport={"width": 390, "height": 900}, offline=True)
    opened: list[OpenedPage] = []

    def open_file(path: Path) -> OpenedPage:
        opened.append(OpenedPage(context.new_page(), path))
        return opened[-1]

    yield open_file
    context.close()
    assert opened
    for each in opened:
        assert len(each.requests) == 1, each.requests
        assert each.errors == []


def _is_equal_to_keras(opened: OpenedPage) -> None:
    expect(opened.page.locator("#badge")).to_have_attribute("data-check", "equal")


ZERO = [(0.5 + 0.18 * sin(turn * pi / 16), 0.5 - 0.32 * cos(turn * pi / 16)) for turn in range(33)]
SEVEN = [(0.3, 0.22), (0.68, 0.22), (0.6, 0.45), (0.5, 0.65), (0.45, 0.82)]


def test_it_reads_a_digit_that_is_drawn(open_page: Open, digit_reader: keras.Model, tmp_path: Path) -> None:
    opened = open_page(_write(tmp_path / "page.html", digit_reader, DIGITS))
    _is_equal_to_keras(opened)
    for points, digit in ((ZERO, "0"), (SEVEN, "7")):
        opened.draw(points)
        expect(opened.answer).to_have_text(re.compile(rf"^{digit} · \d+%$"))
        opened.page.get_by_role("button", name="Clear").click()


def test_it_reads_a_picture_that_is_chosen(open_page: Open, digit_reader: keras.Model, tmp_path: Path) -> None:
    data = make_run_data(make_spec(**DIGITS)).val
    sure = int(np.argmax(np.max(digit_reader.predict(data.features, verbose=0) * data.labels, 1)))
    ink = np.kron(data.features[sure, :, :, 0], np.ones((32, 32)))
    photo = tmp_path / "photo.png"
    keras.utils.save_img(photo, (1 - ink)[:, :, None] * 255, scale=False)
    opened = open_page(_write(tmp_path / "page.html", digit_reader, DIGITS))
    opened.page.locator("#draw-file").set_input_files(photo)

    expect(opened.answer).to_have_text(re.compile(rf"^{int(np.argmax(data.labels[sure]))} · \d+%$"))


@pytest.mark.parametrize("locale", ["fr-FR"])
def test_it_speaks_the_readers_language_and_the_other_on_request(open_page: Open, tmp_path: Path) -> None:
    opened = open_page(_write(tmp_path / "page.html", _untrained(DIGITS), DIGITS))
    expect(opened.page.get_by_role("button", name="Effacer")).to_be_visible()
    opened.page.get_by_role("button", name="English").click()

    expect(opened.page.get_by_role("button", name="Clear")).to_be_visible()
    assert re.findall(r"\b(?:offline|images|check)\.[a-z_.]+", opened.page.inner_text("body")) == []


def test_names_are_shown_and_never_run(open_page: Open, tmp_path: Path) -> None:
    names = (EVIL, *"123456789")
    opened = open_page(_write(tmp_path / "page.html", _untrained(DIGITS), DIGITS, names))
    opened.draw(ZERO)

    expect(opened.page.locator(".answer-bar__name").first).to_have_text(EVIL)


def test_a_large_network_is_asked_by_its_kernels(open_page: Open, tmp_path: Path) -> None:
    opened = open_page(_write(tmp_path / "page.html", _untrained(LARGE), LARGE))
    _is_equal_to_keras(opened)

    assert opened.page.evaluate("tf.getBackend()") == "wasm"
    opened.draw(ZERO)
    expect(opened.answer).to_have_text(re.compile(r"\d+%$"))


def test_a_place_of_the_plane_is_asked_by_keys_and_by_pointing(open_page: Open, tmp_path: Path) -> None:
    model = _untrained(PLANE)
    opened = open_page(_write(tmp_path / "page.html", model, PLANE))
    _is_equal_to_keras(opened)

    def shares(x1: float, x2: float) -> list[str]:
        (row,) = np.asarray(model(np.array([[x1, x2, x1 * x2]], np.float32)))
        return [f"{share:.0%}" for share in row]

    shown = opened.page.locator(".answer-bar__value")
    expect(shown).to_have_text(shares(0, 0))
    opened.page.get_by_label("x₁").press("End")
    opened.page.get_by_label("x₂").press("Home")
    expect(shown).to_have_text(shares(6, -6))
    box = opened.page.locator("#ask-stage").bounding_box()
    assert box is not None
    opened.page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    expect(shown).to_have_text(shares(-3, 3))


def test_a_curve_answers_for_each_place_of_its_line(open_page: Open, tmp_path: Path) -> None:
    model = _untrained(CURVE)
    opened = open_page(_write(tmp_path / "page.html", model, CURVE))
    _is_equal_to_keras(opened)
    opened.page.get_by_label("x", exact=True).press("End")

    expect(opened.answer).to_have_text(f"y = {float(model(np.array([[3.0]], np.float32))[0, 0]):.4g}")
