"""Rules: what a layer is asked beyond what its rule reads is refused, never dropped in silence."""

from typing import Any

import pytest

from converter.layer_rules import FAMILIES, REASONS, RULES, NotExpressible, find_rule
from converter.model_graph import Call, Operation, Tensor


def _call(class_name: str, arguments: dict[str, Any] | None = None, **config: Any) -> Call:
    operation = Operation(("odd",), class_name, config, frozenset(config))
    return Call(operation, {"inputs": Tensor((None, 2)), **(arguments or {})}, (Tensor((None, 2)),))


def test_every_family_has_rules() -> None:
    makers = {rule.translate.__module__ for rule in RULES.values()}

    assert makers == {family.__name__ for family in FAMILIES}


def test_every_rule_says_in_a_sentence_what_becomes_of_the_layer() -> None:
    assert [name for name, rule in RULES.items() if not (rule.translate.__doc__ or "").strip().endswith(".")] == []


def test_a_class_has_a_rule_or_a_reason_never_both() -> None:
    assert not set(RULES) & set(REASONS)


@pytest.mark.parametrize(
    "argument",
    ["kernel_initializer", "bias_regularizer", "kernel_constraint", "name", "trainable", "dtype", "seed"],
)
def test_arguments_that_matter_while_training_only_pass(argument: str) -> None:
    assert find_rule(_call("Dense", **{argument: "anything"})) is RULES["Dense"]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (_call("Dense", tomorrow=True), "has tomorrow=True, which TensorFlow.js layers do not know"),
        (_call("Dense", {"blur": 3}), "is called with blur"),
        (_call("LSTM", {"attention_mask": Tensor((None, 2))}), "is called with attention_mask"),
        (_call("pets>Cat"), "is a custom class"),
        (_call("ThirdDense"), "has no counterpart among the layers of TensorFlow.js"),
    ],
    ids=["argument", "option of a call", "tensor of a call", "custom class", "unknown class"],
)
def test_what_a_rule_does_not_read_is_refused(call: Call, said: str) -> None:
    with pytest.raises(NotExpressible) as caught:
        find_rule(call)

    assert caught.value.reason.startswith(said)


@pytest.mark.parametrize("arguments", [{"training": True}, {"mask": None}, {"mask": [None, None]}], ids=str)
def test_options_of_a_call_that_say_nothing_pass(arguments: dict[str, Any]) -> None:
    assert find_rule(_call("Dense", arguments)) is RULES["Dense"]
