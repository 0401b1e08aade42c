"""The reading back of what was written."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import converter
from converter.errors import VerificationFailed
from converter.quantization import KINDS, Quantized, quantize
from converter.shards import sha256
from converter.verify import check_files

NAMES = ["hidden_1/kernel", "hidden_1/bias", "hidden_2/kernel", "hidden_2/bias", "output/kernel", "output/bias"]


def _change_a_bit(folder: Path) -> None:
    shard = folder / "group1-shard1of1.bin"
    content = bytearray(shard.read_bytes())
    content[5] ^= 1
    shard.write_bytes(content)


def _change(name: str, change: Callable[[Any], object]) -> Callable[[Path], None]:
    def changed(folder: Path) -> None:
        content = json.loads((folder / name).read_bytes())
        change(content)
        (folder / name).write_text(json.dumps(content))

    return changed


def _layers(model: Any) -> Any:
    return model["modelTopology"]["model_config"]["config"]["layers"]


def _weights(model: Any) -> Any:
    return model["weightsManifest"][0]["weights"]


DAMAGES: dict[str, Callable[[Path], object]] = {
    "one bit": _change_a_bit,
    "missing shard": lambda folder: (folder / "group1-shard1of1.bin").unlink(),
    "missing probe": lambda folder: (folder / "probe.json").unlink(),
    "truncated model": lambda folder: (folder / "model.json").write_bytes(b'{"format":'),
    "swapped weights": _change("model.json", lambda model: _weights(model).reverse()),
    "other shape": _change("model.json", lambda model: _weights(model)[0].update(shape=[4, 2])),
    "other kind of weight": _change("model.json", lambda model: _weights(model)[0].update(dtype="int32")),
    "other fingerprint": _change("model.json", lambda model: model["userDefinedMetadata"].update(weights_sha256="0")),
    "other format": _change("model.json", lambda model: model.update(format="tensor-model")),
    "layer without source": _change(
        "model.json", lambda model: _layers(model)[1].update(inbound_nodes=[[["nowhere", 0, 0, {}]]])
    ),
    "two layers of a name": _change("model.json", lambda model: _layers(model)[2].update(name="hidden_1")),
    "lost layer": _change("model.json", lambda model: _layers(model)[1]["config"].update(name="other")),
    "number that is none": _change("probe.json", lambda probe: probe["outputs"][0]["data"].append(float("nan"))),
    "missing number": _change("probe.json", lambda probe: probe["inputs"][0]["data"].pop()),
    "no answers": _change("probe.json", lambda probe: probe["outputs"].clear()),
    "another input": _change("probe.json", lambda probe: probe["inputs"][0].update(name="other")),
    "endless tolerance": _change("probe.json", lambda probe: probe.update(tolerance=1e9)),
}


def _meant(model: Any, kind: str = "none") -> Quantized:
    return quantize(dict(zip(NAMES, model.get_weights(), strict=True)), kind)


@pytest.mark.parametrize("damage", DAMAGES)
def test_any_difference_is_found(damage: str, small_model: Any, tmp_path: Path) -> None:
    converter.convert(small_model, tmp_path / "out")
    check_files(tmp_path / "out", _meant(small_model))

    DAMAGES[damage](tmp_path / "out")

    with pytest.raises(VerificationFailed, match=r"nothing was kept\.$"):
        check_files(tmp_path / "out", _meant(small_model))


@pytest.mark.parametrize("kind", KINDS)
def test_quantized_weights_are_compared_as_they_are_stored(kind: str, small_model: Any, tmp_path: Path) -> None:
    converter.convert(small_model, tmp_path / "out", quantize=kind)
    check_files(tmp_path / "out", _meant(small_model, kind))

    _change_a_bit(tmp_path / "out")

    with pytest.raises(VerificationFailed):
        check_files(tmp_path / "out", _meant(small_model, kind))


def _write_graph_model(folder: Path, change: Callable[[Any], object]) -> Quantized:
    """y = x + one, as the smallest graph model."""
    meant = quantize({"one": np.ones(1, "f4")})
    nodes = [
        {"name": "x", "op": "Placeholder"},
        {"name": "one", "op": "Const"},
        {"name": "y", "op": "AddV2", "input": ["x", "one"]},
    ]
    model: dict[str, Any] = {
        "format": "graph-model",
        "modelTopology": {"node": nodes},
        "signature": {"inputs": {"x": {"name": "x:0"}}, "outputs": {"y": {"name": "y:0"}}},
        "weightsManifest": meant.manifest(["a.bin"]),
        "userDefinedMetadata": {},
    }
    change(model)
    tensor = {"shape": [1], "dtype": "float32", "data": [1]}
    probe = {"inputs": [{"name": "x", **tensor}], "outputs": [{"name": "y", **tensor}], "tolerance": 1e-4}
    fingerprint = sha256(meant.packed())
    model["userDefinedMetadata"]["weights_sha256"] = fingerprint
    (folder / "a.bin").write_bytes(meant.packed())
    (folder / "model.json").write_text(json.dumps(model))
    (folder / "probe.json").write_text(json.dumps({**probe, "weights_sha256": fingerprint}))
    return meant


def test_a_graph_model_whose_nodes_are_all_fed_is_accepted(tmp_path: Path) -> None:
    check_files(tmp_path, _write_graph_model(tmp_path, lambda model: None))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda model: model["modelTopology"]["node"].pop(0), id="missing placeholder"),
        pytest.param(lambda model: model["modelTopology"]["node"].pop(1), id="missing constant"),
        pytest.param(lambda model: model["signature"]["outputs"]["y"].update(name="z:0"), id="missing output"),
        pytest.param(lambda model: model["signature"].update(inputs={}), id="missing input"),
    ],
)
def test_a_graph_model_with_a_loose_end_is_not_accepted(change: Callable[[Any], object], tmp_path: Path) -> None:
    meant = _write_graph_model(tmp_path, change)

    with pytest.raises(VerificationFailed):
        check_files(tmp_path, meant)
