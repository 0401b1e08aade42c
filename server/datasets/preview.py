"""The very samples a run trains on, as plain data for the page."""

from server.datasets.splits import Split, make_run_data
from server.domain.spec import RunSpec


def preview_payload(spec: RunSpec) -> dict[str, dict[str, object]]:
    """`{"train": {"features": [[...]], "labels": [...]}, "val": {...}}`, float32 values as numbers."""
    run_data = make_run_data(spec)
    return {"train": _split_payload(run_data.train), "val": _split_payload(run_data.val)}


def _split_payload(split: Split) -> dict[str, object]:
    return {"features": split.features.tolist(), "labels": split.labels[:, 0].tolist()}
