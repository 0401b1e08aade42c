"""How good the network is, and what goes on inside it: the tabs below it, in a real browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.watched_page import WatchedPage
from tests.live.running_server import RunningServer

pytestmark = pytest.mark.browser

PATIENCE_MS = 30_000

DEEP_SIGMOID = [{"kind": "dense", "units": 8, "activation": "sigmoid"}] * 6
MIXED = [
    {"kind": "dense", "units": 5, "activation": "relu"},
    {"kind": "batch_normalization"},
    {"kind": "dropout", "rate": 0.2},
]


def _open(page: Page, server: RunningServer, spec: dict[str, Any], **request: Any) -> WatchedPage:
    """The page with a run that exists."""
    run_id = server.start_run(spec=spec, **request)
    watched = WatchedPage(page, server.url)
    watched.open(f"#run={run_id}")
    assert watched.run_id() == run_id
    return watched


def _counts(page: Page) -> list[list[int]]:
    """The confusion matrix, row by row."""
    rows = page.get_by_role("table", name="Confusion matrix").locator("tbody tr")
    return [[int(cell) for cell in row.get_by_role("button").all_inner_texts()] for row in rows.all()]


def _has_numbers(page: Page) -> None:
    """The page has answered for the samples."""
    expect(page.locator("#confusion-rows button").first).not_to_have_text("–", timeout=PATIENCE_MS)


def _step(watched: WatchedPage, server: RunningServer, epoch: int) -> dict[str, float]:
    """Train one epoch; the server's numbers after it."""
    watched.button("Step").click()
    metrics: dict[str, float] = server.wait_for(watched.run_id(), lambda run: run["epoch"] == epoch)["metrics"]
    return metrics


@pytest.mark.parametrize(
    "dataset",
    [{"name": "circle", "noise": 20}, {"name": "blobs", "noise": 40, "classes": 4}],
)
def test_the_matrix_adds_up_to_the_accuracies_of_the_server(
    page: Page, server: RunningServer, dataset: dict[str, Any]
) -> None:
    watched = _open(page, server, {"dataset": dataset}, paused=True)
    _has_numbers(page)
    for epoch in (1, 2, 3):
        metrics = _step(watched, server, epoch)
        for share, key in (("Test samples", "val_accuracy"), ("Training samples", "accuracy")):
            page.get_by_role("radio", name=share).check()

            def adds_up(wanted: float = metrics[key]) -> bool:
                counts = _counts(page)
                right = sum(row[label] for label, row in enumerate(counts))
                return abs(right / sum(map(sum, counts)) - wanted) < 1e-9

            watched.wait_until(adds_up, f"the {share.lower()} add up to {metrics[key]}")


def test_a_cell_of_the_matrix_lists_and_rings_its_samples_by_keyboard(watched: WatchedPage) -> None:
    page = watched.page
    _has_numbers(page)
    cell = page.get_by_role("button", name=re.compile("^True class 0, the network says class 1"))
    count = int(cell.inner_text())
    assert count > 0
    before = _dots(page)

    cell.focus()
    page.keyboard.press("Enter")
    expect(cell).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#quality-samples-title")).to_contain_text(f"{count} test samples of class 0")
    expect(page.locator("#quality-samples-rows tr")).to_have_count(min(count, 40))
    watched.wait_until(lambda: _dots(page) != before, "the samples were ringed")

    page.keyboard.press("Enter")
    watched.wait_until(lambda: _dots(page) == before, "the rings were gone")
    expect(page.locator("#quality-samples-rows tr")).to_have_count(0)


def _dots(page: Page) -> str:
    return str(page.locator("#samples").evaluate("canvas => canvas.toDataURL()"))


def test_numbers_have_an_explained_share_and_their_largest_errors(page: Page, server: RunningServer) -> None:
    watched = _open(page, server, {"dataset": {"name": "plane"}}, paused=True)
    _step(watched, server, 1)
    expect(page.get_by_role("img", name=re.compile(r"^Predicted against true numbers, R² −?\d"))).to_be_visible()
    before = _dots(page)
    largest = page.get_by_role("table", name="Largest errors").get_by_role("button").first
    largest.click()
    expect(largest).to_have_attribute("aria-pressed", "true")
    watched.wait_until(lambda: _dots(page) != before, "the sample was ringed")


def _layers(page: Page) -> Locator:
    page.get_by_role("tab", name="Layers").click()
    return page.locator("#layer-table")


def test_the_table_of_layers_counts_the_weights_of_the_server(page: Page, server: RunningServer) -> None:
    watched = _open(page, server, {"layers": MIXED}, paused=True)
    table = _layers(page)
    expect(table.locator("tbody tr")).to_have_count(4)
    total = server.run(watched.run_id())["weights_count"]
    expect(table.locator("tfoot")).to_contain_text(f"{total} parameters, {total - 10} trainable, 10 not trainable")
    expect(table.get_by_role("img", name=re.compile("^10 weights from"))).to_be_visible()


def test_gradients_are_watched_only_while_the_tab_is_open(page: Page, server: RunningServer) -> None:
    watched = _open(page, server, {"layers": DEEP_SIGMOID}, paused=True)

    def tells_gradients() -> bool:
        return bool(server.run(watched.run_id())["controls"]["gradients"])

    table = _layers(page)
    page.get_by_label("Watch gradients").check()
    expect(page.locator("#layers-sentence")).to_contain_text("times slower than the last")
    expect(table.locator("tbody tr").first).to_contain_text("of 8")
    assert tells_gradients()

    page.get_by_role("tab", name="Quality").click()
    watched.wait_until(lambda: not tells_gradients(), "the server was told to look no more")
    page.get_by_role("tab", name="Layers").click()
    watched.wait_until(tells_gradients, "the server looked again")
    watched.button("Reset").click()
    watched.wait_until(lambda: watched.epoch() == 0 and tells_gradients(), "the next run was watched too")
