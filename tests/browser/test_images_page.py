"""The image page as a class uses it: a ready-made network, one that cannot be, own images."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.axe_audit import AxeAudit
from tests.browser.watched_page import WatchedPage
from tests.live.running_server import RunningServer

pytestmark = pytest.mark.browser

PHOTOS = Path(__file__).resolve().parents[3] / "shared/datasets/cifar10-images.zip"
SHOWN_CLASSES = ("airplane", "frog")
EACH = 40
SIDE = 32


@pytest.fixture
def images(page: Page, server: RunningServer) -> Iterator[WatchedPage]:
    """The image page, opened and ready. When the test ends, nothing may have gone wrong in it."""
    opened = WatchedPage(page, server.url)
    _open(opened)
    yield opened
    assert opened.foreign_requests == []
    assert opened.errors == []


def _open(watched: WatchedPage, hash_: str = "") -> None:
    watched.page.goto(f"{watched.address}/images{hash_}")
    watched.wait_until_ready()


def _choose_network(watched: WatchedPage, title: str) -> None:
    watched.page.get_by_role("radio", name=title, exact=True).check()


def _run(watched: WatchedPage) -> None:
    button = watched.button("Run")
    expect(button).to_be_enabled()
    button.click()


def _test_accuracy(watched: WatchedPage) -> float:
    return float(watched.number("Test accuracy").rstrip("%").replace("–", "0"))


def test_a_ready_made_network_learns_digits_and_shows_its_curves_and_is_found_again(images: WatchedPage) -> None:
    page = images.page
    _choose_network(images, "Small convolutional network")
    _run(images)

    images.wait_until(lambda: _test_accuracy(images) > 90, "nine of ten digits were right", 90)
    images.wait_until(lambda: page.locator("#sentence-text").inner_text().startswith("Finished"), "it had finished", 60)
    expect(page.locator("#plot-empty")).to_be_hidden()
    page.locator("#plot-canvas").focus()
    page.keyboard.press("End")
    assert "%" in (page.locator("#plot-canvas").get_attribute("aria-valuetext") or "")

    run_id, epoch = images.run_id(), images.epoch()
    page.reload()
    images.wait_until_ready()
    assert (images.run_id(), images.epoch()) == (run_id, epoch)


def test_the_builder_explains_a_shape_that_cannot_be_and_trains_nothing_until_it_can(images: WatchedPage) -> None:
    page = images.page
    _choose_network(images, "Small convolutional network")
    page.get_by_role("button", name="Remove layer 5", exact=True).click()

    expect(page.locator(".layer-row__problem:visible")).to_contain_text("needs one row of numbers")
    expect(images.button("Run")).to_be_disabled()
    expect(page.locator("#sentence-text")).to_contain_text("does not fit")

    page.get_by_label("New layer", exact=True).select_option("flatten")
    images.button("Add layer").click()
    page.get_by_role("button", name="Move layer 6 up", exact=True).click()
    expect(page.locator(".layer-row__problem:visible")).to_have_count(0)
    expect(page.get_by_role("button", name="Move layer 5 up", exact=True)).to_be_focused()
    expect(images.button("Run")).to_be_enabled()
    expect(page.locator("#weights-total")).to_have_text("13,706 weights")


def test_own_images_are_brought_trained_on_and_deleted(images: WatchedPage) -> None:
    page = images.page
    page.get_by_role("radio", name="Own images…").check()
    page.get_by_label("Zip of class folders").set_input_files(
        {"name": "own.zip", "mimeType": "application/zip", "buffer": _zip_of_two_classes()}
    )

    first, second = SHOWN_CLASSES
    card = page.get_by_role("radio", name=f"{first}, {second}")
    expect(card).to_be_checked(timeout=60_000)
    expect(page.get_by_text("1 file could not be used")).to_be_visible()
    page.get_by_text("1 file could not be used").click()
    expect(page.locator("#own-problems-list")).to_contain_text(f"{first}/broken.png")
    expect(page.locator(".gallery-row__count")).to_have_text([str(EACH), str(EACH)])

    _run(images)
    images.wait_until(lambda: images.epoch() >= 2, "it learned from own images", 90)
    images.button("Delete these images").click()
    expect(card).to_have_count(0)
    expect(page.get_by_role("radio", name="Digits", exact=False).first).to_be_checked()
    expect(page.locator("#dataset input:checked")).to_be_focused()


def test_an_earlier_run_of_the_largest_network_can_be_laid_under_the_curve(images: WatchedPage) -> None:
    page, choice = images.page, images.page.get_by_role("checkbox", name="Earlier run")
    expect(choice).to_be_hidden()
    _choose_network(images, "85 of 100 photos right")
    choice.check()

    expect(page.locator("#plot-legend")).to_contain_text("85.8% after 18 epochs")
    _choose_network(images, "Small convolutional network")
    expect(choice).to_be_hidden()
    expect(page.locator("#plot-legend")).not_to_contain_text("earlier")


def test_augmented_samples_are_seen_before_training(images: WatchedPage) -> None:
    samples = images.page.locator("#augmentation-samples")
    expect(samples).to_have_attribute("data-is-changed", "false")
    plain = samples.evaluate("canvas => canvas.toDataURL()")

    images.page.get_by_label("Rotate", exact=True).press("End")

    expect(samples).to_have_attribute("data-is-changed", "true")
    assert samples.evaluate("canvas => canvas.toDataURL()") != plain


def test_the_two_pages_lead_to_each_other(images: WatchedPage) -> None:
    images.page.get_by_role("link", name="Playground", exact=True).click()
    images.wait_until_ready()
    images.page.get_by_role("link", name="Images", exact=True).click()
    images.wait_until_ready()
    expect(images.page.get_by_role("heading", name="Layers", exact=True)).to_be_visible()


@pytest.mark.parametrize(("viewport", "locale"), [((1440, 900), "en-US"), ((390, 844), "fr-FR")])
def test_the_page_fits_its_window_and_keeps_the_rules_of_accessibility(page: Page, server: RunningServer) -> None:
    audit = AxeAudit(page)
    watched = WatchedPage(page, server.url)
    _open(watched)
    audit.look("as it opens")
    page.locator("input[value=own]").check()
    audit.look("bringing own images")
    page.locator("input[value=digits]").check()
    page.locator('[data-kind="flatten"] button').last.click()
    audit.look("a layer that does not fit")
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(300)
    audit.look("dark", only_colours=True)
    assert not watched.scrolls_sideways()
    audit.expect_none()


def _zip_of_two_classes() -> bytes:
    """Two folders of pictures, and one file that is none: photos where they are at hand, else drawn ones."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in SHOWN_CLASSES:
            for number, picture in enumerate(_photos(name) or _drawings(name)):
                archive.writestr(f"{name}/{number}.png", picture)
        archive.writestr(f"{SHOWN_CLASSES[0]}/broken.png", b"This is no picture.")
    return packed.getvalue()


def _photos(name: str) -> list[bytes]:
    if not PHOTOS.is_file():
        return []
    with zipfile.ZipFile(PHOTOS) as archive:
        names = [path for path in archive.namelist() if path.startswith(f"train/{name}/") and not path.endswith("/")]
        return [archive.read(path) for path in names[:EACH]]


def _drawings(name: str) -> list[bytes]:
    """Discs or squares, each a little elsewhere."""
    drawn = []
    for number in range(EACH):
        picture = Image.new("RGB", (SIDE, SIDE), (number * 5, 90, 160))
        draw, corner = ImageDraw.Draw(picture), number % 12
        shape = draw.ellipse if name == SHOWN_CLASSES[0] else draw.rectangle
        shape((corner, corner, corner + 16, corner + 16), fill=(240, 220, 60))
        file = io.BytesIO()
        picture.save(file, "PNG")
        drawn.append(file.getvalue())
    return drawn
