"""Each layer in NumPy: what dropout silences, what normalization remembers, where a window looks."""

from math import prod

import keras
import numpy as np
import pytest

from server.domain.layers import (
    AveragePooling2DSpec,
    BatchNormalizationSpec,
    Conv2DSpec,
    DropoutSpec,
    FlattenSpec,
    LayerSpec,
)
from server.domain.shapes import LayerPlan, Shape, plan_layers
from server.training.numpy_layers import (
    ACTIVATIONS,
    AveragePooling2D,
    BatchNormalization,
    Dropout,
    Floats,
    Frame,
    Layer,
    Place,
    Signal,
    Window,
    make_signal,
)

SEED, INDEX, ROWS = 3, 1, 400


def plan_of(shape: Shape, layer: LayerSpec) -> LayerPlan:
    return plan_layers([layer, FlattenSpec()], shape, 1)[0]


def make_place(plan: LayerPlan, index: int = INDEX, seed: int = SEED) -> Place:
    averaged = sum(prod(shape) for shape in plan.weights) - plan.trainable
    weights, gradient, averages = (np.ones(size, np.float32) for size in (plan.trainable, plan.trainable, averaged))
    return Place(index, plan, "linear", seed, weights, gradient, averages)


def make_dropout(rate: float, index: int = INDEX, seed: int = SEED, shape: Shape = (50,)) -> tuple[Dropout, Signal]:
    source = make_signal(shape, ROWS, is_wanted=True)
    source.values[...] = 2
    return Dropout(make_place(plan_of(shape, DropoutSpec(rate=rate)), index, seed), source), source


def mask_of(layer: Layer, step: int = 0) -> Floats:
    layer.forward(step)
    return layer.output.values.copy()


# ---- Dropout --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("shape", [(50,), (5, 5, 2)], ids=["row", "picture"])
def test_dropout_silences_its_share_and_keeps_the_mean(rate, shape):
    layer, source = make_dropout(rate, shape=shape)
    outputs = mask_of(layer)
    deviation = np.sqrt(rate * (1 - rate) / source.values.size)
    assert np.mean(outputs == 0) == pytest.approx(rate, abs=4 * deviation)
    assert outputs.mean() == pytest.approx(2, abs=4 * 2 * deviation / (1 - rate))
    np.testing.assert_allclose(outputs[outputs != 0], 2 / (1 - rate), rtol=1e-6)


def test_dropout_of_a_rate_of_zero_passes_everything_on():
    layer, source = make_dropout(0.0)
    source.values[...] = np.random.default_rng(0).normal(size=source.values.shape)
    np.testing.assert_array_equal(mask_of(layer), source.values)


def test_dropout_hands_the_gradient_back_through_the_same_mask():
    layer, source = make_dropout(0.3)
    outputs = mask_of(layer)
    layer.output.gradient[...] = 2
    layer.backward()
    np.testing.assert_array_equal(source.gradient, outputs)


def test_dropout_silences_nothing_while_testing():
    layer, source = make_dropout(0.5)
    layer.infer()
    np.testing.assert_array_equal(layer.output.values, source.values)


def test_masks_follow_from_the_seed_the_layer_and_the_step():
    mask = mask_of(make_dropout(0.5)[0], step=7)
    layer, _ = make_dropout(0.5)
    layer.forward(3)
    np.testing.assert_array_equal(mask_of(layer, step=7), mask)
    others = (
        mask_of(layer, step=8),
        mask_of(make_dropout(0.5, index=2)[0], step=7),
        mask_of(make_dropout(0.5, seed=4)[0], step=7),
    )
    for other in others:
        assert np.mean(other == mask) == pytest.approx(0.5, abs=0.02)


# ---- Activations ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_are_those_of_keras_far_from_zero_too(name):
    values = np.array([[-200, -90, -20, -1, -1e-8, 0, 1e-8, 1, 20, 200]], np.float32)
    expected = keras.ops.convert_to_numpy(keras.activations.get(name)(values))
    with np.errstate(all="ignore"):
        ACTIVATIONS[name](values, np.zeros_like(values)).forward()
    np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-30)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slopes_are_those_that_small_steps_show(name):
    inputs = np.array([[-3, -0.7, -0.1, 0.2, 1.5, 4]])
    values, gradient = inputs.astype(np.float32), np.full(inputs.shape, 2, np.float32)
    activation = ACTIVATIONS[name](values, gradient)
    activation.forward()
    activation.backward()
    curves = {"relu": lambda x: np.maximum(x, 0), "tanh": np.tanh, "sigmoid": lambda x: 1 / (1 + np.exp(-x))}
    curve = curves.get(name, lambda x: x)
    np.testing.assert_allclose(gradient, (curve(inputs + 1e-5) - curve(inputs - 1e-5)) / 1e-5, rtol=1e-5, atol=1e-6)


