"""The losses in NumPy give the numbers and the gradients of Keras, and the penalty spares what is no kernel."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from server.training.numpy_layers import Floats, Signal, make_signal
from server.training.numpy_losses import LOSSES, Loss, Penalty
from server.training.rates import Rates

SAMPLES = 50

ORACLES = {
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
    "mse": keras.losses.MeanSquaredError,
    "mae": keras.losses.MeanAbsoluteError,
    "huber": keras.losses.Huber,
}

CASES = [
    ("binary_crossentropy", "sigmoid", 1),
    ("categorical_crossentropy", "softmax", 5),
    *[(name, activation, outputs) for name in ("mse", "mae", "huber") for activation, outputs in
      (("sigmoid", 1), ("softmax", 5), ("linear", 1))],
]  # fmt: skip


def make_labels(activation: str, outputs: int) -> Floats:
    generator = np.random.default_rng(1)
    if activation == "linear":
        return generator.normal(0, 3, (SAMPLES, 1)).astype(np.float32)
    if outputs == 1:
        return generator.integers(0, 2, (SAMPLES, 1)).astype(np.float32)
    return np.eye(outputs, dtype=np.float32)[generator.integers(0, outputs, SAMPLES)]


def make_loss(name: str, activation: str, outputs: int, spread: float) -> tuple[Loss, Signal]:
    signal = make_signal((outputs,), SAMPLES, is_wanted=True)
    signal.values[...] = np.random.default_rng(0).normal(0, spread, signal.values.shape)
    return LOSSES[name](activation, signal), signal


@pytest.mark.parametrize("spread", [1, 30], ids=["small", "saturated"])
@pytest.mark.parametrize(("name", "activation", "outputs"), CASES)
def test_loss_and_gradient_are_those_of_keras(name, activation, outputs, spread):
    labels = make_labels(activation, outputs)
    loss, signal = make_loss(name, activation, outputs, spread)
    targets = loss.targets_of(labels.T)
    loss.backward(targets)
    logits = tf.constant(signal.values.T)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        expected = ORACLES[name]()(labels, keras.activations.get(activation)(logits))
    np.testing.assert_allclose(signal.gradient.T, tape.gradient(expected, logits), rtol=1e-5, atol=1e-8)
    assert loss.measure(targets)[0] / SAMPLES == pytest.approx(float(expected), rel=1e-5)


@pytest.mark.parametrize(("activation", "outputs"), [("sigmoid", 1), ("softmax", 5)])
def test_right_predictions_are_counted_as_keras_counts_them(activation, outputs):
    labels = make_labels(activation, outputs)
    loss, signal = make_loss("mse", activation, outputs, 2)
    metric = keras.metrics.BinaryAccuracy() if outputs == 1 else keras.metrics.CategoricalAccuracy()
    metric.update_state(labels, keras.activations.get(activation)(signal.values.T.copy()))
    assert loss.measure(labels.T)[1] / SAMPLES == pytest.approx(float(metric.result()))


def test_a_wrong_prediction_costs_more_than_a_cut_off_probability_could():
    loss, signal = make_loss("binary_crossentropy", "sigmoid", 1, 0)
    signal.values[...] = 70
    assert loss.measure(np.full((1, SAMPLES), -1, np.float32))[0] / SAMPLES == pytest.approx(70)


def test_a_prediction_of_one_half_says_no():
    loss, signal = make_loss("binary_crossentropy", "sigmoid", 1, 0)
    signal.values[...] = 1e-9
    assert loss.measure(np.full((1, SAMPLES), -1, np.float32))[1] == SAMPLES
    assert loss.measure(np.full((1, SAMPLES), 1, np.float32))[1] == 0


def test_classes_as_likely_as_each_other_count_for_the_first():
    loss, signal = make_loss("categorical_crossentropy", "softmax", 3, 0)
    labels = np.zeros_like(signal.values)
    labels[0] = 1
    assert loss.measure(labels)[1] == SAMPLES
    assert loss.measure(np.roll(labels, 1, 0))[1] == 0


def test_what_is_sure_and_right_still_has_a_slope():
    """Where 1 - probability would round to 0: an adaptive optimizer makes steps of it."""
    loss, signal = make_loss("binary_crossentropy", "sigmoid", 1, 0)
    signal.values[...] = 30
    loss.backward(np.ones_like(signal.values))
    np.testing.assert_allclose(signal.gradient, -np.exp(-30) / SAMPLES, rtol=1e-5)


def test_huber_grows_straight_beyond_an_error_of_one():
    loss, signal = make_loss("huber", "linear", 1, 0)
    signal.values[...] = np.linspace(-3, 3, SAMPLES)
    loss.backward(np.zeros_like(signal.values))
    np.testing.assert_allclose(signal.gradient * SAMPLES, np.clip(signal.values, -1, 1), rtol=1e-6)


PENALTIES = {"none": (0, 0), "l1": (0.3, 0), "l2": (0, 0.2), "both": (0.3, 0.2)}


@pytest.mark.parametrize("rates", PENALTIES.values(), ids=PENALTIES)
def test_the_penalty_is_that_of_keras_on_kernels_alone(rates):
    parameters = np.array([-2, -0.5, 0, 0.5, 2, 7, -7], np.float32)
    is_kernel = np.array([1, 1, 1, 1, 1, 0, 0], np.float32)
    gradient = np.full(7, 10, np.float32)
    penalty = Penalty(parameters, gradient, is_kernel)
    penalty.take(Rates(0, *rates))
    penalty.add()
    kernel = tf.constant(parameters[:5])
    with tf.GradientTape() as tape:
        tape.watch(kernel)
        expected = keras.regularizers.L1L2(*rates)(kernel)
    slope = tape.gradient(expected, kernel)
    np.testing.assert_allclose(gradient[:5] - 10, np.zeros(5) if slope is None else slope, rtol=1e-6)
    np.testing.assert_array_equal(gradient[5:], 10)
