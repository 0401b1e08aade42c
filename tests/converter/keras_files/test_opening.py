"""Files written by Keras, opened by the door: the same answers as the model that was saved."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from converter.errors import InputRefused, UnsupportedLayer
from converter.keras_files import open_model
from tests.converter.keras_files import asked, zoo
from tests.converter.keras_files.handmade import make_conv, make_dense, make_file, make_input, make_sequential

pytestmark = pytest.mark.filterwarnings("ignore")  # Keras' own, about the form of inputs and about .h5

# Keras itself cannot write this one as .h5.
NOT_AS_H5 = {"augmentations"}


def _save(model: Any, path: Path) -> Path:
    import keras

    was_told = keras.config.is_interactive_logging_enabled()
    model.save(path)
    assert keras.config.is_interactive_logging_enabled() == was_told
    return path


@pytest.mark.parametrize("name", zoo.MODELS)
def test_an_opened_model_answers_as_the_saved_one(name: str, tmp_path: Path) -> None:
    model = asked.with_random_weights(zoo.MODELS[name]())
    inputs = asked.inputs_of(model)
    expected = asked.answers_of(model, inputs)
    tolerance = 3e-2 if name == "half_precision" else 1e-5  # the opened model is more precise

    for ending in ("keras", "h5"):
        if ending == "keras" or name not in NOT_AS_H5:
            opened = open_model(_save(model, tmp_path / f"model.{ending}")).model
            answers = asked.answers_of(opened, inputs)
            assert len(answers) == len(expected)
            for answer, wanted in zip(answers, expected, strict=True):
                np.testing.assert_allclose(answer, wanted, atol=tolerance, rtol=tolerance)


def test_an_opened_model_computes_in_float32_throughout(tmp_path: Path) -> None:
    opened = open_model(_save(zoo.half_precision(), tmp_path / "model.keras")).model

    assert {layer.dtype_policy.name for layer in opened.layers} == {"float32"}
    assert {weight.dtype for weight in opened.weights} == {"float32"}


def test_names_of_models_layers_and_functions_stay(tmp_path: Path) -> None:
    for name in ("nested", "functions"):
        model = zoo.MODELS[name]()

        opened = open_model(_save(model, tmp_path / f"{name}.keras")).model

        assert opened.name == model.name
        assert [one.name for one in opened.operations] == [one.name for one in model.operations]


def test_inputs_and_outputs_keep_their_form(tmp_path: Path) -> None:
    opened = open_model(_save(zoo.nested(), tmp_path / "model.keras")).model

    answer = opened({"left": np.ones((2, 3)), "right": np.ones((2, 4, 3))})

    assert sorted(answer) == ["late", "raw", "sum", "time"]


def test_layers_that_were_one_are_one_again(tmp_path: Path) -> None:
    """Keras writes a layer that stands in two models twice, its weights once."""
    import keras

    dense = keras.layers.Dense(3, name="both")
    first = keras.Sequential([keras.Input((3,)), dense], name="first")
    second = keras.Sequential([keras.Input((3,)), dense], name="second")
    x = keras.Input((3,))
    model = asked.with_random_weights(keras.Model(x, [first(x), second(first(x))]))

    opened = open_model(_save(model, tmp_path / "model.keras")).model

    assert opened.count_params() == model.count_params() == 12
    np.testing.assert_allclose(
        asked.answers_of(opened, np.ones((1, 3)))[1], asked.answers_of(model, np.ones((1, 3)))[1], rtol=1e-6
    )


def test_a_memory_begins_empty_as_keras_leaves_it_out_of_files(tmp_path: Path) -> None:
    import keras

    model = keras.Sequential([keras.Input(batch_shape=(2, 5, 3)), keras.layers.LSTM(4, stateful=True)])
    x = asked.inputs_of(asked.with_random_weights(model))
    first, second = asked.answers_of(model, x)[0], asked.answers_of(model, x)[0]

    opened = open_model(_save(model, tmp_path / "model.keras")).model

    np.testing.assert_allclose(asked.answers_of(opened, x)[0], first, rtol=1e-5)
    np.testing.assert_allclose(asked.answers_of(opened, x)[0], second, rtol=1e-5)


def test_adapters_are_part_of_the_kernel_they_adapt(tmp_path: Path) -> None:
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.layers[0].enable_lora(2)
    asked.with_random_weights(model)

    opened = open_model(_save(model, tmp_path / "model.keras")).model

    x = np.ones((2, 4), "float32")
    np.testing.assert_allclose(asked.answers_of(opened, x)[0], asked.answers_of(model, x)[0], rtol=1e-5)


def test_frozen_layers_stay_frozen(tmp_path: Path) -> None:
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dense(2)])
    model.layers[0].trainable = False

    opened = open_model(_save(model, tmp_path / "model.keras")).model

    assert [layer.trainable for layer in opened.layers] == [False, True]


@pytest.mark.parametrize("application", ["MobileNetV2", "EfficientNetB0"])
def test_models_that_keras_brings_along_can_be_opened(application: str, tmp_path: Path) -> None:
    import keras

    model = getattr(keras.applications, application)(weights=None, input_shape=(32, 32, 3), classes=4)

    opened = open_model(_save(model, tmp_path / "model.keras"))

    x = np.random.default_rng(0).uniform(size=(1, 32, 32, 3)).astype("float32")
    np.testing.assert_allclose(asked.answers_of(opened.model, x)[0], asked.answers_of(model, x)[0], atol=1e-6)
    assert opened.keras_version == keras.__version__


def test_a_file_packed_again_can_be_opened(tmp_path: Path) -> None:
    """Somebody unpacked the file and packed it again, compressed this time."""
    opened = open_model(make_file(tmp_path / "model.keras")).model

    np.testing.assert_array_equal(opened(np.ones((1, 2), "float32")), [[2.0]])


def test_a_refusal_names_the_layer_the_argument_what_was_expected_and_what_was_there(tmp_path: Path) -> None:
    path = make_file(tmp_path / "model.keras", make_sequential(make_input(), make_dense(units=-3)))

    with pytest.raises(InputRefused) as refusal:
        open_model(path)

    assert str(refusal.value) == ('Layer "dense": "units" should be a whole number from 1 to 1000000, but is -3.')


def test_a_layer_the_installed_keras_lacks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    monkeypatch.delattr(keras.layers, "Conv2D")
    path = make_file(tmp_path / "model.keras", make_sequential(make_input("x", 9, 9, 1), make_conv()))

    with pytest.raises(UnsupportedLayer, match="install a newer Keras"):
        open_model(path)
