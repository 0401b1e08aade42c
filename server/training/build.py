"""From a specification to a Keras model, its loss and its optimizer."""

import keras

from server.domain.spec import LossName, OptimizerName, RunSpec, loss_of, problem_of
from server.training.seeding import layer_seed

_LOSSES: dict[LossName, type[keras.losses.Loss]] = {
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "mse": keras.losses.MeanSquaredError,
    "mae": keras.losses.MeanAbsoluteError,
}
_OPTIMIZERS: dict[OptimizerName, type[keras.optimizers.Optimizer]] = {
    "sgd": keras.optimizers.SGD,
    "adagrad": keras.optimizers.Adagrad,
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
}


def build_model(spec: RunSpec) -> keras.Sequential:
    """The network of a spec, float32, weights drawn from its seed (Glorot uniform, biases 0).

    Input [samples, features]; output [samples, 1]: a probability, or a number for regression.
    """
    layers: list[keras.Layer] = [keras.Input((len(spec.features),), name="features")]
    for index, layer in enumerate(spec.layers):
        layers.append(_dense(spec, index, layer.units, layer.activation, f"hidden_{index + 1}"))
    activation = "linear" if problem_of(spec.dataset.name) == "regression" else "sigmoid"
    layers.append(_dense(spec, len(spec.layers), 1, activation, "output"))
    return keras.Sequential(layers, name="playground")


def build_loss(spec: RunSpec) -> keras.losses.Loss:
    """The loss of a spec, averaged over the samples."""
    return _LOSSES[loss_of(spec)]()


def build_optimizer(spec: RunSpec, model: keras.Model) -> keras.optimizers.Optimizer:
    """The optimizer of a spec, its slots made for the model; Keras' defaults but for the learning rate."""
    optimizer = _OPTIMIZERS[spec.optimizer.name](learning_rate=spec.optimizer.learning_rate)
    optimizer.build(model.trainable_variables)
    return optimizer


def _dense(spec: RunSpec, index: int, units: int, activation: str, name: str) -> keras.layers.Dense:
    initializer = keras.initializers.GlorotUniform(seed=layer_seed(spec.seed, index))
    return keras.layers.Dense(units, activation, kernel_initializer=initializer, name=name)
