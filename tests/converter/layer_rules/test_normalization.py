"""Normalization and scaling by constants."""

import numpy as np
import pytest

from converter.errors import UnsupportedLayer
from tests.converter.layer_rules.hand_made import classes_of, layers_of, numbered, say

BATCH = {"momentum": 0.9, "epsilon": 1e-3, "center": True, "scale": False}
STATISTICS = {"moving_mean": numbered(4), "moving_variance": numbered(4), "beta": numbered(4)}


def test_batch_normalization_along_another_axis_is_turned_there_and_back() -> None:
    topology = say("BatchNormalization", [(4, 5, 3)], (4, 5, 3), STATISTICS, axis=1, **BATCH)

    assert classes_of(topology) == ["Permute", "BatchNormalization", "Permute"]
    assert {name.partition("/")[2] for name in topology.arrays} == {"beta", "moving_mean", "moving_variance"}


@pytest.mark.parametrize("axis", [[-1, 1], [1, 3]], ids=str)
def test_layer_normalization_reads_its_weights_along_axes_from_the_front(axis: list[int]) -> None:
    shape = (3, 4) if axis == [-1, 1] else (4, 3)
    weights = {"gamma": numbered(*shape), "beta": numbered(*shape)}
    topology = say(
        "LayerNormalization", [(4, 5, 3)], (4, 5, 3), weights, axis=axis, epsilon=1e-3, center=True, scale=True
    )

    ((_, config),) = layers_of(topology)
    assert config["axis"] == [1, 3]
    np.testing.assert_array_equal(topology.arrays["it/gamma"], numbered(4, 3))


def test_a_variance_of_zero_divides_by_the_smallest_deviation_of_keras() -> None:
    weights = {"mean": numbered(1, 2), "variance": np.array([[4.0, 0.0]], "f4")}
    topology = say("Normalization", [(2,)], (2,), weights, axis=-1)

    ((class_name, config),) = layers_of(topology)
    assert (class_name, config["epsilon"]) == ("BatchNormalization", 0.0)
    np.testing.assert_allclose(topology.arrays["it/moving_variance"], [4.0, 1e-14], rtol=1e-6)


def test_one_mean_for_everything_is_a_rescaling() -> None:
    weights = {"mean": np.array(3.0, "f4"), "variance": np.array(4.0, "f4")}
    ((class_name, config),) = layers_of(say("Normalization", [(4, 2)], (4, 2), weights, axis=None))

    assert (class_name, config["scale"], config["offset"]) == ("Rescaling", [[0.5]], [[-1.5]])


def test_normalization_that_saw_no_data_is_refused() -> None:
    with pytest.raises(UnsupportedLayer, match=r"has not seen any data; call adapt\(\)"):
        say("Normalization", [(2,)], (2,), axis=-1)
