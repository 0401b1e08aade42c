"""Rules of layers: arguments in, pieces out."""

import pytest

from converter.errors import InvalidConfiguration, UnsupportedLayer
from converter.layer_rules import ACTIVATIONS, RULES, SOURCE, check_arguments


def test_a_dense_layer_keeps_its_numbers() -> None:
    arguments = check_arguments("d", "Dense", {"name": "d", "units": 4, "activation": "silu", "use_bias": True})

    (piece,) = RULES["Dense"].translate(arguments, (None, 3))

    assert piece.config == {"units": 4, "activation": "swish", "use_bias": True}
    assert piece.weights == (("kernel", (3, 4)), ("bias", (4,)))
    assert RULES["Dense"].output_shape(arguments, (None, 7, 3)) == (None, 7, 4)


def test_arguments_left_out_have_the_defaults_of_keras() -> None:
    arguments = check_arguments("d", "Dense", {"units": 4})

    assert (arguments["activation"], arguments["use_bias"]) == ("linear", True)


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_every_piece_reads_the_source_or_an_earlier_piece(activation: str) -> None:
    arguments = check_arguments("d", "Dense", {"units": 4, "activation": activation})

    pieces = RULES["Dense"].translate(arguments, (None, 3))

    assert all(SOURCE <= taken < number for number, piece in enumerate(pieces) for taken in piece.takes)
    assert [piece.class_name for piece in pieces].count("Dense") == 1


def test_the_hard_sigmoid_of_tensorflow_js_is_never_used() -> None:
    arguments = check_arguments("a", "Activation", {"activation": "hard_sigmoid"})

    pieces = RULES["Activation"].translate(arguments, (None, 3))

    assert [piece.class_name for piece in pieces] == ["Rescaling", "ReLU", "Rescaling"]


@pytest.mark.parametrize("class_name", ["Conv2D", "Lambda", "dense", "__init__", ""])
def test_a_class_without_a_rule_is_refused(class_name: str) -> None:
    with pytest.raises(UnsupportedLayer):
        check_arguments("x", class_name, {})


@pytest.mark.parametrize(
    ("class_name", "missing"), [("Dense", "units"), ("Dropout", "rate"), ("InputLayer", "batch_shape")]
)
def test_an_argument_without_a_default_has_to_be_given(class_name: str, missing: str) -> None:
    with pytest.raises(InvalidConfiguration, match=missing):
        check_arguments("x", class_name, {})
