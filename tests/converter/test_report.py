"""The report of a conversion."""

import json
from pathlib import Path
from typing import Any

import converter


def test_a_report_is_plain_data_that_agrees_with_the_files(small_model: Any, tmp_path: Path) -> None:
    report = converter.convert(small_model, tmp_path / "out")

    payload = json.loads(json.dumps(report.to_payload(), allow_nan=False))
    sizes = {file.name: file.stat().st_size for file in (tmp_path / "out").iterdir()}
    assert {file["name"]: file["size_bytes"] for file in payload["files"]} == sizes
    assert (payload["weights_count"], payload["weights_size_bytes"], payload["layer_count"]) == (25, 100, 4)
    assert payload["inputs"] == [{"name": "features", "shape": [None, 2], "dtype": "float32"}]
    assert payload["outputs"] == [{"name": "output", "shape": [None, 1], "dtype": "float32"}]
    assert "tf.loadLayersModel" in payload["load_line"]
