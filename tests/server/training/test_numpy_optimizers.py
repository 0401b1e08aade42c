"""The optimizers in NumPy move weights and slots as those of Keras do, whatever the size of the gradient."""

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from server.domain.spec import OptimizerSpec
from server.training.numpy_layers import Floats
from server.training.numpy_optimizers import Movable, clipping_of, optimizer_kind

WEIGHTS, UPDATES = 40, 50

CASES: dict[str, dict[str, Any]] = {
    "sgd": {"name": "sgd"},
    "momentum": {"name": "sgd", "momentum": 0.9},
    "nesterov": {"name": "sgd", "momentum": 0.5, "nesterov": True},
    "adagrad": {"name": "adagrad"},
    "rmsprop": {"name": "rmsprop"},
    "adam": {"name": "adam"},
}
KERAS = {"sgd": keras.optimizers.SGD, "adagrad": keras.optimizers.Adagrad, "rmsprop": keras.optimizers.RMSprop}
KERAS |= {"adam": keras.optimizers.Adam}


def make_gradients(size: float) -> Floats:
    return np.random.default_rng(0).normal(0, size, (UPDATES, WEIGHTS)).astype(np.float32)


@pytest.mark.parametrize("size", [1e-8, 1e-3, 1, 1e4])
@pytest.mark.parametrize("changes", CASES.values(), ids=CASES)
def test_weights_move_as_in_keras(changes, size):
    options = OptimizerSpec(learning_rate=0.05, **changes)
    first_slot = 0.1 if options.name == "adagrad" else 0.0
    slots = np.full((optimizer_kind(options).slot_kinds, WEIGHTS), first_slot, np.float32)
    movable = Movable(np.linspace(-1, 1, WEIGHTS, dtype=np.float32), np.zeros(WEIGHTS, np.float32), slots)
    ours = optimizer_kind(options)(options, movable)
    ours.take(options.learning_rate)
    theirs, variable = (
        KERAS[options.name](learning_rate=0.05, **without_name(changes)),
        keras.Variable(movable.parameters),
    )
    for step, gradient in enumerate(make_gradients(size)):
        movable.gradient[...] = gradient
        ours.update(step)
        theirs.apply([tf.constant(gradient)], [variable])
    np.testing.assert_allclose(movable.parameters, variable.numpy(), rtol=1e-5, atol=1e-6)


def without_name(changes: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in changes.items() if key != "name"}


def test_only_sgd_takes_a_momentum():
    assert optimizer_kind(OptimizerSpec(name="sgd")).slot_kinds == 0
    assert optimizer_kind(OptimizerSpec(name="sgd", momentum=0.5)).slot_kinds == 1
    assert optimizer_kind(OptimizerSpec(name="adam")).slot_kinds == 2


def test_after_a_million_updates_adam_corrects_nothing_any_more():
    options = OptimizerSpec(name="adam", learning_rate=0.5)
    movable = Movable(np.zeros(1, np.float32), np.zeros(1, np.float32), np.ones((2, 1), np.float32))
    adam = optimizer_kind(options)(options, movable)
    adam.take(0.5)
    movable.gradient[...] = 1
    adam.update(1_000_000)
    assert movable.parameters[0] == pytest.approx(-0.5, rel=1e-6)


# ---- Clipping -------------------------------------------------------------------------------------------------


def clip(options: OptimizerSpec, gradient: Floats, sizes: list[int]) -> Floats:
    clipped = gradient.copy()
    clipping = clipping_of(options, clipped, sizes)
    assert clipping is not None
    with np.errstate(all="ignore"):
        clipping()
    return clipped


def test_the_gradient_of_each_variable_is_clipped_by_its_own_norm():
    gradient = np.array([3, 4, 0.1, 0, 0, 0, 30, 0, 40, 5], np.float32)
    sizes = [2, 1, 3, 3, 1]
    parts = np.split(gradient, np.cumsum(sizes)[:-1])
    expected = np.concatenate([tf.clip_by_norm(part, 2.5) for part in parts])
    np.testing.assert_allclose(clip(OptimizerSpec(clip_norm=2.5), gradient, sizes), expected, rtol=1e-6)


def test_the_norm_of_a_large_variable_is_exact():
    """Adding so many squares one after the other would lose the last digits."""
    gradient = np.random.default_rng(0).normal(1, 1, 200_001).astype(np.float32)
    clipped = clip(OptimizerSpec(clip_norm=1), gradient, [1, 200_000])[1:].astype(np.float64)
    assert np.sqrt(np.sum(np.square(clipped))) == pytest.approx(1, rel=1e-6)


def test_a_gradient_of_zero_stays_zero():
    assert not clip(OptimizerSpec(clip_norm=1), np.zeros(3, np.float32), [1, 2]).any()


def test_one_variable_without_numbers_leaves_the_others_alone():
    gradient = np.array([np.nan, 1, 3, 4], np.float32)
    clipped = clip(OptimizerSpec(clip_norm=5), gradient, [2, 2])
    np.testing.assert_array_equal(clipped, [np.nan, np.nan, 3, 4])


def test_each_number_is_cut_to_a_size():
    gradient = np.array([-9, -0.5, 0, 0.5, 9], np.float32)
    clipped = clip(OptimizerSpec(clip_value=0.7), gradient, [5])
    np.testing.assert_array_equal(clipped, np.array([-0.7, -0.5, 0, 0.5, 0.7], np.float32))


def test_nothing_is_clipped_unless_it_is_asked_for():
    assert clipping_of(OptimizerSpec(), np.zeros(3, np.float32), [3]) is None
