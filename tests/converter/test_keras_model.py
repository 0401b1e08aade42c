"""Keras itself: described, rebuilt, asked."""

from typing import Any

import numpy as np
import pytest

from converter.keras_config import parse_model
from converter.keras_model import answer, describe_model, read_weight, rebuild_model
from converter.topology import build_topology
from converter.verify import make_probe_inputs, probe_shapes
from tests.converter.models import MODELS


@pytest.mark.parametrize("name", [name for name in MODELS if not name.startswith(("dense ", "activation "))])
def test_a_rebuilt_model_answers_as_the_original(name: str) -> None:
    model: Any = MODELS[name]()
    config = parse_model(describe_model(model))
    arrays = {spec: read_weight(model, spec) for spec in build_topology(config).weights}

    rebuilt = rebuild_model(config, arrays)

    probe = make_probe_inputs(probe_shapes(config))
    for ours, original in zip(answer(rebuilt, probe), answer(model, probe), strict=True):
        np.testing.assert_array_equal(ours, original)
