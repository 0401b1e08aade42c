"""The conductor: what ends up in the folder, and what never does."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import converter
from converter import translation, verify
from converter.errors import (
    InputRefused,
    ModelNotBuilt,
    UnsupportedLayer,
    UnsupportedOption,
    UnusableOutput,
    UnusableProbe,
    VerificationFailed,
    WeightMismatch,
)
from converter.layer_rules import RULES
from tests.converter.keras_files.handmade import make_dense, make_file, make_input, make_sequential
from tests.converter.models.table import MODELS
from tests.converter.tfjs_oracle import TOLERANCE, ask_tfjs, largest_difference, needs_tfjs


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def _contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_weights_follow_each_other_layer_by_layer_kernel_then_bias(small_model: Any, tmp_path: Path) -> None:
    converter.convert(small_model, tmp_path / "out")

    expected = b"".join(weight.astype("<f4").tobytes() for weight in small_model.get_weights())
    assert (tmp_path / "out" / "group1-shard1of1.bin").read_bytes() == expected
    (group,) = _read(tmp_path / "out", "model.json")["weightsManifest"]
    assert [entry["name"] for entry in group["weights"]] == [
        "hidden_1/kernel",
        "hidden_1/bias",
        "hidden_2/kernel",
        "hidden_2/bias",
        "output/kernel",
        "output/bias",
    ]


def test_metadata_and_fingerprint_are_in_the_model(small_model: Any, tmp_path: Path) -> None:
    report = converter.convert(small_model, tmp_path / "out", metadata={"run_id": "abc", "epoch": 3, "step": 75})

    metadata = _read(tmp_path / "out", "model.json")["userDefinedMetadata"]
    assert metadata == {"run_id": "abc", "epoch": 3, "step": 75, "weights_sha256": report.weights_sha256}
    assert _read(tmp_path / "out", "probe.json")["weights_sha256"] == report.weights_sha256


def test_the_probe_holds_what_keras_answers(small_model: Any, tmp_path: Path) -> None:
    converter.convert(small_model, tmp_path / "out")

    probe = _read(tmp_path / "out", "probe.json")
    (given,), (answered,) = probe["inputs"], probe["outputs"]
    features = np.array(given["data"], "f4").reshape(given["shape"])
    assert (given["name"], given["shape"], given["dtype"]) == ("features", [16, 2], "float32")
    assert (answered["name"], answered["shape"], answered["dtype"]) == ("output", [16, 1], "float32")
    np.testing.assert_array_equal(
        np.array(answered["data"], "f4").reshape(16, 1), np.asarray(small_model(features, training=False))
    )
    assert probe["tolerance"] == 1e-4


def test_probe_inputs_can_be_given(small_model: Any, tmp_path: Path) -> None:
    converter.convert(small_model, tmp_path / "out", probe_inputs=[[0.5, 1.0], [2.0, -1.0]])

    assert _read(tmp_path / "out", "probe.json")["inputs"][0]["data"] == [0.5, 1.0, 2.0, -1.0]


@pytest.mark.parametrize("probe_inputs", [np.zeros((4, 3)), np.zeros(2), [[np.nan, 0.0]]])
def test_probe_inputs_that_do_not_fit_are_refused(small_model: Any, tmp_path: Path, probe_inputs: object) -> None:
    with pytest.raises(UnusableProbe):
        converter.convert(small_model, tmp_path / "out", probe_inputs=probe_inputs)


def test_a_second_conversion_replaces_the_first_whole(small_model: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    converter.convert(small_model, out)
    (out / "group1-shard2of2.bin").write_bytes(b"left over")
    small_model.set_weights([weight + 1 for weight in small_model.get_weights()])

    report = converter.convert(small_model, out)

    assert sorted(_contents(out)) == ["group1-shard1of1.bin", "model.json", "probe.json"]
    assert _read(out, "model.json")["userDefinedMetadata"]["weights_sha256"] == report.weights_sha256
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def _full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("exists", [True, False], ids=["existing output", "new output"])
@pytest.mark.parametrize(
    ("broken", "error"),
    [
        ("Path.write_bytes", UnusableOutput),
        ("os.rename", UnusableOutput),
        ("second os.rename", UnusableOutput),
        ("check", VerificationFailed),
    ],
    ids=["disk full", "no renaming", "no second renaming", "wrong bytes"],
)
def test_a_failure_half_way_leaves_everything_as_it_was(
    small_model: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    exists: bool,
    broken: str,
    error: type[Exception],
) -> None:
    out = tmp_path / "out"
    if exists:
        converter.convert(small_model, out)
    before = _contents(out) if exists else None
    small_model.set_weights([weight + 1 for weight in small_model.get_weights()])
    _break(broken, monkeypatch)

    with pytest.raises(error):
        converter.convert(small_model, out)

    assert [path.name for path in tmp_path.iterdir()] == (["out"] if exists else [])
    assert (_contents(out) if exists else None) == before


def _break(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if what == "Path.write_bytes":
        monkeypatch.setattr(Path, "write_bytes", _full_disk)
    elif what == "os.rename":
        monkeypatch.setattr(os, "rename", _full_disk)
    elif what == "second os.rename":
        rename = os.rename
        monkeypatch.setattr(os, "rename", lambda a, b: _full_disk() if ".partial-" in str(a) else rename(a, b))
    else:
        monkeypatch.setattr(verify, "sha256", lambda _packed: "another")


def _with_gru() -> Any:
    import keras

    return keras.Sequential([keras.Input((5, 2)), keras.layers.GRU(3, name="remember"), keras.layers.Dense(1)])


def test_a_layer_that_only_a_graph_model_can_express_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedLayer, match=r'"remember" \(class "GRU"\).*reset_after=False') as caught:
        converter.convert(_with_gru(), tmp_path / "out", format="layers")

    assert (caught.value.layer, caught.value.class_name) == ("remember", "GRU")
    assert not (tmp_path / "out").exists()


def test_the_report_says_why_it_is_a_graph_model(tmp_path: Path) -> None:
    report = converter.convert(_with_gru(), tmp_path / "out")

    assert report.format == "graph"
    assert report.reason is not None
    assert '"remember"' in report.reason
    assert _read(tmp_path / "out", "model.json")["format"] == "graph-model"
    assert _read(tmp_path / "out", "model.json")["userDefinedMetadata"]["execution"] == "predict"


def test_a_graph_model_can_be_asked_for(small_model: Any, tmp_path: Path) -> None:
    report = converter.convert(small_model, tmp_path / "out", format="graph")

    assert (report.format, report.reason) == ("graph", None)


def test_a_layers_model_that_answers_otherwise_becomes_a_graph_model(
    small_model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(call: Any, emit: Any) -> Any:
        return emit("Rescaling", call.input, scale=2.0, offset=1.0)

    monkeypatch.setitem(RULES, "Dense", replace(RULES["Dense"], translate=wrong))

    report = converter.convert(small_model, tmp_path / "out")

    assert (report.format, report.reason) == ("graph", "Its layers model would not answer as Keras does.")
    with pytest.raises(VerificationFailed, match="answers otherwise than Keras"):
        converter.convert(small_model, tmp_path / "layers", format="layers")
    assert not (tmp_path / "layers").exists()


def test_a_frozen_layer_stays_frozen(small_model: Any, tmp_path: Path) -> None:
    small_model.layers[0].trainable = False

    converter.convert(small_model, tmp_path / "out")

    layers = _read(tmp_path / "out", "model.json")["modelTopology"]["model_config"]["config"]["layers"]
    assert [layer["config"]["trainable"] for layer in layers] == [True, False, True, True]


def test_a_machine_without_tensorflowjs_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ModuleNotFoundError("No module named 'tensorflowjs'")

    monkeypatch.setattr(translation, "package_folder", missing)

    with pytest.raises(UnsupportedOption, match='"remember".*package tensorflowjs'):
        converter.convert(_with_gru(), tmp_path / "out")


def test_the_report_tells_what_became_of_each_layer(tmp_path: Path) -> None:
    import keras

    model = keras.Sequential(
        [
            keras.Input((4, 4, 1)),
            keras.layers.RandomFlip(name="flip"),
            keras.layers.BatchNormalization(axis=1, name="norm"),
        ]
    )

    report = converter.convert(model, tmp_path / "out")

    assert {layer.name: layer.tfjs_classes for layer in report.layers} == {
        "flip": (),
        "norm": ("Permute", "BatchNormalization", "Permute"),
    }
    assert report.names("dropped") == ("flip",)


@pytest.mark.parametrize("kind", ["float16", "uint16", "uint8"])
@pytest.mark.parametrize("format", ["layers", "graph"])
def test_the_error_of_quantization_is_measured(small_model: Any, tmp_path: Path, format: str, kind: str) -> None:
    report = converter.convert(small_model, tmp_path / "out", format=format, quantize=kind)

    assert report.quantization_error is not None
    assert 0 < report.quantization_error < 0.1
    assert report.weights_size_bytes < 4 * report.weights_count


def test_each_step_is_told(small_file: Path, tmp_path: Path) -> None:
    told: list[str] = []

    converter.convert(small_file, tmp_path / "out", progress=told.append)

    assert [sentence.split()[0] for sentence in told] == ["Reading", "Translating", "Asking", "Writing"]


def test_layers_of_mixed_precision_answer_in_float32_and_are_left_as_they_were(tmp_path: Path) -> None:
    import keras

    dense = keras.layers.Dense(3, dtype="mixed_float16")
    model = keras.Sequential([keras.Input((2,)), dense])

    converter.convert(model, tmp_path / "out")

    probe = _read(tmp_path / "out", "probe.json")
    inputs = np.reshape(probe["inputs"][0]["data"], probe["inputs"][0]["shape"])
    expected = inputs @ np.asarray(dense.kernel)
    np.testing.assert_allclose(np.reshape(probe["outputs"][0]["data"], expected.shape), expected, rtol=1e-5, atol=1e-5)
    assert dense.compute_dtype == "float16"


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_weights_of_another_precision_become_float32(tmp_path: Path, dtype: str) -> None:
    import keras

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, dtype=dtype)])

    report = converter.convert(model, tmp_path / "out")

    assert report.weights_size_bytes == 4 * 9
    assert model.layers[0].variable_dtype == dtype


def test_states_a_layer_remembers_are_left_as_they_were(tmp_path: Path) -> None:
    import keras

    layer = keras.layers.LSTM(3, stateful=True)
    model = keras.Sequential([keras.Input(batch_shape=(2, 4, 1)), layer])
    model(np.ones((2, 4, 1)))
    before = [np.array(state) for state in layer.states]

    converter.convert(model, tmp_path / "out")

    assert all(np.array_equal(np.array(now), then) for now, then in zip(layer.states, before, strict=True))
    assert np.abs(before[0]).max() > 0


def test_a_trusted_file_may_carry_code_and_another_may_not(tmp_path: Path) -> None:
    import keras

    model = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: 2 * x, name="double")])
    model.save(tmp_path / "code.keras")

    with pytest.raises(UnsupportedLayer, match='"double"'):
        converter.convert(tmp_path / "code.keras", tmp_path / "out")
    report = converter.convert(tmp_path / "code.keras", tmp_path / "out", trusted=True)

    assert report.format == "graph"


def test_weights_are_packed_layer_by_layer_in_the_order_of_keras(tmp_path: Path) -> None:
    """Whoever has the numbers of a model in one row can lay them over the shard, moving averages included."""
    model = MODELS["digits"].build()

    converter.convert(model, tmp_path / "out")

    packed = b"".join(file.read_bytes() for file in sorted((tmp_path / "out").glob("*.bin")))
    assert packed == b"".join(array.astype("<f4").tobytes() for array in model.get_weights())


def test_a_variance_below_zero_has_no_usable_answer(tmp_path: Path) -> None:
    model = MODELS["normalized row"].build()
    model.layers[1].moving_variance.assign([-1.0] * 5)
    model.save(tmp_path / "model.keras")

    with pytest.raises(UnusableProbe):
        converter.convert(tmp_path / "model.keras", tmp_path / "out")


def test_a_model_without_an_input_shape_is_refused(tmp_path: Path) -> None:
    import keras

    with pytest.raises(ModelNotBuilt, match=r"keras\.Input"):
        converter.convert(keras.Sequential([keras.layers.Dense(1)]), tmp_path / "out")


def test_what_is_not_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused):
        converter.convert({"class_name": "Sequential"}, tmp_path / "out")


def test_weights_that_diverged_are_refused(small_model: Any, tmp_path: Path) -> None:
    small_model.set_weights([np.full_like(weight, np.nan) for weight in small_model.get_weights()])

    with pytest.raises(WeightMismatch, match=r"hidden_1.*not-a-number"):
        converter.convert(small_model, tmp_path / "out")


def test_weights_too_large_for_an_answer_are_refused(small_model: Any, tmp_path: Path) -> None:
    import keras

    model = keras.Sequential([keras.Input((2,)), *(keras.layers.Dense(2) for _ in range(3))])
    model.set_weights([np.full_like(weight, 1e30) for weight in model.get_weights()])

    with pytest.raises(UnusableProbe):
        converter.convert(model, tmp_path / "out")


@pytest.mark.parametrize("options", [{"format": "pictures"}, {"quantize": "int4"}], ids=str)
def test_an_option_that_is_not_known_is_refused(small_model: Any, tmp_path: Path, options: Any) -> None:
    with pytest.raises(UnsupportedOption, match="choose"):
        converter.convert(small_model, tmp_path / "out", **options)


def test_nothing_keras_needs_only_for_training_is_emitted(tmp_path: Path) -> None:
    import keras

    dense = keras.layers.Dense(
        1, kernel_initializer="he_normal", kernel_regularizer="l2", kernel_constraint="non_neg", bias_regularizer="l1"
    )
    model = keras.Sequential([keras.Input((2,)), dense])
    model.compile("adam", "mse")

    converter.convert(model, tmp_path / "out")

    text = (tmp_path / "out" / "model.json").read_text(encoding="utf-8")
    unwanted = ("initializer", "regularizer", "constraint", "DTypePolicy", "module", "registered_name", "build_config")
    assert [word for word in unwanted if word in text] == []


@needs_tfjs
def test_names_only_a_crafted_file_can_have_stay_data(tmp_path: Path) -> None:
    weights = make_sequential(make_input("<script>"), make_dense('a"b'), name="..")
    file = make_file(tmp_path / "model.keras", weights)

    report = converter.convert(file, tmp_path / "out")

    (answer,) = ask_tfjs(tmp_path / "out")
    assert largest_difference(tmp_path / "out", answer) < TOLERANCE
    assert answer["weights"] == ["a_b/kernel", "a_b/bias"]
    assert dict(report.renamed) == {"<script>": "script_", 'a"b': "a_b"}


def test_a_trained_file_with_optimizer_state_is_read(small_model: Any, tmp_path: Path) -> None:
    small_model.compile("adam", "mse")
    small_model.fit(np.zeros((4, 2)), np.zeros((4, 1)), verbose=0)
    small_model.save(tmp_path / "trained.keras")

    report = converter.convert(tmp_path / "trained.keras", tmp_path / "out")

    assert report.weights_count == 25


def test_the_global_dtype_policy_does_not_reach_a_file(small_file: Path, tmp_path: Path) -> None:
    import keras

    keras.config.set_dtype_policy("mixed_float16")
    try:
        report = converter.convert(small_file, tmp_path / "out")
        assert keras.config.dtype_policy().name == "mixed_float16"
    finally:
        keras.config.set_dtype_policy("float32")

    assert report.weights_count == 25


@pytest.mark.parametrize("metadata", [{"loss": float("nan")}, {"loss": np.float32(1)}, [1]], ids=str)
def test_metadata_that_json_does_not_know_is_refused(small_model: Any, tmp_path: Path, metadata: Any) -> None:
    with pytest.raises(UnsupportedOption, match="metadata"):
        converter.convert(small_model, tmp_path / "out", metadata=metadata)


def test_a_folder_with_a_name_the_disk_cannot_have_is_refused(small_model: Any, tmp_path: Path) -> None:
    with pytest.raises(UnusableOutput, match="no name for a folder"):
        converter.convert(small_model, f"{tmp_path}/a\0b")
