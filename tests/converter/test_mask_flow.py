"""Masks on their way through a TF.js model: what its executor would hand to layers that skip steps."""

from typing import Any

import pytest

from converter.errors import UnsupportedLayer
from converter.flat_model import FlatLayer, FlatModel
from converter.layer_rules import Place
from converter.mask_flow import Masks, refuse_other_masks

MASK = ("Masking", 1, 0.0)


class _Flat:
    """Calls layers one after the other, each new, and notes what Keras makes and takes there."""

    def __init__(self) -> None:
        self.model = FlatModel()
        self.masks: dict[Place, Masks] = {}
        self.start = self.call("InputLayer")
        self.masked = self.call("Masking", self.start, made=MASK)

    def call(self, class_name: str, *sources: Place, made: Any = None, taken: Any = None, **config: Any) -> Place:
        layer = FlatLayer(class_name.lower(), class_name, config)
        place = self.model.add_call((str(len(self.model.layers)),), 0, layer, sources)
        self.masks[place] = Masks(made, taken)
        return place

    def check(self) -> None:
        refuse_other_masks(self.model, self.masks)


@pytest.mark.parametrize("between", ["Dense", "Dropout", "Rescaling", "LeakyReLU"])
def test_a_mask_reaches_a_reader_through_what_keeps_it(between: str) -> None:
    flat = _Flat()
    flat.call("LSTM", flat.call(between, flat.masked), taken=MASK)

    flat.check()


@pytest.mark.parametrize("between", ["Conv1D", "Permute", "Reshape"])
def test_a_reader_without_a_mask_in_a_model_with_one_is_refused(between: str) -> None:
    flat = _Flat()
    flat.call("LSTM", flat.call(between, flat.masked))

    with pytest.raises(UnsupportedLayer, match='"lstm" .*mixes up masks'):
        flat.check()


def test_a_sum_spoils_the_mask_for_readers_after_it_only() -> None:
    flat = _Flat()
    read = flat.call("LSTM", flat.masked, taken=MASK, return_sequences=True)
    total = flat.call("Add", read, flat.masked)
    flat.call("Dense", total)
    flat.check()

    flat.call("GRU", total, taken=MASK)
    with pytest.raises(UnsupportedLayer, match='"gru"'):
        flat.check()


def test_tensors_with_and_without_a_mask_are_not_joined_along_the_steps() -> None:
    flat = _Flat()
    flat.call("Concatenate", flat.masked, flat.start, axis=1)

    with pytest.raises(UnsupportedLayer, match="with and without a mask"):
        flat.check()


def test_a_reader_inside_time_distributed_must_not_find_a_mask() -> None:
    flat = _Flat()
    flat.call("Dense", flat.masked)
    flat.call("TimeDistributed", flat.start, layer={"class_name": "LSTM", "config": {}})

    with pytest.raises(UnsupportedLayer, match='"timedistributed"'):
        flat.check()


def test_a_mask_keras_was_given_but_nobody_makes_is_refused() -> None:
    flat = _Flat()
    flat.call("LSTM", flat.start, taken=("Embedding", 2, 3.0))

    with pytest.raises(UnsupportedLayer, match='"lstm"'):
        flat.check()
