"""Activations: which can be carried over, and by which pieces."""

import pytest

from converter.activations import ACTIVATIONS, activated, parse_activation
from converter.arguments import Argument
from converter.errors import UnsupportedLayer
from converter.layer_rules import RULES, check_arguments
from converter.pieces import SOURCE

HERE = Argument("d", "Dense", "activation")


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize(
    ("class_name", "given", "shape"),
    [("Dense", {"units": 4}, (None, 3)), ("Conv2D", {"filters": 4, "kernel_size": 3}, (None, 5, 5, 3))],
    ids=["Dense", "Conv2D"],
)
def test_every_piece_reads_the_source_or_an_earlier_piece(
    activation: str, class_name: str, given: dict[str, object], shape: tuple[int | None, ...]
) -> None:
    arguments = check_arguments("d", class_name, {**given, "activation": activation})

    pieces = RULES[class_name].translate(arguments, shape)

    assert all(SOURCE <= taken < number for number, piece in enumerate(pieces) for taken in piece.takes)
    assert [piece.class_name for piece in pieces].count(class_name) == 1


def test_the_hard_sigmoid_of_tensorflow_js_is_never_used() -> None:
    assert [piece.class_name for piece in activated("hard_sigmoid")[1]] == ["Rescaling", "ReLU", "Rescaling"]
    assert activated("hard_sigmoid")[0] == "linear"


@pytest.mark.parametrize(("value", "name"), [(None, "linear"), ("softmax", "softmax"), ("silu", "silu")])
def test_an_activation_is_a_name_or_nothing(value: object, name: str) -> None:
    assert parse_activation(value, HERE) == name


@pytest.mark.parametrize(
    "value",
    ["glu", "", 3, True, ["relu"], {"class_name": "LeakyReLU", "config": {}}, {"config": "os.system"}],
    ids=repr,
)
def test_another_activation_is_refused_by_its_name(value: object) -> None:
    with pytest.raises(UnsupportedLayer, match='Layer "d"'):
        parse_activation(value, HERE)
