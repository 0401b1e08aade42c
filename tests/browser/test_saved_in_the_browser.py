"""From Keras into a page, out of it by TensorFlow.js' own `model.save`, and back: into TensorFlow.js and into Keras."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Download, Page, Route

import converter
from converter.keras_from_layers_model import read_model
from converter.probe import TOLERANCE, difference

pytestmark = pytest.mark.browser

LIBRARY = Path(__file__).parents[2] / "static" / "vendor" / "tfjs" / "tf.min.js"
ADDRESS = "http://models.invalid"

LOAD = """async ({address, inputs}) => {
  await tf.setBackend("cpu");
  window.model = await tf.loadLayersModel(address);
  const tensors = inputs.map(({data, shape, dtype}) => tf.tensor(data, shape, dtype));
  const outputs = [window.model.predict(tensors.length === 1 ? tensors[0] : tensors)].flat();
  return outputs.map((output) => ({shape: output.shape, data: Array.from(output.dataSync())}));
}"""
SAVE = "() => window.model.save('downloads://saved').then(() => null)"


def _pictures() -> Any:
    import keras

    return keras.Sequential(
        [
            keras.Input((8, 8, 2)),
            keras.layers.Conv2D(4, 3, activation="leaky_relu"),
            keras.layers.BatchNormalization(),
            keras.layers.DepthwiseConv2D(2, activation="hard_sigmoid"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )


def _words() -> Any:
    import keras

    ids = keras.Input((6,), dtype="int32", name="ids")
    weight = keras.Input((2,), name="weight")
    x = keras.layers.Embedding(9, 4)(ids)
    x = keras.layers.Bidirectional(keras.layers.LSTM(3, return_sequences=True))(x)
    x = keras.layers.TimeDistributed(keras.layers.Dense(2, activation="silu"))(x)
    x = keras.layers.GRU(3, reset_after=False)(x)
    both = keras.layers.Concatenate()([x, weight])
    return keras.Model([ids, weight], [keras.layers.Dense(1, name="score")(both), keras.layers.Dense(2)(both)])


MODELS: dict[str, Callable[[], Any]] = {"pictures": _pictures, "words": _words}


@pytest.fixture
def folder(page: Page, tmp_path: Path) -> Iterator[Path]:
    """A folder that the page sees below ADDRESS, and a page that has TensorFlow.js."""

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS + "/")
        if not name:
            route.fulfill(body="<script src='tf.min.js'></script>", content_type="text/html")
        else:
            route.fulfill(path=LIBRARY if name == "tf.min.js" else tmp_path / name)

    page.route(f"{ADDRESS}/**", answer)
    page.goto(f"{ADDRESS}/")
    yield tmp_path
    page.unroute(f"{ADDRESS}/**")


def _arrays(tensors: list[Any], dtype: str = "float32") -> list[np.ndarray]:
    return [np.array(tensor["data"], tensor.get("dtype", dtype)).reshape(tensor["shape"]) for tensor in tensors]


def _save(page: Page, folder: Path) -> None:
    """Have the page save its model, and keep both downloads."""
    downloads: list[Download] = []
    page.on("download", lambda download: downloads.append(download))
    page.evaluate(SAVE)
    while len(downloads) < 2:
        page.wait_for_timeout(10)
    for download in downloads:
        download.save_as(folder / download.suggested_filename)


@pytest.mark.parametrize("name", MODELS)
def test_a_model_saved_by_the_page_is_the_same_in_tensorflow_js_and_in_keras(
    name: str, page: Page, folder: Path
) -> None:
    import keras

    converter.convert(MODELS[name](), folder / "model")
    probe = json.loads((folder / "model" / "probe.json").read_bytes())
    expected = _arrays(probe["outputs"])

    loaded = page.evaluate(LOAD, {"address": f"{ADDRESS}/model/model.json", "inputs": probe["inputs"]})
    _save(page, folder)
    again = page.evaluate(LOAD, {"address": f"{ADDRESS}/saved.json", "inputs": probe["inputs"]})
    inputs = _arrays(probe["inputs"])
    answer = read_model(folder / "saved.json")(inputs if len(inputs) > 1 else inputs[0])

    assert difference(_arrays(loaded), expected) <= TOLERANCE
    assert again == loaded
    assert difference([np.asarray(output) for output in keras.tree.flatten(answer)], expected) <= TOLERANCE
