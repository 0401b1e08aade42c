"""Draws the small pictures of the examples anew: what each network answers at its end.

`python -m tests.presets.draw_pictures` writes static/presets/pictures.json; needed when an example changes, with
`biome check --write static/presets` behind it.
"""

import base64
import json
from typing import Any

import numpy as np

from server.datasets.features import compute_features
from server.datasets.splits import make_run_data
from server.domain.spec import outputs_of, problem_of
from server.training.build import build_model
from server.training.frames import decode_weights, set_flat_weights
from server.training.recipe import recipe_of
from tests.presets.preset_runs import PRESETS, PRESETS_FILE, Ended, run_preset

SIZE = 36
DOMAIN = 6.0
CURVE_PLACES = 48


def draw(ended: Ended) -> dict[str, Any]:
    """What a network answers over all its inputs: a byte per cell from the top row on, or a line of numbers."""
    model = build_model(recipe_of(ended.spec))
    set_flat_weights(model, decode_weights(ended.moment["weights"]))
    if ended.spec.dataset.name == "curve":
        return _draw_curve(model, ended)
    side = np.linspace(-DOMAIN, DOMAIN, SIZE)
    x1, x2 = np.meshgrid(side, side[::-1])
    features = compute_features(np.column_stack([x1.ravel(), x2.ravel()]), ended.spec.features)
    answers = np.nan_to_num(model(features.astype(np.float32)).numpy())
    if outputs_of(ended.spec.dataset) > 1:
        classes = answers.argmax(axis=1).astype(np.uint8)
        return {"kind": "classes", "size": SIZE, "classes": answers.shape[1], "cells": _text(classes)}
    stretched = answers[:, 0] if problem_of(ended.spec.dataset.name) == "regression" else answers[:, 0] * 2 - 1
    cells = np.round((np.clip(stretched, -1, 1) + 1) * 127.5).astype(np.uint8)
    return {"kind": "plane", "size": SIZE, "cells": _text(cells)}


def _draw_curve(model: Any, ended: Ended) -> dict[str, Any]:
    data = make_run_data(ended.spec).train
    order = np.argsort(data.features[:, 0])
    places = order[np.linspace(0, len(order) - 1, CURVE_PLACES).astype(int)]
    answers = model(data.features[places]).numpy()[:, 0]
    x, truth = data.features[places, 0], np.ravel(data.labels[places])
    return {"kind": "curve", "x": _rounded(x), "answers": _rounded(answers), "truth": _rounded(truth)}


def _text(cells: np.ndarray[Any, np.dtype[np.uint8]]) -> str:
    return base64.b64encode(cells.tobytes()).decode()


def _rounded(numbers: np.ndarray[Any, Any]) -> list[float]:
    return [round(float(number), 2) for number in numbers]


def main() -> None:
    """Train every example and write all pictures."""
    pictures = {preset["name"]: draw(run_preset(preset["name"])) for preset in PRESETS}
    text = json.dumps(pictures, separators=(",", ":")).replace("},", "},\n")
    PRESETS_FILE.with_name("pictures.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
