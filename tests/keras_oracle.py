"""Plain Keras as the judge of every other way to train: `train_on_batch` and `evaluate`, nothing of ours in between."""

import keras
import numpy as np
import numpy.typing as npt

from server.datasets.splits import RunData
from server.training.build import build_loss, build_model, build_optimizer
from server.training.rates import Rates
from server.training.recipe import Recipe
from server.training.seeding import sample_order

Values = npt.NDArray[np.float32]


def rates_of(recipe: Recipe) -> Rates:
    """The rates a spec begins with."""
    penalty = recipe.spec.regularization
    return Rates(recipe.spec.optimizer.learning_rate, penalty.l1, penalty.l2)


def train_plainly(recipe: Recipe, run_data: RunData, epochs: int, *, in_xla: bool = False) -> Values:
    """All weights, flat, after some epochs of `train_on_batch` with Keras' own regularizers.

    In XLA, TensorFlow draws other random numbers from the same seed: it matters to the masks of dropout alone.
    """
    model = build_model(recipe)
    penalty = recipe.spec.regularization
    for layer in model.layers:
        if hasattr(layer, "kernel"):
            layer.kernel.regularizer = keras.regularizers.L1L2(penalty.l1, penalty.l2)
    model.compile(optimizer=build_optimizer(recipe.spec, model), loss=build_loss(recipe.spec), jit_compile=in_xla)
    for epoch in range(1, epochs + 1):
        order = sample_order(recipe.spec.seed, epoch, recipe.train_count)
        for start in range(0, recipe.train_count, recipe.batch_size):
            batch = order[start : start + recipe.batch_size]
            model.train_on_batch(run_data.train.features[batch], run_data.train.labels[batch])
    return np.concatenate([weight.numpy().ravel() for layer in model.layers for weight in layer.weights])


def measure_plainly(recipe: Recipe, run_data: RunData, weights: Values) -> list[float]:
    """A row of metrics by Keras' `evaluate`, in the order of the recipe's names."""
    model = build_model(recipe)
    sizes = [int(np.prod(weight.shape)) for layer in model.layers for weight in layer.weights]
    parts = iter(np.split(weights, np.cumsum(sizes)[:-1]))
    for layer in model.layers:
        for weight in layer.weights:
            weight.assign(next(parts).reshape(weight.shape))
    accuracy = keras.metrics.BinaryAccuracy if recipe.outputs == 1 else keras.metrics.CategoricalAccuracy
    metrics = [accuracy(name="accuracy")] if recipe.is_classification else []
    model.compile(loss=build_loss(recipe.spec), metrics=metrics)
    shares = [
        model.evaluate(share.features, share.labels, batch_size=8192, verbose=0, return_dict=True)
        for share in (run_data.train, run_data.val)
    ]
    names = [name.removeprefix("val_") for name in recipe.metric_names]
    return [shares[place % 2][name] for place, name in enumerate(names)]


def largest_difference(ours: Values, theirs: Values) -> float:
    """The largest difference, relative where numbers are above one."""
    return float(np.max(np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1.0)))
