"""What is told of gradients is what Keras and TensorFlow compute."""

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from server.training.batchwise import Moment
from server.training.build import build_loss, build_model, build_optimizer, initial_values
from server.training.gradients import BINS, EVERY_S, GradientWatch, fixed_batch_size
from server.training.numpy_trainer import NumpyTrainer
from tests.keras_oracle import rates_of
from tests.recipes import CASES, PICTURES, make_recipe, random_pictures


def look(changes: dict[str, Any]) -> list[dict[str, Any]]:
    recipe, run_data = make_recipe(**changes)
    watch = GradientWatch(recipe, run_data.train, lambda: 0.0)
    trainer = NumpyTrainer(recipe.spec, recipe.plans, recipe.batch_size)
    return watch.look(trainer, Moment(0, 0, initial_values(recipe)), rates_of(recipe))


@pytest.mark.parametrize(
    "name", ["sgd", "momentum", "adam", "l1 and l2", "four classes", "clip by norm", "convolution"]
)
def test_norms_and_ratios_are_those_of_a_gradient_tape_and_the_optimizer(name: str) -> None:
    changes = (CASES | PICTURES)[name]
    recipe, run_data = make_recipe(**changes)
    model = build_model(recipe)
    optimizer = build_optimizer(recipe.spec, model)
    penalty = keras.regularizers.L1L2(rates_of(recipe).l1, rates_of(recipe).l2)
    batch = slice(fixed_batch_size(recipe))
    with tf.GradientTape() as tape:
        loss = build_loss(recipe.spec)(run_data.train.labels[batch], model(run_data.train.features[batch]))
        loss += sum(penalty(layer.kernel) for layer in model.layers if hasattr(layer, "kernel"))
    layers = [layer for layer in model.layers if layer.trainable_variables]
    variables = [[v.value for v in layer.trainable_variables] for layer in layers]
    gradients = tape.gradient(loss, variables)
    before = [length([v.numpy() for v in layer]) for layer in variables]
    old = [[v.numpy() for v in layer] for layer in variables]
    optimizer.apply([g for layer in gradients for g in layer], model.trainable_variables)
    moved = [
        [v.numpy() - o for v, o in zip(layer, o_layer, strict=True)]
        for layer, o_layer in zip(variables, old, strict=True)
    ]
    told = look(changes)
    assert [layer["gradient_norm"] for layer in told] == pytest.approx(
        [length([g.numpy() for g in layer]) for layer in gradients], rel=1e-3
    )
    ratios = [length(step) / size for step, size in zip(moved, before, strict=True)]
    assert [layer["update_ratio"] for layer in told] == pytest.approx(ratios, rel=2e-3)


def test_a_histogram_counts_the_gradient_of_each_kernel_as_numpy_does() -> None:
    recipe, run_data = make_recipe(layers=[{"units": 7}, {"kind": "batch_normalization"}, {"units": 5}])
    trainer = NumpyTrainer(recipe.spec, recipe.plans, recipe.batch_size)
    values, rates = initial_values(recipe), rates_of(recipe)
    batch = slice(fixed_batch_size(recipe))
    features, labels = run_data.train.features[batch], run_data.train.labels[batch]
    gradient = trainer.inspect(values, features, labels, 0, rates).gradient
    # Kernel [2, 7] and 7 biases; 7 scales and 7 shifts; kernel [7, 5] and 5 biases; kernel [5, 1] and one bias.
    kernels = [gradient[:14], gradient[21:28], gradient[35:70], gradient[75:80]]
    told = GradientWatch(recipe, run_data.train, lambda: 0.0).look(trainer, Moment(0, 0, values), rates)
    assert len(told) == len(kernels)
    for layer, kernel in zip(told, kernels, strict=True):
        largest = np.abs(kernel).max()
        counts, _ = np.histogram(kernel, BINS, (-largest, largest))
        assert layer["histogram"]["counts"] == counts.tolist()
        assert layer["histogram"]["high"] == pytest.approx(largest, rel=1e-3)
        assert layer["histogram"]["low"] == -layer["histogram"]["high"]


@pytest.mark.filterwarnings("error")
def test_gradients_that_vanished_or_exploded_have_a_histogram_that_can_be_told() -> None:
    recipe, run_data = make_recipe(layers=[{"units": 6, "activation": "relu"}])
    trainer = NumpyTrainer(recipe.spec, recipe.plans, recipe.batch_size)

    def histogram_of(values: Any) -> dict[str, Any] | None:
        watch = GradientWatch(recipe, run_data.train, lambda: 0.0)
        told: dict[str, Any] | None = watch.look(trainer, Moment(0, 0, values), rates_of(recipe))[0]["histogram"]
        return told

    dead = initial_values(recipe)
    dead[12:18] = -1000.0
    assert histogram_of(dead) == {"low": -1.0, "high": 1.0, "counts": [0] * 10 + [12] + [0] * 10}
    assert histogram_of(initial_values(recipe) * np.float32(np.nan)) is None


def length(arrays: list[Any]) -> float:
    return float(np.sqrt(sum(np.sum(np.square(array)) for array in arrays)))


def test_units_that_answer_the_same_to_every_sample_are_dead() -> None:
    recipe, run_data = make_recipe(layers=[{"units": 6, "activation": "relu"}, {"units": 3, "activation": "tanh"}])
    values = initial_values(recipe)
    # The biases of the first two of six units: far below anything the inputs can bring.
    values[12:14] = -1000.0
    watch = GradientWatch(recipe, run_data.train, lambda: 0.0)
    trainer = NumpyTrainer(recipe.spec, recipe.plans, recipe.batch_size)
    told = watch.look(trainer, Moment(0, 0, values), rates_of(recipe))
    assert [(layer["name"], layer["dead_units"], layer["units"]) for layer in told] == [
        ("hidden_1", 2, 6),
        ("hidden_2", 0, 3),
        ("output", 0, 1),
    ]


def test_layers_without_weights_are_left_out_and_the_others_keep_their_index() -> None:
    told = look({"layers": [{"units": 5}, {"kind": "dropout", "rate": 0.5}, {"kind": "batch_normalization"}]})
    assert [layer["layer"] for layer in told] == [0, 2, 3]


def test_it_is_looked_at_only_so_often() -> None:
    now_s = [100.0]
    recipe, run_data = make_recipe()
    watch = GradientWatch(recipe, run_data.train, lambda: now_s[0])
    assert watch.is_due()
    watch.look(
        NumpyTrainer(recipe.spec, recipe.plans, recipe.batch_size),
        Moment(0, 0, initial_values(recipe)),
        rates_of(recipe),
    )
    now_s[0] += EVERY_S / 2
    assert not watch.is_due()
    now_s[0] += EVERY_S / 2
    assert watch.is_due()


def test_the_batch_is_smaller_for_a_network_that_is_slow() -> None:
    small, _ = make_recipe()
    spec = make_recipe(**PICTURES["normalized convolution"])[0].spec
    large, _ = random_pictures(spec, 64, 500, 100)
    assert fixed_batch_size(small) == 250
    assert 1 <= fixed_batch_size(large) < 250
