"""The specifications in `examples/` and the ready-made networks of the image page fit their pictures, and learn."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from server.datasets.collections import Collection, Library, find_image_problems
from server.domain.events import Columns, EventKind, Payload, join_columns
from server.domain.spec import COLLECTED, IMAGE_SHAPES, DatasetName, RunSpec, train_samples
from server.domain.validation import parse_run_spec
from server.scheduling.controls import RunMailbox
from server.training.engine import Bench, train
from tests.builders import make_controls

ROOT = Path(__file__).parents[2]
EXAMPLES: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "examples").glob("*.json"))
}
PRESETS = ROOT / "static/presets"
NETWORKS: list[dict[str, Any]] = json.loads((PRESETS / "image_networks.json").read_text("utf-8"))
NAMED_SETS = [name for name in IMAGE_SHAPES if name != "own_images"]


def _whole_collection(name: DatasetName) -> Collection:
    """What everybody has who fetched a set as it was published."""
    train_count = {"cifar10": 50_000}.get(name, 60_000)
    return Collection(name, IMAGE_SHAPES[name], tuple("0123456789"), train_count, 10_000)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A handful of random pictures of each set, in the shapes of the real ones."""
    root = tmp_path_factory.mktemp("images")
    generator = np.random.default_rng(0)
    for name in COLLECTED & set(IMAGE_SHAPES):
        collection = replace(_whole_collection(name), train_count=40, test_count=20)
        (root / name).mkdir()
        np.save(root / name / "pictures.npy", generator.integers(0, 256, (60, *collection.shape), np.uint8))
        np.save(root / name / "labels.npy", generator.integers(0, 10, 60, np.uint16))
        (root / name / "collection.json").write_text(json.dumps(collection.to_payload()))
    return Library(root)


def _trained(spec: RunSpec, library: Library) -> Columns:
    """The metrics of a run, to its end."""
    told: list[Payload] = []

    def hear(kind: EventKind, payload: Payload) -> None:
        if kind == "metrics":
            told.append(payload)

    train(spec, hear, RunMailbox(make_controls(spec)), Bench(time.monotonic, library=library), 10)
    return join_columns(told)


def _handful(raw_spec: dict[str, Any]) -> RunSpec:
    """The same run with one epoch of few pictures."""
    return parse_run_spec(raw_spec | {"dataset": raw_spec["dataset"] | {"samples": 40}, "epochs": 1})


def _network_spec(network: dict[str, Any], dataset: str) -> RunSpec:
    return parse_run_spec({"dataset": {"name": dataset, "samples": 1000}} | _settings(network))


def _settings(network: dict[str, Any]) -> dict[str, Any]:
    """All of a network that belongs into a spec; that nothing is changed at random is said as null."""
    return {name: value for name, value in network.items() if name not in ("name", "dataset", "earlier_run")}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_fits_its_pictures_and_trains_an_epoch(name: str, library: Library) -> None:
    spec = _handful(EXAMPLES[name])

    columns = _trained(spec, library)

    assert columns["epoch"][-1] == 1
    assert all(np.isfinite(column[-1]) for column in columns.values())


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_asks_for_no_more_pictures_than_were_published(name: str, tmp_path: Path) -> None:
    spec = parse_run_spec(EXAMPLES[name])
    if spec.dataset.name in COLLECTED:
        about = tmp_path / spec.dataset.name / "collection.json"
        about.parent.mkdir()
        about.write_text(json.dumps(_whole_collection(spec.dataset.name).to_payload()))

    assert find_image_problems(spec, Library(tmp_path)) == []


def test_the_85_percent_example_learns_from_all_of_cifar10_and_is_tested_with_its_whole_test_set() -> None:
    spec = parse_run_spec(EXAMPLES["cifar10_85"])

    assert (spec.dataset.split, train_samples(spec)) == ("given", 50_000)
    assert spec.dataset.samples - train_samples(spec) == 10_000


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network["name"])
def test_a_network_of_the_page_fits_every_set_it_is_offered_for(network: dict[str, Any]) -> None:
    wanted = network["dataset"]
    for dataset in [wanted if isinstance(wanted, str) else wanted["name"]] if wanted else NAMED_SETS:
        assert _network_spec(network, dataset).layers, dataset


def test_every_network_of_the_page_has_a_title_and_a_text() -> None:
    wanted = {f"images.network.{network['name']}.{part}" for network in NETWORKS for part in ("title", "text")}

    for language in ("en", "fr"):
        texts = json.loads((ROOT / f"static/locales/{language}.json").read_text("utf-8"))
        assert wanted - texts.keys() == set()


def test_the_85_percent_network_is_the_same_in_the_example_and_on_the_page() -> None:
    (network,) = [network for network in NETWORKS if network["name"] == "cifar10_85"]
    example = parse_run_spec(EXAMPLES["cifar10_85"])

    assert parse_run_spec({"dataset": network["dataset"]} | _settings(network)) == example
