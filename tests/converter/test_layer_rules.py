"""Rules of layers: arguments in, pieces out."""

import pytest

from converter.errors import InvalidConfiguration, UnsupportedLayer
from converter.layer_rules import RULES, check_arguments
from converter.pieces import SOURCE, DoesNotFit


def test_a_dense_layer_keeps_its_numbers() -> None:
    arguments = check_arguments("d", "Dense", {"name": "d", "units": 4, "activation": "silu", "use_bias": True})

    (piece,) = RULES["Dense"].translate(arguments, (None, 3))

    assert piece.config == {"units": 4, "activation": "swish", "use_bias": True}
    assert piece.weights == (("kernel", (3, 4)), ("bias", (4,)))
    assert RULES["Dense"].output_shape(arguments, (None, 7, 3)) == (None, 7, 4)


def test_arguments_left_out_have_the_defaults_of_keras() -> None:
    arguments = check_arguments("d", "Dense", {"units": 4})

    assert (arguments["activation"], arguments["use_bias"]) == ("linear", True)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, ["gamma", "beta", "moving_mean", "moving_variance"]),
        ({"scale": False}, ["beta", "moving_mean", "moving_variance"]),
        ({"center": False}, ["gamma", "moving_mean", "moving_variance"]),
        ({"center": False, "scale": False}, ["moving_mean", "moving_variance"]),
    ],
    ids=str,
)
def test_a_normalization_has_its_weights_in_the_order_of_keras(given: dict[str, bool], names: list[str]) -> None:
    arguments = check_arguments("n", "BatchNormalization", {"name": "n", **given})

    (piece,) = RULES["BatchNormalization"].translate(arguments, (None, 4, 3))

    assert piece.weights == tuple((name, (3,)) for name in names)
    assert piece.config["axis"] == -1
    assert RULES["BatchNormalization"].output_shape(arguments, (None, 4, 3)) == (None, 4, 3)


@pytest.mark.parametrize(
    ("shape", "axis", "there", "back"),
    [
        ((None, 5, 6, 7), 1, [2, 3, 1], [3, 1, 2]),
        ((None, 5, 6, 7), 2, [1, 3, 2], [1, 3, 2]),
        ((None, 5, 6, 7), -3, [2, 3, 1], [3, 1, 2]),
        ((None, 5, 6), 1, [2, 1], [2, 1]),
    ],
    ids=str,
)
def test_channels_that_are_not_last_are_turned_to_the_end_and_back(
    shape: tuple[int | None, ...], axis: int, there: list[int], back: list[int]
) -> None:
    arguments = check_arguments("n", "BatchNormalization", {"axis": axis})

    pieces = RULES["BatchNormalization"].translate(arguments, shape)

    assert [piece.class_name for piece in pieces] == ["Permute", "BatchNormalization", "Permute"]
    assert (pieces[0].config["dims"], pieces[2].config["dims"]) == (there, back)
    assert [piece.takes for piece in pieces] == [(SOURCE,), (0,), (1,)]
    assert pieces[1].weights[0] == ("gamma", (shape[axis],))


@pytest.mark.parametrize(
    ("shape", "axis", "what"),
    [
        pytest.param((None, 2, 2, 2, 3), -1, "input", id="five axes"),
        pytest.param((None, 3), 0, "axis", id="the batch"),
        pytest.param((None, 3), -2, "axis", id="the batch from the end"),
        pytest.param((None, 3), 2, "axis", id="an axis behind the last"),
        pytest.param((None, 3), -3, "axis", id="an axis before the first"),
        pytest.param((None, 4, None), -1, "last axis of the input", id="unknown channels"),
    ],
)
def test_a_normalization_that_does_not_fit_its_input_says_so(
    shape: tuple[int | None, ...], axis: int, what: str
) -> None:
    arguments = check_arguments("n", "BatchNormalization", {"axis": axis})

    with pytest.raises(DoesNotFit) as caught:
        RULES["BatchNormalization"].output_shape(arguments, shape)

    assert caught.value.what == what


@pytest.mark.parametrize("class_name", ["Conv3D", "Lambda", "dense", "__init__", ""])
def test_a_class_without_a_rule_is_refused(class_name: str) -> None:
    with pytest.raises(UnsupportedLayer):
        check_arguments("x", class_name, {})


@pytest.mark.parametrize(
    ("class_name", "missing"),
    [
        ("Activation", "activation"),
        ("AveragePooling2D", "pool_size"),
        ("Conv2D", "filters"),
        ("Dense", "units"),
        ("Dropout", "rate"),
        ("InputLayer", "batch_shape"),
    ],
)
def test_an_argument_without_a_default_has_to_be_given(class_name: str, missing: str) -> None:
    with pytest.raises(InvalidConfiguration, match=missing):
        check_arguments("x", class_name, {})


@pytest.mark.parametrize("class_name", RULES)
def test_every_argument_is_required_or_has_a_default_or_says_nothing_when_left_out(class_name: str) -> None:
    rule = RULES[class_name]
    silent = {"dtype", "lora_rank", "quantization_config", "renorm", "sparse", "ragged", "optional"}

    assert not rule.required & set(rule.defaults)
    assert set(rule.parsers) - rule.required - set(rule.defaults) <= silent
    assert not set(rule.parsers) & rule.ignored


@pytest.mark.parametrize("class_name", [name for name, rule in RULES.items() if not rule.required])
def test_the_defaults_are_those_of_keras(class_name: str) -> None:
    layers = pytest.importorskip("keras").layers
    of_keras = check_arguments("x", class_name, getattr(layers, class_name)().get_config())

    ours = check_arguments("x", class_name, {})
    if ours.get("strides", 0) is None:  # Keras writes what it stands for
        ours = {**ours, "strides": ours["pool_size"]}
    assert ours == {name: value for name, value in of_keras.items() if name in ours}
