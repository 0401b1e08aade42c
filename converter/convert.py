"""The conductor: read the model, translate it, ask Keras for a probe, write everything whole, verify, report."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from converter import shards, tfjs_node
from converter.artifacts import refuse_unusable_output, write_whole
from converter.errors import UnsupportedOption, VerificationFailed, quoted
from converter.model_graph import NamedTensor
from converter.probe import TOLERANCE, About, Probe, ask_again, build_probe, difference, probe_payload
from converter.quantization import KINDS, Quantized, quantize
from converter.report import LayerReport, Report, TensorReport
from converter.translation import FORMATS, Translation, as_graph_model, translate
from converter.verify import check_files
from converter.weights import written_weights

Progress = Callable[[str], None]

_ANSWERED_OTHERWISE = "Its layers model would not answer as Keras does."
_CHECKED_HERE = "The written model, run in Python, answers as Keras does."
_FOLDED = frozenset({"Normalization", "SpectralNormalization"})
"""Layers whose own numbers become constants or weights of another layer."""


@dataclass(frozen=True)
class _Proved:
    """A translated model, its weights as they are stored, its probe, and how far its answers are from Keras' own."""

    translation: Translation
    stored: Quantized
    probe: Probe
    quantization_error: float | None = None
    largest_difference: float | None = None


def convert(  # noqa: PLR0913 - the public door; everything after `out_dir` is optional and named
    model_or_path: object,
    out_dir: str | os.PathLike[str],
    *,
    format: str = "auto",
    quantize: str = "none",
    trusted: bool = False,
    verify: bool = False,
    probe_inputs: object = None,
    metadata: Mapping[str, object] | None = None,
    progress: Progress = lambda _step: None,
) -> Report:
    """Convert a Keras 3 model, live or in a file (.keras, .h5), to a folder that TensorFlow.js loads.

    Writes model.json, weight shards and probe.json, all of them or nothing; an earlier conversion in `out_dir` is
    replaced. `format` is "layers", "graph", or "auto": layers if they can express the model. `quantize` stores weights
    smaller: "float16", "uint16" or "uint8". `trusted` lets Keras itself load a file, code in it included. `verify` runs
    the written model in TensorFlow.js where Node is at hand. `metadata` becomes `userDefinedMetadata` in model.json,
    beside `weights_sha256` and, in a graph model, `execution`. `probe_inputs` is one array per input, rows first (a
    list of them for several inputs), instead of the seeded ones. `progress` is told each step in a sentence.

    Raises subclasses of InputRefused for what the caller has to change, VerificationFailed for a fault of ours.
    """
    started = perf_counter()
    _refuse_unknown_options(format, quantize)
    _refuse_unwritable_metadata(metadata)
    folder = Path(os.path.abspath(out_dir))
    refuse_unusable_output(folder)
    with _open_model(model_or_path, trusted, progress) as (model, keras_version):
        progress("Translating the layers ...")
        translation = translate(model, format, keras_version)
        progress("Asking Keras for answers to compare with ...")
        try:
            proved = _prove(translation, quantize, model, probe_inputs)
        except VerificationFailed:
            if format != "auto" or translation.format == "graph":
                raise
            # Whatever the rules missed: the other kind of model is better than none.
            proved = _prove(as_graph_model(model, _ANSWERED_OTHERWISE), quantize, model, probe_inputs)
    progress(f"Writing {folder} ...")
    files = _files(proved, keras_version, metadata or {})
    checked = _write(folder, files, proved.stored, verify)
    return _report(proved, files, checked, keras_version, perf_counter() - started)


def _refuse_unknown_options(format: str, quantize: str) -> None:
    for name, value, known in (("format", format, FORMATS), ("quantize", quantize, KINDS)):
        if value not in known:
            raise UnsupportedOption(f"{name} {quoted(value)} is not known; choose {', '.join(known)}.")


def _refuse_unwritable_metadata(metadata: object) -> None:
    try:
        is_mapping = metadata is None or isinstance(json.loads(json.dumps(metadata, allow_nan=False)), dict)
    except (TypeError, ValueError, RecursionError) as error:
        raise UnsupportedOption(f"metadata cannot be written as JSON ({error}).") from error
    if not is_mapping:
        raise UnsupportedOption(f"metadata should be a dictionary, but is {quoted(metadata)}.")


# ---- Reading --------------------------------------------------------------------------------------------------


@contextmanager
def _open_model(model_or_path: object, is_trusted: bool, progress: Progress) -> Iterator[tuple[Any, str]]:
    """A live model that computes in float32, and the version of Keras it comes from."""
    if isinstance(model_or_path, (str, os.PathLike)):
        progress(f"Reading {os.fspath(model_or_path)} ...")
        model, version = _read_file(model_or_path, is_trusted)
    else:
        model, version = model_or_path, None
    from converter import keras_model  # noqa: PLC0415 - takes seconds; a file refused for what it says never gets here

    keras_model.refuse_no_model(model)
    keras_model.build_rest(model)
    if keras_model.has_other_weights(model):
        model = _rebuilt(model)
    with keras_model.in_float32(model), keras_model.with_its_states(model):
        yield model, version or keras_model.keras_version()


