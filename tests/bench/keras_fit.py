"""The other side of the first comparison: `model.compile` and `model.fit`, as people call them."""

import keras

from server.datasets.splits import RunData
from server.domain.layers import Conv2DSpec, DenseSpec, DropoutSpec, FlattenSpec, LayerSpec, MaxPooling2DSpec
from tests.bench.networks import Network


class FitRunner:
    """Trains with `fit`, all defaults, nothing printed: its metrics of the training share are Keras' running ones.

    With `has_evaluation`, the training share is also evaluated after each epoch, as the engine does.
    """

    def __init__(self, network: Network, samples: RunData, *, has_evaluation: bool = False) -> None:
        self._samples = samples
        self._batch_size = network.spec.batch_size
        self._model = _compiled_model(network)
        evaluate = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: self._evaluate())
        self._callbacks = [evaluate] if has_evaluation else []
        self.loss = self._evaluate()

    def train(self, epochs: int) -> None:
        """Train so many epochs with one call of `fit`."""
        train, val = self._samples.train, self._samples.val
        history = self._model.fit(
            train.features,
            train.labels,
            batch_size=self._batch_size,
            epochs=epochs,
            validation_data=(val.features, val.labels),
            shuffle=True,
            callbacks=self._callbacks,
            verbose=0,
        )
        self.loss = float(history.history["loss"][-1])

    def _evaluate(self) -> float:
        train = self._samples.train
        measured = self._model.evaluate(train.features, train.labels, verbose=0, return_dict=True)
        return float(measured["loss"])


def _compiled_model(network: Network) -> keras.Model:
    spec = network.spec
    keras.utils.set_random_seed(spec.seed)
    hidden = [_layer(layer) for layer in spec.layers]
    output = keras.layers.Dense(network.outputs, "sigmoid" if network.outputs == 1 else "softmax")
    model = keras.Sequential([keras.Input(network.sample_shape), *hidden, output])
    optimizer = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}[spec.optimizer.name]
    loss = "binary_crossentropy" if network.outputs == 1 else "categorical_crossentropy"
    model.compile(optimizer(spec.optimizer.learning_rate), loss, metrics=["accuracy"])
    return model


def _layer(layer: LayerSpec) -> keras.Layer:
    if isinstance(layer, DenseSpec):
        return keras.layers.Dense(layer.units, layer.activation)
    if isinstance(layer, Conv2DSpec):
        return keras.layers.Conv2D(layer.filters, layer.kernel_size, activation=layer.activation)
    if isinstance(layer, MaxPooling2DSpec):
        return keras.layers.MaxPooling2D(layer.pool_size)
    if isinstance(layer, DropoutSpec):
        return keras.layers.Dropout(layer.rate)
    if isinstance(layer, FlattenSpec):
        return keras.layers.Flatten()
    raise ValueError(f"The benchmark has no Keras layer for {layer!r}.")
