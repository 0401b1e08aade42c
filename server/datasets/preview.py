"""The very samples a run trains on, as plain data for the page."""

from server.datasets.splits import Split, as_inputs, make_run_data
from server.domain.spec import RunSpec


def preview_payload(spec: RunSpec) -> dict[str, dict[str, object]]:
    """`{"train": {"features": [[...]], "labels": [...]}, "val": {...}}`, float32 values as numbers.

    A picture is a list of rows of pixels of channels. A label is one number: of several classes, the index of its own.
    """
    run_data = make_run_data(spec)
    return {"train": _split_payload(run_data.train), "val": _split_payload(run_data.val)}


def _split_payload(split: Split) -> dict[str, object]:
    labels = split.labels[:, 0] if split.labels.shape[1] == 1 else split.labels.argmax(axis=1)
    return {"features": as_inputs(split.features[:]).tolist(), "labels": labels.tolist()}
