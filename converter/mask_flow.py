"""Where the layers of a TF.js model would get their masks from: replayed before it is written.

The executor of tfjs-layers 4.22 (executor.ts) notes the mask of the first input of each call that has any, in one set
of options for the whole model; whatever looks for a mask takes the one noted last. Sums and joins of masked tensors
make masks of the wrong shape (merge.ts), and layers that know nothing of masks hand none on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from converter.errors import UnsupportedLayer
from converter.flat_model import FlatLayer, FlatModel
from converter.layer_rules import Place
from converter.model_graph import Call, Tensor, tensors_in

MaskKey = tuple[str, int, float]
"""How a mask is made ("Embedding" or "Masking"), of which tensor (its identity), by which number."""

_HAND_ON = frozenset(
    [
        *("Activation", "AlphaDropout", "BatchNormalization", "Dense", "Dropout", "GaussianDropout", "GaussianNoise"),
        *("LayerNormalization", "PReLU", "ReLU", "TimeDistributed"),
    ]
)

# These keep a mask in Keras and drop it in TF.js, where the one noted last is still the same.
_LEAVE_NOTED = frozenset(["ELU", "LeakyReLU", "Rescaling", "ThresholdedReLU"])

_RECURRENT = frozenset(["Bidirectional", "ConvLSTM2D", "GRU", "LSTM", "RNN", "SimpleRNN"])

_MERGES = frozenset(["Add", "Average", "Maximum", "Minimum", "Multiply"])

_SPOILT: MaskKey = ("spoilt by TensorFlow.js", 0, 0.0)
_OTHER: MaskKey = ("no mask of one layer", 0, 0.0)


@dataclass(frozen=True)
class Masks:
    """The mask Keras makes in a call, and the one it takes there."""

    made: MaskKey | None = None
    taken: MaskKey | None = None


@dataclass(frozen=True)
class _Mask:
    key: MaskKey
    is_handed_on: bool = True


def keras_masks(calls: Iterable[Call]) -> dict[int, MaskKey]:
    """The masks that calls work out as Embedding and Masking do, by the identity of their tensors."""
    keys: dict[int, MaskKey] = {}
    for call in calls:
        values = list(call.arguments.values())
        if call.operation.class_name == "ops.NotEqual" and len(values) > 1 and isinstance(values[0], Tensor):
            if isinstance(values[1], (int, float)):
                keys[id(call.output)] = ("Embedding", id(values[0]), float(values[1]))
        elif call.operation.class_name == "ops.Any" and id(call.input) in keys:
            _, tensor, number = keys[id(call.input)]
            keys[id(call.output)] = ("Masking", tensor, number)
    return keys


def masks_of(call: Call, keys: Mapping[int, MaskKey]) -> Masks:
    """What Keras makes and takes in a call."""
    taken = next(tensors_in(call.extras.get("mask")), None)
    key = None if taken is None else keys.get(id(taken), _OTHER)
    if call.operation.class_name == "Masking":
        return Masks(("Masking", id(call.input), float(call.config["mask_value"])), key)
    if call.config.get("mask_zero"):
        return Masks(("Embedding", id(call.input), 0.0), key)
    return Masks(None, key)


def refuse_other_masks(flat: FlatModel, masks: Mapping[Place, Masks]) -> None:
    """Raise UnsupportedLayer where TF.js would skip other steps than Keras, or fail on the masks it makes."""
    flow = _Flow(flat, masks)
    for call in flat.order:
        flow.follow(call)
    for call in flat.order:
        if _looks_for_mask(flat.layers[call.layer]):
            flow.refuse_other(call)


class _Flow:
    """Follows masks from call to call; `noted` are those the executor notes."""

    def __init__(self, flat: FlatModel, masks: Mapping[Place, Masks]) -> None:
        self.noted: set[MaskKey] = set()
        self._layers = flat.layers
        self._keras = masks
        self._masks: dict[Place, _Mask | None] = {}

    def follow(self, call: Place) -> None:
        layer = self._layers[call.layer]
        inputs = self._inputs(call)
        self.noted |= {mask.key for mask in inputs if mask is not None and mask.is_handed_on}
        if layer.class_name == "TimeDistributed" and layer.config["layer"]["class_name"] == "Functional":
            self.noted |= {_SPOILT} if _contains(layer.config, {"Masking"}) else set()
        self._masks[call] = self._answer(call, layer, inputs)

    def _inputs(self, call: Place) -> list[_Mask | None]:
        sources = self._layers[call.layer].calls[call.call]
        return [self._masks[Place(source.layer, source.call)] for source in sources]

    def _answer(self, call: Place, layer: FlatLayer, inputs: Sequence[_Mask | None]) -> _Mask | None:
        kind, first = layer.class_name, inputs[0] if inputs else None
        if kind == "Masking" or layer.config.get("mask_zero"):
            made = self._keras.get(call, Masks()).made
            return _Mask(made or _SPOILT)
        if kind in _HAND_ON or (kind in _RECURRENT and layer.config.get("return_sequences")):
            return first
        if kind == "Bidirectional" and layer.config["layer"]["config"].get("return_sequences"):
            return first
        if kind in _LEAVE_NOTED:
            return first and _Mask(first.key, is_handed_on=False)
        return _merged(layer, inputs) if kind in _MERGES or kind == "Concatenate" else None

    def refuse_other(self, call: Place) -> None:
        """Raise UnsupportedLayer unless what a call finds is what Keras gives it."""
        layer, mask, taken = self._layers[call.layer], self._inputs(call)[0], self._keras.get(call, Masks()).taken
        found = None if mask is None else mask.key
        is_certain = mask.is_handed_on if mask is not None else not self.noted
        if found != taken or not (is_certain or self.noted == {found}):
            raise _refused(layer, "would skip other steps in TensorFlow.js, which mixes up masks")


def _merged(layer: FlatLayer, inputs: Sequence[_Mask | None]) -> _Mask | None:
    masks = [mask for mask in inputs if mask is not None]
    is_everywhere = len(masks) == len(inputs)
    is_join_of_steps = layer.class_name == "Concatenate" and layer.config.get("axis") == 1
    if masks and not is_everywhere and (is_join_of_steps or (layer.class_name in _MERGES and len(inputs) > 2)):
        raise _refused(layer, "merges tensors with and without a mask, on which TensorFlow.js fails")
    if layer.class_name == "Concatenate" and not is_join_of_steps and is_everywhere and len(set(masks)) == 1:
        return masks[0]
    return _Mask(_SPOILT) if masks else None


def _looks_for_mask(layer: FlatLayer) -> bool:
    kinds = {*_RECURRENT, "Softmax"}
    return layer.class_name in kinds or (layer.class_name == "TimeDistributed" and _contains(layer.config, kinds))


def _contains(value: Any, class_names: set[str]) -> bool:
    """Say whether a layer of one of these classes is written anywhere inside a configuration."""
    if isinstance(value, Mapping):
        return str(value.get("class_name")) in class_names or any(
            _contains(item, class_names) for item in value.values()
        )
    return isinstance(value, (list, tuple)) and any(_contains(item, class_names) for item in value)


def _refused(layer: FlatLayer, reason: str) -> UnsupportedLayer:
    name = layer.path[-1] if layer.path else layer.name
    return UnsupportedLayer(name, layer.class_name, reason, instead="leave masking out")
