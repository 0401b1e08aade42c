"""The seven features, against golden values that the page's tests read too."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from server.datasets.features import compute_features
from server.domain.spec import FEATURE_NAMES, FeatureName

GOLDEN: dict[str, Any] = json.loads((Path(__file__).resolve().parents[2] / "contract/features.json").read_text("utf-8"))


@pytest.mark.parametrize("name", FEATURE_NAMES)
def test_a_feature_has_the_golden_values(name: FeatureName) -> None:
    points = np.array(GOLDEN["points"], float)

    np.testing.assert_allclose(compute_features(points, [name])[:, 0], GOLDEN["features"][name], atol=1e-8)


def test_the_golden_file_has_every_feature_and_no_other() -> None:
    assert list(GOLDEN["features"]) == list(FEATURE_NAMES)


def test_features_stand_in_the_order_of_their_names() -> None:
    features = compute_features(np.array([[2.0, 3.0], [4.0, 5.0]]), ["x1x2", "x2", "x1_squared"])

    assert features.tolist() == [[6.0, 3.0, 4.0], [20.0, 5.0, 16.0]]
