"""Proof that what was written is what was meant: weights bit for bit, and Keras' answers to a fixed probe.

`probe.json` holds inputs and the outputs Keras gave for them, so that whoever loads the model can compare its own
outputs: they agree when |ours - Keras'| / max(1, |Keras'|) stays below `tolerance`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from converter.errors import InvalidConfiguration, UnusableProbe, VerificationFailed
from converter.model_config import ModelConfig, Shape, input_shapes
from converter.pieces import numbers_of
from converter.shards import Float32Array, sha256, unpack
from converter.topology import Topology, build_topology

PROBE_ROWS = 16
PROBE_SEED = 20_200
MAX_PROBE_NUMBERS = 20_000_000
"""Inputs and outputs together: each is written out as a number in JSON."""

TOLERANCE = 1e-4

_USUAL_RANGE = 6.0
_FAR_OUT = 100.0  # saturates every activation, yet float32 keeps the digits the tolerance asks for
_UNKNOWN_SIZES = (3, 8, 16, 32, 64, 128, 256)  # tried in turn, until every window finds a place

Answer = Callable[[Sequence[Float32Array]], list[Float32Array]]


def make_probe_inputs(shapes: Sequence[Shape], far_out: float = _FAR_OUT) -> list[Float32Array]:
    """Make seeded inputs: zeros, corners, two far-out rows, and uniform numbers in [-6, 6].

    One float32 array per shape; 16 rows, unless the shape fixes the size of a batch.
    """
    random = np.random.default_rng(PROBE_SEED)
    return [_probe_input(_concrete(shape), random, far_out) for shape in shapes]


def probe_shapes(model: ModelConfig) -> list[Shape]:
    """The shapes of the model's inputs with a number for every size that is not known.

    Raises InvalidConfiguration when the model cannot answer such inputs, or not within the bounds of `build_topology`.
    """
    shapes = input_shapes(model)
    # Sizes that are known leave nothing to choose.
    sizes = _UNKNOWN_SIZES if any(None in shape[1:] for shape in shapes) else _UNKNOWN_SIZES[:1]
    for size in sizes:
        chosen: list[Shape] = [_concrete(shape, size) for shape in shapes]
        try:
            _refuse_large_probe(build_topology(model, chosen))
        except InvalidConfiguration as error:
            refusal = error
        else:
            return chosen
    raise refusal


def _refuse_large_probe(topology: Topology) -> None:
    count = sum(numbers_of(named.shape) for named in (*topology.inputs, *topology.outputs))
    if count > MAX_PROBE_NUMBERS:
        raise InvalidConfiguration(
            f"The inputs and outputs of {PROBE_ROWS} rows have {count} numbers, but a probe may have at most "
            f"{MAX_PROBE_NUMBERS}; use smaller inputs."
        )


def _concrete(shape: Shape, unknown_size: int = _UNKNOWN_SIZES[0]) -> tuple[int, ...]:
    rows, *rest = shape
    return (rows or PROBE_ROWS, *(size or unknown_size for size in rest))


def _probe_input(shape: tuple[int, ...], random: np.random.Generator, far_out: float) -> Float32Array:
    probe = random.uniform(-_USUAL_RANGE, _USUAL_RANGE, shape)
    signs = random.choice([-1.0, 1.0], shape[1:])
    corners = [np.zeros(shape[1:]), signs * _USUAL_RANGE, -signs * _USUAL_RANGE, signs * far_out, -signs * far_out]
    for row, corner in enumerate(corners[: shape[0]]):
        probe[row] = corner
    return probe.astype(np.float32)


def build_probe(shapes: Sequence[Shape], given: object, ask: Answer) -> tuple[list[Float32Array], list[Float32Array]]:
    """Choose probe inputs (those given, or seeded ones) and ask Keras for its outputs.

    Raises UnusableProbe when given inputs do not fit or when Keras answers with infinity or not-a-number.
    """
    if given is not None:
        candidates = [_given_inputs(shapes, given)]
    else:
        candidates = [make_probe_inputs(shapes), make_probe_inputs(shapes, far_out=_USUAL_RANGE)]
    for inputs in candidates:
        outputs = ask(inputs)
        if all(np.isfinite(output).all() for output in outputs):
            return inputs, outputs
    raise UnusableProbe("The model answers its probe inputs with infinity or not-a-number; its weights are too large.")


def _given_inputs(shapes: Sequence[Shape], given: Any) -> list[Float32Array]:
    arrays = list(given) if isinstance(given, (list, tuple)) and len(shapes) > 1 else [given]
    inputs = [np.asarray(array, dtype=np.float32) for array in arrays]
    fits = len(inputs) == len(shapes) and all(map(_fits, inputs, shapes))
    if not fits or not all(np.isfinite(array).all() for array in inputs):
        received = [list(array.shape) for array in inputs]
        expected = [list(shape) for shape in shapes]
        raise UnusableProbe(f"The probe inputs should be finite, of shapes {expected}, but have shapes {received}.")
    return inputs


def _fits(array: NDArray[np.float32], shape: Shape) -> bool:
    sizes = zip(array.shape, shape, strict=False)
    return array.ndim == len(shape) and all(wanted in (None, size) for size, wanted in sizes)


def probe_payload(
    inputs: Mapping[str, Float32Array],
    outputs: Mapping[str, Float32Array],
    weights_sha256: str,
    keras_version: str,
) -> dict[str, object]:
    """Build the content of probe.json; arrays are flat, row-major."""
    return {
        "inputs": [_tensor_payload(name, array) for name, array in inputs.items()],
        "outputs": [_tensor_payload(name, array) for name, array in outputs.items()],
        "tolerance": TOLERANCE,
        "weights_sha256": weights_sha256,
        "keras_version": keras_version,
    }


def _tensor_payload(name: str, array: Float32Array) -> dict[str, object]:
    return {"name": name, "shape": list(array.shape), "dtype": "float32", "data": array.ravel().tolist()}


def check_files(folder: Path, arrays: Mapping[str, Float32Array]) -> None:
    """Read model.json, its shards and probe.json back; raises VerificationFailed if any weight differs by a bit."""
    try:
        model = json.loads((folder / "model.json").read_bytes())
        probe = json.loads((folder / "probe.json").read_bytes())
        (group,) = model["weightsManifest"]
        packed = b"".join((folder / name).read_bytes() for name in group["paths"])
        written = unpack(group["weights"], packed)
        named = {model["userDefinedMetadata"]["weights_sha256"], probe["weights_sha256"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VerificationFailed(f"The written files cannot be read back ({error}); nothing was kept.") from error
    if list(written) != list(arrays) or named != {sha256(packed)}:
        raise VerificationFailed("The written weights have other names or fingerprints than meant; nothing was kept.")
    for name, array in arrays.items():
        if written[name].shape != array.shape or written[name].tobytes() != array.astype("<f4").tobytes():
            raise VerificationFailed(f"The written weight {name} differs from the model's; nothing was kept.")
