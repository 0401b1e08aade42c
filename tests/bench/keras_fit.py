"""The other side of the first comparison: `model.compile` and `model.fit`, as people call them."""

import keras

from server.datasets.splits import RunData, as_inputs
from server.domain.layers import (
    AveragePooling2DSpec,
    BatchNormalizationSpec,
    Conv2DSpec,
    DenseSpec,
    DropoutSpec,
    FlattenSpec,
    GlobalAveragePooling2DSpec,
    LayerSpec,
    MaxPooling2DSpec,
)
from server.domain.spec import AugmentationSpec, OptimizerSpec, RegularizationSpec
from tests.bench.networks import Network

_POOLING = {MaxPooling2DSpec: keras.layers.MaxPooling2D, AveragePooling2DSpec: keras.layers.AveragePooling2D}


class FitRunner:
    """Trains with `fit`, all defaults, nothing printed: its metrics of the training share are Keras' running ones.

    With `has_evaluation`, the training share is also evaluated after each epoch, as the engine does.
    """

    def __init__(self, network: Network, samples: RunData, *, has_evaluation: bool = False) -> None:
        # All of them as float32 from the start, as everybody does: `fit` has that work behind it, the engine has not.
        train, val = samples.train, samples.val
        self._train = as_inputs(train.features[:]), train.labels
        self._val = as_inputs(val.features[:]), val.labels
        self._batch_size = network.spec.batch_size
        self._model = _compiled_model(network)
        evaluate = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: self._evaluate())
        self._callbacks = [evaluate] if has_evaluation else []
        self.loss = self._evaluate()

    def train(self, epochs: int) -> None:
        """Train so many epochs with one call of `fit`."""
        history = self._model.fit(
            *self._train,
            batch_size=self._batch_size,
            epochs=epochs,
            validation_data=self._val,
            shuffle=True,
            callbacks=self._callbacks,
            verbose=0,
        )
        self.loss = float(history.history["loss"][-1])

    def _evaluate(self) -> float:
        measured = self._model.evaluate(*self._train, verbose=0, return_dict=True)
        return float(measured["loss"])


def _compiled_model(network: Network) -> keras.Model:
    spec = network.spec
    keras.utils.set_random_seed(spec.seed)
    first = [keras.Input(network.sample_shape), *_augmentation(spec.augmentation)]
    hidden = [_layer(layer, spec.regularization) for layer in spec.layers]
    activation = "sigmoid" if network.outputs == 1 else "softmax"
    output = keras.layers.Dense(network.outputs, activation, kernel_regularizer=_penalty(spec.regularization))
    model = keras.Sequential([*first, *hidden, output])
    loss = "binary_crossentropy" if network.outputs == 1 else "categorical_crossentropy"
    model.compile(_optimizer(spec.optimizer), loss, metrics=["accuracy"])
    return model


def _optimizer(wanted: OptimizerSpec) -> keras.optimizers.Optimizer:
    if wanted.name == "adam":
        return keras.optimizers.Adam(wanted.learning_rate)
    return keras.optimizers.SGD(wanted.learning_rate, momentum=wanted.momentum, nesterov=wanted.nesterov)


def _augmentation(wish: AugmentationSpec) -> list[keras.Layer]:
    """Keras' own layers for it, at the head of the network, as its guides do."""
    layers = []
    if wish.flip:
        layers.append(keras.layers.RandomFlip("horizontal"))
    if wish.shift:
        layers.append(keras.layers.RandomTranslation(wish.shift, wish.shift, fill_mode="nearest"))
    if wish.rotate:
        layers.append(keras.layers.RandomRotation(wish.rotate / 360, fill_mode="nearest"))
    if wish.zoom:
        layers.append(keras.layers.RandomZoom(wish.zoom, fill_mode="nearest"))
    return layers


def _penalty(rates: RegularizationSpec) -> keras.regularizers.Regularizer | None:
    return keras.regularizers.L1L2(rates.l1, rates.l2) if rates.l1 or rates.l2 else None


def _layer(layer: LayerSpec, rates: RegularizationSpec) -> keras.Layer:
    if isinstance(layer, DenseSpec):
        return keras.layers.Dense(layer.units, layer.activation, kernel_regularizer=_penalty(rates))
    if isinstance(layer, Conv2DSpec):
        return _convolution(layer, rates)
    if isinstance(layer, MaxPooling2DSpec | AveragePooling2DSpec):
        return _POOLING[type(layer)](layer.pool_size, padding=layer.padding)
    if isinstance(layer, BatchNormalizationSpec):
        return keras.layers.BatchNormalization(momentum=layer.momentum)
    if isinstance(layer, DropoutSpec):
        return keras.layers.Dropout(layer.rate)
    kinds = {FlattenSpec: keras.layers.Flatten, GlobalAveragePooling2DSpec: keras.layers.GlobalAveragePooling2D}
    return kinds[type(layer)]()


def _convolution(layer: Conv2DSpec, rates: RegularizationSpec) -> keras.Layer:
    return keras.layers.Conv2D(
        layer.filters,
        layer.kernel_size,
        strides=layer.strides,
        padding=layer.padding,
        activation=layer.activation,
        kernel_regularizer=_penalty(rates),
    )
