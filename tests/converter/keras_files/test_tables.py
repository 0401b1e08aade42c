"""The tables of layers and functions, compared with what the installed Keras has."""

import functools
import inspect
from typing import Any

import pytest

from converter.keras_files.arguments import ACTIVATION_LAYERS
from converter.keras_files.layers import ALIASES, INSTEAD, LAYERS, REFUSED
from converter.keras_files.operations import OPERATIONS

ABSTRACT = {"InputSpec", "Layer", "Wrapper"}
READ_APART = {"InputLayer"}
COMMON = {"self", "kwargs", "name", "dtype", "seed", "activity_regularizer"}
ENDINGS = ("_initializer", "_regularizer", "_constraint")


def _classes() -> dict[str, Any]:
    import keras

    return {name: one for name, one in vars(keras.layers).items() if inspect.isclass(one)}


def test_every_layer_of_keras_is_known_or_refused_for_a_reason() -> None:
    known = LAYERS.keys() | REFUSED.keys() | ALIASES.keys() | ABSTRACT | READ_APART

    assert set(_classes()) - known == set()


def test_another_name_stands_for_the_same_class() -> None:
    classes = _classes()

    assert [name for name, real in ALIASES.items() if classes.get(name, classes[real]) is not classes[real]] == []


@pytest.mark.parametrize("name", sorted(LAYERS))
def test_every_argument_of_a_layer_is_known(name: str) -> None:
    kind = _classes().get(name)
    if kind is None:
        pytest.skip(f"the installed Keras has no {name}")
    parameters = inspect.signature(kind.__init__).parameters
    known = LAYERS[name].needs.keys() | LAYERS[name].takes.keys() | COMMON

    assert {one for one in parameters if one not in known and not one.endswith(ENDINGS)} == set()


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_function_takes_what_the_table_says(name: str) -> None:
    import keras

    kind = OPERATIONS[name]
    try:
        function = functools.reduce(getattr, kind.function.split("."), keras.ops)
    except AttributeError:
        pytest.skip(f"the installed Keras has no {kind.function}")
    parameters = inspect.signature(function).parameters
    named = {one.rstrip("*") for one in kind.tensors} | kind.takes.keys()

    assert named <= parameters.keys() or "kwargs" in parameters


def test_layers_that_serve_as_activations_are_known() -> None:
    assert ACTIVATION_LAYERS - LAYERS.keys() == {"ThresholdedReLU"}  # of Keras 2, which becomes a ReLU


def test_what_runs_code_of_its_author_is_refused_with_a_way_out() -> None:
    for name in ("FlaxLayer", "JaxLayer", "Lambda", "TFSMLayer", "TorchModuleWrapper"):
        assert name not in LAYERS
        assert "never run" in REFUSED[name]
        assert INSTEAD[name]