def _rebuilt(model: Any) -> Any:
    """The same model with float32 weights, built anew from what it says of itself."""
    from converter import keras_files, keras_model  # noqa: PLC0415 - loads h5py, which other models do not need

    with TemporaryDirectory() as folder:
        keras_model.save(model, f"{folder}/model.keras")
        return keras_files.open_model(f"{folder}/model.keras").model


def _read_file(path: str | os.PathLike[str], is_trusted: bool) -> tuple[Any, str | None]:
    if is_trusted:
        from converter import keras_model  # noqa: PLC0415 - takes seconds to load

        return keras_model.load_trusted(path), None
    from converter import keras_files  # noqa: PLC0415 - loads h5py, which a live model does not need

    opened = keras_files.open_model(path)
    return opened.model, opened.keras_version


# ---- Proving --------------------------------------------------------------------------------------------------


def _prove(translation: Translation, quantization: str, model: Any, probe_inputs: object) -> _Proved:
    """Ask Keras, and what is about to be written: they have to agree, unless the weights are quantized.

    Layers that are the very same in TF.js have nothing to compare: a network of Dense layers is converted often.
    """
    stored = quantize(written_weights(translation.arrays), quantization)
    probe = build_probe(
        translation.inputs,
        lambda inputs: translation.ask(model, inputs),
        ranges=translation.ranges,
        given=probe_inputs,
    )
    if stored.kind == "none" and translation.is_word_for_word:
        return _Proved(translation, stored, probe)
    written = ask_again(probe, lambda inputs: translation.evaluate(stored.values(), inputs))
    distance = difference(written.outputs, probe.outputs)
    if stored.kind != "none":
        return _Proved(translation, stored, written, quantization_error=distance)
    if distance > TOLERANCE:
        raise VerificationFailed(
            f"The translated model answers otherwise than Keras, by {distance:.1e} where {TOLERANCE:.0e} is allowed; "
            "nothing was written. This is a fault of the converter: please report it with the model."
        )
    return _Proved(translation, stored, probe, largest_difference=distance)


# ---- Writing --------------------------------------------------------------------------------------------------


def _files(proved: _Proved, keras_version: str, metadata: Mapping[str, object]) -> dict[str, bytes]:
    translation, packed = proved.translation, proved.stored.packed()
    shard_files = shards.cut(packed)
    about = About(shards.sha256(packed), keras_version)
    own = {"weights_sha256": about.weights_sha256}
    if translation.format == "graph":
        own["execution"] = translation.execution
    model = {
        **translation.parts,
        "generatedBy": f"keras v{about.keras_version}",
        "convertedBy": "Neural Playground converter",
        "weightsManifest": proved.stored.manifest(list(shard_files)),
        "userDefinedMetadata": {**metadata, **own},
    }
    payload = probe_payload(proved.probe, translation.inputs, translation.outputs, about)
    return {"model.json": _json(model), **shard_files, "probe.json": _json(payload)}


def _json(payload: object) -> bytes:
    return json.dumps(payload, allow_nan=False, separators=(",", ":")).encode()


def _write(
    folder: Path, files: Mapping[str, bytes], stored: Quantized, is_verify_asked: bool
) -> tfjs_node.TfjsCheck | None:
    """Write everything, or nothing if a check fails."""
    checks: list[tfjs_node.TfjsCheck] = []

    def check(staged: Path) -> None:
        check_files(staged, stored)
        if is_verify_asked:
            checks.append(tfjs_node.check_in_tfjs(staged))

    write_whole(folder, files, check)
    return checks[0] if checks else None


# ---- Reporting ------------------------------------------------------------------------------------------------


def _report(
    proved: _Proved,
    files: Mapping[str, bytes],
    checked: tfjs_node.TfjsCheck | None,
    keras_version: str,
    seconds: float,
) -> Report:
    translation, stored = proved.translation, proved.stored
    packed = stored.packed()
    return Report(
        format=translation.format,
        quantize=stored.kind,
        keras_version=keras_version,
        layer_count=translation.layer_count,
        weights_count=sum(array.size for array in stored.arrays.values()),
        weights_size_bytes=len(packed),
        weights_sha256=shards.sha256(packed),
        inputs=tuple(map(_tensor_report, translation.inputs)),
        outputs=tuple(map(_tensor_report, translation.outputs)),
        files=tuple((name, len(content)) for name, content in files.items()),
        renamed=translation.renamed,
        probe_rows=proved.probe.rows,
        reason=translation.reason,
        layers=tuple(map(_layer_report, translation.layers)),
        execution=translation.execution,
        checked=_sentence(proved) if checked is None else checked.sentence,
        largest_difference=proved.largest_difference if checked is None else checked.largest_difference,
        quantization_error=proved.quantization_error,
        seconds=seconds,
        notes=translation.notes,
    )


def _sentence(proved: _Proved) -> str:
    return _CHECKED_HERE if proved.largest_difference is not None else ""


def _tensor_report(named: NamedTensor) -> TensorReport:
    return TensorReport(named.name, named.shape, named.dtype)


def _layer_report(layer: tuple[str, str, tuple[str, ...]]) -> LayerReport:
    name, class_name, tfjs_classes = layer
    if not tfjs_classes:
        return LayerReport(name, class_name, "dropped")
    return LayerReport(name, class_name, "folded" if class_name in _FOLDED else "translated", tfjs_classes)
