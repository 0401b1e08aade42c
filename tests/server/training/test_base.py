"""Networks that start from MobileNetV2, beside plain Keras."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from server.datasets.bases import Bases, MissingBase
from server.domain.mobilenet import SIZES, WIDTHS, base_file_name, base_layers, base_tail, embedding_shape
from server.domain.spec import BaseSpec
from server.training.base import (
    Floats,
    build_base,
    build_embedder,
    build_tail,
    load_base_weights,
    set_weights,
    tail_values,
    with_tail_values,
)

PICTURES = np.random.default_rng(0).uniform(size=(3, 20, 28, 1)).astype(np.float32)


@pytest.fixture(scope="module")
def oracle(base_images_dir: Path) -> Floats:
    """What Keras says about the pictures, with its own preparation of them and its own reading of the file."""
    path = Bases(base_images_dir).get(BaseSpec())
    model = keras.applications.MobileNetV2((96, 96, 3), alpha=0.35, include_top=False, pooling="avg", weights=str(path))
    bytes_of = np.repeat(tf.image.resize(PICTURES, (96, 96)).numpy(), 3, -1) * 255
    said: Floats = model.predict(keras.applications.mobilenet_v2.preprocess_input(bytes_of), verbose=0)
    return said


@pytest.mark.parametrize(("width", "size"), [(width, SIZES[place]) for place, width in enumerate(WIDTHS)])
def test_our_list_of_layers_is_that_of_keras(width: int, size: int) -> None:
    base = BaseSpec(width=width, size=size)  # type: ignore[arg-type]
    keras_layers = build_base(base).layers[1:]
    ours = [(layer.name, layer.outputs, layer.weights) for layer in base_layers(base)]
    theirs = [
        (layer.name, tuple(layer.output.shape[1:]), tuple(tuple(weight.shape) for weight in layer.weights))
        for layer in keras_layers
    ]
    assert ours == theirs


@pytest.mark.parametrize("unfrozen", [0, 160])
def test_frozen_part_and_tail_together_say_what_keras_says(
    base_images_dir: Path, oracle: Floats, unfrozen: int
) -> None:
    base = BaseSpec(unfrozen=unfrozen)
    weights, tail = load_base_weights(base, Bases(base_images_dir)), base_tail(base)
    said = build_embedder(PICTURES.shape[1:], base, weights)(PICTURES)
    assert said.shape[1:] == embedding_shape(base)
    if tail:
        model = build_tail(tail)
        set_weights(model, weights)
        said = model(said, training=True)
    assert oracle.std() > 0.1
    np.testing.assert_allclose(said, oracle, atol=2e-4)


def test_a_tail_has_the_weights_and_the_trainable_ones_that_are_worked_out_without_keras() -> None:
    tail = base_tail(BaseSpec(unfrozen=6))
    assert tail is not None
    model = build_tail(tail)
    assert [tuple(weight.shape) for weight in model.weights] == [
        shape for each in tail.layers for shape in each.weights
    ]
    assert sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) == tail.trainable_count


def test_a_tail_in_one_row_comes_back_as_it_was(base_images_dir: Path) -> None:
    tail = base_tail(BaseSpec(unfrozen=10))
    assert tail is not None
    weights = load_base_weights(tail.base, Bases(base_images_dir))
    row = tail_values(tail, weights)
    assert row.shape == (tail.weights_count,)
    changed = with_tail_values(weights, tail, row + 1)
    np.testing.assert_array_equal(tail_values(tail, changed), row + 1)
    assert all(changed[name] is weights[name] for name in weights.keys() - {layer.name for layer in tail.layers})


def test_a_missing_file_is_told_with_its_name_and_place(tmp_path: Path) -> None:
    with pytest.raises(MissingBase) as caught:
        load_base_weights(BaseSpec(width=50, size=128), Bases(tmp_path))
    assert "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.5_128_no_top.h5" in caught.value.message
    assert str(tmp_path / "bases") in caught.value.message


@pytest.mark.parametrize("content", [b"no weights", None], ids=["not HDF5", "of another width"])
def test_a_file_that_is_no_such_base_is_told(tmp_path: Path, base_images_dir: Path, content: bytes | None) -> None:
    wanted = BaseSpec(width=50)
    path = tmp_path / "bases" / base_file_name(wanted)
    path.parent.mkdir()
    path.write_bytes(Bases(base_images_dir).get(BaseSpec()).read_bytes() if content is None else content)
    with pytest.raises(MissingBase, match="broken or another one"):
        load_base_weights(wanted, Bases(tmp_path))
