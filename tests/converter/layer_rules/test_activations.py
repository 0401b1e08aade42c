"""Activations: carried by the layer under the name TF.js has for it, or computed by layers that follow."""

from typing import Any

import pytest

from converter.errors import UnsupportedLayer
from tests.converter.layer_rules.hand_made import classes_of, layers_of, numbered, say


def _dense(activation: str) -> Any:
    weights = {"kernel": numbered(2, 3)}
    return say("Dense", [(2,)], (3,), weights, units=3, activation=activation, use_bias=False)


@pytest.mark.parametrize(("keras", "tfjs"), [("silu", "swish"), ("celu", "elu"), ("gelu", "gelu"), ("mish", "mish")])
def test_an_activation_of_another_name_is_carried(keras: str, tfjs: str) -> None:
    ((class_name, config),) = layers_of(_dense(keras))

    assert (class_name, config["activation"]) == ("Dense", tfjs)


def test_the_hard_sigmoid_of_keras_3_never_becomes_that_of_tensorflow_js() -> None:
    layers = layers_of(_dense("hard_sigmoid"))

    assert [class_name for class_name, _ in layers] == ["Dense", "Rescaling", "ReLU", "Rescaling"]
    assert layers[0][1]["activation"] == "linear"
    assert (layers[1][1]["offset"], layers[2][1]["max_value"], layers[3][1]["scale"]) == (3.0, 6.0, 1 / 6)


def test_a_softmax_along_another_axis_than_the_last_is_turned_there_and_back() -> None:
    topology = say("Softmax", [(4, 5, 3)], (4, 5, 3), axis=1)

    dims = [config.get("dims", config.get("axis")) for _, config in layers_of(topology)]
    assert dims == [[2, 3, 1], -1, [3, 1, 2]]


@pytest.mark.parametrize(
    ("config", "classes"),
    [
        ({"max_value": 6.0}, ["ReLU"]),
        ({"negative_slope": 0.2}, ["LeakyReLU"]),
        ({"threshold": 1.0}, ["ThresholdedReLU"]),
        ({"max_value": 6.0, "negative_slope": 0.2}, ["Rescaling", "ReLU", "ReLU", "Rescaling", "Add"]),
    ],
    ids=str,
)
def test_each_kind_of_relu_has_its_layers(config: dict[str, float], classes: list[str]) -> None:
    topology = say("ReLU", [(4,)], (4,), **{"max_value": None, "negative_slope": 0.0, "threshold": 0.0, **config})

    assert sorted(classes_of(topology)) == sorted(classes)


def test_slopes_are_shared_where_there_is_one_for_all() -> None:
    ((_, config),) = layers_of(say("PReLU", [(4, 5, 3)], (4, 5, 3), {"alpha": numbered(4, 1, 3)}, shared_axes=[-1]))

    assert config["shared_axes"] == [2]


def test_an_activation_inside_a_cell_has_to_be_one_of_tensorflow_js() -> None:
    with pytest.raises(UnsupportedLayer, match="recurrent_activation=hard_sigmoid.* inside a cell"):
        say("LSTM", [(5, 3)], (2,), units=2, activation="tanh", recurrent_activation="hard_sigmoid", use_bias=True)
