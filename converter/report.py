"""What a conversion did, for people and machines."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class TensorReport:
    """An input or output of the converted model; None in `shape` is any size."""

    name: str
    shape: tuple[int | None, ...]
    dtype: str = "float32"


@dataclass(frozen=True)
class Report:
    """A finished conversion. `renamed` lists (Keras name, TF.js name) of layers that had to change it."""

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

    @property
    def load_line(self) -> str:
        """The JavaScript that loads this model."""
        return 'const model = await tf.loadLayersModel("model.json");'

    def to_payload(self) -> dict[str, Any]:
        """Plain data for JSON; sizes in bytes."""
        payload = asdict(self)
        payload["files"] = [{"name": name, "size_bytes": size} for name, size in self.files]
        payload["renamed"] = [{"keras": old, "tfjs": new} for old, new in self.renamed]
        return {**payload, "load_line": self.load_line}
