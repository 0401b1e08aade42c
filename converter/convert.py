"""The conductor: read the model, translate it, ask Keras for a probe, write everything whole, verify, report."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from converter import keras_archive, shards, verify
from converter.artifacts import refuse_unusable_output, write_whole
from converter.errors import UnsupportedOption, quoted
from converter.keras_config import parse_model
from converter.model_config import ModelConfig, WeightSpec, input_shapes
from converter.report import Report, TensorReport
from converter.topology import NamedShape, Topology, build_topology
from converter.weights import collect_weights, stored_groups

FORMATS = ("auto", "layers", "graph")
QUANTIZATIONS = ("none", "float16", "uint16", "uint8")


@dataclass(frozen=True)
class _Source:
    """A model to convert: what it is, its weights, and a way to ask it."""

    config: ModelConfig
    topology: Topology
    keras_version: str
    read: Callable[[WeightSpec], NDArray[np.generic]]
    ask: verify.Answer


def convert(  # noqa: PLR0913 - the public door; everything after `out_dir` is optional and named
    model_or_path: object,
    out_dir: str | os.PathLike[str],
    *,
    format: str = "auto",
    quantize: str = "none",
    probe_inputs: object = None,
    metadata: Mapping[str, object] | None = None,
) -> Report:
    """Convert a Keras 3 model, live or a .keras file, to a folder that `tf.loadLayersModel` reads.

    Writes model.json, weight shards and probe.json, all of them or nothing; an earlier conversion in `out_dir` is
    replaced. `metadata` becomes `userDefinedMetadata` in model.json, beside `weights_sha256`. `probe_inputs` is one
    float32 array per input, rows first (a list of them for several inputs), instead of the seeded ones.

    Raises subclasses of InputRefused for what the caller has to change, VerificationFailed for a fault of ours.
    """
    refuse_unready_options(format, quantize)
    folder = Path(os.path.abspath(out_dir))
    refuse_unusable_output(folder)
    with _open_source(model_or_path) as source:
        arrays = collect_weights(source.topology.weights, source.read)
        probe = _probe(source, probe_inputs)
    files = _files(source, arrays, probe, metadata or {})
    write_whole(folder, files, lambda staged: verify.check_files(staged, arrays))
    return _report(source, arrays, files, probe)


def refuse_unready_options(format: str, quantize: str) -> None:
    """Raise UnsupportedOption for a value that is unknown or not built yet."""
    _refuse_option("format", format, FORMATS, ready=("auto", "layers"))
    _refuse_option("quantize", quantize, QUANTIZATIONS, ready=("none",))


def _refuse_option(name: str, value: str, known: tuple[str, ...], ready: tuple[str, ...]) -> None:
    if value not in ready:
        state = "not available yet" if value in known else "not known"
        raise UnsupportedOption(f"{name} {quoted(value)} is {state}; choose {' or '.join(ready)}.")


# ---- Reading --------------------------------------------------------------------------------------------------


@contextmanager
def _open_source(model_or_path: object) -> Iterator[_Source]:
    if isinstance(model_or_path, (str, os.PathLike)):
        with keras_archive.open_archive(model_or_path) as archive:
            yield _archived_source(archive)
    else:
        yield _live_source(model_or_path)


def _live_source(model: Any) -> _Source:
    from converter import keras_model  # noqa: PLC0415 - a live model has Keras loaded already

    config = parse_model(keras_model.describe_model(model))
    return _Source(
        config,
        build_topology(config),
        keras_model.keras_version(),
        lambda spec: keras_model.read_weight(model, spec),
        lambda inputs: keras_model.answer(model, inputs),
    )


def _archived_source(archive: keras_archive.KerasArchive) -> _Source:
    config = parse_model(archive.raw_config)
    topology = build_topology(config)
    arrays = archive.read_arrays(topology.weights, dict(stored_groups(config)))

    def ask(inputs: Sequence[shards.Float32Array]) -> list[shards.Float32Array]:
        from converter import keras_model  # noqa: PLC0415 - takes seconds; a refused file never gets here

        return keras_model.answer(keras_model.rebuild_model(config, arrays), inputs)

    return _Source(config, topology, archive.keras_version, arrays.__getitem__, ask)


# ---- Writing --------------------------------------------------------------------------------------------------

Probe = tuple[list[shards.Float32Array], list[shards.Float32Array]]


def _probe(source: _Source, probe_inputs: object) -> Probe:
    shapes = verify.probe_shapes(source.config) if probe_inputs is None else input_shapes(source.config)
    return verify.build_probe(shapes, probe_inputs, source.ask)


def _files(
    source: _Source, arrays: Mapping[str, shards.Float32Array], probe: Probe, metadata: Mapping[str, object]
) -> dict[str, bytes]:
    packed = shards.pack(arrays.values())
    fingerprint = shards.sha256(packed)
    shard_files = shards.cut(packed)
    model = {
        "format": "layers-model",
        "generatedBy": f"keras v{source.keras_version}",
        "convertedBy": "Neural Playground converter",
        "modelTopology": {
            "keras_version": source.keras_version,
            "backend": "tensorflow",
            "model_config": source.topology.model_config,
        },
        "weightsManifest": shards.manifest(arrays, list(shard_files)),
        "userDefinedMetadata": {**metadata, "weights_sha256": fingerprint},
    }
    inputs, outputs = (
        {named.name: array for named, array in zip(names, tensors, strict=True)}
        for names, tensors in zip((source.topology.inputs, source.topology.outputs), probe, strict=True)
    )
    payload = verify.probe_payload(inputs, outputs, fingerprint, source.keras_version)
    return {"model.json": _json(model), **shard_files, "probe.json": _json(payload)}


def _json(payload: object) -> bytes:
    return json.dumps(payload, allow_nan=False, separators=(",", ":")).encode()


def _report(
    source: _Source, arrays: Mapping[str, shards.Float32Array], files: Mapping[str, bytes], probe: Probe
) -> Report:
    topology = source.topology
    return Report(
        format="layers",
        quantize="none",
        keras_version=source.keras_version,
        layer_count=topology.layer_count,
        weights_count=sum(array.size for array in arrays.values()),
        weights_size_bytes=sum(array.nbytes for array in arrays.values()),
        weights_sha256=shards.sha256(shards.pack(arrays.values())),
        inputs=tuple(map(_tensor_report, topology.inputs)),
        outputs=tuple(map(_tensor_report, topology.outputs)),
        files=tuple((name, len(content)) for name, content in files.items()),
        renamed=topology.renamed,
        probe_rows=len(probe[0][0]),
    )


def _tensor_report(named: NamedShape) -> TensorReport:
    return TensorReport(named.name, named.shape)
