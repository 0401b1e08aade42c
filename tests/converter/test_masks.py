"""Masks: which constellations TF.js answers as Keras does."""

from typing import Any

import pytest

from converter.errors import UnsupportedLayer
from converter.masks import needs_masks
from converter.model_graph import Call, Operation, Tensor

MASK, OTHER_MASK = Tensor((None, 5), "bool"), Tensor((None, 5), "bool")


def _call(name: str, class_name: str, mask: Tensor | None = None, **config: Any) -> Call:
    is_sequence = config.get("return_sequences") or class_name in ("Embedding", "Masking")
    answer = Tensor((None, 5, 4) if is_sequence else (None, 4))
    return Call(Operation((name,), class_name, config), {"inputs": Tensor((None, 5, 4)), "mask": mask}, (answer,))


MAKER = Call(Operation(("not_equal",), "ops.NotEqual"), {"x1": Tensor((None, 5))}, (MASK, OTHER_MASK))
EMBEDDING = _call("embedding", "Embedding", mask_zero=True)


def test_a_mask_nobody_takes_is_not_needed() -> None:
    assert not needs_masks([EMBEDDING, _call("dense", "Dense"), _call("lstm", "LSTM")], [])


def test_one_mask_for_all_recurrent_layers_passes() -> None:
    calls = [EMBEDDING, _call("a", "LSTM", MASK, return_sequences=True), _call("b", "GRU", MASK)]

    assert needs_masks(calls, [MAKER])


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        ([EMBEDDING, _call("a", "LSTM", MASK), _call("b", "LSTM")], '"b" .*has no mask'),
        ([EMBEDDING, _call("a", "LSTM", MASK), _call("b", "LSTM", OTHER_MASK)], "several masks"),
        ([EMBEDDING, EMBEDDING, _call("a", "LSTM", MASK)], "several masks"),
        ([EMBEDDING, _call("a", "GlobalAveragePooling1D", MASK)], '"a" .*is called with a mask'),
        ([EMBEDDING, _call("a", "LSTM", MASK, zero_output_for_mask=True)], "zero_output_for_mask"),
        ([EMBEDDING, _call("a", "Bidirectional", MASK, return_sequences=True)], "both directions"),
    ],
    ids=["one without", "two masks", "two makers", "a pooling", "zeros for masked steps", "masked sequences"],
)
def test_what_tensorflow_js_would_mask_otherwise_is_refused(calls: list[Call], said: str) -> None:
    with pytest.raises(UnsupportedLayer, match=said):
        needs_masks(calls, [MAKER])


def test_a_mask_from_outside_is_refused() -> None:
    with pytest.raises(UnsupportedLayer, match="no Embedding or Masking"):
        needs_masks([EMBEDDING, _call("a", "LSTM", MASK)], [])
