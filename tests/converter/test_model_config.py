"""The order of calls."""

import pytest

from converter.errors import InvalidConfiguration
from converter.model_config import LayerConfig, ModelConfig, TensorRef, calls_in_order


def _model(**calls: list[list[tuple[str, int]]]) -> ModelConfig:
    layers = [LayerConfig("x", "InputLayer")]
    for name, made in calls.items():
        refs = tuple(tuple(TensorRef(layer, call, 0) for layer, call in call_) for call_ in made)
        layers.append(LayerConfig(name, "Dense", calls=refs))
    return ModelConfig("model", "Functional", tuple(layers), (TensorRef("x", 0, 0),), ())


def test_every_call_comes_after_those_it_needs() -> None:
    model = _model(a=[[("b", 0)], [("a", 0)]], b=[[("x", 0)], [("a", 1), ("b", 0)]])

    order = [(layer.name, call) for layer, call in calls_in_order(model)]

    assert order == [("b", 0), ("a", 0), ("a", 1), ("b", 1)]


@pytest.mark.parametrize(
    "calls",
    [{"a": [[("a", 0)]]}, {"a": [[("b", 0)]], "b": [[("a", 0)]]}, {"a": [[("nothing", 0)]]}],
    ids=["itself", "each other", "nothing"],
)
def test_a_call_that_can_never_be_made_is_refused(calls: dict[str, list[list[tuple[str, int]]]]) -> None:
    with pytest.raises(InvalidConfiguration, match="save the model again"):
        calls_in_order(_model(**calls))
