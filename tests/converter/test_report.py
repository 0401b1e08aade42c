"""The report of a conversion."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import converter
from converter.report import LayerReport, Report, TensorReport

REPORT = Report(
    format="layers",
    quantize="none",
    keras_version="3.15.1",
    layer_count=2,
    weights_count=3,
    weights_size_bytes=12,
    weights_sha256="ab",
    inputs=(TensorReport("x", (None, 2)),),
    outputs=(TensorReport("y", (None, 1)),),
    files=(("model.json", 10), ("probe.json", 5)),
    renamed=(("a b", "a_b"),),
    probe_rows=16,
)


def test_a_report_is_plain_data_that_agrees_with_the_files(small_model: Any, tmp_path: Path) -> None:
    report = converter.convert(small_model, tmp_path / "out")

    payload = json.loads(json.dumps(report.to_payload(), allow_nan=False))
    sizes = {file.name: file.stat().st_size for file in (tmp_path / "out").iterdir()}
    assert {file["name"]: file["size_bytes"] for file in payload["files"]} == sizes
    assert (payload["weights_count"], payload["weights_size_bytes"], payload["layer_count"]) == (25, 100, 4)
    assert payload["inputs"] == [{"name": "features", "shape": [None, 2], "dtype": "float32"}]
    assert payload["outputs"] == [{"name": "output", "shape": [None, 1], "dtype": "float32"}]
    assert "tf.loadLayersModel" in payload["load_line"]


def test_layers_are_told_by_what_happened_to_them() -> None:
    layers = (
        LayerReport("a", "Dense", "translated", ("Dense",)),
        LayerReport("b", "Dropout", "dropped"),
        LayerReport("c", "BatchNormalization", "folded", note="into a"),
    )

    payload = replace(REPORT, layers=layers).to_payload()

    assert (payload["translated"], payload["dropped"], payload["folded"]) == (["a"], ["b"], ["c"])
    assert payload["layers"][2]["note"] == "into a"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), None])
def test_a_number_that_is_none_is_null(number: float | None) -> None:
    report = replace(REPORT, largest_difference=number, quantization_error=number)

    payload = json.loads(json.dumps(report.to_payload(), allow_nan=False))

    assert payload["largest_difference"] is None
    assert payload["quantization_error"] is None


@pytest.mark.parametrize(
    ("changes", "load", "ask"),
    [
        ({}, "tf.loadLayersModel(", "= model.predict(input1);"),
        ({"format": "graph"}, "tf.loadGraphModel(", "= model.predict(input1);"),
        ({"format": "graph", "execution": "executeAsync"}, "tf.loadGraphModel(", "= await model.executeAsync(input1);"),
        ({"inputs": REPORT.inputs * 2}, "tf.loadLayersModel(", "= model.predict([input1, input2]);"),
    ],
)
def test_the_lines_of_javascript_fit_the_model(changes: dict[str, Any], load: str, ask: str) -> None:
    report = replace(REPORT, **changes)

    assert load in report.load_line
    assert ask in report.answer_line
