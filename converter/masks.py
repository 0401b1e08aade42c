"""Masks: where TF.js skips the same steps of a sequence as Keras, and where it would skip others without a word.

Keras hands masks from call to call as tensors of their own. TF.js lets layers make them again, and its executor then
gives the mask of any layer to every later recurrent layer (`execute` in tfjs-layers 4.22, executor.ts, keeps one set of
options for all layers). So a model passes only if all its recurrent layers take the one mask there is.
"""

from __future__ import annotations

from collections.abc import Sequence

from converter.errors import UnsupportedLayer
from converter.model_graph import Call, tensors_in

RECURRENT = ("Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "LSTM", "RNN", "SimpleRNN")

_MASKS = ("ops.Any", "ops.NotEqual")
"""How Masking and Embedding say in a Keras model which steps count."""

_AWARE = (
    "AdditiveAttention",
    "Attention",
    "GlobalAveragePooling1D",
    "MultiHeadAttention",
    "Softmax",
    "TimeDistributed",
)

# Their masks matter while training only, or are handed on.
_INDIFFERENT = ("BatchNormalization",)


def needs_masks(calls: Sequence[Call], all_calls: Sequence[Call]) -> bool:
    """Say whether any call skips masked steps; `all_calls` are also those that only make masks.

    Raises UnsupportedLayer where TF.js would skip other steps than Keras.
    """
    masked = [call for call in calls if "mask" in call.extras and call.operation.class_name not in _INDIFFERENT]
    _refuse_hidden_masks(calls)
    if not masked:
        return False
    for call in masked:
        _refuse_mask_of(call)
    for call in calls:
        if call.operation.class_name in RECURRENT and call not in masked:
            raise _refused(call, "has no mask, but stands in a model with masks; TensorFlow.js would give it one")
    masks = {id(tensor) for call in masked for tensor in tensors_in(call.arguments["mask"])}
    makers = [call for call in calls if _makes_mask(call)]
    worked_out = {id(tensor) for call in all_calls if call.operation.class_name in _MASKS for tensor in call.outputs}
    if not masks <= worked_out:
        raise _refused(masked[-1], "takes a mask that no Embedding or Masking layer makes")
    if len(masks) > 1 or len(makers) > 1:
        raise _refused(masked[-1], "takes one of several masks, which TensorFlow.js would mix up")
    return True


def _refuse_hidden_masks(calls: Sequence[Call]) -> None:
    """A mask made inside a nested model leaves it unseen: Keras hands it on while it computes, and only then."""
    for maker in filter(_makes_mask, calls):
        around = maker.operation.path[:-1]
        outside = (call for call in calls if call.operation.path[: len(around)] != around)
        if around and any(call.operation.class_name in (*RECURRENT, *_AWARE) for call in outside):
            raise _refused(maker, "makes a mask inside a model inside the model")


def _makes_mask(call: Call) -> bool:
    return call.operation.class_name == "Masking" or bool(call.config.get("mask_zero"))


def _refuse_mask_of(call: Call) -> None:
    if call.operation.class_name not in RECURRENT:
        raise _refused(call, "is called with a mask")
    if call.extras.keys() - {"mask"}:
        raise _refused(call, "is called with a mask and with states")
    if call.config.get("zero_output_for_mask"):
        raise _refused(call, "has zero_output_for_mask=True")
    is_sequence = len(call.output.shape) == len(call.input.shape)
    if call.operation.class_name == "Bidirectional" and is_sequence:
        raise _refused(call, "returns masked sequences of both directions")


def _refused(call: Call, reason: str) -> UnsupportedLayer:
    operation = call.operation
    return UnsupportedLayer(operation.name, operation.class_name, reason, instead="leave masking out")
