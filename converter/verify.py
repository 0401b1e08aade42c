"""Reads a written folder back and proves that it is what was meant: every weight, the topology, the probe."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from math import prod
from pathlib import Path
from typing import Any, NoReturn

from converter.errors import VerificationFailed, quoted
from converter.quantization import Quantized
from converter.shards import pack, sha256, unpack

Json = Mapping[str, Any]


def check_files(folder: Path, meant: Quantized) -> None:
    """Read model.json, its shards and probe.json back.

    Every weight must be there bit for bit as it was meant to be stored, every layer or node must be fed by others that
    exist, and the probe must fit the model. Raises VerificationFailed, saying what differs.
    """
    try:
        model, probe = (read_json(folder / name) for name in ("model.json", "probe.json"))
        _check_weights(folder, model, probe, meant)
        _check_probe(probe, *_check_wiring(model))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise VerificationFailed(f"The written files cannot be read back ({error}); nothing was kept.") from error


def read_json(path: Path) -> Any:
    """Parse a JSON file by the letter: raises ValueError for NaN and Infinity, which browsers refuse."""
    return json.loads(path.read_bytes(), parse_constant=_refuse_constant)


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _failed(what: str) -> VerificationFailed:
    return VerificationFailed(f"{what}; nothing was kept.")


# ---- Weights --------------------------------------------------------------------------------------------------


def _check_weights(folder: Path, model: Json, probe: Json, meant: Quantized) -> None:
    (group,) = model["weightsManifest"]
    packed = b"".join((folder / name).read_bytes() for name in group["paths"])
    entries = group["weights"]
    if entries != [dict(entry) for entry in meant.entries]:
        raise _failed("The written weights have other names, shapes or kinds than meant")
    named = {model["userDefinedMetadata"]["weights_sha256"], probe["weights_sha256"]}
    if named != {sha256(packed)}:
        raise _failed("The written weights have another fingerprint than the files say")
    for name, array in unpack(entries, packed).items():
        if pack([array]) != pack([meant.arrays[name]]):
            raise _failed(f"The written weight {name} differs from the model's")


# ---- Topology -------------------------------------------------------------------------------------------------


Ends = tuple[list[str], list[str]]
"""Names of the inputs and of the outputs of a model, in order."""


def _check_wiring(model: Json) -> Ends:
    kind, topology = model["format"], model["modelTopology"]
    if kind == "layers-model":
        return _check_layers(topology["model_config"], _weight_names(model))
    if kind == "graph-model":
        return _check_nodes(topology, model["signature"], _weight_names(model))
    raise _failed(f"model.json has the unknown format {quoted(kind)}")


def _weight_names(model: Json) -> set[str]:
    return {str(entry["name"]) for group in model["weightsManifest"] for entry in group["weights"]}


def _check_layers(config: Json, weights: set[str]) -> Ends:
    layers = config["config"]["layers"]
    names = [str(layer["name"]) for layer in layers]
    fed_by = [reference[0] for layer in layers for node in layer["inbound_nodes"] for reference in node]
    inputs, outputs = (
        [str(reference[0]) for reference in config["config"][side]] for side in ("input_layers", "output_layers")
    )
    _refuse_missing({*fed_by, *inputs, *outputs} - set(names), "layer")
    if len(set(names)) != len(names):
        raise _failed("Two written layers have the same name")
    inner = set(_names_inside(layers))
    _refuse_missing({name.partition("/")[0] for name in weights} - inner, "layer with weights")
    return inputs, outputs


def _names_inside(value: Any) -> Iterable[str]:
    """All names of layers, those inside other layers too: a layer in TimeDistributed keeps its own name."""
    if isinstance(value, Mapping):
        if "class_name" in value and "config" in value:
            yield str(value["config"].get("name", ""))
        for item in value.values():
            yield from _names_inside(item)
    elif isinstance(value, list):
        for item in value:
            yield from _names_inside(item)


def _check_nodes(topology: Json, signature: Json, weights: set[str]) -> Ends:
    nodes = topology["node"]
    names = {str(node["name"]) for node in nodes}
    in_functions = {
        str(node["name"])
        for function in topology.get("library", {}).get("function", ())
        for node in function.get("nodeDef", ())
    }
    fed_by = {str(name).lstrip("^").partition(":")[0] for node in nodes for name in node.get("input", ())}
    tensors = [*signature["inputs"].values(), *signature["outputs"].values()]
    ends = {str(tensor["name"]).partition(":")[0] for tensor in tensors}
    _refuse_missing((fed_by | ends) - names | (weights - names - in_functions), "node")
    return list(signature["inputs"]), list(signature["outputs"])


def _refuse_missing(missing: set[str], what: str) -> None:
    if missing:
        raise _failed(f"model.json speaks of a {what} {quoted(min(missing))} that is not there")


# ---- Probe ----------------------------------------------------------------------------------------------------


def _check_probe(probe: Json, inputs: list[str], outputs: list[str]) -> None:
    named = [[tensor["name"] for tensor in probe[side]] for side in ("inputs", "outputs")]
    if named != [inputs, outputs]:
        raise _failed("The probe asks for other inputs or outputs than the model has")
    tensors = [*probe["inputs"], *probe["outputs"]]
    for tensor in tensors:
        data = tensor["data"]
        if len(data) != prod(tensor["shape"]) or not all(math.isfinite(number) for number in data):
            raise _failed(f"The probe of {quoted(tensor['name'])} does not fit its shape or is not finite")
    if not probe["outputs"] or not 0 < probe["tolerance"] < 1:
        raise _failed("The probe has no answers to compare with")
