"""What is known of MobileNetV2 without Keras."""

import pytest

from server.domain.mobilenet import (
    EMBEDDING,
    base_file_name,
    base_layers,
    base_tail,
    base_weights_count,
    embedding_shape,
)
from server.domain.spec import BaseSpec


def test_the_file_has_the_name_keras_gives_it() -> None:
    names = [base_file_name(BaseSpec(width=width, size=96)) for width in (35, 50, 100)]
    assert names == [
        f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{alpha}_96_no_top.h5" for alpha in ("0.35", "0.5", "1.0")
    ]


def test_the_widest_base_has_the_weights_that_are_known_of_it() -> None:
    assert base_weights_count(BaseSpec(width=100, size=160)) == 2_257_984


@pytest.mark.parametrize("unfrozen", [0, 1, 3])
def test_without_an_unfrozen_kernel_nothing_of_the_base_is_trained(unfrozen: int) -> None:
    base = BaseSpec(unfrozen=unfrozen)
    assert base_tail(base) is None
    assert embedding_shape(base) == (EMBEDDING,)


def test_the_last_convolution_alone_takes_what_the_last_block_says() -> None:
    tail = base_tail(BaseSpec(unfrozen=4))
    assert tail is not None
    assert tail.trained == {"Conv_1"}
    assert tail.inputs == (3, 3, 112)
    assert tail.trainable_count == 112 * 1280


def test_layers_of_the_same_block_that_are_still_frozen_come_along_untrained() -> None:
    tail = base_tail(BaseSpec(unfrozen=6))
    assert tail is not None
    assert tail.layers[0].name == "block_16_expand"
    assert tail.trained == {"block_16_project", "Conv_1"}


def test_more_unfrozen_layers_than_there_are_unfreeze_all() -> None:
    tail = base_tail(BaseSpec(unfrozen=160))
    assert tail is not None
    assert tail.inputs == (96, 96, 3)
    assert tail.layers == base_layers(BaseSpec())
    assert tail.trainable_count == sum(layer.weights_count for layer in tail.layers if layer.has_kernel)


def test_a_normalization_is_never_trained() -> None:
    tail = base_tail(BaseSpec(unfrozen=160))
    assert tail is not None
    assert not {layer.name for layer in tail.layers if layer.kind == "batch_normalization"} & tail.trained
