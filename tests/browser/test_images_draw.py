"""Draw on the image page, and the network that was trained on the server answers in the browser as Keras does."""

import base64
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from server.datasets.collections import ABOUT, LABELS, PICTURES, Collection
from tests.browser.watched_page import WatchedPage
from tests.live.running_server import ROOT, RunningServer

pytestmark = pytest.mark.browser

REAL_DIGITS = ROOT.parent / "shared" / "datasets" / "mnist"
PATIENCE_MS = 30_000
TOLERANCE = 1e-4

SMALL_CNN = [
    {"kind": "conv2d", "filters": 8, "kernel_size": 3, "padding": "same", "activation": "relu"},
    {"kind": "max_pooling2d", "pool_size": 2},
    {"kind": "conv2d", "filters": 16, "kernel_size": 3, "padding": "same", "activation": "relu"},
    {"kind": "max_pooling2d", "pool_size": 2},
    {"kind": "flatten"},
    {"kind": "dense", "units": 32, "activation": "relu"},
]

MNIST_TRAIN, MNIST_TEST = 1800, 200
DATASETS: dict[str, dict[str, Any]] = {
    "digits": {"name": "digits", "samples": 1797, "train_fraction": 0.8},
    "mnist": {"name": "mnist", "samples": MNIST_TRAIN + MNIST_TEST, "train_fraction": 0.9, "split": "given"},
}
EPOCHS = {"digits": 12, "mnist": 5}

Pictures = npt.NDArray[np.uint8]


def _read_idx(path: Path, offset: int) -> Pictures:
    return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=offset)


def _put_mnist(data_dir: Path) -> None:
    """Some real MNIST digits into a data folder."""
    pictures = _read_idx(REAL_DIGITS / "t10k-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28, 1)[
        : MNIST_TRAIN + MNIST_TEST
    ]
    labels = _read_idx(REAL_DIGITS / "t10k-labels-idx1-ubyte.gz", 8)[: MNIST_TRAIN + MNIST_TEST]
    about = Collection("mnist", (28, 28, 1), tuple("0123456789"), MNIST_TRAIN, MNIST_TEST)
    folder = data_dir / "images" / "mnist"
    folder.mkdir(parents=True)
    np.save(folder / PICTURES, pictures)
    np.save(folder / LABELS, labels.astype(np.uint16))
    (folder / ABOUT).write_text(json.dumps(about.to_payload()), encoding="utf-8")


class Trained:
    """A server with a network that has learned digits, and the test pictures it has not seen."""

    def __init__(self, server: RunningServer, dataset: dict[str, Any], epochs: int) -> None:
        self.server = server
        spec = {"dataset": dataset, "layers": SMALL_CNN, "optimizer": {"name": "adam", "learning_rate": 0.003}}
        self.run_id = server.start_run(spec={**spec, "batch_size": 32, "epochs": epochs}, speed=None)
        server.wait_for(self.run_id, lambda run: run["status"] == "finished", 120)
        self.pictures, self.labels = self._test_pictures()
        self.answers = self._answers_of_keras()

    def _test_pictures(self) -> tuple[Pictures, npt.NDArray[np.int64]]:
        """The first 100."""
        asked = {"dataset": self.server.run(self.run_id)["spec"]["dataset"], "share": "val", "start": 0, "count": 100}
        status, answer = self.server.request("POST", "/api/datasets/pictures", {**asked, "augmentation": None})
        assert status == 200, answer
        pictures = np.frombuffer(base64.b64decode(answer["pictures"]), np.uint8)
        return pictures.reshape(-1, *answer["shape"]), np.array(answer["labels"])

    def _answers_of_keras(self) -> npt.NDArray[np.float32]:
        """Keras' own probabilities, from the file that the run gives away."""
        import keras  # noqa: PLC0415 - loads for seconds, and only this file of the browser tests needs it

        status, content = self.server.request("GET", f"/api/runs/{self.run_id}/exports/model.keras")
        assert status == 200
        path = self.server.data_dir / "model.keras"
        path.write_bytes(content)
        model = keras.saving.load_model(path, compile=False)
        answers: npt.NDArray[np.float32] = model.predict(self.pictures.astype(np.float32) / 255, verbose=0)
        return answers

    def surest(self, count: int) -> list[int]:
        """Test pictures of different classes that Keras is right about, the surest first."""
        right = self.answers.argmax(axis=1) == self.labels
        best: dict[int, int] = {}
        for sample in np.argsort(-self.answers.max(axis=1) * right):
            best.setdefault(int(self.labels[sample]), int(sample))
        return list(best.values())[:count]


