"""From TensorFlow.js back to Keras: TensorFlow.js makes, asks and saves models; Keras has to answer the same."""

import copy
import functools
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import converter
from converter.errors import InputRefused, InvalidConfiguration, UnreadableArchive, UnsupportedLayer, WeightMismatch
from converter.keras_from_layers_model import build_model, evaluate, read_model
from converter.probe import TOLERANCE, difference
from converter.quantization import KINDS
from converter.tfjs_node import find_node
from tests.converter.tfjs_oracle import NODE_MODULES, needs_tfjs

SCRIPT = Path(__file__).with_name("tfjs_models.mjs")


def _arrays(tensors: list[Any]) -> list[np.ndarray]:
    return [np.array(tensor["data"], tensor["dtype"]).reshape(tensor["shape"]) for tensor in tensors]


def _ask(model: Any, inputs: list[np.ndarray]) -> list[np.ndarray]:
    import keras

    answer = keras.tree.flatten(model(inputs if len(inputs) > 1 else inputs[0], training=False))
    return [np.asarray(output) for output in answer]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every model that TensorFlow.js made, by name."""
    out = tmp_path_factory.mktemp("saved")
    command = [find_node(), str(SCRIPT), str(NODE_MODULES), str(out)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return {name: out / str(number) for number, name in enumerate(done.stdout.splitlines())}


@needs_tfjs
def test_every_model_saved_by_tensorflow_js_answers_the_same_in_keras(saved: dict[str, Path]) -> None:
    differences = {}
    for name, folder in saved.items():
        answers = json.loads((folder / "answers.json").read_bytes())
        got = _ask(read_model(folder), _arrays(answers["inputs"]))
        differences[name] = difference(got, _arrays(answers["outputs"]))

    assert len(differences) > 90
    assert {name: found for name, found in differences.items() if not found <= TOLERANCE} == {}


@needs_tfjs
def test_what_training_needs_comes_back_too(saved: dict[str, Path]) -> None:
    (folder,) = (folder for name, folder in saved.items() if "maxNorm" in name)

    layer = read_model(folder).layers[0]

    assert type(layer.kernel_regularizer).__name__ == "L1L2"
    assert type(layer.kernel_constraint).__name__ == "MaxNorm"
    assert type(layer.kernel_initializer).__name__ == "VarianceScaling"


def test_a_model_with_the_old_hard_sigmoid_can_be_saved_and_loaded(tmp_path: Path) -> None:
    import keras

    entry = _sequential({"class_name": "Dense", "config": {"name": "d", "units": 1, "activation": "hardSigmoid"}})
    model = build_model(entry, {"d/kernel": np.ones((2, 1), "f4"), "d/bias": np.zeros(1, "f4")})
    model.save(tmp_path / "model.keras")

    again = keras.saving.load_model(tmp_path / "model.keras")

    points = np.array([[-9, 0], [0, 0], [1, 0.5], [9, 9]], "f4")
    np.testing.assert_allclose(_ask(again, [points])[0].ravel(), [0, 0.5, 0.8, 1], rtol=1e-6)


# ---- Our own files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_converted_model_comes_back_with_the_answers_its_files_promise(
    kind: str, small_model: Any, tmp_path: Path
) -> None:
    report = converter.convert(small_model, tmp_path / "out", quantize=kind)
    probe = json.loads((tmp_path / "out" / "probe.json").read_bytes())

    model = read_model(tmp_path / "out")

    assert difference(_ask(model, _arrays(probe["inputs"])), _arrays(probe["outputs"])) <= 1e-6
    assert [layer.name for layer in model.layers][1:] == ["hidden_1", "hidden_2", "output"]
    assert report.quantize == kind


def test_an_evaluated_topology_answers_like_the_model(small_model: Any, tmp_path: Path) -> None:
    converter.convert(small_model, tmp_path / "out")
    topology = json.loads((tmp_path / "out" / "model.json").read_bytes())["modelTopology"]
    names = [f"{layer}/{weight}" for layer in ("hidden_1", "hidden_2", "output") for weight in ("kernel", "bias")]
    points = np.random.default_rng(0).normal(size=(9, 2)).astype("f4")

    answers = evaluate(topology, dict(zip(names, small_model.get_weights(), strict=True)), [points])

    assert difference(answers, _ask(small_model, [points])) <= 1e-6


# ---- Refusals -------------------------------------------------------------------------------------------------


def _sequential(*layers: dict[str, Any]) -> dict[str, Any]:
    first = {"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [None, 2]}}
    return {"class_name": "Sequential", "config": {"name": "m", "layers": [first, *layers]}}


def _layer(class_name: str, **config: Any) -> dict[str, Any]:
    return _sequential({"class_name": class_name, "config": {"name": "layer", **config}})


@pytest.mark.parametrize(
    "topology",
    [
        pytest.param(_layer("RandomWidth", factor=0.5), id="unknown class"),
        pytest.param(_layer("Lambda", function="os.system"), id="code"),
        pytest.param(_layer("Dense", units=1, activation="geluNew"), id="unknown activation"),
        pytest.param(_layer("UpSampling2D", interpolation="bilinear"), id="other points"),
    ],
)
def test_what_keras_cannot_say_is_refused_by_name(topology: Any) -> None:
    with pytest.raises(UnsupportedLayer, match='Layer "layer"'):
        build_model(topology, {})


@pytest.mark.parametrize(
    "topology",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"class_name": "Dense", "config": {}}, id="no model"),
        pytest.param(_layer("Dense", units=-1), id="units below zero"),
        pytest.param(_layer("Dense"), id="no units"),
        pytest.param(_layer("Dense", units=1, kernel_regularizer={"class_name": "os", "config": {}}), id="no such"),
        pytest.param(
            {
                "class_name": "Functional",
                "config": {
                    "layers": [
                        {
                            "class_name": "Flatten",
                            "name": "a",
                            "config": {"name": "a"},
                            "inbound_nodes": [[["a", 0, 0, {}]]],
                        },
                    ],
                    "input_layers": [],
                    "output_layers": [["a", 0, 0]],
                },
            },
            id="a layer that waits for itself",
        ),
    ],
)
def test_a_topology_that_is_none_is_refused(topology: Any) -> None:
    with pytest.raises(InvalidConfiguration):
        build_model(topology, {})


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from _places(value[key], (*path, key))


def test_no_damage_to_a_topology_does_worse_than_a_refusal() -> None:
    topology = _layer("Dense", units=1, activation="tanh")
    weights = {"layer/kernel": np.zeros((2, 1), "f4"), "layer/bias": np.zeros(1, "f4")}
    build_model(topology, weights)
    refused = 0

    for path in list(_places(topology))[1:]:
        for value in (None, "x", -1, {}, [], [None]):
            damaged = copy.deepcopy(topology)
            functools.reduce(lambda inside, key: inside[key], path[:-1], damaged)[path[-1]] = value
            try:
                build_model(damaged, weights)
            except InputRefused:
                refused += 1

    assert refused > 50


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({}, '"layer/kernel" should have the shape .2, 1., but is missing'),
        ({"layer/kernel": np.zeros((1, 2))}, "but has the shape .1, 2."),
        ({"layer/kernel": np.zeros((2, 1)), "layer/bias": np.zeros(1), "b": np.zeros(1)}, 'No layer takes .* "b"'),
    ],
)
def test_weights_that_do_not_fit_are_refused_by_name(weights: Any, said: str) -> None:
    with pytest.raises(WeightMismatch, match=said):
        build_model(_layer("Dense", units=1), weights)


def _change(change: Callable[[Any], object]) -> Callable[[Path], None]:
    def changed(folder: Path) -> None:
        content = json.loads((folder / "model.json").read_bytes())
        change(content)
        (folder / "model.json").write_text(json.dumps(content))

    return changed


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        pytest.param(lambda folder: (folder / "model.json").unlink(), UnreadableArchive, id="no model.json"),
        pytest.param(lambda folder: (folder / "model.json").write_text("[]"), UnreadableArchive, id="a list"),
        pytest.param(lambda folder: (folder / "model.json").write_text("{"), UnreadableArchive, id="cut off"),
        pytest.param(
            _change(lambda model: model["weightsManifest"][0].update(paths=["../a.bin"])),
            UnreadableArchive,
            id="weights elsewhere",
        ),
        pytest.param(
            _change(lambda model: model["weightsManifest"][0]["weights"].pop()), UnreadableArchive, id="too many bytes"
        ),
        pytest.param(_change(lambda model: model.update(format="graph-model")), InputRefused, id="graph model"),
    ],
)
def test_a_folder_that_holds_no_layers_model_is_refused(
    damage: Callable[[Path], object], error: type[Exception], small_model: Any, tmp_path: Path
) -> None:
    converter.convert(small_model, tmp_path / "out")

    damage(tmp_path / "out")

    with pytest.raises(error):
        read_model(tmp_path / "out")
