"""Untrusted configurations become checked ones, or are refused."""

from typing import Any

import pytest

from converter.errors import InputRefused
from converter.keras_config import parse_model
from converter.model_config import TensorRef
from converter.verify import probe_shapes
from tests.converter.keras_files import (
    called,
    make_call,
    make_conv,
    make_dense,
    make_functional,
    make_input,
    make_layer,
    make_sequential,
)


def test_a_sequential_model_becomes_a_chain_of_calls() -> None:
    model = parse_model(make_sequential(make_input("x"), make_dense("a", 3), make_dense("b")))

    assert [(layer.name, layer.calls) for layer in model.layers] == [
        ("x", ()),
        ("a", ((TensorRef("x", 0, 0),),)),
        ("b", ((TensorRef("a", 0, 0),),)),
    ]
    assert model.outputs == (TensorRef("b", 0, 0),)


def test_a_sequential_model_may_keep_its_input_shape_beside_its_layers() -> None:
    model = parse_model(make_sequential(make_dense("input"), build_input_shape=[None, 2]))

    assert [layer.name for layer in model.layers] == ["input_", "input"]
    assert model.layers[0].arguments == {"batch_shape": (None, 2)}


@pytest.mark.parametrize(
    "outputs",
    [["dense", 0, 0], [["dense", 0, 0]], {"y": ["dense", 0, 0]}, (["dense", 0, 0],)],
    ids=["single", "list", "dictionary", "tuple"],
)
def test_outputs_may_be_written_in_any_way_keras_does(outputs: object) -> None:
    layers = [make_input("x"), called(make_dense(), make_call(("x", 0, 0)))]

    assert parse_model(make_functional(layers, ["x", 0, 0], outputs)).outputs == (TensorRef("dense", 0, 0),)


def test_dictionaries_are_read_by_sorted_key() -> None:
    layers = [make_input("x"), make_input("y"), called(make_dense(), make_call(("x", 0, 0)))]
    inputs = {"second": ["x", 0, 0], "first": ["y", 0, 0]}

    model = parse_model(make_functional(layers, inputs, ["dense", 0, 0]))

    assert [ref.layer for ref in model.inputs] == ["y", "x"]


@pytest.mark.parametrize(
    "kwargs", [{}, {"mask": None}, {"training": None}, {"training": False}, {"mask": [None, None]}]
)
def test_options_of_a_call_that_change_nothing_are_accepted(kwargs: dict[str, Any]) -> None:
    layers = [make_input("x"), called(make_dense(), make_call(("x", 0, 0), **kwargs))]

    assert len(parse_model(make_functional(layers, ["x", 0, 0], ["dense", 0, 0])).layers[1].calls) == 1


@pytest.mark.parametrize("value", [None, 3, "text", [], {}, {"class_name": 3}, {"class_name": "Sequential"}])
def test_what_is_not_a_configuration_is_refused(value: object) -> None:
    with pytest.raises(InputRefused):
        parse_model(value)


PLACES = ["class_name", "config", "module", "registered_name"]
LAYERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "Dense": (make_input(), make_dense(lora_rank=None)),
    "Conv2D": (make_input("x", 9, 9, 2), make_conv(strides=1, padding="same", data_format=None, groups=1)),
    "MaxPooling2D": (make_input("x", 9, 9, 2), make_layer("MaxPooling2D", "p", pool_size=2, strides=None)),
    "GlobalAveragePooling2D": (make_input("x", 9, 9, 2), make_layer("GlobalAveragePooling2D", "g", keepdims=False)),
    "Flatten": (make_input("x", 9, 9, 2), make_layer("Flatten", "f", data_format="channels_last")),
    "BatchNormalization": (
        make_input(),
        make_layer(
            "BatchNormalization", "n", axis=-1, epsilon=0.1, momentum=0.9, center=True, scale=True, renorm=False
        ),
    ),
}
"""An input and a layer that takes it, with the arguments that are then spoilt one by one."""
JUNK = [None, True, -1, 10**30, 1e400, "x" * 1000, "\n\x00", [], {}, [[]], {"class_name": "Dense"}]


def _what_is_said_about(*layers: dict[str, Any]) -> str:
    """What the refusal says, or nothing if the layers are accepted; any other exception is a fault."""
    try:
        probe_shapes(parse_model(make_sequential(*layers)))
    except InputRefused as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: repr(junk)[:20])
def test_junk_anywhere_in_a_layer_is_refused_or_harmless(place: str, junk: object) -> None:
    said = _what_is_said_about(make_input(), {**make_dense(), place: junk})

    assert len(said.splitlines()) <= 1
    assert len(said) < 600


@pytest.mark.parametrize(
    ("class_name", "argument"), [(name, key) for name in LAYERS for key in LAYERS[name][1]["config"]]
)
@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: repr(junk)[:20])
def test_junk_in_an_argument_is_refused_or_harmless(class_name: str, argument: str, junk: object) -> None:
    source, layer = LAYERS[class_name]
    spoilt = {**layer, "config": {**layer["config"], argument: junk}}

    said = _what_is_said_about(source, spoilt)

    assert len(said.splitlines()) <= 1
    assert len(said) < 600


@pytest.mark.parametrize("class_name", LAYERS)
def test_the_layers_that_are_spoilt_are_accepted_as_they_are(class_name: str) -> None:
    assert _what_is_said_about(*LAYERS[class_name]) == ""