@pytest.fixture(scope="module")
def drawing_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for both sets of digits; real MNIST is in its data folder where it lies beside the repository."""
    data_dir = tmp_path_factory.mktemp("data")
    if REAL_DIGITS.is_dir():
        _put_mnist(data_dir)
    running = RunningServer(data_dir, workers=1)
    yield running
    running.stop()


@pytest.fixture(scope="module", params=["digits", "mnist"])
def trained(request: pytest.FixtureRequest, drawing_server: RunningServer) -> Trained:
    """A network for each set of digits."""
    if request.param == "mnist" and not REAL_DIGITS.is_dir():
        pytest.skip("The real MNIST digits do not lie beside this repository.")
    return Trained(drawing_server, DATASETS[request.param], EPOCHS[request.param])


@pytest.fixture
def opened(page: Page, trained: Trained) -> Iterator[WatchedPage]:
    """The image page with the trained run; nothing may have gone wrong in it at the end."""
    watched = WatchedPage(page, trained.server.url)
    watched.open(f"images#run={trained.run_id}")
    watched.expect_equal_to_keras()
    yield watched
    assert watched.foreign_requests == []
    assert watched.errors == []


def _lines(picture: Pictures) -> list[tuple[float, float, float]]:
    """The runs of ink of a picture, as (left, right, y) on a sheet of side 1; a pen has a width of its own."""
    ink = picture[:, :, 0] > 120
    side = len(ink)
    lines = []
    for row, pixels in enumerate(ink):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], pixels.astype(int), [0]))))
        for start, end in edges.reshape(-1, 2):
            middle = (start + end) / 2
            half = max(0.0, (end - start) / 2 - 0.9)
            lines.append(((middle - half) / side, (middle + half) / side, (row + 0.5) / side))
    return lines


def _draw(page: Page, picture: Pictures) -> None:
    """A test picture, stroke by stroke, as a hand would: a little smaller than the sheet, not in its middle."""
    sheet = page.get_by_label("Draw here", exact=True)
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box is not None
    x, y, side = box["x"] + 0.05 * box["width"], box["y"] + 0.2 * box["height"], 0.75 * box["width"]
    for left, right, row in _lines(picture):
        page.mouse.move(x + left * side, y + row * side)
        page.mouse.down()
        page.mouse.move(x + right * side, y + row * side, steps=3)
        page.mouse.up()


def test_a_real_test_digit_that_is_drawn_stroke_by_stroke_is_read(opened: WatchedPage, trained: Trained) -> None:
    answer = opened.page.get_by_role("status", name="Answer", exact=True)
    for sample in trained.surest(1 if trained.pictures.shape[1] == 28 else 3):
        _draw(opened.page, trained.pictures[sample])
        expect(answer).to_contain_text(f"{trained.labels[sample]} ·", timeout=PATIENCE_MS)
        opened.button("Clear").click()
        expect(answer).to_have_text("")


def _photo(picture: Pictures) -> bytes:
    """A photo of a digit: dark ink on bright paper, large and out of the middle, as a PNG."""
    paper = np.full((400, 560), 225, np.uint8)
    ink = np.kron(picture[:, :, 0], np.ones((224 // len(picture),) * 2, np.uint8))
    paper[90 : 90 + len(ink), 200 : 200 + len(ink)] -= (ink * 0.8).astype(np.uint8)
    content = io.BytesIO()
    Image.fromarray(paper).save(content, "PNG")
    return content.getvalue()


def _file(content: bytes) -> FilePayload:
    return {"name": "digit.png", "mimeType": "image/png", "buffer": content}


def test_a_photo_of_a_digit_is_read_in_the_browser_and_sent_nowhere(opened: WatchedPage, trained: Trained) -> None:
    answer = opened.page.get_by_role("status", name="Answer", exact=True)
    sample = trained.surest(1)[0]
    sent: list[str] = []
    opened.page.on("request", lambda request: sent.append(request.method + request.url) if request.post_data else None)
    photo = _file(_photo(trained.pictures[sample]))
    opened.page.locator("#draw-file").set_input_files(photo)
    expect(answer).to_contain_text(f"{trained.labels[sample]} ·", timeout=PATIENCE_MS)
    blank = _file(_photo(np.zeros_like(trained.pictures[sample])))
    opened.page.locator("#draw-file").set_input_files(blank)
    expect(opened.page.locator("#draw-sentence")).to_contain_text("blank")
    expect(answer).to_have_text("")
    assert [request for request in sent if "/api/datasets/pictures" not in request] == []


def test_a_pen_that_is_moved_by_keys_draws_and_takes_its_line_back(opened: WatchedPage) -> None:
    page = opened.page
    page.get_by_label("Draw here", exact=True).focus()
    page.keyboard.down("Space")
    for _ in range(12):
        page.keyboard.press("ArrowDown")
    page.keyboard.up("Space")
    answer = page.get_by_role("status", name="Answer", exact=True)
    expect(answer).to_contain_text("·", timeout=PATIENCE_MS)
    page.keyboard.press("Backspace")
    expect(answer).to_have_text("")


_ASK = """async ([runId, base64]) => {
  const from = (path) => import(new URL(`static/js/${path}`, document.baseURI).href);
  const [{ createApi }, { createImageAsker }] = await Promise.all(
    [from("transport/api.js"), from("inference/image-asker.js")]);
  const url = new URL("static/js/inference/inference.worker.js", document.baseURI);
  const worker = new Worker(url, { name: "images" });
  const asker = createImageAsker({ worker, onBroken: console.error });
  const api = createApi({ baseUrl: new URL("./", document.baseURI).href, fetch: window.fetch.bind(window) });
  const files = await api.fetchModelFiles(runId, new AbortController().signal);
  await asker.ask("model", "load", runId, files);
  const pictures = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  return [...await asker.ask("slice", "predict", runId, pictures)];
}"""


def test_the_answers_to_a_hundred_test_pictures_are_those_of_keras(opened: WatchedPage, trained: Trained) -> None:
    pictures = base64.b64encode(trained.pictures.tobytes()).decode()
    answers = np.array(opened.page.evaluate(_ASK, [trained.run_id, pictures])).reshape(trained.answers.shape)
    assert len(answers) == 100
    assert np.abs(answers - trained.answers).max() <= TOLERANCE


def test_a_picture_that_is_pressed_is_answered_as_keras_answers_it(opened: WatchedPage, trained: Trained) -> None:
    page = opened.page
    # The cell of the first test picture lists it first.
    said, truth = int(trained.answers[0].argmax()), int(trained.labels[0])
    cell = page.locator("#confusion-rows tr").nth(truth).get_by_role("button").nth(said)
    expect(cell).not_to_have_text("–", timeout=PATIENCE_MS)
    cell.click()
    page.locator("#quality-cell button").first.click()
    bars = page.locator("#draw-bars li")
    expect(page.get_by_role("status", name="Answer", exact=True)).to_contain_text(f"{said} ·", timeout=PATIENCE_MS)
    shares = np.array([float(bar.get_attribute("data-share") or "nan") for bar in bars.all()])
    assert np.abs(shares - trained.answers[0]).max() <= TOLERANCE
