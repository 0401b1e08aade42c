"""Which tensors of a flat model hold whole numbers, and which layers of TF.js must not be given any.

Keras turns whole numbers into others where a layer computes with them. TF.js fails there (`tanh`), keeps the dtype and
so cuts off what is behind the point (`batchNorm`), or takes the dtype of the first tensor for all (`concat`).
"""

from __future__ import annotations

from collections.abc import Sequence

from converter.layer_rules import Place

FLOAT = "float32"

# These compute with whole numbers as Keras does, or turn them into others themselves.
_TAKE_ANY = frozenset(
    [*("Add", "Average", "Maximum", "Minimum", "Multiply"), *("Dense", "Dropout", "Embedding", "Masking", "Rescaling")]
)

# These hand on the numbers they are given, of whatever kind.
_HAND_ON = frozenset(
    [
        *("Activation", "Concatenate", "Cropping2D", "Flatten", "GlobalMaxPooling1D", "GlobalMaxPooling2D"),
        *("MaxPooling1D", "MaxPooling2D", "Permute", "ReLU", "RepeatVector", "Reshape", "UpSampling2D"),
        "ZeroPadding2D",
    ]
)

_KEPT_IF_ALL_ARE = frozenset(["Add", "Dropout", "Masking", "Maximum", "Minimum", "Multiply"])


class FlatDtypes:
    """The dtype of each tensor TF.js would make: float32 unless it is noted otherwise."""

    def __init__(self) -> None:
        self._dtypes: dict[tuple[int, int], str] = {}

    def of(self, place: Place) -> str:
        """The dtype of one tensor."""
        return self._dtypes.get((place.layer, place.call), FLOAT)

    def note(self, place: Place, dtype: str) -> None:
        """Note the dtype of what a call answers."""
        self._dtypes[place.layer, place.call] = dtype

    def answer_of(self, class_name: str, sources: Sequence[Place]) -> str:
        """The dtype a layer answers in."""
        dtypes = {self.of(source) for source in sources}
        return dtypes.pop() if len(dtypes) == 1 and class_name in _HAND_ON | _KEPT_IF_ALL_ARE else FLOAT

    def must_be_floats(self, class_name: str, sources: Sequence[Place], answer: str) -> bool:
        """Say whether a layer takes these tensors only as floats; `answer` is the dtype Keras answers in."""
        dtypes = {self.of(source) for source in sources}
        if dtypes <= {FLOAT} or class_name in _TAKE_ANY:
            return False
        is_unknown_there = class_name == "UpSampling2D" and "bool" in dtypes
        return class_name not in _HAND_ON or "float" in answer or len(dtypes) > 1 or is_unknown_there
