"""What a conversion did, for people and machines."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal

Happened = Literal["translated", "dropped", "folded"]


@dataclass(frozen=True)
class TensorReport:
    """An input or output of the converted model; None in `shape` is any size."""

    name: str
    shape: tuple[int | None, ...]
    dtype: str = "float32"


@dataclass(frozen=True)
class LayerReport:
    """What became of one layer of the Keras model: the TF.js classes that stand for it, in order.

    A `dropped` layer does nothing at inference; a `folded` one lives on in the weights of another. `note` says in a
    few words what was done, where that needs saying.
    """

    name: str
    class_name: str
    happened: Happened = "translated"
    tfjs_classes: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Report:
    """A finished conversion.

    `format` is layers or graph, `reason` why a graph model had to be made although none was asked for. `renamed` lists
    (Keras name, TF.js name) of layers that had to change it. `largest_difference` is the largest
    |ours - Keras'| / max(1, |Keras'|) in the check that `checked` names; `quantization_error` is the same measure
    between the answers with quantized and with original weights. Both are None where that was not measured.
    """

    format: str
    quantize: str
    keras_version: str
    layer_count: int
    weights_count: int
    weights_size_bytes: int
    weights_sha256: str
    inputs: tuple[TensorReport, ...]
    outputs: tuple[TensorReport, ...]
    files: tuple[tuple[str, int], ...]
    renamed: tuple[tuple[str, str], ...]
    probe_rows: int
    reason: str | None = None
    layers: tuple[LayerReport, ...] = ()
    execution: str = "predict"
    checked: str = ""
    largest_difference: float | None = None
    quantization_error: float | None = None
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def load_line(self) -> str:
        """The JavaScript that loads this model."""
        loader = "loadGraphModel" if self.format == "graph" else "loadLayersModel"
        return f'const model = await tf.{loader}("model.json");'

    @property
    def answer_line(self) -> str:
        """The JavaScript that asks this model, given one tensor for each input."""
        variables = [f"input{number}" for number in range(1, len(self.inputs) + 1)]
        asked = variables[0] if len(variables) == 1 else f"[{', '.join(variables)}]"
        wait = "await " if self.execution == "executeAsync" else ""
        return f"const answer = {wait}model.{self.execution}({asked});"

    @property
    def size_bytes(self) -> int:
        """All files together."""
        return sum(size for _, size in self.files)

    def names(self, happened: Happened) -> tuple[str, ...]:
        """The layers to which this happened."""
        return tuple(layer.name for layer in self.layers if layer.happened == happened)

    def to_payload(self) -> dict[str, Any]:
        """Plain data for JSON; sizes in bytes, numbers that are none as null."""
        payload = {name: _strict(value) for name, value in asdict(self).items()}
        payload["files"] = [{"name": name, "size_bytes": size} for name, size in self.files]
        payload["renamed"] = [{"keras": old, "tfjs": new} for old, new in self.renamed]
        for happened in ("translated", "dropped", "folded"):
            payload[happened] = [layer.name for layer in self.layers if layer.happened == happened]
        return {**payload, "load_line": self.load_line, "answer_line": self.answer_line}


def _strict(value: Any) -> Any:
    """JSON has no infinity and no not-a-number."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
