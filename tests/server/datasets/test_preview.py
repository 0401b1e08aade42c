"""The preview is the data of the run itself."""

import numpy as np
import pytest

from server.datasets.preview import preview_payload
from server.datasets.splits import make_run_data
from server.domain.events import to_json
from server.domain.validation import parse_preview
from tests.builders import make_spec
from tests.http_client import strict_json


@pytest.mark.parametrize(
    "name", ["circle", "xor", "gauss", "spiral", "moons", "formula", "plane", "gauss_hills", "surface"]
)
def test_a_preview_shows_exactly_what_a_run_trains_on(name: str) -> None:
    spec = make_spec(dataset={"name": name, "noise": 20, "seed": 4, "samples": 60}, features=["x2", "sin_x1", "x1x2"])
    data = make_run_data(spec)

    shown = strict_json(to_json(preview_payload(spec)))

    assert list(shown) == ["train", "val"]
    for split, made in (("train", data.train), ("val", data.val)):
        np.testing.assert_array_equal(np.array(shown[split]["features"], np.float32), made.features)
        np.testing.assert_array_equal(np.array(shown[split]["labels"], np.float32), made.labels[:, 0])


@pytest.mark.parametrize("dataset", [{"name": "blobs", "classes": 4}, {"name": "digits"}], ids=["blobs", "digits"])
def test_a_preview_of_several_classes_tells_the_number_of_the_class(dataset: dict[str, object]) -> None:
    spec = parse_preview({"dataset": {**dataset, "samples": 60}})
    data = make_run_data(spec)

    shown = strict_json(to_json(preview_payload(spec)))

    for split, made in (("train", data.train), ("val", data.val)):
        np.testing.assert_array_equal(np.array(shown[split]["features"], np.float32), made.features)
        assert shown[split]["labels"] == made.labels.argmax(axis=1).tolist()


def test_a_picture_is_shown_as_rows_of_pixels_of_channels() -> None:
    shown = preview_payload(parse_preview({"dataset": {"name": "digits", "samples": 20}}))

    assert np.array(shown["train"]["features"]).shape == (10, 8, 8, 1)
