"""probe.json: seeded inputs and the answers to them, so that whoever loads the model can compare its own answers.

Two answers agree when |ours - expected| / max(1, |expected|) stays within `tolerance` for every number. The answers are
Keras' own; those of a quantized model are what its stored weights lead to, so that the tolerance stays the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from converter.errors import UnusableProbe
from converter.input_ranges import Range
from converter.model_graph import NamedTensor, Shape, numbers_of
from converter.shards import Array, Float32Array

TOLERANCE = 1e-4
SEED = 20_200
MANY_ROWS, FEW_ROWS = 16, 8
MANY_NUMBERS = 2**16
"""An input with more numbers than this in many rows gets few rows: each number is written out."""

MAX_NUMBERS = 20_000_000
"""Inputs and outputs together."""

_UNKNOWN_SIZES = (3, 8, 16, 32, 64, 128, 256)  # tried in turn, until every window finds a place
_USUAL_RANGE = 6.0
_REACHES = (100.0, _USUAL_RANGE, 1.0)  # the first saturates every activation; the others for models that overflow
_STEPS = 16  # inputs are odd multiples of 1/32: exact in float32, short to write, never on a whole number or a half
_UNSTEADY = TOLERANCE / 4
_NUDGE = 2.0**-22

Ask = Callable[[Sequence[Array]], Sequence[Array]]
"""Answers inputs, rows first, one array for each input and each output, in order."""


@dataclass(frozen=True)
class Probe:
    """Inputs of a model and the answers to them, each array rows first and of the dtype of its tensor."""

    inputs: tuple[Array, ...]
    outputs: tuple[Array, ...]

    @property
    def rows(self) -> int:
        """How many samples there are."""
        return len(self.inputs[0])


def difference(ours: Sequence[Array], expected: Sequence[Array]) -> float:
    """The largest |ours - expected| / max(1, |expected|) of several arrays; infinite where anything does not fit.

    Not-a-number and infinity agree with nothing, not even with themselves.
    """
    if len(ours) != len(expected):
        return math.inf
    return max(map(_difference, ours, expected), default=0.0)


def _difference(ours: Array, expected: Array) -> float:
    if ours.shape != expected.shape:
        return math.inf
    ours, expected = ours.astype(np.float64), expected.astype(np.float64)
    if not (np.isfinite(ours).all() and np.isfinite(expected).all()):
        return math.inf
    return float((np.abs(ours - expected) / np.maximum(1.0, np.abs(expected))).max(initial=0.0))


# ---- Asking ---------------------------------------------------------------------------------------------------


def build_probe(
    inputs: Sequence[NamedTensor], ask: Ask, *, ranges: Sequence[Range | None] = (), given: object = None
) -> Probe:
    """Choose inputs, those given or seeded ones, and ask for the answers.

    `ranges` holds, input by input, the whole numbers that may be asked about (ids), or None for any number. `given` is
    one array per input, rows first: a list of them, a mapping by name, or for a single input the array itself. Sizes
    that are not known are tried from small to large until the model answers.

    Raises UnusableProbe when given inputs do not fit, or when the model never answers with finite numbers.
    """
    if given is not None:
        return _asked_once(_given_inputs(inputs, given), ask)
    several = tuple(ranges) or (None,) * len(inputs)
    refusal = UnusableProbe("The model has no inputs, so there is nothing to ask it.")
    for size in _sizes_to_try(inputs):
        tensors = [_with_sizes(tensor, size) for tensor in inputs]
        try:
            return _best_probe(tensors, several, ask)
        except UnusableProbe as error:
            refusal = error
    raise refusal


def ask_again(probe: Probe, ask: Ask) -> Probe:
    """The same inputs with the answers of another model, such as a quantized one. Raises UnusableProbe as above."""
    return _asked_once(probe.inputs, ask)


def _sizes_to_try(inputs: Sequence[NamedTensor]) -> Sequence[int]:
    # Sizes that are known leave nothing to choose.
    is_open = any(None in tensor.shape[1:] for tensor in inputs)
    return _UNKNOWN_SIZES if is_open else _UNKNOWN_SIZES[:1]


def _with_sizes(tensor: NamedTensor, unknown_size: int) -> NamedTensor:
    batch, *rest = tensor.shape
    return NamedTensor(tensor.name, (batch, *(unknown_size if size is None else size for size in rest)), tensor.dtype)


def _best_probe(inputs: Sequence[NamedTensor], ranges: Sequence[Range | None], ask: Ask) -> Probe:
    """Ask about far-out numbers if the answers are finite and steady, else about nearer ones."""
    rows = _rows_for(inputs)
    candidates: list[tuple[float, Probe]] = []
    refusal: UnusableProbe | None = None
    for reach in _REACHES:
        try:
            probe = _asked_of_answered_rows(make_inputs(inputs, ranges, rows=rows, reach=reach), ask)
        except UnusableProbe as error:
            refusal = error
            continue
        unsteadiness = _unsteadiness(probe, ranges, ask)
        if unsteadiness <= _UNSTEADY:
            return probe
        candidates.append((unsteadiness, probe))
    if refusal is not None and not candidates:
        raise refusal
    return min(candidates, key=lambda candidate: candidate[0])[1]


def _unsteadiness(probe: Probe, ranges: Sequence[Range | None], ask: Ask) -> float:
    """How far the answers move when inputs move by less than a float32 computation rounds.

    Where that is much, another way to compute the same may differ by as much without being wrong.
    """
    nudged = [_nudged(array, bounds) for array, bounds in zip(probe.inputs, ranges, strict=True)]
    if all(moved is array for moved, array in zip(nudged, probe.inputs, strict=True)):
        return 0.0
    return difference(ask(nudged), probe.outputs)


def _nudged(array: Array, bounds: Range | None) -> Array:
    if array.dtype != np.float32 or bounds is not None:
        return array
    signs = np.random.default_rng(SEED).choice([-1, 1], array.shape)  # a regular pattern could cancel out
    nudged: Float32Array = (array * (1 + signs * _NUDGE)).astype(np.float32)
    return nudged


def _asked_once(inputs: Sequence[Array], ask: Ask) -> Probe:
    return _checked(inputs, _answers(inputs, ask))


def _answers(inputs: Sequence[Array], ask: Ask) -> tuple[Array, ...]:
    try:
        return tuple(ask(inputs))
    except Exception as error:  # whatever a model does wrong, it cannot be asked about these inputs
        shapes = [list(array.shape) for array in inputs]
        plain = re.sub(r"\x1b\[[0-9;]*m", "", str(error))  # Keras colors what it says
        reason = " ".join(plain.split())[:200] or type(error).__name__
        raise UnusableProbe(f"The model fails on inputs of shapes {shapes}: {reason}") from error


def _checked(inputs: Sequence[Array], outputs: tuple[Array, ...]) -> Probe:
    if not all(np.isfinite(output).all() for output in outputs):
        raise UnusableProbe(
            "The model answers its probe inputs with infinity or not-a-number; its weights may be too large. "
            "Pass probe_inputs that it has an answer to."
        )
    _refuse_too_many(inputs, outputs)
    return Probe(tuple(inputs), outputs)


def _asked_of_answered_rows(inputs: Sequence[Array], ask: Ask) -> Probe:
    """Ask; where a few rows have no answer, such as the mean of steps that are all masked, others take their place."""
    outputs = _answers(inputs, ask)
    answered = _answered_rows([*inputs, *outputs])
    if not answered.all() and 2 * answered.sum() >= answered.size:
        rows = np.resize(np.flatnonzero(answered), answered.size)
        inputs = [array[rows] for array in inputs]
        outputs = _answers(inputs, ask)
    return _checked(inputs, outputs)


def _answered_rows(arrays: Sequence[Array]) -> NDArray[np.bool_]:
    """Say of each row whether all its numbers are finite; of none if not all arrays have the same rows."""
    rows = len(arrays[0])
    answered = np.zeros(rows, bool)
    if all(array.ndim and len(array) == rows for array in arrays):
        answered |= np.all([np.isfinite(array).reshape(rows, -1).all(axis=1) for array in arrays], axis=0)
    return answered


def _refuse_too_many(inputs: Sequence[Array], outputs: Sequence[Array]) -> None:
    count = sum(array.size for array in (*inputs, *outputs))
    if count > MAX_NUMBERS:
        raise UnusableProbe(
            f"The probe would hold {count} numbers, but at most {MAX_NUMBERS} are written out; "
            "pass probe_inputs of fewer rows, or use smaller inputs."
        )


# ---- Inputs ---------------------------------------------------------------------------------------------------


def make_inputs(
    tensors: Sequence[NamedTensor], ranges: Sequence[Range | None], *, rows: int = MANY_ROWS, reach: float = _REACHES[0]
) -> list[Array]:
    """Make seeded inputs, the same every time: zeros, corners, two rows as far out as `reach`, and random numbers.

    Numbers lie in [-6, 6] or nearer, ids in their range, their first and last among them. There are `rows` rows unless
    the shape fixes the size of a batch.
    """
    random = np.random.default_rng(SEED)
    return [
        _input((tensor.shape[0] or rows, *_known(tensor.shape[1:])), tensor.dtype, bounds, (random, reach))
        for tensor, bounds in zip(tensors, ranges, strict=True)
    ]


def _known(sizes: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(_UNKNOWN_SIZES[0] if size is None else size for size in sizes)


def _input(shape: tuple[int, ...], dtype: str, bounds: Range | None, how: tuple[np.random.Generator, float]) -> Array:
    random, reach = how
    if dtype == "float32" and bounds is None:
        return _numbers(shape, random, reach)
    lowest, highest = bounds or ((0, 1) if dtype == "bool" else _whole_numbers(int(reach)))
    values = random.integers(lowest, highest, shape, endpoint=True)
    for row, corner in enumerate((lowest, highest)[: shape[0]]):
        values[row] = corner
    return values.astype(dtype)


def _whole_numbers(reach: int) -> Range:
    """Counts and ids of unknown meaning are rarely negative, and 0 and 1 always mean something."""
    return (-reach, reach) if reach > _USUAL_RANGE else (0, reach)


def _numbers(shape: tuple[int, ...], random: np.random.Generator, reach: float) -> Float32Array:
    usual = min(_USUAL_RANGE, reach)
    steps = int(usual * _STEPS)
    numbers = (random.integers(-steps, steps, shape) + 0.5) / _STEPS
    signs = random.choice([-1.0, 1.0], shape[1:])
    corners = [np.zeros(shape[1:]), signs * usual, -signs * usual, signs * reach, -signs * reach]
    for row, corner in enumerate(corners[: shape[0]]):
        numbers[row] = corner
    return numbers.astype(np.float32)


def _rows_for(inputs: Sequence[NamedTensor]) -> int:
    each = sum(numbers_of(tensor.shape[1:]) for tensor in inputs)
    if each * MANY_ROWS <= MANY_NUMBERS:
        return MANY_ROWS
    return max(1, min(FEW_ROWS, MAX_NUMBERS // (2 * max(1, each))))


def _given_inputs(tensors: Sequence[NamedTensor], given: Any) -> list[Array]:
    if isinstance(given, Mapping):
        arrays = [given.get(tensor.name) for tensor in tensors]
    else:
        arrays = list(given) if isinstance(given, (list, tuple)) and len(tensors) > 1 else [given]
    expected = ", ".join(f"{tensor.name} {list(tensor.shape)} {tensor.dtype}" for tensor in tensors)
    try:
        inputs = [_as_given(array, tensor) for array, tensor in zip(arrays, tensors, strict=True)]
    except (TypeError, ValueError) as error:
        raise UnusableProbe(f"The probe inputs should be {expected}, but {error}.") from error
    if len({len(array) for array in inputs}) != 1:
        raise UnusableProbe(f"The probe inputs should all have the same number of rows ({expected}), but have others.")
    return inputs


def _as_given(given: Any, tensor: NamedTensor) -> Array:
    array = np.asarray(given)
    if array.dtype.kind not in "fiub":
        raise ValueError(f"those of {tensor.name} are no numbers")
    if not _fits(array.shape, tensor.shape):
        raise ValueError(f"those of {tensor.name} have the shape {list(array.shape)}")
    with np.errstate(over="ignore"):
        numbers: NDArray[Any] = array.astype(tensor.dtype)
    if not np.isfinite(numbers).all() or (tensor.dtype == "int32" and (numbers != array).any()):
        raise ValueError(f"those of {tensor.name} are not all finite numbers of that kind")
    return numbers


def _fits(received: tuple[int, ...], wanted: Shape) -> bool:
    sizes = zip(received, wanted, strict=False)
    return 0 not in received and len(received) == len(wanted) and all(want in (None, size) for size, want in sizes)


# ---- The file -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class About:
    """Which model a probe belongs to."""

    weights_sha256: str
    keras_version: str


def probe_payload(
    probe: Probe, inputs: Sequence[NamedTensor], outputs: Sequence[NamedTensor], about: About
) -> dict[str, object]:
    """Build the content of probe.json: tensors in the order of the model, their numbers flat and row-major.

    Truth values are written as 0 and 1.
    """
    return {
        "inputs": [_tensor(*pair) for pair in zip(inputs, probe.inputs, strict=True)],
        "outputs": [_tensor(*pair) for pair in zip(outputs, probe.outputs, strict=True)],
        "tolerance": TOLERANCE,
        "weights_sha256": about.weights_sha256,
        "keras_version": about.keras_version,
    }


def _tensor(named: NamedTensor, array: Array) -> dict[str, object]:
    numbers = array.astype("float32" if named.dtype == "float32" else "int32")
    return {"name": named.name, "shape": list(array.shape), "dtype": named.dtype, "data": numbers.ravel().tolist()}
