"""Convolutions: what TF.js does not know is written into the kernel, or done before and after."""

from typing import Any

import numpy as np
import pytest

from converter.errors import UnsupportedLayer
from tests.converter.layer_rules.hand_made import classes_of, layers_of, numbered, say

WINDOW: dict[str, Any] = {
    "kernel_size": (2,),
    "strides": (1,),
    "padding": "valid",
    "data_format": "channels_last",
    "dilation_rate": (1,),
    "activation": "linear",
    "use_bias": False,
}
PICTURE: dict[str, Any] = {**WINDOW, "kernel_size": (2, 2), "strides": (1, 1), "dilation_rate": (1, 1)}


def test_groups_become_zeros_between_channels_that_do_not_meet() -> None:
    kernel = numbered(2, 2, 1, 2)
    topology = say("Conv2D", [(4, 4, 2)], (3, 3, 2), {"kernel": kernel}, **PICTURE, filters=2, groups=2)

    written = topology.arrays["it/kernel"]
    assert written.shape == (2, 2, 2, 2)
    np.testing.assert_array_equal(written[..., 0, 0], kernel[..., 0, 0])
    np.testing.assert_array_equal(written[..., 1, 1], kernel[..., 0, 1])
    assert not written[..., 0, 1].any()
    assert not written[..., 1, 0].any()


def test_gaps_of_a_depthwise_kernel_are_written_out() -> None:
    config = {**PICTURE, "dilation_rate": (2, 1)}
    topology = say(
        "DepthwiseConv2D", [(4, 4, 1)], (2, 3, 1), {"kernel": numbered(2, 2, 1, 1)}, **config, depth_multiplier=1
    )

    ((_, written),) = layers_of(topology)
    assert topology.arrays["it/depthwise_kernel"][..., 0, 0].tolist() == [[1, 2], [0, 0], [3, 4]]
    assert written["kernel_size"] == [3, 2]
    assert "dilation_rate" not in written


def test_causal_padding_is_added_in_front_by_the_reach_of_the_kernel() -> None:
    config = {**WINDOW, "padding": "causal", "kernel_size": (3,), "dilation_rate": (2,)}
    topology = say("Conv1D", [(None, 3)], (None, 4), {"kernel": numbered(3, 3, 4)}, **config, filters=4, groups=1)

    layers = layers_of(topology)
    assert classes_of(topology) == ["Reshape", "ZeroPadding2D", "Reshape", "Conv1D"]
    assert layers[1][1]["padding"] == [[4, 0], [0, 0]]
    assert layers[3][1]["padding"] == "valid"


def test_a_sequence_with_channels_first_is_turned_and_activated_once_it_is_turned_back() -> None:
    config = {**WINDOW, "data_format": "channels_first", "activation": "softmax"}
    topology = say("Conv1D", [(3, 6)], (4, 5), {"kernel": numbered(2, 3, 4)}, **config, filters=4, groups=1)

    assert classes_of(topology) == ["Permute", "Conv1D", "Permute", "Activation"]
    assert layers_of(topology)[1][1]["activation"] == "linear"


def test_a_depthwise_kernel_along_sequences_becomes_one_of_pictures() -> None:
    topology = say("DepthwiseConv1D", [(6, 3)], (5, 3), {"kernel": numbered(2, 3, 1)}, **WINDOW, depth_multiplier=1)

    assert classes_of(topology) == ["Reshape", "DepthwiseConv2D", "Reshape"]
    assert [array.shape for array in topology.arrays.values()] == [(2, 1, 3, 1)]


@pytest.mark.parametrize(
    ("size", "output_padding"), [(12, None), (11, 0), (None, 1)], ids=["the size of TF.js", "smaller", "unknown"]
)
def test_a_transposed_convolution_passes_only_with_the_size_tensorflow_js_makes(
    size: int | None, output_padding: int | None
) -> None:
    config = {**PICTURE, "strides": (2, 2), "padding": "same", "filters": 1, "output_padding": output_padding}
    given = None if size is None else 6

    def translate() -> Any:
        return say("Conv2DTranspose", [(given, given, 1)], (size, size, 1), {"kernel": numbered(2, 2, 1, 1)}, **config)

    if size == 12:
        assert classes_of(translate()) == ["Conv2DTranspose"]
    else:
        with pytest.raises(UnsupportedLayer, match="output_padding"):
            translate()
