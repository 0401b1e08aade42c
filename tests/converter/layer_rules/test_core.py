"""Layers most models are made of."""

import numpy as np
import pytest

from converter.errors import UnsupportedLayer
from converter.topology import Topology
from tests.converter.layer_rules.hand_made import classes_of, layers_of, numbered, say


def _einsum(equation: str, given: tuple[int, ...], made: tuple[int, ...], *kernel: int) -> Topology:
    return say(
        "EinsumDense", [given], made, {"kernel": numbered(*kernel)}, equation=equation, output_shape=made,
        activation="linear",
    )  # fmt: skip


def test_an_einsum_over_the_last_axes_is_a_dense_layer_between_reshapings() -> None:
    topology = _einsum("abcd,cdef->abef", (2, 3, 4), (2, 5, 6), 3, 4, 5, 6)

    assert classes_of(topology) == ["Reshape", "Dense", "Reshape"]
    (kernel,) = topology.arrays.values()
    np.testing.assert_array_equal(kernel, numbered(12, 30))


@pytest.mark.parametrize("equation", ["abc,bd->adc", "abc,dc->abd", "ab,bc->ca"], ids=str)
def test_another_einsum_is_refused(equation: str) -> None:
    with pytest.raises(UnsupportedLayer, match="no Dense layer in disguise"):
        _einsum(equation, (2, 3), (2, 3), 3, 3)


def test_a_table_makes_masks_only_where_something_takes_them() -> None:
    topology = say(
        "Embedding", [(4,)], (4, 3), {"embeddings": numbered(5, 3)}, input_dim=5, output_dim=3, mask_zero=True
    )

    ((_, config),) = layers_of(topology)
    assert config["mask_zero"] is False


def test_flat_is_what_has_one_axis_besides_the_batch() -> None:
    assert classes_of(say("Flatten", [(4,)], (4,), data_format="channels_last")) == ["Activation"]
    assert classes_of(say("Flatten", [(None, 3)], (None,), data_format="channels_last")) == ["Reshape"]
    assert classes_of(say("Flatten", [(2, 3)], (6,), data_format="channels_first")) == ["Permute", "Flatten"]


def test_a_negative_axis_is_counted_from_the_front() -> None:
    ((_, config),) = layers_of(say("Concatenate", [(2, 3), (4, 3)], (6, 3), axis=-2))

    assert config["axis"] == 1
