"""Weights as bytes: the order and the layout the page relies on."""

import base64

import numpy as np
import pytest

from server.training.build import build_model
from server.training.frames import decode_weights, encode_weights, set_flat_weights
from tests.recipes import make_recipe


def test_a_frame_is_layer_by_layer_kernel_before_bias_float32_little_endian() -> None:
    model = build_model(make_recipe()[0])
    text = encode_weights(np.concatenate([weight.ravel() for weight in model.get_weights()]))
    expected = np.concatenate(
        [part.ravel() for layer in model.layers for part in (layer.kernel.numpy(), layer.bias.numpy())]
    )
    assert base64.b64decode(text) == expected.astype("<f4").tobytes()


def test_weights_survive_the_way_there_and_back() -> None:
    model, other = build_model(make_recipe()[0]), build_model(make_recipe(seed=9)[0])
    set_flat_weights(
        other, decode_weights(encode_weights(np.concatenate([weight.ravel() for weight in model.get_weights()])))
    )
    for ours, theirs in zip(other.get_weights(), model.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)


def test_a_wrong_number_of_weights_is_refused() -> None:
    with pytest.raises(ValueError, match=r"has 25 weights, but 3 were given"):
        set_flat_weights(build_model(make_recipe()[0]), np.zeros(3, np.float32))
