"""The run of the 85 % network that is stored for lessons: what it was, and what it reached."""

import json
from pathlib import Path
from typing import Any

from server.domain.validation import parse_run_spec

ROOT = Path(__file__).parents[2]
HISTORY: dict[str, Any] = json.loads((ROOT / "static/presets/cifar10_history.json").read_text("utf-8"))


def test_the_stored_run_is_one_of_the_example() -> None:
    example = json.loads((ROOT / "examples/cifar10_85.json").read_text("utf-8"))

    assert parse_run_spec(HISTORY["spec"]) == parse_run_spec(example)


def test_the_page_finds_it_by_the_network_it_was_made_with() -> None:
    networks = json.loads((ROOT / "static/presets/image_networks.json").read_text("utf-8"))
    (network,) = (each for each in networks if "earlier_run" in each)

    assert network["earlier_run"] == "cifar10_history"
    assert network["name"] == HISTORY["name"]
    assert network["layers"] == HISTORY["spec"]["layers"]
    assert network["dataset"] == HISTORY["spec"]["dataset"]


def test_the_stored_run_tells_every_epoch_and_ends_at_85_percent_or_more() -> None:
    spec, columns = parse_run_spec(HISTORY["spec"]), HISTORY["history"]

    assert set(columns) == {"epoch", "step", "loss", "val_loss", "accuracy", "val_accuracy"}
    assert columns["epoch"] == list(range(1, (spec.epochs or 0) + 1))
    assert {len(column) for column in columns.values()} == {spec.epochs}
    assert columns["val_accuracy"][-1] >= 0.85