def test_the_slope_of_relu_at_zero_is_zero():
    values, gradient = np.zeros((1, 3), np.float32), np.ones((1, 3), np.float32)
    activation = ACTIVATIONS["relu"](values, gradient)
    activation.forward()
    activation.backward()
    assert not gradient.any()


# ---- Normalization --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(6,), (4, 5, 6)], ids=["row", "picture"])
def test_a_normalized_batch_has_mean_beta_and_deviation_gamma(shape):
    source = make_signal(shape, ROWS, is_wanted=True)
    source.values[...] = np.random.default_rng(0).normal(5, 20, source.values.shape)
    place = make_place(plan_of(shape, BatchNormalizationSpec(momentum=0.9)))
    place.weights[:6], place.weights[6:] = 3, -2
    place.averages[...] = 1
    layer = BatchNormalization(place, source)
    layer.forward(0)
    axes = 1 if len(shape) == 1 else (0, 1, 2)
    np.testing.assert_allclose(layer.output.values.mean(axes), -2, atol=1e-4)
    np.testing.assert_allclose(layer.output.values.std(axes), 3, rtol=1e-4)
    moments = source.values.mean(axes), source.values.var(axes)
    np.testing.assert_allclose(place.averages, np.concatenate([0.9 + 0.1 * moment for moment in moments]), rtol=1e-4)


def test_testing_takes_the_averages_and_leaves_them():
    source = make_signal((2,), ROWS, is_wanted=True)
    place = make_place(plan_of((2,), BatchNormalizationSpec()))
    place.averages[:] = 1, 2, 4, 9
    source.values[...] = 10
    layer = BatchNormalization(place, source)
    layer.infer()
    expected = 1 + (10 - np.array([1, 2])) / np.sqrt(np.array([4, 9]) + 1e-3)
    np.testing.assert_allclose(layer.output.values, np.tile(expected[:, None], ROWS), rtol=1e-6)
    np.testing.assert_array_equal(place.averages, [1, 2, 4, 9])


# ---- Pictures -------------------------------------------------------------------------------------------------


def test_what_lies_outside_the_picture_does_not_count_for_its_mean():
    source = make_signal((3, 3, 1), 1, is_wanted=True)
    source.values[...] = 6
    layer = AveragePooling2D(make_place(plan_of((3, 3, 1), AveragePooling2DSpec(padding="same"))), source)
    layer.forward(0)
    np.testing.assert_array_equal(layer.output.values, np.full((1, 2, 2, 1), 6))


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("size", "strides"), [(1, 1), (2, 1), (3, 2), (4, 3), (2, 4)])
def test_a_window_sees_the_pixels_that_tensorflow_shows_it(padding, size, strides):
    source = make_signal((7, 9, 2), 2, is_wanted=True)
    source.values[...] = np.random.default_rng(0).normal(size=source.values.shape)
    plan = plan_of((7, 9, 2), Conv2DSpec(kernel_size=size, strides=strides, padding=padding))
    frame = Frame(source, plan, Window(size, strides, padding), 0)
    frame.enter()
    seen = keras.ops.image.extract_patches(source.values, size, strides, padding=padding)
    np.testing.assert_array_equal(frame.windows.reshape(seen.shape), seen)
    np.testing.assert_array_equal(np.concatenate(frame.patches, -1), seen)


def test_a_layer_writes_no_gradient_that_nobody_wants():
    source = make_signal((4,), 3, is_wanted=False)
    layer = BatchNormalization(make_place(plan_of((4,), BatchNormalizationSpec())), source)
    layer.output.gradient[...] = 1
    layer.forward(0)
    layer.backward()
    assert layer.output.is_wanted
    assert not source.gradient.any()
